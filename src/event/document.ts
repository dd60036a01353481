/** An event as the nested ECS document that outputs print. */
import type { NetworkEvent } from "./event.ts";
import { FIELD_NAMES, FIELDS, type FieldName, type FieldTypes } from "./fields.ts";
import { formatTimestamp, type Timestamp } from "./timestamp.ts";

/** Nested JSON with ECS keys. */
export type NestedDocument = { [key: string]: unknown };

/** Where a field stands in the document; worked out once. */
interface Place {
  readonly name: FieldName;
  readonly type: keyof FieldTypes;
  /** The levels around it; one and the same list for fields that stand together. */
  readonly levels: readonly string[];
  readonly key: string;
}

const PLACES: readonly Place[] = placesOf(FIELD_NAMES);

/** Turns an event into nested ECS JSON; absent fields are left out, addresses become text, times ISO 8601. */
export function toDocument(event: NetworkEvent, file: string): NestedDocument {
  const document: NestedDocument = {};
  let levels: readonly string[] | undefined;
  let level = document;
  for (const place of PLACES) {
    const value = event[place.name];
    if (value === undefined) continue;
    // Fields that stand together follow each other, mostly.
    if (place.levels !== levels) {
      levels = place.levels;
      level = levelAt(document, levels);
    }
    level[place.key] = toJsonValue(place.type, value);
  }
  document["log"] = { file: { path: file }, offset: event.offset };
  return document;
}

function placesOf(names: readonly FieldName[]): readonly Place[] {
  const known = new Map<string, readonly string[]>();
  return names.map((name) => {
    const levels = name.split(".");
    const key = levels.pop() ?? name;
    const around = levels.join(".");
    if (!known.has(around)) known.set(around, levels);
    return { name, type: FIELDS[name].type, levels: known.get(around) ?? levels, key };
  });
}

/** Sets a dotted key, making the levels on the way. */
export function setNested(document: NestedDocument, path: string, value: unknown): void {
  const levels = path.split(".");
  const key = levels.pop() ?? path;
  levelAt(document, levels)[key] = value;
}

/** The level under these names, made where it is not there yet. */
function levelAt(document: NestedDocument, levels: readonly string[]): NestedDocument {
  let level = document;
  for (const name of levels) {
    const next = level[name];
    if (typeof next === "object" && next !== null) level = next as NestedDocument;
    else {
      const made: NestedDocument = {};
      level[name] = made;
      level = made;
    }
  }
  return level;
}

function toJsonValue(type: keyof FieldTypes, value: unknown): unknown {
  switch (type) {
    case "ip":
      return (value as { readonly text: string }).text;
    case "time":
      return formatTimestamp(value as Timestamp);
    default:
      return value;
  }
}
