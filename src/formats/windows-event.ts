/**
 * The shapes in which Windows events come as JSON: Winlogbeat documents, flat records as NXLog and others send
 * them, and the event's own XML turned into JSON (Event, System, EventData).
 */
import { isJsonObject, type JsonObject } from "../bytes/json.ts";
import type { LogRecord } from "../event/event.ts";
import { type Timestamp, timestampFromEpochSeconds, timestampFromIso } from "../event/timestamp.ts";
import { toKeyword } from "../event/values.ts";
import { layeredRecord, unwrapDocument } from "./elastic-envelope.ts";
import type { Named, Picked, Picker } from "./pick.ts";

/** A Windows event, whatever its shape was. */
export interface WindowsEvent {
  readonly id: string | undefined;
  readonly provider: string | undefined;
  readonly channel: string | undefined;
  readonly computer: string | undefined;
  readonly recordId: string | undefined;
  readonly time: Timestamp | undefined;
  /** The event's own data by their names, such as SourceIp. */
  readonly data: JsonObject;
  /** The object as given. */
  readonly document: JsonObject;
  /** What was picked out of the document. */
  readonly picked: Picked;
}

/** Names that are looked up in a document besides the event's own. */
export const WINDOWS_NAMES: readonly string[] = [
  ..."winlog.event_id event_id event.code winlog.provider_name source_name event.provider".split(" "),
  ..."winlog.channel log_name winlog.computer_name computer_name host.name".split(" "),
  ..."event.id winlog.record_id record_number winlog.event_data".split(" "),
  ..."EventID Channel Computer Provider_Name".split(" "),
];

/** Turns wall-clock milliseconds into UTC milliseconds. */
type Zone = (localMs: number) => number;

/**
 * A cheap look at a line: does it hold a Windows event in one of the shapes? It is taken at every line of other formats
 * too, so each first asks for a word that begins with a letter that is rare in JSON, as a quote is not.
 */
export function looksLikeWindowsEvent(line: string): boolean {
  if (line.includes("winlog") && (line.includes('"winlog"') || line.includes('"winlog.'))) return true;
  if (line.includes('_data"') && line.includes('"event_data"') && line.includes('"event_id"')) return true;
  if (
    line.includes('UtcTime"') &&
    line.includes('"UtcTime"') &&
    SYSMON_KEYS.some((key) => line.includes(key))
  )
    return true;
  if (!line.includes('EventID"') || !line.includes('"EventID"')) return false;
  return (
    FLAT_KEYS.some((key) => line.includes(key)) || (line.includes('"System"') && line.includes('"Event'))
  );
}

/** What Sysmon's events have beside UtcTime; where the header was left out they are known by it. */
const SYSMON_KEYS = ['"ProcessGuid"', '"RuleName"', '"SourceIp"'];

const FLAT_KEYS = ['"SourceName"', '"ProviderGuid"', '"Provider_Name"', '"ProviderName"', '"Channel"'];

/** Reads the event out of its shape; the picker has the names above. */
export function readWindowsEvent(object: JsonObject, picker: Picker, zone: Zone): WindowsEvent {
  const document = unwrapDocument(object);
  const picked = picker.pick(document);
  const event = isJsonObject(document["Event"]) ? document["Event"] : document;
  const system = event["System"];
  if (isJsonObject(system)) return fromXml(event, system, document, picked);
  const shipped = picked.get("winlog.event_id") ?? document["event_id"] ?? picked.get("event.code");
  return shipped === undefined ? fromFlat(document, picked, zone) : fromWinlogbeat(document, picked, object);
}

/** What the event's header says, by plain names that its data may not have. */
function headerOf({ id, channel, computer, provider }: WindowsEvent): JsonObject {
  return { EventID: id, Channel: channel, Computer: computer, Provider_Name: provider };
}

/**
 * The event as a record: its data and header by their plain names, then everything by its full path. It is made when
 * it is asked for, which is seldom: the values that make the event are read by `windowsValues`.
 */
export function windowsRecord(event: WindowsEvent, alsoKnownAs: JsonObject): LogRecord {
  return new LazyRecord(() => {
    const known = new Set(Object.keys(event.data));
    const added = Object.entries({ ...headerOf(event), ...alsoKnownAs }).filter(
      ([name, value]) => value !== undefined && !known.has(name),
    );
    const data = event.data === event.document ? [] : Object.entries(event.data);
    return layeredRecord(Object.fromEntries([...data, ...added]), event.document);
  });
}

/** The same record's values by the picker's names, without what Sysmon does not know and writes as a hyphen. */
export function windowsValues(event: WindowsEvent, picker: Picker, alsoKnownAs: JsonObject): Picked {
  const { data, document, picked } = event;
  const values = picker.pick(data);
  fillIn(values, picker, data, headerOf(event));
  fillIn(values, picker, data, alsoKnownAs);
  if (data !== document) values.fillFrom(picked);
  for (let slot = 0; slot < values.values.length; slot++) {
    if (values.values[slot] === "-") values.values[slot] = undefined;
  }
  return values;
}

/** Sets what the event's data do not have. */
function fillIn({ values }: Picked, { slotOf }: Picker, data: JsonObject, added: JsonObject): void {
  for (const name in added) {
    const slot = Object.hasOwn(data, name) ? undefined : slotOf(name);
    if (slot !== undefined) values[slot] = added[name];
  }
}

