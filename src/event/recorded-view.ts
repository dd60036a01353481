/**
 * The recorded view: an event as another system would have had it. Ends and address texts as the record has them,
 * before flips and unwrapping; names and folding of the system whose rules are reproduced.
 * In: an event after `deriveFields`. Out: what a name of that system holds. Knows nothing of rules.
 */
import type { IpAddress } from "../net/address.ts";
import { mappedIpv4 } from "../net/embedded.ts";
import { parseIp } from "../net/parse-ip.ts";
import type { NetworkEvent } from "./event.ts";
import type { FieldName } from "./fields.ts";
import { formatTimestamp } from "./timestamp.ts";
import { toKeywords } from "./values.ts";

/** One name of another system: the event fields it is made of, and how. */
export interface RecordedName {
  readonly from: readonly FieldName[];
  readonly read: (event: NetworkEvent) => unknown;
}

type End = "source" | "destination";

/** The fields of the recorded view, by system and name. */
export const RECORDED_VIEW = {
  "elastic.event.category": { from: [], read: (event) => event["event.category"] ?? ["network"] },
  "elastic.event.dataset": { from: ["event.dataset"], read: (event) => event["event.dataset"] },
  "elastic.event.id": { from: ["event.id"], read: (event) => event["event.id"] },
  "elastic.network.transport": { from: ["network.transport"], read: transportWord },
  "elastic.source.ip": { from: ["source.ip"], read: (event) => foldedIps(event, "source") },
  "elastic.source.port": { from: ["source.port"], read: (event) => portOf(event, "source") },
  "elastic.destination.ip": { from: ["destination.ip"], read: (event) => foldedIps(event, "destination") },
  "elastic.destination.port": { from: ["destination.port"], read: (event) => portOf(event, "destination") },

  "cim._time": { from: ["@timestamp"], read: timeText },
  "cim.action": { from: ["event.provider_action"], read: verdictWords },
  "cim.app": { from: ["network.protocol"], read: applicationWords },
  "cim.bytes": { from: ["source.bytes", "destination.bytes"], read: totalBytes },
  "cim.bytes_in": { from: ["destination.bytes"], read: (event) => bytesOf(event, "destination", "source") },
  "cim.bytes_out": { from: ["source.bytes"], read: (event) => bytesOf(event, "source", "destination") },
  "cim.dest": { from: ["destination.ip"], read: (event) => nameOf(event, "destination") },
  "cim.dest_category": { from: ["labels.dest_category"], read: (event) => event["labels.dest_category"] },
  "cim.dest_ip": { from: ["destination.ip"], read: (event) => addressTexts(event, "destination", "cim") },
  "cim.dest_port": { from: ["destination.port"], read: (event) => portOf(event, "destination") },
  "cim.direction": { from: ["network.direction"], read: (event) => event["network.direction"] },
  "cim.dvc": { from: ["observer.name"], read: (event) => event["observer.name"] },
  "cim.protocol": { from: [], read: (event) => event.record.get("protocol") },
  "cim.protocol_version": { from: [], read: (event) => event.record.get("protocol_version") },
  "cim.rule": { from: ["rule.name"], read: (event) => event["rule.name"] },
  "cim.sourcetype": { from: ["event.dataset"], read: (event) => event["event.dataset"] ?? event.dataset },
  "cim.src": { from: ["source.ip"], read: (event) => nameOf(event, "source") },
  "cim.src_ip": { from: ["source.ip"], read: (event) => addressTexts(event, "source", "cim") },
  "cim.src_port": { from: ["source.port"], read: (event) => portOf(event, "source") },
  "cim.transport": { from: ["network.transport"], read: (event) => event["network.transport"] },
  "cim.user": { from: ["user.name"], read: (event) => event["user.name"] },
  "cim.vendor_product": { from: ["observer.product"], read: productOf },

  "sigma.SourceIp": { from: ["source.ip"], read: (event) => addressTexts(event, "source", "sigma") },
  "sigma.SourcePort": { from: ["source.port"], read: (event) => portOf(event, "source") },
  "sigma.DestinationIp": {
    from: ["destination.ip"],
    read: (event) => addressTexts(event, "destination", "sigma"),
  },
  "sigma.DestinationPort": { from: ["destination.port"], read: (event) => portOf(event, "destination") },
  "sigma.Protocol": { from: ["network.transport"], read: (event) => event["network.transport"] },
  "sigma.Initiated": { from: [], read: initiatedWord },
  "sigma.Image": { from: ["process.executable"], read: (event) => event["process.executable"] },
  "sigma.User": { from: ["user.name"], read: (event) => event["user.name"] },
} as const satisfies Record<string, RecordedName>;

/** A name of the recorded view: the system, a dot, the system's own name. */
export type RecordedViewName = keyof typeof RECORDED_VIEW;

/** Reads one name of the recorded view; undefined where the record has nothing there. */
export function readRecorded(event: NetworkEvent, name: RecordedViewName): unknown {
  return RECORDED_VIEW[name].read(event);
}

/** The time that Elastic's rules run on: when the record reached its store, else when it happened. */
export function storedMs(event: NetworkEvent): number | undefined {
  return (event["event.ingested"] ?? event["@timestamp"])?.ms;
}

/** The address of an end as the record writes it. */
export function recordedAddress(event: NetworkEvent, end: End): string | undefined {
  const written = event[`recorded.${end}.ip`];
  return isSwapped(event) ? written : (written ?? event[`${end}.ip`]?.text);
}

