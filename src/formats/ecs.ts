/** Elastic Common Schema: one JSON document per line, from any product, bare or as Elasticsearch exports it. */

import { isFramedObject, parseJsonObject } from "../bytes/json.ts";
import type { Dataset } from "../event/dataset.ts";
import { type LogRecord, type NetworkEvent, noteProblem } from "../event/event.ts";
import type { FieldName } from "../event/fields.ts";
import { type Timestamp, timestampFromIso, timestampFromMs } from "../event/timestamp.ts";
import { setIp, toInteger, toKeyword, toKeywords } from "../event/values.ts";
import { parseIp } from "../net/parse-ip.ts";
import { type Verdict, verdictOfAll } from "./action-words.ts";
import { type Product, productOf } from "./ecs-evidence.ts";
import { documentRecord } from "./elastic-envelope.ts";
import { type Decoder, defineFormat, type Format, type Framed, newEvent, Undecodable } from "./format.ts";
import { compileMap, firstOf } from "./map.ts";
import { NESTED_JSON } from "./raw-json.ts";

/** ECS names first, then where Elastic's integrations keep what has no ECS name. */
const FIELDS_OF_ECS = {
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
const WORKED_OUT = {
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

const DATASETS = {
  ecs: ANY_PRODUCT,
  "ecs.panos": {
    ...ANY_PRODUCT,
    title: "ECS documents of PAN-OS",
    logsources: [...ANY_PRODUCT.logsources, { category: "firewall", product: "paloalto" }],
  },
} as const satisfies Record<string, Dataset>;

const setFields = compileMap(FIELDS_OF_ECS);

export const ecs: Format = defineFormat({
  name: "ecs",
  title: "Elastic Common Schema (NDJSON)",
  reference: "https://www.elastic.co/docs/reference/ecs/ecs-field-reference",
  rank: "schema",
  binding: "line",
  byteCounting: "frame",
  datasets: DATASETS,
  fields: { ...FIELDS_OF_ECS, ...WORKED_OUT },
  claims(line) {
    if (!isFramedObject(line)) return false;
    if (line.includes('"_source"') && line.includes('"_index"')) return true;
    if (!line.includes('"@timestamp"')) return false;
    return line.includes('"ecs"') || line.includes('"ecs.version"') || END_KEY.test(line);
  },
  open(): Decoder {
    return { frame: frameJson, decode: decodeDocument, rawShape: () => NESTED_JSON };
  },
});

const END_KEY = /"(?:source|destination)(?:\.ip|\.port|\.address)?"\s*:/;

/** Frames a line of NDJSON: one object, or nothing. */
export function frameJson(line: string): Framed {
  if (isFramedObject(line)) return "record";
  return line.trim() === "" ? "skip" : "json_not_closed";
}

function decodeDocument(line: string): NetworkEvent | Undecodable | undefined {
  const object = parseJsonObject(line);
  if (object === undefined) return new Undecodable("json_invalid");
  const record = documentRecord(object);
  const dataset = toKeyword(firstOf(record, FIELDS_OF_ECS["event.dataset"]));
  const event = newEvent(ecs, record, dataset?.startsWith("panw.panos") === true ? "ecs.panos" : "ecs");
  if (dataset === undefined) event["event.dataset"] = "ecs";
  setFields(event, record, readTime);
  setEnds(event, record);
  if (!isNetworkRecord(event, record)) return undefined;
  const product = productOf(dataset, event["event.provider"]);
  if (product?.protocolIsGuess === true) dropProtocol(event);
  setAction(event, record, product);
  setEvidence(event, record, product);
  setEnd(event, record, dataset);
  noteMissing(event);
  return event;
}

/** ISO 8601, or epoch milliseconds as a date field may also be given. */
function readTime(value: unknown): Timestamp | undefined {
  const text = toKeyword(value);
  if (text === undefined) return undefined;
  return /^\d{12,14}$/.test(text) ? timestampFromMs(Number(text)) : timestampFromIso(text);
}

/** An address may stand in `.address` alone; 0.0.0.0 is how PAN-OS says that nothing was translated. */
function setEnds(event: NetworkEvent, record: LogRecord): void {
  for (const end of ["source", "destination"] as const) {
    const address = event[`${end}.address`];
    if (event[`${end}.ip`] === undefined && address !== undefined && record.get(`${end}.ip`) === undefined) {
      if (parseIp(address) !== undefined) setIp(event, `${end}.ip`, address);
    }
    if (event[`${end}.nat.ip`]?.text === "0.0.0.0") {
      event[`${end}.nat.ip`] = undefined;
      event[`${end}.nat.port`] = undefined;
    }
  }
}

/** A record of a connection: two ends, or one end of what calls itself network traffic. */
function isNetworkRecord(event: NetworkEvent, record: LogRecord): boolean {
  const [source, destination] = [hasEnd(event, "source"), hasEnd(event, "destination")];
  if (event["source.ip"] !== undefined && event["destination.ip"] !== undefined) return true;
  if (!source && !destination) return false;
  const categories = toKeywords(record.get("event.category"));
  if (categories !== undefined) return categories.some((name) => /^(?:network|intrusion)/.test(name));
  return event["network.transport"] !== undefined || event["destination.port"] !== undefined;
}

function hasEnd(event: NetworkEvent, end: "source" | "destination"): boolean {
  return (
    event[`${end}.ip`] !== undefined ||
    event[`${end}.port`] !== undefined ||
    event[`${end}.address`] !== undefined
  );
}

function noteMissing(event: NetworkEvent): void {
  if (event["@timestamp"] === undefined) noteProblem(event, "missing_time");
  if (event["source.ip"] === undefined) noteProblem(event, "missing_source");
  if (event["destination.ip"] === undefined) noteProblem(event, "missing_destination");
}

function dropProtocol(event: NetworkEvent): void {
  event["network.protocol"] = undefined;
  event["network.application"] = undefined;
}

/**
 * The verdict: a plain word in event.action, else event.type, else the product's own field. event.outcome is
 * not asked: it says whether the observer did its work, and a firewall's block is a success in ECS's own example.
 * Source: ECS, "Using the categorization fields".
 */
function setAction(event: NetworkEvent, record: LogRecord, product: Product | undefined): void {
  const own = toKeywords(firstOf(record, ["event.provider_action", ...(product?.actionNames ?? [])]));
  const action = product?.actionIsVerdict === false ? undefined : toKeywords(record.get("event.action"));
  const word = (own ?? action)?.join(",");
  if (word !== undefined) event["event.provider_action"] = word;
  const verdicts = [action, own].map((words) => verdictOfAll(words ?? []));
  const plain = verdicts.map((verdict) => (verdict === "unknown" ? undefined : verdict));
  const type = product?.typeIsVerdict === false ? undefined : typeVerdict(record);
  const verdict =
    product?.verdict?.(event, record) ?? plain[0] ?? type ?? plain[1] ?? verdicts[0] ?? verdicts[1];
  if (verdict !== undefined) event["event.action"] = verdict;
}

function typeVerdict(record: LogRecord): Verdict | undefined {
  const types = toKeywords(record.get("event.type"));
  if (types?.includes("denied") === true) return "blocked";
  return types?.includes("allowed") === true ? "allowed" : undefined;
}

function setEvidence(event: NetworkEvent, record: LogRecord, product: Product | undefined): void {
  const state = toKeyword(record.get("sallyport.state")) ?? product?.state?.(event, record);
  if (state !== undefined) event["sallyport.state"] = state;
  const auth = toKeyword(record.get("sallyport.auth.protocol")) ?? offeredAuth(record);
  if (auth !== undefined) event["sallyport.auth.protocol"] = auth;
  const file = toKeyword(record.get("zeek.smb_files.action"));
  if (file !== undefined && /WRITE$/.test(file)) event["sallyport.transfer"] = "upload";
  if (file !== undefined && /READ$/.test(file)) event["sallyport.transfer"] = "download";
}

function offeredAuth(record: LogRecord): string | undefined {
  const ntlm = [
    "zeek.ntlm.username",
    "zeek.ntlm.domainname",
    "zeek.ntlm.hostname",
    "suricata.eve.smb.ntlmssp.user",
  ];
  if (firstOf(record, ntlm) !== undefined) return "ntlm";
  return firstOf(record, ["suricata.eve.smb.kerberos.realm"]) === undefined ? undefined : "kerberos";
}

/** The end of the activity by its duration in nanoseconds, counted from the start where the record has one. */
function setEnd(event: NetworkEvent, record: LogRecord, dataset: string | undefined): void {
  if (event["event.end"] !== undefined) return;
  // Zeek's own time is that of the first packet; elsewhere @timestamp may well be the end.
  const start =
    event["event.start"] ?? (dataset?.startsWith("zeek.") === true ? event["@timestamp"] : undefined);
  const duration = toInteger(record.get("event.duration"));
  if (start === undefined || duration === undefined) return;
  event["event.end"] = timestampFromMs(start.ms + Math.round(duration / 1e6));
}
