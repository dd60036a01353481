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
  if (typeof value === "number" && value >= PLAIN_FROM && value < PLAIN_TO) return fromPlainSeconds(value);
  const text = typeof value === "number" ? plainNumber(value) : value.trim();
  const match = /^(-?\d{1,12})(?:\.(\d+))?$/.exec(text);
  // A fraction before 1970 would have to be counted backwards; no log has one.
  if (match === null || (text.startsWith("-") && match[2] !== undefined)) return undefined;
  return timestampFromParts(Number(match[1]) * 1000, match[2] ?? "");
}

/**
 * Between these (2004 to 2106) a number's fraction times a million is exact, and no shorter decimal stands for the same
 * number, so that digits need not be printed to be counted. Units: epoch seconds.
 */
const PLAIN_FROM = 2 ** 30;
const PLAIN_TO = 2 ** 32 - 1;

/** Epoch seconds in whole microseconds, halves up. */
function fromPlainSeconds(value: number): Timestamp {
  const second = Math.floor(value);
  const micros = Math.round((value - second) * 1e6);
  if (micros === 1e6) return { ms: (second + 1) * 1000, fraction: "" };
  return { ms: second * 1000 + Math.floor(micros / 1000), fraction: fractionText(micros) };
}

/** Microseconds as digits after the second, without zeros at the end. */
function fractionText(micros: number): string {
  if (micros === 0) return "";
  let digits = 6;
  let rest = micros;
  for (; rest % 10 === 0; digits--) rest /= 10;
  return String(rest).padStart(digits, "0");
}

/** Builds a timestamp from whole-second epoch milliseconds and the digits after the second. */
export function timestampFromParts(secondMs: number, fraction: string): Timestamp | undefined {
  const digits = fraction.length > 9 ? fraction.slice(0, 9) : fraction;
  const ms = secondMs + digitAt(digits, 0) * 100 + digitAt(digits, 1) * 10 + digitAt(digits, 2);
  return Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? { ms, fraction: digits } : undefined;
}

/** The digit at a place of a text; 0 behind its end, NaN for what is no digit. */
function digitAt(text: string, at: number): number {
  if (at >= text.length) return 0;
  const digit = text.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : Number.NaN;
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
  return fromPlainIso(text, zone) ?? fromAnyIso(text, zone);
}

/**
 * Reads what nearly every source writes without the regular expression: date, time, a fraction perhaps, then UTC or no
 * zone. Shape: undefined for all else, which may yet be a time.
 */
function fromPlainIso(text: string, zone: (localMs: number) => number): Timestamp | undefined {
  const ms = plainIsoMs(text);
  if (ms === undefined) return undefined;
  const hasFraction = text.charCodeAt(PLAIN_LENGTH) === 0x2e;
  const end = hasFraction ? endOfDigits(text, PLAIN_LENGTH + 1) : PLAIN_LENGTH;
  if (hasFraction && end === PLAIN_LENGTH + 1) return undefined;
  const isLocal = end === text.length;
  if (!isLocal && !isPlainUtc(text, end)) return undefined;
  return timestampFromParts(isLocal ? zone(ms) : ms, hasFraction ? text.slice(PLAIN_LENGTH + 1, end) : "");
}

/** Of 2026-03-02T10:00:00. */
const PLAIN_LENGTH = 19;

function plainIsoMs(text: string): number | undefined {
  const separator = text.charCodeAt(10);
  if (text.length < PLAIN_LENGTH || (separator !== 0x54 && separator !== 0x20)) return undefined;
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return undefined;
  if (text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a) return undefined;
  const ms = utcMs(
    twoDigits(text, 0) * 100 + twoDigits(text, 2),
    twoDigits(text, 5),
    twoDigits(text, 8),
    twoDigits(text, 11),
    twoDigits(text, 14),
    twoDigits(text, 17),
  );
  return Number.isNaN(ms) ? undefined : ms;
}

/** The value of two digits; NaN for anything else. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 0x30;
  const ones = text.charCodeAt(at + 1) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= 0x30 && text.charCodeAt(at) <= 0x39) at++;
  return at;
}

function isPlainUtc(text: string, at: number): boolean {
  const rest = text.length - at;
  if (rest === 1) return text.charCodeAt(at) === 0x5a;
  return rest === 5 ? text.endsWith("+0000") : rest === 6 && text.endsWith("+00:00");
}

function fromAnyIso(text: string, zone: (localMs: number) => number): Timestamp | undefined {
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
  const midnight = midnightMs(year, month, day);
  return midnight === undefined ? undefined : midnight + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** The day that was worked out last: neighbours in a log share theirs. */
let lastDay = { year: Number.NaN, month: 0, day: 0, ms: 0 };

function midnightMs(year: number, month: number, day: number): number | undefined {
  if (day === lastDay.day && month === lastDay.month && year === lastDay.year) return lastDay.ms;
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  lastDay = { year, month, day, ms: date.getTime() };
  return lastDay.ms;
}

/** Prints a timestamp as ISO 8601 UTC with the precision it came with. */
export function formatTimestamp(time: Timestamp): string {
  const second = Math.floor(time.ms / 1000);
  const day = Math.floor(second / DAY_SECONDS);
  if (day !== lastDate.day) {
    const text = new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, -"00:00:00.000Z".length);
    lastDate = { day, text };
  }
  const clock = clockText(second - day * DAY_SECONDS);
  return time.fraction === "" ? `${lastDate.text}${clock}Z` : `${lastDate.text}${clock}.${time.fraction}Z`;
}

const DAY_SECONDS = 86_400;

/** The day that was printed last, to its "T": to print a date costs ten times as much as to print a time of day. */
let lastDate = { day: Number.NaN, text: "" };

function clockText(second: number): string {
  const minute = Math.floor(second / 60);
  return `${PAIRS[Math.floor(minute / 60)]}:${PAIRS[minute % 60]}:${PAIRS[second % 60]}`;
}

/** 0 to 59 in two digits. */
const PAIRS: readonly string[] = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));

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
