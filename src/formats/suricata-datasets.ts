/** Suricata EVE's keys by field, and its kinds of row as datasets. */
import type { Dataset } from "../event/dataset.ts";
import type { FieldName } from "../event/fields.ts";

/** What is copied as it stands. */
export const SURICATA_COPIED = {
  "@timestamp": ["flow.start", "netflow.start", "timestamp"],
  "event.start": ["flow.start", "netflow.start"],
  "event.end": ["flow.end", "netflow.end"],
  "event.code": ["alert.signature_id"],
  "event.reason": ["drop.reason", "flow.reason"],
  "source.bytes": ["flow.bytes_toserver", "netflow.bytes"],
  "source.packets": ["flow.pkts_toserver", "netflow.pkts"],
  "destination.bytes": ["flow.bytes_toclient"],
  "destination.packets": ["flow.pkts_toclient"],
  "destination.domain": ["tls.sni", "quic.sni"],
  "network.transport": ["proto"],
  "network.session_id": ["flow_id"],
  "network.community_id": ["community_id"],
  "observer.name": ["host"],
  "rule.name": ["alert.signature"],
  "smb.share": ["smb.share", "smb.named_pipe"],
  "file.path": ["smb.filename"],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;

/** What is worked out of several keys: all that can produce the field. */
export const SURICATA_WORKED_OUT = {
  "event.action": ["verdict.action", "alert.action", "flow.action", "event_type"],
  "event.provider_action": ["verdict.action", "alert.action", "flow.action", "event_type"],
  "source.ip": ["src_ip", "dest_ip"],
  "source.port": ["src_port", "dest_port"],
  "destination.ip": ["dest_ip", "src_ip"],
  "destination.port": ["dest_port", "src_port"],
  "network.protocol": ["app_proto", "app_proto_tc", "app_proto_ts", "event_type"],
  "network.application": ["app_proto", "app_proto_tc", "app_proto_ts", "event_type"],
  "tls.next_protocol": ["quic.extensions"],
  "sallyport.state": [
    "flow.state",
    "tcp.tcp_flags_ts",
    "tcp.tcp_flags_tc",
    "flow.pkts_toclient",
    "event_type",
  ],
  "sallyport.auth.protocol": ["smb.ntlmssp.user", "smb.kerberos.realm"],
  "sallyport.auth.user": ["smb.ntlmssp.user"],
  "sallyport.auth.domain": ["smb.ntlmssp.domain", "smb.kerberos.realm"],
  "sallyport.auth.success": ["smb.status"],
  "sallyport.transfer": ["smb.command"],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;

const EVERY_ROW: readonly FieldName[] = [
  "@timestamp",
  "event.dataset",
  "source.ip",
  "source.port",
  "destination.ip",
  "destination.port",
  "network.transport",
  "network.protocol",
  "network.application",
  "network.session_id",
  "network.community_id",
  "observer.name",
  "observer.vendor",
  "observer.product",
];
const TIMES: readonly FieldName[] = ["event.start", "event.end"];
const CLIENT_COUNTERS: readonly FieldName[] = ["source.bytes", "source.packets"];
const COUNTERS: readonly FieldName[] = [...CLIENT_COUNTERS, "destination.bytes", "destination.packets"];
const VERDICT: readonly FieldName[] = ["event.action", "event.provider_action", "event.reason"];
const SIGNATURE: readonly FieldName[] = ["rule.name", "event.code"];
const SMB: readonly FieldName[] = [
  "sallyport.state",
  "smb.share",
  "file.path",
  "sallyport.auth.protocol",
  "sallyport.auth.user",
  "sallyport.auth.domain",
  "sallyport.auth.success",
  "sallyport.transfer",
];

const LOGSOURCE = { category: "network", product: "suricata", service: "eve" };

/** The kinds of row that are events; every other kind is sound and passed over. */
export const SURICATA_DATASETS = {
  "suricata.flow": {
    title: "Suricata flows",
    logsources: [LOGSOURCE],
    carries: [...EVERY_ROW, ...TIMES, ...COUNTERS, ...VERDICT, "sallyport.state"],
    blindSpots: [
      "A flow is logged when it ends or times out: one that is still open is not there yet.",
      "A sensor that does not drop packets itself gives no verdict: what a firewall behind it blocked looks unanswered.",
    ],
  },
  "suricata.netflow": {
    title: "Suricata netflow: one row per direction",
    logsources: [LOGSOURCE],
    carries: [...EVERY_ROW, ...TIMES, ...CLIENT_COUNTERS],
    blindSpots: ["Each row knows one direction only; the state of the connection is not in it."],
  },
  "suricata.alert": {
    title: "Suricata signatures that fired",
    logsources: [LOGSOURCE, { category: "ids", product: "suricata", service: "alert" }],
    carries: [
      ...EVERY_ROW,
      "event.start",
      ...COUNTERS,
      ...VERDICT,
      ...SIGNATURE,
      ...SMB,
      "destination.domain",
    ],
    blindSpots: [
      "Only what a signature matched is here.",
      "'allowed' means that Suricata did not drop the packet; without its IPS mode that is no firewall's verdict.",
      "Counters are those of the moment the signature fired.",
    ],
  },
  "suricata.drop": {
    title: "Packets that Suricata dropped",
    logsources: [LOGSOURCE, { category: "firewall", product: "suricata", service: "drop" }],
    carries: [...EVERY_ROW, ...VERDICT, ...SIGNATURE],
    blindSpots: ["By default one dropped packet per flow and direction is logged."],
  },
  "suricata.smb": {
    title: "Suricata SMB transactions",
    logsources: [LOGSOURCE],
    carries: [...EVERY_ROW, ...SMB],
    blindSpots: ["Of an encrypted SMB 3 session only the negotiation and the session setup can be read."],
  },
  "suricata.quic": {
    title: "Suricata QUIC handshakes",
    logsources: [LOGSOURCE],
    carries: [...EVERY_ROW, "destination.domain", "tls.next_protocol"],
    blindSpots: [
      "A client that hides its handshake (ECH, or QUIC versions the sensor does not know) shows no ALPN.",
    ],
  },
} as const satisfies Readonly<Record<string, Dataset>>;
