/** Raw shapes that JSON formats share. */
import type { RawPlace, RawShape } from "../event/raw-shape.ts";

/** A value under one of these keys, or nested as the parts of a dotted name are. */
export function keyed(keys: readonly string[], required = false): RawPlace {
  return { keys, column: 0, required };
}

/** Places where anything at all makes a line be decoded. */
export function ifPresent(...keys: readonly string[]): RawShape["marks"][number] {
  return { place: keyed(keys), needles: "any" };
}

/** A place where no text is looked for: a line is decoded when something else than a plain text stands there. */
export function unlessText(...keys: readonly string[]): RawShape["marks"][number] {
  return { place: keyed(keys), needles: [] };
}
