/** What kind of leak a session or finding is: SMB going out, NetBIOS going out, or SMB coming in. */

import { representative, type Session } from "./session.ts";

/** SMB leaving, SMB inside QUIC leaving, NetBIOS (or strays over UDP) leaving, SMB from the Internet. */
export type Leak = "smb" | "quic" | "netbios" | "inbound";

const NETBIOS_PORTS: ReadonlySet<number> = new Set([137, 138, 139, 445]);

/** Tells the kind by the ends and the transport. */
export function leakOf(
  sourceScope: string,
  transport: string | null | undefined,
  ports: readonly number[],
): Leak {
  if (sourceScope === "internet") return "inbound";
  if (transport !== "udp") return "smb";
  return ports.length > 0 && ports.every((port) => NETBIOS_PORTS.has(port)) ? "netbios" : "quic";
}

/** The kind of a session. */
export function leakOfSession(session: Session): Leak {
  const { source, destination, transport } = representative(session);
  return leakOf(source.scope, transport, destination.port === undefined ? [] : [destination.port]);
}

/** Tells whether a session came from the Internet. */
export function isInbound(session: Session): boolean {
  return leakOfSession(session) === "inbound";
}
