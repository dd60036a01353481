/** Points in time with the precision that the source gave. */

/**
 * A point in time, UTC.
 * Shape: `ms` is whole milliseconds since 1970; `fraction` is the source's own digits after the second.
 * Units: `ms` in milliseconds; `fraction` "123456" is 123,456 µs, "" is whole seconds.
 */
export interface Timestamp {
  readonly ms: number;
  readonly fraction: string;
}

/** Builds a timestamp from epoch seconds given as text or number ("1591367999.305988"). */
export function timestampFromEpochSeconds(value: string | number): Timestamp | undefined {
  const text = typeof value === "number" ? plainNumber(value) : value.trim();
  const match = /^(-?\d{1,12})(?:\.(\d+))?$/.exec(text);
  // A fraction before 1970 would have to be counted backwards; no log has one.
  if (match === null || (text.startsWith("-") && match[2] !== undefined)) return undefined;
  return timestampFromParts(Number(match[1]) * 1000, match[2] ?? "");
}

/** Builds a timestamp from whole-second epoch milliseconds and the digits after the second. */
export function timestampFromParts(secondMs: number, fraction: string): Timestamp | undefined {
  const digits = fraction.slice(0, 9);
  const ms = secondMs + (digits === "" ? 0 : Number(digits.slice(0, 3).padEnd(3, "0")));
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? { ms, fraction: digits } : undefined;
}

/** Builds a timestamp from epoch milliseconds. */
export function timestampFromMs(ms: number): Timestamp {
  const whole = Math.floor(ms / 1000) * 1000;
  const rest = Math.floor(ms - whole);
  return { ms: whole + rest, fraction: rest === 0 ? "" : String(rest).padStart(3, "0") };
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(Z|z|UTC|[+-]\d{2}(?::?\d{2})?)?$/;

/**
 * Reads an ISO 8601 time; one without a zone is taken to be in the zone given.
 * Shape: `zone` turns local wall-clock milliseconds into UTC milliseconds.
 */
export function timestampFromIso(
  text: string,
  zone: (localMs: number) => number = identity,
): Timestamp | undefined {
  const match = ISO.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = "0", fraction = "", offset] = match;
  const localMs = utcMs(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  if (localMs === undefined) return undefined;
  const shift = offset === undefined ? 0 : offsetMs(offset);
  if (shift === undefined) return undefined;
  return timestampFromParts(offset === undefined ? zone(localMs) : localMs - shift, fraction);
}

/** Wall-clock parts to epoch milliseconds, refusing what does not exist. A leap second 60, and 24:00:00, are accepted. */
export function utcMs(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
): number | undefined {
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && minute + second > 0)) return undefined;
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** Prints a timestamp as ISO 8601 UTC with the precision it came with. */
export function formatTimestamp(time: Timestamp): string {
  const seconds = new Date(Math.floor(time.ms / 1000) * 1000).toISOString().slice(0, -".000Z".length);
  return time.fraction === "" ? `${seconds}Z` : `${seconds}.${time.fraction}Z`;
}

function offsetMs(offset: string): number | undefined {
  if (offset === "Z" || offset === "z" || offset === "UTC") return 0;
  const digits = offset.slice(1).replace(":", "");
  const [hours, rest] = [Number(digits.slice(0, 2)), Number(digits.slice(2, 4) || "0")];
  if (hours > 23 || rest > 59) return undefined;
  const minutes = hours * 60 + rest;
  return (offset.startsWith("-") ? -minutes : minutes) * 60_000;
}

function plainNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toFixed(6)));
}

function identity(ms: number): number {
  return ms;
}
