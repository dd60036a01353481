/** Raw shapes that JSON formats share. */
import { FIELD_NAMES } from "../event/fields.ts";
import type { RawPlace, RawShape } from "../event/raw-shape.ts";

/** A value under one of these top-level keys, or under an object that the parts of a dotted name are nested in. */
export function keyed(keys: readonly string[], required = false): RawPlace {
  const outer = keys.flatMap((key) => [...key.matchAll(/\./g)].map(({ index }) => key.slice(0, index)));
  return { keys: [...new Set([...keys, ...outer])], column: 0, required };
}

/** A place where no text is looked for: a line is decoded when something else than a plain text stands there. */
export function unlessText(...keys: readonly string[]): RawShape["marks"][number] {
  return { place: keyed(keys), needles: [] };
}

/** Objects whose fields may stand anywhere: only the texts that a rule names can rule a line out. */
export const NESTED_JSON: RawShape = {
  framing: { kind: "json" },
  carries: FIELD_NAMES,
  places: {},
  required: [],
  eitherWay: true,
  marks: [],
};
