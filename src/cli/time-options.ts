/** Times and durations as options take them. */
import { SallyportError } from "../errors.ts";
import { timestampFromIso } from "../event/timestamp.ts";

/** Longer durations lead out of the calendar. Units: milliseconds; a thousand years. */
const LONGEST_MS = 1000 * 365.25 * 86_400_000;

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A duration such as 24h, 7d, 90m. Units: milliseconds. Errors: option_invalid. */
export function parseDuration(text: string, option: string): number {
  const match = /^(\d+)\s*([smhdw])$/.exec(text.trim());
  const unit = UNITS[match?.[2] ?? ""];
  const ms = Number(match?.[1]) * (unit ?? Number.NaN);
  if (!(ms <= LONGEST_MS)) {
    throw new SallyportError("option_invalid", {
      detail: `${option} ${text}: not a duration`,
      hint: "Write a number and a unit: 30m, 24h, 7d, 2w.",
    });
  }
  return ms;
}

/** A point in time: ISO 8601 (a day alone is its first moment, UTC), or a duration before now. Units: milliseconds. */
export function parseTime(text: string, option: string, nowMs: number): number {
  if (/^\d+\s*[smhdw]$/.test(text.trim())) return nowMs - parseDuration(text, option);
  const whole = /^\d{4}-\d{2}-\d{2}$/.test(text.trim()) ? `${text.trim()}T00:00:00Z` : text;
  const time = timestampFromIso(whole);
  if (time === undefined) {
    throw new SallyportError("option_invalid", {
      detail: `${option} ${text}: not a time`,
      hint: "Write ISO 8601 such as 2026-03-01T10:00:00Z, a day such as 2026-03-01, or a duration before now such as 24h.",
    });
  }
  return time.ms;
}
