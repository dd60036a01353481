/** The questions: may SMB leave? One per port, protocol and address family. */
import type { Family } from "./ip-set.ts";
import type { PortRange } from "./ruleset.ts";
import type { Sides } from "./sides.ts";

export const TCP = 6;
export const UDP = 17;

/** A service that carries SMB or belongs to it. */
export interface Service {
  readonly protocol: typeof TCP | typeof UDP;
  readonly port: number;
  readonly name: string;
  /** Ports that its clients send from. */
  readonly clientPorts: PortRange;
  /** What App-ID may call it. */
  readonly applications: readonly string[];
  /** Answered, but not what the review fails on. */
  readonly isNote: boolean;
}

/** Ports that systems pick for a client: all but the well-known ones. Source: RFC 6335 section 6. */
const EPHEMERAL: PortRange = { first: 1024, last: 65_535 };
/** A NetBIOS name or datagram service also sends from its own port. Source: RFC 1002 section 4.2 and 4.4. */
const FROM_NETBIOS: PortRange = { first: 137, last: 65_535 };

const SMB_VERSIONS = ["ms-ds-smbv1", "ms-ds-smbv2", "ms-ds-smbv3"];

// biome-ignore format: one row a line
export const SERVICES: readonly Service[] = [
  { protocol: TCP, port: 445, name: "SMB", clientPorts: EPHEMERAL, applications: SMB_VERSIONS, isNote: false },
  { protocol: TCP, port: 139, name: "SMB over NetBIOS", clientPorts: EPHEMERAL, applications: [...SMB_VERSIONS, "netbios-ss"], isNote: false },
  { protocol: UDP, port: 137, name: "NetBIOS name service", clientPorts: FROM_NETBIOS, applications: ["netbios-ns"], isNote: false },
  { protocol: UDP, port: 138, name: "NetBIOS datagrams", clientPorts: FROM_NETBIOS, applications: ["netbios-dg"], isNote: false },
  { protocol: UDP, port: 443, name: "SMB over QUIC, if a server offers it", clientPorts: EPHEMERAL, applications: ["quic"], isNote: true },
];

/** What all packets of one question have in common; addresses vary. */
export interface Packets {
  readonly service: Service;
  readonly family: Family;
  /** Where they come in and go out; undefined where no name is known. */
  readonly inside: string | undefined;
  readonly outside: string | undefined;
  readonly application: string | undefined;
  readonly sides: Sides;
  /** The path's host end: packets of the firewall itself come in nowhere. */
  readonly fromHost: boolean;
}
