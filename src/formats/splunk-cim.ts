/** Splunk's Common Information Model, Network_Traffic: the mapping that its JSON and its CSV exports share. */
import type { Dataset } from "../event/dataset.ts";
import { type LogRecord, type NetworkEvent, noteProblem } from "../event/event.ts";
import type { FieldName } from "../event/fields.ts";
import { type Timestamp, timestampFromEpochSeconds, timestampFromIso } from "../event/timestamp.ts";
import { setIp, toKeyword, toKeywords, toTransport } from "../event/values.ts";
import { parseIp } from "../net/parse-ip.ts";
import { verdictOf, verdictOfAll } from "./action-words.ts";
import { asaTeardown, connState, panEvidence } from "./ecs-evidence.ts";
import { type DecodeContext, type Format, newEvent } from "./format.ts";
import { compileSlots, type FieldTable, firstAt } from "./map.ts";
import type { SensorState } from "./zeek-conn-state.ts";

export const CIM_REFERENCE =
  "https://help.splunk.com/en/data-management/common-information-model/6.1/data-models/network-traffic";

/** A data model search writes its dataset before every name. */
const PREFIX = "All_Traffic.";

const MAPPED = {
  "@timestamp": ["_time", "time"],
  "event.id": ["event_id", "_cd"],
  "event.code": ["signature_id", "message_id"],
  "event.dataset": ["sourcetype"],
  "event.reason": ["session_end_reason", "reason"],
  "source.ip": ["src_ip"],
  "source.port": ["src_port"],
  "source.address": ["src"],
  "source.mac": ["src_mac"],
  "source.bytes": ["bytes_out"],
  "source.packets": ["packets_out"],
  "source.nat.ip": ["src_translated_ip"],
  "source.nat.port": ["src_translated_port"],
  "destination.ip": ["dest_ip"],
  "destination.port": ["dest_port"],
  "destination.address": ["dest"],
  "destination.domain": ["dest_dns", "dest_host", "dest_name"],
  "destination.bytes": ["bytes_in"],
  "destination.packets": ["packets_in"],
  "destination.nat.ip": ["dest_translated_ip"],
  "destination.nat.port": ["dest_translated_port"],
  "network.transport": ["transport"],
  "network.protocol": ["app"],
  "network.application": ["app"],
  "network.bytes": ["bytes"],
  "network.packets": ["packets"],
  "network.direction": ["direction"],
  "network.session_id": ["session_id", "flow_id"],
  "network.community_id": ["community_id"],
  "observer.name": ["dvc", "dvc_host", "dvc_ip", "host"],
  "observer.vendor": ["vendor"],
  "observer.product": ["vendor_product"],
  "observer.ingress.zone": ["src_zone", "src_interface"],
  "observer.egress.zone": ["dest_zone", "dest_interface"],
  "rule.name": ["rule", "rule_id"],
  "user.name": ["user", "src_user"],
  "process.pid": ["process_id"],
  "labels.dest_category": ["dest_category"],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;

const WORKED_OUT = {
  "event.action": ["action"],
  "event.provider_action": ["action"],
  "sallyport.state": [
    "sourcetype",
    "conn_state",
    "history",
    "app",
    "bytes",
    "bytes_in",
    "message_id",
    "reason",
  ],
  "sallyport.auth.protocol": ["app"],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;

/** The fields that both exports can fill; an address may also stand in `src` and `dest`. */
export const CIM_FIELDS = {
  ...MAPPED,
  ...WORKED_OUT,
  "source.ip": ["src_ip", "src"],
  "destination.ip": ["dest_ip", "dest"],
  "destination.domain": ["dest_dns", "dest_host", "dest_name", "dest"],
  "network.transport": ["transport", "protocol"],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;

const DATASET_NAME = "splunk.network_traffic";

export const CIM_DATASETS = {
  [DATASET_NAME]: {
    title: "Splunk CIM Network_Traffic",
    logsources: [{ category: "firewall" }],
    carries: Object.keys(CIM_FIELDS) as readonly FieldName[],
    blindSpots: [
      "bytes_out and bytes_in are what the device sent and received; add-ons differ in which side that is.",
      "Rows of a statistics search hold several connections; of several addresses only the first is used.",
      "A result that has only _raw is not read: export the fields, or the original log.",
      "src and dest may be names; without src_ip or dest_ip such a row has no address.",
    ],
  },
} as const satisfies Record<string, Dataset>;

/** Makes the view of a result that rules see: values as recorded, names with or without the data model's prefix. */
export function cimRecord(base: LogRecord): LogRecord {
  return {
    get: (name) => base.get(name) ?? base.get(prefixed(name)),
    *entries() {
      for (const [name, value] of base.entries()) yield [withoutPrefix(name), value];
    },
  };
}

/** The name under which a data model search has a field. */
function prefixed(name: string): string {
  return PREFIX + name;
}

function withoutPrefix(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}

/** Every name that is looked up in a result, bare and with the prefix. */
export const CIM_NAMES: readonly string[] = bothWays(Object.values(CIM_FIELDS).flat());

/** Names as a result may have them: bare, or with the data model's prefix. */
export function bothWays(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => [name, prefixed(name)]);
}

/**
 * Makes the event of a result; `record` is what the event keeps of it.
 * Shape: undefined when the result is no network traffic (a login also has src and dest).
 */
export type CimReader = (values: readonly unknown[], record: LogRecord) => NetworkEvent | undefined;

/** Compiles the reader of results that have their values in these slots. */
export function cimReader(
  format: Format,
  slotOf: (name: string) => number | undefined,
  context: DecodeContext,
): CimReader {
  const table = Object.entries(MAPPED).map(([field, names]) => [field, bothWays(names)]);
  const setFields = compileSlots(Object.fromEntries(table) as FieldTable, slotOf);
  const time = (value: unknown): Timestamp | undefined => readTime(value, context);
  const at = (name: string): ((values: readonly unknown[]) => unknown) => {
    const slots = bothWays([name]).flatMap((written) => slotOf(written) ?? []);
    return (values) => firstAt(values, slots);
  };
  const [protocol, action] = [at("protocol"), at("action")];
  const evidence = { sourcetype: at("sourcetype"), state: at("conn_state"), history: at("history") };
  return (values, record) => {
    const known = withoutFill(values);
    const event = newEvent(format, record, DATASET_NAME);
    setFields(event, known, time);
    setEnds(event);
    event["network.transport"] ??= layer4(protocol(known));
    if (!isTraffic(event)) return undefined;
    setAction(event, action(values));
    const state = stateOf(event, {
      sourcetype: toKeyword(evidence.sourcetype(known)) ?? "",
      state: toKeyword(evidence.state(known)),
      history: toKeyword(evidence.history(known)),
    });
    if (state !== undefined) event["sallyport.state"] = state;
    noteMissing(event);
    return event;
  };
}

/** Tells whether names of columns or keys are those of network traffic in the model. */
export function isCimHeader(names: readonly string[]): boolean {
  const has = new Set(names.map(withoutPrefix));
  const source = has.has("src_ip") || has.has("src");
  const destination = has.has("dest_ip") || has.has("dest");
  return source && (destination || has.has("dest_port")) && (has.has("_time") || has.has("dest_port"));
}

/** `unknown` is what the data model fills in for what an event lacks, `null` what a search may fill in. */
function withoutFill(values: readonly unknown[]): readonly unknown[] {
  return values.map((value) => {
    if (Array.isArray(value)) return value.filter((one) => !isFill(one));
    return isFill(value) ? undefined : value;
  });
}

function isFill(value: unknown): boolean {
  return typeof value === "string" && /^\s*(?:unknown|null|-)\s*$/i.test(value);
}

/** `_time` as a person's export has it (ISO 8601 with an offset), or as epoch seconds. */
function readTime(value: unknown, context: DecodeContext): Timestamp | undefined {
  const text = toKeyword(value);
  if (text === undefined) return undefined;
  return timestampFromEpochSeconds(text) ?? timestampFromIso(text, context.zone);
}

/** `src` and `dest` may be an address or a name. */
function setEnds(event: NetworkEvent): void {
  for (const end of ["source", "destination"] as const) {
    const written = event[`${end}.address`];
    if (written === undefined) continue;
    if (parseIp(written) !== undefined) {
      if (event[`${end}.ip`] === undefined) setIp(event, `${end}.ip`, written);
    } else if (end === "destination") event["destination.domain"] ??= written;
  }
}

/** `protocol` is the network layer in the model, but some add-ons write the transport there. */
function layer4(value: unknown): string | undefined {
  const name = toTransport(value);
  return name === "tcp" || name === "udp" || name === "icmp" ? name : undefined;
}

function isTraffic(event: NetworkEvent): boolean {
  if (event["source.ip"] !== undefined && event["destination.ip"] !== undefined) return true;
  const named = event["source.address"] ?? event["destination.address"];
  if (event["source.ip"] === undefined && event["destination.ip"] === undefined && named === undefined)
    return false;
  return event["destination.port"] !== undefined || event["network.transport"] !== undefined;
}

/** In the model `action` is the verdict by definition, so a word that is not known is unknown, not absent. */
function setAction(event: NetworkEvent, written: unknown): void {
  const words = toKeywords(written);
  if (words === undefined) return;
  event["event.provider_action"] = words.join(",");
  event["event.action"] = words.every((word) => verdictOf(word) !== undefined)
    ? (verdictOfAll(words) ?? "unknown")
    : "unknown";
}

/** What add-ons leave of their product beside the model's fields. */
interface Evidence {
  readonly sourcetype: string;
  readonly state: string | undefined;
  readonly history: string | undefined;
}

/** What the product behind a source type proves. */
function stateOf(event: NetworkEvent, { sourcetype, state, history }: Evidence): SensorState | undefined {
  if (/^(?:bro|zeek|corelight)/i.test(sourcetype)) {
    return state === undefined ? undefined : connState(event, state, history);
  }
  if (/^pan[:_]/i.test(sourcetype)) return panEvidence(event);
  if (/^cisco:(?:asa|ftd)/i.test(sourcetype) && event["event.code"] === "302014") {
    return asaTeardown(event["network.bytes"], event["event.reason"] ?? "");
  }
  return undefined;
}

function noteMissing(event: NetworkEvent): void {
  if (event["@timestamp"] === undefined) noteProblem(event, "missing_time");
  if (event["source.ip"] === undefined) noteProblem(event, "missing_source");
  if (event["destination.ip"] === undefined) noteProblem(event, "missing_destination");
}
