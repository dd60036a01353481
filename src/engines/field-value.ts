/** What a plan's fields hold in an event: the values, and their texts and numbers. */
import type { NetworkEvent } from "../event/event.ts";
import { readRecorded } from "../event/recorded-view.ts";
import { formatTimestamp, type Timestamp } from "../event/timestamp.ts";
import type { IpAddress } from "../net/address.ts";
import type { FieldRef } from "../sigma/taxonomy.ts";

/** One value of a field. */
export type Scalar = string | number | boolean | bigint | IpAddress | Timestamp;

/** The values of a field: none where it is absent, several where it is a list. Nested lists count as one. */
export function readField(event: NetworkEvent, ref: FieldRef): readonly Scalar[] {
  return scalarsIn(readRaw(event, ref));
}

/** What a field holds, in any shape. */
export function readRaw(event: NetworkEvent, ref: FieldRef): unknown {
  switch (ref.kind) {
    case "event":
      return event[ref.name];
    case "recorded":
      return readRecorded(event, ref.name);
    case "raw":
      return event.record.get(ref.name);
    default:
      return ref satisfies never;
  }
}

/** The values in a field of any shape; null, undefined and foreign objects are none. */
export function scalarsIn(value: unknown): readonly Scalar[] {
  if (Array.isArray(value)) return value.flatMap(scalarsIn);
  return isScalar(value) ? [value] : [];
}

/** The text that patterns are compared with: canonical for addresses, ISO 8601 for times. */
export function textOf(value: Scalar): string {
  if (typeof value !== "object") return String(value);
  return "family" in value ? value.text : formatTimestamp(value);
}

/** The number that a value compares as, if any; times are milliseconds. */
export function numberOf(value: Scalar): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string") return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  return typeof value === "object" && "ms" in value ? value.ms : undefined;
}

function isScalar(value: unknown): value is Scalar {
  if (typeof value === "object" && value !== null) return isAddress(value) || isTime(value);
  return ["string", "number", "boolean", "bigint"].includes(typeof value);
}

function isAddress(value: object): boolean {
  return "family" in value && "w3" in value && "text" in value;
}

function isTime(value: object): boolean {
  return "ms" in value && "fraction" in value;
}
