/** Maps a record onto event fields by a format's field table: the value types come from FIELDS. */
import { type EventFields, type LogRecord, type NetworkEvent, noteProblem } from "../event/event.ts";
import { FIELDS, type FieldName } from "../event/fields.ts";
import { type Timestamp, timestampFromIso } from "../event/timestamp.ts";
import {
  setIp,
  setPort,
  toApplications,
  toBoolean,
  toInteger,
  toKeyword,
  toKeywords,
  toTransport,
} from "../event/values.ts";

type FieldTable = Readonly<Partial<Record<FieldName, readonly string[]>>>;

/** Reads a time as its source writes it. */
export type TimeReader = (value: unknown) => Timestamp | undefined;

/** One compiled mapping: set this field from these names. */
type Setter = (event: NetworkEvent, record: LogRecord) => void;

/**
 * Compiles a field table once; the function it gives sets every field that a record has.
 * Shape: `readTime` is for fields of type time; default ISO 8601 with a zone.
 */
export function compileMap(
  table: FieldTable,
): (event: NetworkEvent, record: LogRecord, readTime?: TimeReader) => void {
  const setters: Setter[] = [];
  const times: [FieldName, readonly string[]][] = [];
  for (const [field, names] of Object.entries(table) as [FieldName, readonly string[]][]) {
    if (FIELDS[field].type === "time") times.push([field, names]);
    else setters.push(setterOf(field, names));
  }
  return (event, record, readTime = isoUtc) => {
    for (const [field, names] of times) setTime(event, field, firstOf(record, names), readTime);
    for (const set of setters) set(event, record);
  };
}

/** The first value that a record has under any of these names. */
export function firstOf(record: LogRecord, names: readonly string[]): unknown {
  for (const name of names) {
    const value = record.get(name);
    if (value !== undefined && value !== null && value !== "") return value;
  }
  return undefined;
}

function setterOf(field: FieldName, names: readonly string[]): Setter {
  if (
    field === "source.ip" ||
    field === "destination.ip" ||
    field === "source.nat.ip" ||
    field === "destination.nat.ip"
  ) {
    return (event, record) => setIp(event, field, firstOf(record, names));
  }
  if (
    field === "source.port" ||
    field === "destination.port" ||
    field === "source.nat.port" ||
    field === "destination.nat.port"
  ) {
    return (event, record) => setPort(event, field, firstOf(record, names));
  }
  const convert = converterOf(field);
  return (event, record) => {
    const value = convert(firstOf(record, names));
    if (value !== undefined) (event as EventFields as Record<string, unknown>)[field] = value;
  };
}

function converterOf(field: FieldName): (value: unknown) => unknown {
  if (field === "network.transport") return toTransport;
  if (field === "network.application") return toApplications;
  if (field === "network.protocol") return (value) => toKeywords(value)?.join(",");
  switch (FIELDS[field].type) {
    case "integer":
    case "port":
      return toInteger;
    case "keywords":
      return toKeywords;
    case "boolean":
      return toBoolean;
    default:
      return toKeyword;
  }
}

function setTime(event: NetworkEvent, field: FieldName, value: unknown, read: TimeReader): void {
  if (value === undefined) return;
  const time = read(Array.isArray(value) ? value[0] : value);
  if (time === undefined) noteProblem(event, "invalid_time");
  else (event as EventFields as Record<string, unknown>)[field] = time;
}

function isoUtc(value: unknown): Timestamp | undefined {
  const text = toKeyword(value);
  return text === undefined ? undefined : timestampFromIso(text);
}
