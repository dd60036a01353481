/** Reads a field of an event document by its dotted name. */
import type { EventDocument } from "../findings/run.ts";

/** The value at a dotted name in nested ECS JSON; a key that itself contains dots wins over nesting. */
function valueAt(document: EventDocument, name: string): unknown {
  if (Object.hasOwn(document, name)) return document[name];
  for (let dot = name.indexOf("."); dot > 0; dot = name.indexOf(".", dot + 1)) {
    const inner = document[name.slice(0, dot)];
    if (typeof inner === "object" && inner !== null && !Array.isArray(inner)) {
      const found = valueAt(inner as EventDocument, name.slice(dot + 1));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The text at a dotted name; lists are joined, what is absent gives an empty text. */
export function textAt(document: EventDocument, name: string): string {
  const value = valueAt(document, name);
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map(String).join(" ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
