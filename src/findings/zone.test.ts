/** From wall clocks to UTC. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isTimeZone, localToUtc } from "./zone.ts";

function utc(zone: string, local: string): string {
  return new Date(localToUtc(zone)(Date.parse(`${local}Z`))).toISOString().slice(0, 19);
}

test.each([
  ["Europe/Berlin", "2026-01-15T12:00:00", "2026-01-15T11:00:00"],
  ["Europe/Berlin", "2026-07-15T12:00:00", "2026-07-15T10:00:00"],
  ["Europe/Berlin", "2026-03-29T01:59:59", "2026-03-29T00:59:59"],
  ["Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:30:00"],
  ["Europe/Berlin", "2026-03-29T03:00:00", "2026-03-29T01:00:00"],
  ["Europe/Berlin", "2026-10-25T01:59:59", "2026-10-24T23:59:59"],
  ["Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00"],
  ["Europe/Berlin", "2026-10-25T03:00:00", "2026-10-25T02:00:00"],
  ["America/New_York", "2026-03-08T03:00:00", "2026-03-08T07:00:00"],
  ["America/New_York", "2026-11-01T01:30:00", "2026-11-01T05:30:00"],
  ["Australia/Lord_Howe", "2026-10-04T02:30:00", "2026-10-03T15:30:00"],
  ["Asia/Kolkata", "2026-01-01T00:00:00", "2025-12-31T18:30:00"],
  ["Pacific/Apia", "2011-12-29T23:00:00", "2011-12-30T09:00:00"],
  ["Pacific/Apia", "2011-12-31T01:00:00", "2011-12-30T11:00:00"],
  ["Africa/Casablanca", "2025-03-01T12:00:00", "2025-03-01T12:00:00"],
  ["Africa/Casablanca", "2025-05-01T12:00:00", "2025-05-01T11:00:00"],
  ["UTC", "2026-01-01T00:00:00", "2026-01-01T00:00:00"],
  ["Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00"],
  ["+02:00", "2026-01-01T00:00:00", "2025-12-31T22:00:00"],
  ["-0330", "2026-01-01T00:00:00", "2026-01-01T03:30:00"],
])("in %s it is %s at %s UTC", (zone, local, expected) => {
  expect(utc(zone, local)).toBe(expected);
});

test.each(["Europe/Berlin", "UTC", "+5", "+05:30", "etc/gmt+3"])("%s is a time zone", (zone) => {
  expect(isTimeZone(zone)).toBe(true);
});

test.each(["Europe/Berlinn", "", "+25:00", "+05:60", "Mars", "2026"])("%j is no time zone", (zone) => {
  expect(isTimeZone(zone)).toBe(false);
});

test.each(["Europe/Berlin", "America/St_Johns", "Africa/Casablanca", "Pacific/Chatham", "America/Asuncion"])(
  "every moment in %s comes back from its wall clock, except in the second of two equal hours",
  (zone) => {
    const toUtc = localToUtc(zone);
    const format = new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone,
      dateStyle: "short",
      timeStyle: "medium",
    });
    const local = (ms: number): number => Date.parse(`${format.format(ms).replace(" ", "T")}Z`);
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1975), max: Date.UTC(2035) }), (anyMs) => {
        const ms = Math.floor(anyMs / 1000) * 1000;
        const back = toUtc(local(ms));
        // An earlier moment with the same wall clock is the only other answer.
        if (back !== ms) expect([back < ms, local(back)]).toEqual([true, local(ms)]);
      }),
      { numRuns: 500 },
    );
  },
);

test("milliseconds are kept, and times out of all bounds are left alone", () => {
  const toUtc = localToUtc("Europe/Berlin");
  expect(toUtc(Date.UTC(2026, 0, 1, 1, 0, 0, 123))).toBe(Date.UTC(2026, 0, 1, 0, 0, 0, 123));
  expect(toUtc(8.64e15)).toBe(8.64e15);
  expect(toUtc(Number.NaN)).toBeNaN();
});
