/** Maps a record onto event fields by a format's field table: the value types come from FIELDS. */
import { type LogRecord, type NetworkEvent, noteProblem } from "../event/event.ts";
import { FIELDS, type FieldName } from "../event/fields.ts";
import { SET_FIELD } from "../event/set-field.ts";
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
import type { Named } from "./pick.ts";

/** The record's names of each field, the first that holds something counts. */
export type FieldTable = Readonly<Partial<Record<FieldName, readonly string[]>>>;

/** Reads a time as its source writes it. */
export type TimeReader = (value: unknown) => Timestamp | undefined;

/** Sets every field that a record has. Shape: `readTime` is for fields of type time; default ISO 8601 with a zone. */
type Mapper<Values> = (event: NetworkEvent, values: Values, readTime?: TimeReader) => void;

/** One compiled mapping: these slots can hold the value of a field. */
interface Mapping<Set> {
  readonly slots: readonly number[];
  readonly set: Set;
}

type SetField = (event: NetworkEvent, value: unknown) => void;

/** Compiles a field table once, for records that are asked by name. */
export function compileMap(table: FieldTable): Mapper<LogRecord> {
  const names = [...new Set(Object.values(table).flat())];
  const map = compileSlots(table, (name) => names.indexOf(name));
  return (event, record, readTime) =>
    map(
      event,
      names.map((name) => record.get(name)),
      readTime,
    );
}

/**
 * Compiles a field table once, for records whose values stand in a list.
 * Shape: `slotOf` gives a name's place in the list; undefined where the records never have it.
 */
export function compileSlots(
  table: FieldTable,
  slotOf: (name: string) => number | undefined,
): Mapper<readonly unknown[]> {
  const times: Mapping<(event: NetworkEvent, time: Timestamp) => void>[] = [];
  const others: Mapping<SetField>[] = [];
  for (const [field, names] of Object.entries(table) as [FieldName, readonly string[]][]) {
    const slots = names.flatMap((name) => slotOf(name) ?? []);
    if (slots.length === 0) continue;
    if (FIELDS[field].type === "time") {
      times.push({ slots, set: SET_FIELD[field] as (event: NetworkEvent, time: Timestamp) => void });
    } else others.push({ slots, set: setterOf(field) });
  }
  return (event, values, readTime = isoUtc) => {
    for (const { slots, set } of times) {
      const value = firstAt(values, slots);
      if (value === undefined) continue;
      const time = readTime(Array.isArray(value) ? value[0] : value);
      if (time === undefined) noteProblem(event, "invalid_time");
      else set(event, time);
    }
    for (const { slots, set } of others) {
      const value = firstAt(values, slots);
      if (value !== undefined) set(event, value);
    }
  };
}

/** The first value that a record has under any of these names. */
export function firstOf(record: Named, names: readonly string[]): unknown {
  for (const name of names) {
    const value = record.get(name);
    if (value !== undefined && value !== null && value !== "") return value;
  }
  return undefined;
}

/** The first value that stands in any of these slots. */
export function firstAt(values: readonly unknown[], slots: readonly number[]): unknown {
  for (let at = 0; at < slots.length; at++) {
    const value = values[slots[at] as number];
    if (value !== undefined && value !== null && value !== "") return value;
  }
  return undefined;
}

function setterOf(field: FieldName): SetField {
  switch (field) {
    case "source.ip":
    case "destination.ip":
    case "source.nat.ip":
    case "destination.nat.ip":
      return (event, value) => setIp(event, field, value);
    case "source.port":
    case "destination.port":
    case "source.nat.port":
    case "destination.nat.port":
      return (event, value) => setPort(event, field, value);
  }
  const convert = converterOf(field);
  const set = SET_FIELD[field] as SetField;
  return (event, value) => {
    const converted = convert(value);
    if (converted !== undefined) set(event, converted);
  };
}

function converterOf(field: FieldName): (value: unknown) => unknown {
  if (field === "network.transport") return toTransport;
  if (field === "network.application") return toApplications;
  if (field === "network.protocol") return toWords;
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

/** A text; the texts of a list are joined with commas. */
function toWords(value: unknown): string | undefined {
  return Array.isArray(value) ? toKeywords(value)?.join(",") : toKeyword(value);
}

function isoUtc(value: unknown): Timestamp | undefined {
  const text = toKeyword(value);
  return text === undefined ? undefined : timestampFromIso(text);
}
