/**
 * FIELDS: the vocabulary of the project. Every field of a NetworkEvent, declared once, by its ECS name.
 * Rules, outputs, help and `docs/reference/fields.md` all come from this table.
 */
import type { IpAddress } from "../net/address.ts";
import type { Timestamp } from "./timestamp.ts";

/** The kinds of value a field can hold. */
export interface FieldTypes {
  readonly ip: IpAddress;
  readonly port: number;
  readonly integer: number;
  readonly keyword: string;
  readonly keywords: readonly string[];
  readonly boolean: boolean;
  readonly time: Timestamp;
}

/** Other vocabularies' names for a field. */
export interface FieldAliases {
  /** Sigma `network_connection` (Windows, Sysmon 3). */
  readonly sysmon?: readonly string[];
  /** Sigma `firewall`. */
  readonly firewall?: readonly string[];
  /** Splunk CIM Network_Traffic. */
  readonly cim?: readonly string[];
  /** Zeek conn.log, and other Zeek logs where they have it. */
  readonly zeek?: readonly string[];
  /** Suricata EVE. */
  readonly suricata?: readonly string[];
  /** OCSF network_activity. */
  readonly ocsf?: readonly string[];
}

interface FieldSpec extends FieldAliases {
  readonly type: keyof FieldTypes;
  /** `derived`: computed by Sallyport, never read from a log. */
  readonly origin: "recorded" | "derived";
  /** Whether the name is in the Elastic Common Schema or is Sallyport's own. */
  readonly schema: "ecs" | "sallyport";
  /** One sentence, then the traps. */
  readonly doc: string;
}