/** Whether client and server stand the other way round than in the record: flipped here or by the format. */
export function isSwapped(event: NetworkEvent): boolean {
  return (
    event["sallyport.flipped"] === true ||
    event["recorded.source.port"] !== undefined ||
    event["recorded.destination.port"] !== undefined
  );
}

/** Of an ECS document only network.transport counts; other formats have the transport under many names. */
function transportWord(event: NetworkEvent): string | undefined {
  const isLacking = event.format === "ecs" && event.record.get("network.transport") === undefined;
  return isLacking ? undefined : event["network.transport"];
}

/** The event's end that the record calls by this name. */
function actual(event: NetworkEvent, end: End): End {
  if (!isSwapped(event)) return end;
  return end === "source" ? "destination" : "source";
}

function portOf(event: NetworkEvent, end: End): number | undefined {
  return isSwapped(event) ? event[`recorded.${end}.port`] : event[`${end}.port`];
}

/** A system whose names are reproduced. */
type System = "elastic" | "cim" | "sigma";

/**
 * The record's own name of an end's address, where the record speaks the system's language or ECS: what another
 * field of it may tell, the system would not have looked at.
 */
function ownName(event: NetworkEvent, end: End, system: System): string | undefined {
  if (event.format === "ecs") return `${end}.ip`;
  if (system !== "cim" || !event.format.startsWith("splunk-")) return undefined;
  return end === "source" ? "src_ip" : "dest_ip";
}

/** Every address of an end, as written; what is no address is left out. Several where the record has a list. */
function addressTexts(event: NetworkEvent, end: End, system: System): readonly string[] {
  const name = ownName(event, end, system);
  if (name !== undefined) {
    return (toKeywords(event.record.get(name)) ?? []).filter((text) => parseIp(text) !== undefined);
  }
  const text = recordedAddress(event, end);
  return text === undefined ? [] : [text];
}

/** Elasticsearch's `ip` type holds an IPv4-mapped address as IPv4. */
function foldedIps(event: NetworkEvent, end: End): readonly IpAddress[] {
  return addressTexts(event, end, "elastic").flatMap((text) => {
    const ip = parseIp(text);
    return ip === undefined ? [] : [mappedIpv4(ip)?.ip ?? ip];
  });
}

/** CIM `src` and `dest`: what the source calls the end, a name perhaps; else the address. */
function nameOf(event: NetworkEvent, end: End): unknown {
  return event[`${actual(event, end)}.address`] ?? addressTexts(event, end, "cim");
}

/** The source's own word for the verdict; of a list, each. */
function verdictWords(event: NetworkEvent): unknown {
  const word = event["event.provider_action"] ?? event["event.action"];
  return wordsOf(event, word, ["event.provider_action", "event.action", "action"]);
}

/** The source's own application word, untouched; of a list, each. */
function applicationWords(event: NetworkEvent): unknown {
  return wordsOf(event, event["network.protocol"], ["network.application", "network.protocol", "app"]);
}

/** A field that joins a list's words with commas, taken apart again where the record does hold a list. */
function wordsOf(event: NetworkEvent, joined: string | undefined, names: readonly string[]): unknown {
  const list = joined === undefined ? undefined : listIn(event, names);
  return list?.map((word) => word.trim()).join(",") === joined ? list : joined;
}

/** The texts of the first of these names that holds a list in the record. */
function listIn(event: NetworkEvent, names: readonly string[]): readonly string[] | undefined {
  for (const name of names) {
    const value = event.record.get(name);
    if (Array.isArray(value)) return value.flat(9).filter((one) => typeof one === "string");
    if (toKeywords(value) !== undefined) return undefined;
  }
  return undefined;
}

/** One direction's bytes; the model works it out of the total and the other one. */
function bytesOf(event: NetworkEvent, end: End, other: End): number | undefined {
  const [here, there] = [event[`${actual(event, end)}.bytes`], event[`${actual(event, other)}.bytes`]];
  const total = event["network.bytes"];
  if (here !== undefined) return here;
  return total === undefined || there === undefined ? undefined : total - there;
}

function totalBytes(event: NetworkEvent): number | undefined {
  const [out, back] = [event["source.bytes"], event["destination.bytes"]];
  return event["network.bytes"] ?? (out === undefined || back === undefined ? undefined : out + back);
}

function productOf(event: NetworkEvent): unknown {
  const [vendor, product] = [event["observer.vendor"], event["observer.product"]];
  const known = event.record.get("vendor_product");
  if (known !== undefined) return known;
  if (vendor === undefined && product === undefined) return event["event.dataset"] ?? event.dataset;
  return `${vendor ?? "unknown"} ${product ?? "unknown"}`;
}

const INITIATED_NAMES = ["Initiated", "winlog.event_data.Initiated", "EventData.Initiated"] as const;

/** Only a record that has the field can say that its host did not open the connection. */
function initiatedWord(event: NetworkEvent): unknown {
  for (const name of INITIATED_NAMES) {
    const value = event.record.get(name);
    if (value !== undefined && value !== null) return String(value).trim();
  }
  return undefined;
}

function timeText(event: NetworkEvent): string | undefined {
  return event["@timestamp"] === undefined ? undefined : formatTimestamp(event["@timestamp"]);
}