/** A record that is made the first time something is asked of it. */
class LazyRecord implements LogRecord {
  #make: (() => LogRecord) | undefined;
  #made: LogRecord | undefined;

  constructor(make: () => LogRecord) {
    this.#make = make;
  }

  get(name: string): unknown {
    return this.#record()?.get(name);
  }

  entries(): Iterable<readonly [string, unknown]> {
    return this.#record()?.entries() ?? [];
  }

  #record(): LogRecord | undefined {
    this.#made ??= this.#make?.();
    this.#make = undefined;
    return this.#made;
  }
}

function fromXml(event: JsonObject, system: JsonObject, document: JsonObject, picked: Picked): WindowsEvent {
  const created = attribute(system, "TimeCreated", "SystemTime");
  return {
    id: toKeyword(textOf(system["EventID"])),
    provider: toKeyword(attribute(system, "Provider", "Name")),
    channel: toKeyword(system["Channel"]),
    computer: toKeyword(system["Computer"]),
    recordId: toKeyword(system["EventRecordID"]),
    time: timeOf(created),
    data: dataOf(event["EventData"]),
    document,
    picked,
  };
}

function fromWinlogbeat(document: JsonObject, picked: Picked, envelope: JsonObject): WindowsEvent {
  const data = picked.get("winlog.event_data") ?? document["event_data"];
  return {
    id: firstText(picked, ["winlog.event_id", "event_id", "event.code"]),
    provider: firstText(picked, ["winlog.provider_name", "source_name", "event.provider"]),
    channel: firstText(picked, ["winlog.channel", "log_name"]),
    computer: firstText(picked, ["winlog.computer_name", "computer_name", "host.name"]),
    recordId:
      firstText(picked, ["event.id", "winlog.record_id", "record_number"]) ?? toKeyword(envelope["_id"]),
    time: timeOf(document["@timestamp"]),
    data: isJsonObject(data) ? data : underPrefix(document, "winlog.event_data."),
    document,
    picked,
  };
}

function firstText(picked: Named, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = toKeyword(picked.get(name));
    if (text !== undefined) return text;
  }
  return undefined;
}

function fromFlat(document: JsonObject, picked: Picked, zone: Zone): WindowsEvent {
  const first = (...names: readonly string[]): string | undefined => {
    for (const name of names) {
      const text = toKeyword(document[name]);
      if (text !== undefined) return text;
    }
    return undefined;
  };
  return {
    id: first("EventID"),
    provider: first("SourceName", "Provider_Name", "ProviderName"),
    channel: first("Channel"),
    computer: first("Hostname", "Computer", "ComputerName"),
    recordId: first("RecordNumber", "EventRecordID", "RecordID"),
    time: flatTime(document, zone),
    data: document,
    document,
    picked,
  };
}

/** EventTime is local unless it says otherwise, so a shipper's own time with a zone is trusted more. */
function flatTime(document: JsonObject, zone: Zone): Timestamp | undefined {
  const written = toKeyword(document["EventTime"]) ?? toKeyword(document["TimeCreated"]);
  const zoned =
    written === undefined || !/(?:Z|[+-]\d{2}:?\d{2})$/.test(written) ? undefined : timeOf(written);
  return (
    zoned ??
    timeOf(document["@timestamp"]) ??
    (written === undefined ? undefined : timestampFromIso(written, zone))
  );
}

function timeOf(value: unknown): Timestamp | undefined {
  if (typeof value === "number") return timestampFromEpochSeconds(value);
  const text = toKeyword(value);
  return text === undefined ? undefined : timestampFromIso(text);
}

/** The text of an element: XML turned into JSON keeps it aside when the element has attributes. */
function textOf(element: unknown): unknown {
  if (!isJsonObject(element)) return element;
  return element["#text"] ?? element["Value"] ?? element["Text"];
}

/** An attribute of an element, in the ways that converters write it. */
function attribute(parent: JsonObject, element: string, name: string): unknown {
  for (const place of [parent[element], parent[`${element}_attributes`]]) {
    if (!isJsonObject(place)) continue;
    const inner = place["#attributes"];
    const value = (isJsonObject(inner) ? inner[name] : undefined) ?? place[`@${name}`] ?? place[name];
    if (value !== undefined) return value;
  }
  return undefined;
}

/** EventData as an object of names, or as a list of Data elements with a name each. */
function dataOf(eventData: unknown): JsonObject {
  if (!isJsonObject(eventData)) return {};
  const list = Array.isArray(eventData["Data"]) ? eventData["Data"] : [eventData["Data"]];
  const pairs: [string, unknown][] = [];
  for (const element of list) {
    if (!isJsonObject(element)) continue;
    const name = toKeyword(attribute({ element }, "element", "Name"));
    if (name !== undefined) pairs.push([name, textOf(element)]);
  }
  return pairs.length === 0 ? eventData : Object.fromEntries(pairs);
}

function underPrefix(document: JsonObject, prefix: string): JsonObject {
  const pairs = Object.entries(document).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(pairs.map(([key, value]) => [key.slice(prefix.length), value]));
}
