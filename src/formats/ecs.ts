/** Elastic Common Schema: one JSON document per line, from any product, bare or as Elasticsearch exports it. */

import { isFramedObject, parseJsonObject } from "../bytes/json.ts";
import { type NetworkEvent, noteProblem } from "../event/event.ts";
import { type Timestamp, timestampFromIso, timestampFromMs } from "../event/timestamp.ts";
import { setIp, toInteger, toKeyword, toKeywords } from "../event/values.ts";
import { parseIp } from "../net/parse-ip.ts";
import { type Verdict, verdictOfAll } from "./action-words.ts";
import { type Product, productOf } from "./ecs-evidence.ts";
import { DATASETS, FIELDS_OF_ECS, SHAPE, WORKED_OUT } from "./ecs-fields.ts";
import { documentRecord, pickDocument } from "./elastic-envelope.ts";
import { type Decoder, defineFormat, type Format, type Framed, newEvent, Undecodable } from "./format.ts";
import { compileSlots, firstOf } from "./map.ts";
import { type Named, Picker } from "./pick.ts";

const PICKER = new Picker([
  ...Object.values(FIELDS_OF_ECS).flat(),
  ...Object.values(WORKED_OUT).flat(),
  ...["event.duration", "event.original", "message"],
]);

const setFields = compileSlots(FIELDS_OF_ECS, PICKER.slotOf);

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
    // Without its quote at first: that stands everywhere, and to look for it costs ten times as much.
    if (line.includes('_source"') && line.includes('"_source"') && line.includes('"_index"')) return true;
    if (!line.includes('"@timestamp"')) return false;
    return line.includes('"ecs"') || line.includes('"ecs.version"') || END_KEY.test(line);
  },
  open(): Decoder {
    return { frame: frameJson, decode: decodeDocument, rawShape: () => SHAPE };
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
  const row = pickDocument(PICKER, object);
  const dataset = toKeyword(firstOf(row, FIELDS_OF_ECS["event.dataset"]));
  const isPanos = dataset?.startsWith("panw.panos") === true;
  const event = newEvent(ecs, documentRecord(object), isPanos ? "ecs.panos" : "ecs");
  if (dataset === undefined) event["event.dataset"] = "ecs";
  setFields(event, row.values, readTime);
  setSource(event, row);
  setDestination(event, row);
  if (!isNetworkRecord(event, row)) return undefined;
  const product = productOf(dataset, event["event.provider"]);
  if (product?.protocolIsGuess === true) dropProtocol(event);
  setAction(event, row, product);
  setEvidence(event, row, product);
  setEnd(event, row, dataset);
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
function setSource(event: NetworkEvent, row: Named): void {
  const address = event["source.address"];
  const isBare = event["source.ip"] === undefined && row.get("source.ip") === undefined;
  if (isBare && isAddress(address)) setIp(event, "source.ip", address);
  if (event["source.nat.ip"]?.text === NOT_TRANSLATED) {
    event["source.nat.ip"] = undefined;
    event["source.nat.port"] = undefined;
  }
}

function setDestination(event: NetworkEvent, row: Named): void {
  const address = event["destination.address"];
  const isBare = event["destination.ip"] === undefined && row.get("destination.ip") === undefined;
  if (isBare && isAddress(address)) setIp(event, "destination.ip", address);
  if (event["destination.nat.ip"]?.text === NOT_TRANSLATED) {
    event["destination.nat.ip"] = undefined;
    event["destination.nat.port"] = undefined;
  }
}

const NOT_TRANSLATED = "0.0.0.0";

function isAddress(text: string | undefined): boolean {
  return text !== undefined && parseIp(text) !== undefined;
}

/** A record of a connection: two ends, or one end of what calls itself network traffic. */
function isNetworkRecord(event: NetworkEvent, row: Named): boolean {
  if (event["source.ip"] !== undefined && event["destination.ip"] !== undefined) return true;
  if (!hasEnd(event, "source") && !hasEnd(event, "destination")) return false;
  const categories = toKeywords(row.get("event.category"));
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
function setAction(event: NetworkEvent, row: Named, product: Product | undefined): void {
  const own = toKeywords(firstOf(row, ["event.provider_action", ...(product?.actionNames ?? [])]));
  const action = product?.actionIsVerdict === false ? undefined : toKeywords(row.get("event.action"));
  const word = (own ?? action)?.join(",");
  if (word !== undefined) event["event.provider_action"] = word;
  const ofAction = verdictOfAll(action ?? []);
  const ofOwn = verdictOfAll(own ?? []);
  const type = product?.typeIsVerdict === false ? undefined : typeVerdict(row);
  const verdict =
    product?.verdict?.(event, row) ?? plain(ofAction) ?? type ?? plain(ofOwn) ?? ofAction ?? ofOwn;
  if (verdict !== undefined) event["event.action"] = verdict;
}

function plain(verdict: Verdict | undefined): Verdict | undefined {
  return verdict === "unknown" ? undefined : verdict;
}

function typeVerdict(row: Named): Verdict | undefined {
  const types = toKeywords(row.get("event.type"));
  if (types?.includes("denied") === true) return "blocked";
  return types?.includes("allowed") === true ? "allowed" : undefined;
}

function setEvidence(event: NetworkEvent, row: Named, product: Product | undefined): void {
  const state = toKeyword(row.get("sallyport.state")) ?? product?.state?.(event, row);
  if (state !== undefined) event["sallyport.state"] = state;
  const auth = toKeyword(row.get("sallyport.auth.protocol")) ?? offeredAuth(row);
  if (auth !== undefined) event["sallyport.auth.protocol"] = auth;
  const file = toKeyword(row.get("zeek.smb_files.action"));
  if (file !== undefined && /WRITE$/.test(file)) event["sallyport.transfer"] = "upload";
  if (file !== undefined && /READ$/.test(file)) event["sallyport.transfer"] = "download";
}

function offeredAuth(row: Named): string | undefined {
  if (firstOf(row, NTLM_NAMES) !== undefined) return "ntlm";
  return firstOf(row, ["suricata.eve.smb.kerberos.realm"]) === undefined ? undefined : "kerberos";
}

const NTLM_NAMES = [
  "zeek.ntlm.username",
  "zeek.ntlm.domainname",
  "zeek.ntlm.hostname",
  "suricata.eve.smb.ntlmssp.user",
] as const;

/** The end of the activity by its duration in nanoseconds, counted from the start where the record has one. */
function setEnd(event: NetworkEvent, row: Named, dataset: string | undefined): void {
  if (event["event.end"] !== undefined) return;
  // Zeek's own time is that of the first packet; elsewhere @timestamp may well be the end.
  const start =
    event["event.start"] ?? (dataset?.startsWith("zeek.") === true ? event["@timestamp"] : undefined);
  const duration = toInteger(row.get("event.duration"));
  if (start === undefined || duration === undefined) return;
  event["event.end"] = timestampFromMs(start.ms + Math.round(duration / 1e6));
}
