/** An event as the nested ECS document that outputs print. */
import type { NetworkEvent } from "./event.ts";
import { FIELD_NAMES, FIELDS } from "./fields.ts";
import { formatTimestamp, type Timestamp } from "./timestamp.ts";

/** Nested JSON with ECS keys. */
export type NestedDocument = { [key: string]: unknown };

/** Turns an event into nested ECS JSON; absent fields are left out, addresses become text, times ISO 8601. */
export function toDocument(event: NetworkEvent, file: string): NestedDocument {
  const document: NestedDocument = {};
  for (const name of FIELD_NAMES) {
    const value = event[name];
    if (value !== undefined) setNested(document, name, toJsonValue(name, value));
  }
  setNested(document, "log.file.path", file);
  setNested(document, "log.offset", event.offset);
  return document;
}

/** Sets a dotted key, making the levels on the way. */
export function setNested(document: NestedDocument, path: string, value: unknown): void {
  const parts = path.split(".");
  const last = parts.pop() ?? path;
  let level = document;
  for (const part of parts) {
    const next = level[part];
    if (typeof next === "object" && next !== null) level = next as NestedDocument;
    else {
      const made: NestedDocument = {};
      level[part] = made;
      level = made;
    }
  }
  level[last] = value;
}

function toJsonValue(name: keyof typeof FIELDS, value: unknown): unknown {
  switch (FIELDS[name].type) {
    case "ip":
      return (value as { readonly text: string }).text;
    case "time":
      return formatTimestamp(value as Timestamp);
    default:
      return value;
  }
}
