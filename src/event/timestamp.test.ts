/** Times: every way ISO 8601 is written, with the precision that came with it, and nothing that does not exist. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  formatTimestamp,
  timestampFromEpochSeconds,
  timestampFromIso,
  timestampFromMs,
  utcMs,
} from "./timestamp.ts";

const printed = (text: string, zone?: (ms: number) => number): string | undefined => {
  const time = timestampFromIso(text, zone);
  return time === undefined ? undefined : formatTimestamp(time);
};

test.each([
  ["2026-03-01T10:00:00Z", "2026-03-01T10:00:00Z"],
  ["2026-03-01T10:00:00z", "2026-03-01T10:00:00Z"],
  ["2026-03-01 10:00:00 UTC", "2026-03-01T10:00:00Z"],
  ["2026-03-01 10:00:00", "2026-03-01T10:00:00Z"],
  ["2026-03-01T10:00", "2026-03-01T10:00:00Z"],
  ["2026-03-01T10:00:00.5Z", "2026-03-01T10:00:00.5Z"],
  ["2026-03-01T10:00:00,25Z", "2026-03-01T10:00:00.25Z"],
  ["2026-03-01T10:00:00.123456Z", "2026-03-01T10:00:00.123456Z"],
  ["2026-03-01T10:00:00.000000Z", "2026-03-01T10:00:00.000000Z"],
  ["2026-03-01T10:00:00.1234567890Z", "2026-03-01T10:00:00.123456789Z"],
  ["2026-03-01T10:00:00+02:00", "2026-03-01T08:00:00Z"],
  ["2026-03-01T10:00:00+0200", "2026-03-01T08:00:00Z"],
  ["2026-03-01T10:00:00+02", "2026-03-01T08:00:00Z"],
  ["2026-03-01T10:00:00.25-0530", "2026-03-01T15:30:00.25Z"],
  ["2026-03-01 10:00:00 +0200", "2026-03-01T08:00:00Z"],
  ["2026-01-01T00:30:00+01:00", "2025-12-31T23:30:00Z"],
  [" 2026-03-01T10:00:00Z ", "2026-03-01T10:00:00Z"],
  ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"],
  ["2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"],
  ["2026-03-01T24:00:00Z", "2026-03-02T00:00:00Z"],
  ["1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.25Z"],
  ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
  ["9999-12-31T23:59:59-01:00", "+010000-01-01T00:59:59Z"],
])("%s is %s", (text, expected) => {
  expect(printed(text)).toBe(expected);
});

test.each([
  "",
  "now",
  "2026-03-01",
  "10:00:00",
  "2026-02-29T00:00:00Z",
  "2026-00-01T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-04-31T00:00:00Z",
  "2026-01-00T00:00:00Z",
  "2026-01-01T25:00:00Z",
  "2026-01-01T24:00:01Z",
  "2026-01-01T00:60:00Z",
  "2026-01-01T00:00:61Z",
  "2026-01-01T00:00:00+24:00",
  "2026-01-01T00:00:00+01:60",
  "2026-01-01T00:00:00Zx",
  "2026-01-01T00:00:00.Z",
  "26-01-01T00:00:00Z",
  "2026-1-1T00:00:00Z",
  "1772366400",
])("%j is no time", (text) => {
  expect(timestampFromIso(text)).toBeUndefined();
});

test("a time without a zone is taken to be in the zone given, one with a zone is not", () => {
  const zone = (localMs: number): number => localMs - 3_600_000;
  expect(printed("2026-03-01T10:00:00.125", zone)).toBe("2026-03-01T09:00:00.125Z");
  expect(printed("2026-03-01T10:00:00.125Z", zone)).toBe("2026-03-01T10:00:00.125Z");
});

const YEAR_1 = Date.parse("0001-01-01T00:00:00Z");
const YEAR_9999 = Date.parse("9999-12-31T23:59:59Z");
const moments = fc.integer({ min: YEAR_1 / 1000, max: YEAR_9999 / 1000 }).map((seconds) => seconds * 1000);
const fractions = fc.stringMatching(/^\d{0,9}$/);

test("what is printed is read back as the same, in any zone's spelling", () => {
  fc.assert(
    fc.property(
      moments,
      fractions,
      fc.integer({ min: -14 * 60, max: 14 * 60 }),
      (second, fraction, offset) => {
        const text = formatTimestamp({ ms: second, fraction });
        expect(printed(text)).toBe(text);
        const local = new Date(second + offset * 60_000);
        fc.pre(local.getTime() >= YEAR_1 && local.getTime() <= YEAR_9999);
        const sign = offset < 0 ? "-" : "+";
        const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const zone = `${sign}${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
        const spelled = `${local.toISOString().slice(0, 19)}${fraction === "" ? "" : `.${fraction}`}${zone}`;
        expect(printed(spelled)).toBe(text);
      },
    ),
  );
});

test("the milliseconds are those of the platform, and dates exist where the platform has them", () => {
  fc.assert(
    fc.property(moments, fc.integer({ min: 0, max: 999 }), (second, ms) => {
      const text = new Date(second + ms).toISOString();
      expect(timestampFromIso(text)?.ms).toBe(second + ms);
    }),
  );
  const part = fc.integer({ min: 0, max: 33 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9999 }), part, part, (year, month, day) => {
      const text = [
        String(year).padStart(4, "0"),
        ...[month, day].map((n) => String(n).padStart(2, "0")),
      ].join("-");
      const platform = Date.parse(`${text}T00:00:00Z`);
      const exists = !Number.isNaN(platform) && new Date(platform).toISOString().startsWith(text);
      expect(utcMs(year, month, day, 0, 0, 0)).toBe(exists ? platform : undefined);
    }),
  );
});

describe("epoch seconds", () => {
  test.each<[string | number, string | undefined]>([
    ["1591367999.305988", "2020-06-05T14:39:59.305988Z"],
    [1591367999.305988, "2020-06-05T14:39:59.305988Z"],
    ["1591367999", "2020-06-05T14:39:59Z"],
    [1591367999, "2020-06-05T14:39:59Z"],
    ["1591367999.300000", "2020-06-05T14:39:59.300000Z"],
    [0, "1970-01-01T00:00:00Z"],
    ["-1", "1969-12-31T23:59:59Z"],
    ["-1.5", undefined],
    ["1591367999305", undefined],
    ["1e9", undefined],
    [1e21, undefined],
    [Number.NaN, undefined],
    ["", undefined],
  ])("%s is %s", (value, expected) => {
    const time = timestampFromEpochSeconds(value);
    expect(time === undefined ? undefined : formatTimestamp(time)).toBe(expected);
  });

  test("the milliseconds that count are those of the fraction", () => {
    expect(timestampFromEpochSeconds("1591367999.305988")?.ms).toBe(1591367999305);
  });
});

test("seconds as a number are rounded to microseconds as the platform rounds, without zeros at the end", () => {
  const micros = fc.integer({ min: 1e9, max: 5e9 }).chain((second) =>
    fc.oneof(
      fc.integer({ min: 0, max: 1_000_000 }).map((fraction) => second + fraction / 1e6),
      fc.integer({ min: 0, max: 2 ** 22 }).map((part) => second + part / 2 ** 22),
    ),
  );
  fc.assert(
    fc.property(micros, (value) => {
      const [second = "", fraction = ""] = String(Number(value.toFixed(6))).split(".");
      const ms = Number(second) * 1000 + Number(fraction.slice(0, 3).padEnd(3, "0"));
      expect(timestampFromEpochSeconds(value)).toEqual({ ms, fraction });
    }),
    { numRuns: 1000 },
  );
});

test.each([
  [1_500, "1970-01-01T00:00:01.500Z"],
  [1_000, "1970-01-01T00:00:01Z"],
  [1_005.9, "1970-01-01T00:00:01.005Z"],
  [-250, "1969-12-31T23:59:59.750Z"],
])("epoch milliseconds %d are %s", (ms, expected) => {
  expect(formatTimestamp(timestampFromMs(ms))).toBe(expected);
});
