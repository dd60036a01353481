/** Raw shapes that JSON formats share. */
import { FIELD_NAMES } from "../event/fields.ts";
import type { RawPlace, RawShape } from "../event/raw-shape.ts";

/** A value under one of these top-level keys. */
export function keyed(keys: readonly string[], required = false): RawPlace {
  return { keys, column: 0, required };
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
