/** The names of Elastic Common Schema: which hold what, and what the byte kernel may rely on. */
import type { Dataset } from "../event/dataset.ts";
import type { FieldName } from "../event/fields.ts";
import type { RawShape } from "../event/raw-shape.ts";
import { ifPresent, keyed } from "./raw-json.ts";

/** ECS names first, then where Elastic's integrations keep what has no ECS name. */
export const FIELDS_OF_ECS = {
  "@timestamp": ["@timestamp"],
  "event.start": ["event.start"],
  "event.end": ["event.end"],
  "event.ingested": ["event.ingested"],
  "event.id": ["event.id", "_id"],
  "event.code": ["event.code", "winlog.event_id"],
  "event.provider": ["event.provider", "winlog.provider_name"],
  "event.dataset": ["event.dataset", "data_stream.dataset"],
  "event.category": ["event.category"],
  "event.reason": ["event.reason", "panw.panos.endreason", "suricata.eve.flow.reason"],
  "source.ip": ["source.ip", "client.ip"],
  "source.port": ["source.port", "client.port"],
  "source.address": ["source.address"],
  "source.mac": ["source.mac"],
  "source.bytes": ["source.bytes"],
  "source.packets": ["source.packets"],
  "source.nat.ip": ["source.nat.ip"],
  "source.nat.port": ["source.nat.port"],
  "destination.ip": ["destination.ip", "server.ip"],
  "destination.port": ["destination.port", "server.port"],
  "destination.address": ["destination.address"],
  "destination.domain": ["destination.domain", "tls.client.server_name"],
  "destination.bytes": ["destination.bytes"],
  "destination.packets": ["destination.packets"],
  "destination.nat.ip": ["destination.nat.ip"],
  "destination.nat.port": ["destination.nat.port"],
  "network.transport": ["network.transport", "network.iana_number"],
  "network.protocol": ["network.application", "network.protocol"],
  "network.application": ["network.application", "network.protocol"],
  "network.bytes": ["network.bytes"],
  "network.packets": ["network.packets"],
  "network.direction": ["network.direction"],
  "network.session_id": [
    "network.session_id",
    "zeek.session_id",
    "suricata.eve.flow_id",
    "panw.panos.flow_id",
    "cisco.asa.connection_id",
    "cisco.ftd.connection_id",
    "fortinet.firewall.sessionid",
  ],
  "network.community_id": ["network.community_id"],
  "tls.next_protocol": ["tls.next_protocol", "zeek.quic.client_protocol"],
  "smb.share": ["smb.share", "zeek.smb_mapping.path", "zeek.smb_files.path", "suricata.eve.smb.share"],
  "file.path": ["file.path", "zeek.smb_files.name"],
  "observer.name": ["observer.name", "observer.hostname"],
  "observer.vendor": ["observer.vendor"],
  "observer.product": ["observer.product"],
  "observer.ingress.zone": ["observer.ingress.zone", "observer.ingress.interface.name"],
  "observer.egress.zone": ["observer.egress.zone", "observer.egress.interface.name"],
  "rule.name": ["rule.name", "rule.id"],
  "host.name": ["host.name", "host.hostname"],
  "user.name": ["user.name", "source.user.name"],
  "user.domain": ["user.domain", "source.user.domain"],
  "process.pid": ["process.pid"],
  "process.executable": ["process.executable", "process.name"],
  "labels.dest_category": ["labels.dest_category"],
  "sallyport.auth.user": ["sallyport.auth.user", "zeek.ntlm.username", "suricata.eve.smb.ntlmssp.user"],
  "sallyport.auth.domain": [
    "sallyport.auth.domain",
    "zeek.ntlm.domainname",
    "suricata.eve.smb.ntlmssp.domain",
  ],
  "sallyport.auth.success": ["sallyport.auth.success", "zeek.ntlm.success"],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;

/** Fields that are worked out of several names, with the names that can produce them. */
export const WORKED_OUT = {
  "event.action": [
    "event.action",
    "event.type",
    "event.provider_action",
    "event.code",
    "event.reason",
    "panw.panos.action",
    "panw.panos.endreason",
    "fortinet.firewall.action",
    "aws.vpcflow.action",
    "suricata.eve.alert.action",
    "checkpoint.rule_action",
  ],
  "event.provider_action": [
    "event.provider_action",
    "event.action",
    "panw.panos.action",
    "fortinet.firewall.action",
    "aws.vpcflow.action",
    "suricata.eve.alert.action",
    "checkpoint.rule_action",
  ],
  "sallyport.state": [
    "sallyport.state",
    "zeek.connection.state",
    "zeek.connection.history",
    "source.packets",
    "event.code",
    "event.dataset",
    "aws.vpcflow.tcp_flags",
    "suricata.eve.flow.state",
    "network.application",
    "event.action",
  ],
  "sallyport.auth.protocol": [
    "sallyport.auth.protocol",
    "network.application",
    "network.protocol",
    "zeek.ntlm.username",
    "zeek.ntlm.domainname",
    "zeek.ntlm.hostname",
    "suricata.eve.smb.ntlmssp.user",
    "suricata.eve.smb.kerberos.realm",
  ],
  "sallyport.transfer": ["zeek.smb_files.action"],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;

const CARRIES = [...Object.keys(FIELDS_OF_ECS), ...Object.keys(WORKED_OUT)] as readonly FieldName[];

const BLIND_SPOTS = [
  "What the product saw is known only as far as its ingest pipeline kept it.",
  "Byte counters are taken to count headers, so a handshake alone is not taken for a session.",
];

const ANY_PRODUCT: Dataset = {
  title: "ECS documents of any product",
  logsources: [{ category: "firewall" }, { category: "network_connection", product: "windows" }],
  carries: CARRIES,
  blindSpots: BLIND_SPOTS,
};

/** Datasets by the product that wrote the documents. */
export const DATASETS = {
  ecs: ANY_PRODUCT,
  "ecs.panos": {
    ...ANY_PRODUCT,
    title: "ECS documents of PAN-OS",
    logsources: [...ANY_PRODUCT.logsources, { category: "firewall", product: "paloalto" }],
  },
} as const satisfies Record<string, Dataset>;

/** Names behind which credentials or file transfers are proven. */
const EVIDENCE_NAMES = [
  ...WORKED_OUT["sallyport.auth.protocol"].filter((name) => !name.startsWith("network.")),
  ...WORKED_OUT["sallyport.transfer"],
];

/** A line that has its ends elsewhere, under other names or in an envelope, is decoded. */
export const SHAPE: RawShape = {
  framing: { kind: "json" },
  carries: CARRIES,
  places: {
    "source.ip": keyed(["source.ip"], true),
    "destination.ip": keyed(["destination.ip"], true),
    "source.port": keyed(["source.port"], true),
    "destination.port": keyed(["destination.port"], true),
    "network.application": keyed(FIELDS_OF_ECS["network.application"]),
  },
  required: [],
  eitherWay: false,
  marks: [ifPresent("_source", "_index"), ifPresent(...EVIDENCE_NAMES)],
};