export const FIELDS = {
  "@timestamp": {
    type: "time",
    origin: "recorded",
    schema: "ecs",
    cim: ["_time"],
    zeek: ["ts"],
    suricata: ["timestamp"],
    ocsf: ["time"],
    doc: "When the connection began, UTC, with the source's precision. Zeek: the first packet; the row is written at the end. PAN-OS: the session's start where the row has it.",
  },
  "event.start": {
    type: "time",
    origin: "recorded",
    schema: "ecs",
    suricata: ["flow.start"],
    ocsf: ["start_time"],
    doc: "When the activity began, where the record says so apart from @timestamp.",
  },
  "event.end": {
    type: "time",
    origin: "recorded",
    schema: "ecs",
    suricata: ["flow.end"],
    ocsf: ["end_time"],
    doc: "When the activity ended: recorded, or start plus duration.",
  },
  "event.ingested": {
    type: "time",
    origin: "recorded",
    schema: "ecs",
    doc: "When the record reached its store. Elastic's rules run on it.",
  },
  "event.id": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    doc: "The source's own identifier of the record, if any.",
  },
  "event.code": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["EventID"],
    cim: ["signature_id"],
    doc: "The source's event number: Sysmon 3, ASA 302014.",
  },
  "event.provider": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["Provider_Name"],
    doc: "Who wrote the event, as the source names it.",
  },
  "event.dataset": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    doc: "The kind of log the record comes from, such as zeek.conn or panw.panos.",
  },
  "event.category": {
    type: "keywords",
    origin: "recorded",
    schema: "ecs",
    doc: "ECS categories, where the record carries them.",
  },
  "event.action": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    doc: "The verdict: allowed, blocked or unknown. Absent where the source gives none. Words that say how a session ended (teardown, close, timeout) are unknown outside the product that wrote them.",
  },
  "event.provider_action": {
    type: "keyword",
    origin: "recorded",
    schema: "sallyport",
    cim: ["action"],
    suricata: ["alert.action"],
    doc: "The source's own word for the verdict, untouched.",
  },
  "event.reason": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    suricata: ["flow.reason"],
    doc: "Why the session ended or was refused, in the source's words.",
  },
  "source.ip": {
    type: "ip",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["SourceIp"],
    firewall: ["src_ip"],
    cim: ["src_ip"],
    zeek: ["id.orig_h"],
    suricata: ["src_ip"],
    ocsf: ["src_endpoint.ip"],
    doc: "The client's address, oriented client to server. Where the record has it the other way, the record's view stays in recorded.source.ip.",
  },
  "source.port": {
    type: "port",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["SourcePort"],
    firewall: ["src_port"],
    cim: ["src_port"],
    zeek: ["id.orig_p"],
    suricata: ["src_port"],
    ocsf: ["src_endpoint.port"],
    doc: "The client's port.",
  },
  "source.address": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["SourceHostname"],
    cim: ["src"],
    doc: "What the source calls the client: an address or a name. CIM src is this, where the record has one.",
  },
  "source.mac": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    cim: ["src_mac"],
    zeek: ["orig_l2_addr"],
    doc: "The client's hardware address.",
  },
  "source.bytes": {
    type: "integer",
    origin: "recorded",
    schema: "ecs",
    cim: ["bytes_out"],
    zeek: ["orig_bytes"],
    suricata: ["flow.bytes_toserver"],
    ocsf: ["traffic.bytes_out"],
    doc: "Bytes from client to server. Zeek counts payload; firewalls and Suricata count headers too.",
  },
  "source.packets": {
    type: "integer",
    origin: "recorded",
    schema: "ecs",
    cim: ["packets_out"],
    zeek: ["orig_pkts"],
    suricata: ["flow.pkts_toserver"],
    ocsf: ["traffic.packets_out"],
    doc: "Packets from client to server. 0 means the client sent nothing: backscatter.",
  },
  "source.nat.ip": {
    type: "ip",
    origin: "recorded",
    schema: "ecs",
    cim: ["src_translated_ip"],
    doc: "The client's address after translation.",
  },
  "source.nat.port": {
    type: "port",
    origin: "recorded",
    schema: "ecs",
    cim: ["src_translated_port"],
    doc: "The client's port after translation.",
  },
  "destination.ip": {
    type: "ip",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["DestinationIp"],
    firewall: ["dst_ip"],
    cim: ["dest_ip"],
    zeek: ["id.resp_h"],
    suricata: ["dest_ip"],
    ocsf: ["dst_endpoint.ip"],
    doc: "The server's address, oriented client to server.",
  },
  "destination.port": {
    type: "port",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["DestinationPort"],
    firewall: ["dst_port"],
    cim: ["dest_port"],
    zeek: ["id.resp_p"],
    suricata: ["dest_port"],
    ocsf: ["dst_endpoint.port"],
    doc: "The server's port. In Zeek an ICMP record has type and code in its port columns; those are no ports and are absent here.",
  },
  "destination.address": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["DestinationHostname"],
    cim: ["dest"],
    doc: "What the source calls the server: an address or a name.",
  },
  "destination.domain": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    suricata: ["tls.sni"],
    doc: "The server's name where the record knows it (DNS, SNI, the firewall's FQDN). Azure Files is recognised by it.",
  },
  "destination.bytes": {
    type: "integer",
    origin: "recorded",
    schema: "ecs",
    cim: ["bytes_in"],
    zeek: ["resp_bytes"],
    suricata: ["flow.bytes_toclient"],
    ocsf: ["traffic.bytes_in"],
    doc: "Bytes from server to client.",
  },
  "destination.packets": {
    type: "integer",
    origin: "recorded",
    schema: "ecs",
    cim: ["packets_in"],
    zeek: ["resp_pkts"],
    suricata: ["flow.pkts_toclient"],
    ocsf: ["traffic.packets_in"],
    doc: "Packets from server to client.",
  },
  "destination.nat.ip": {
    type: "ip",
    origin: "recorded",
    schema: "ecs",
    cim: ["dest_translated_ip"],
    doc: "The server's address after translation.",
  },
  "destination.nat.port": {
    type: "port",
    origin: "recorded",
    schema: "ecs",
    cim: ["dest_translated_port"],
    doc: "The server's port after translation.",
  },
  "network.transport": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["Protocol"],
    cim: ["transport"],
    zeek: ["proto"],
    suricata: ["proto"],
    ocsf: ["connection_info.protocol_name"],
    doc: "tcp, udp, icmp, ipv6-icmp …, lower case; a number is mapped by IANA's protocol numbers.",
  },
  "network.protocol": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    cim: ["app"],
    zeek: ["service"],
    suricata: ["app_proto"],
    ocsf: ["app_name"],
    doc: "The source's own application word as written, one string: gssapi,smb,ntlm.",
  },
  "network.application": {
    type: "keywords",
    origin: "recorded",
    schema: "ecs",
    doc: "The application names as a set, lower case: gssapi,smb,ntlm is three. A Zeek name with a minus in front (the analyzer was removed) is left out.",
  },
  "network.bytes": {
    type: "integer",
    origin: "recorded",
    schema: "ecs",
    cim: ["bytes"],
    doc: "Bytes of both directions together, where the source has only that.",
  },
  "network.packets": {
    type: "integer",
    origin: "recorded",
    schema: "ecs",
    cim: ["packets"],
    doc: "Packets of both directions together.",
  },
  "network.direction": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["Initiated"],
    cim: ["direction"],
    doc: "What the source says of the direction: egress, ingress, outbound, inbound, internal, external. Not used by the shipped rules: scopes are.",
  },
  "network.session_id": {
    type: "keyword",
    origin: "recorded",
    schema: "sallyport",
    cim: ["session_id"],
    zeek: ["uid"],
    suricata: ["flow_id"],
    doc: "The observer's own identifier of the flow. It joins records only within one observer and one 5-tuple.",
  },
  "network.community_id": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    zeek: ["community_id"],
    suricata: ["community_id"],
    doc: "The Community ID flow hash, where the record carries it.",
  },
  "tls.next_protocol": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    zeek: ["client_protocol"],
    doc: "The ALPN name the client offered. smb over udp/443 is SMB over QUIC.",
  },
  "smb.share": {
    type: "keyword",
    origin: "recorded",
    schema: "sallyport",
    zeek: ["path"],
    suricata: ["smb.share"],
    doc: "The share, as the protocol names it.",
  },
  "file.path": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    zeek: ["name"],
    suricata: ["smb.filename"],
    doc: "The file on the share.",
  },
  "observer.name": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    cim: ["dvc"],
    zeek: ["_node_name", "_system_name"],
    suricata: ["host"],
    doc: "The sensor, firewall or host that made the record.",
  },
  "observer.vendor": { type: "keyword", origin: "recorded", schema: "ecs", doc: "Who makes the observer." },
  "observer.product": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    cim: ["vendor_product"],
    doc: "The observer's product.",
  },
  "observer.ingress.zone": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    cim: ["src_zone"],
    doc: "The zone, or else the interface, the client's packets came in by.",
  },
  "observer.egress.zone": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    cim: ["dest_zone"],
    doc: "The zone, or else the interface, the client's packets left by.",
  },
  "rule.name": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    cim: ["rule"],
    doc: "The observer's own policy or signature that decided. Which policy let it out?",
  },
  "host.name": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["Computer", "ComputerName"],
    doc: "The host that recorded the event, for host logs.",
  },
  "user.name": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["User"],
    firewall: ["username"],
    cim: ["user"],
    doc: "The user the source names. For kernel SMB on Windows it is the system account, not the person.",
  },
  "user.domain": { type: "keyword", origin: "recorded", schema: "ecs", doc: "The user's domain." },
  "process.pid": {
    type: "integer",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["ProcessId"],
    cim: ["process_id"],
    doc: "The process. The kernel's SMB client is PID 4.",
  },
  "process.executable": {
    type: "keyword",
    origin: "recorded",
    schema: "ecs",
    sysmon: ["Image"],
    doc: "The process's path.",
  },
  "labels.dest_category": {
    type: "keywords",
    origin: "recorded",
    schema: "sallyport",
    cim: ["dest_category"],
    doc: "Splunk's dest_category of the record, as assets and identities added it.",
  },
  "sallyport.state": {
    type: "keyword",
    origin: "recorded",
    schema: "sallyport",
    doc: "What the sensor's own state proves: established, refused, no-answer, client-silent (the client sent nothing), midstream (only a part was seen). Absent where the source has no state.",
  },
  "sallyport.auth.protocol": {
    type: "keyword",
    origin: "recorded",
    schema: "sallyport",
    doc: "ntlm or kerberos, where the record proves that credentials were offered.",
  },
  "sallyport.auth.user": {
    type: "keyword",
    origin: "recorded",
    schema: "sallyport",
    zeek: ["username"],
    suricata: ["smb.ntlmssp.user"],
    doc: "The account that was offered.",
  },
  "sallyport.auth.domain": {
    type: "keyword",
    origin: "recorded",
    schema: "sallyport",
    zeek: ["domainname"],
    suricata: ["smb.ntlmssp.domain"],
    doc: "The account's domain.",
  },
  "sallyport.auth.success": {
    type: "boolean",
    origin: "recorded",
    schema: "sallyport",
    zeek: ["success"],
    doc: "Whether the server accepted the credentials; absent where the record does not say.",
  },
  "sallyport.transfer": {
    type: "keyword",
    origin: "recorded",
    schema: "sallyport",
    doc: "upload or download, where the record names a write or a read of a file.",
  },
  "source.scope": {
    type: "keyword",
    origin: "derived",
    schema: "sallyport",
    doc: "Where the source lies: internal, internet, link-local, local, multicast, reserved, transition, invalid, unknown.",
  },
  "source.address_class": {
    type: "keyword",
    origin: "derived",
    schema: "sallyport",
    doc: "The registry row of the source, kebab-case: private-use, shared-address-space, unique-local …; global where no row applies.",
  },
  "source.effective_ip": {
    type: "ip",
    origin: "derived",
    schema: "sallyport",
    doc: "The IPv4 address inside a mapped, NAT64, 6to4 or Teredo source, else the source itself.",
  },
  "destination.scope": {
    type: "keyword",
    origin: "derived",
    schema: "sallyport",
    doc: "Where the destination lies; the same words as source.scope.",
  },
  "destination.address_class": {
    type: "keyword",
    origin: "derived",
    schema: "sallyport",
    doc: "The registry row of the destination.",
  },
  "destination.effective_ip": {
    type: "ip",
    origin: "derived",
    schema: "sallyport",
    doc: "The IPv4 address inside a mapped, NAT64, 6to4 or Teredo destination, else the destination itself.",
  },
  "recorded.source.ip": {
    type: "keyword",
    origin: "derived",
    schema: "sallyport",
    doc: "The source address as the record has it, where that differs from source.ip (flipped, or written another way).",
  },
  "recorded.source.port": {
    type: "port",
    origin: "derived",
    schema: "sallyport",
    doc: "The source port as the record has it, where the ends were flipped.",
  },
  "recorded.destination.ip": {
    type: "keyword",
    origin: "derived",
    schema: "sallyport",
    doc: "The destination address as the record has it, where that differs from destination.ip.",
  },
  "recorded.destination.port": {
    type: "port",
    origin: "derived",
    schema: "sallyport",
    doc: "The destination port as the record has it, where the ends were flipped.",
  },
  "sallyport.flipped": {
    type: "boolean",
    origin: "derived",
    schema: "sallyport",
    doc: "true where the record had server and client the other way round.",
  },
  "sallyport.vantage": {
    type: "keyword",
    origin: "derived",
    schema: "sallyport",
    doc: "Of a merged session only: host where no record but those of the two ends' own hosts shows it, else network.",
  },
  "sallyport.outcome": {
    type: "keyword",
    origin: "derived",
    schema: "sallyport",
    doc: "blocked, attempted, established, authenticated, transferred or unknown, from this record alone; a finding's outcome comes from its whole session.",
  },
} as const satisfies Record<string, FieldSpec>;

/** The name of a field of a NetworkEvent. */
export type FieldName = keyof typeof FIELDS;

export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];

/** The value type of a field. */
export type FieldValue<F extends FieldName> = FieldTypes[(typeof FIELDS)[F]["type"]];

/** Tells whether a text is the name of an event field. */
export function isFieldName(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}
