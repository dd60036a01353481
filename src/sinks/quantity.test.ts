/** Quantities as people read them. */
import { describe, expect, test } from "vitest";
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  formatSpan,
  formatTime,
  plural,
} from "./quantity.ts";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.0 kB"],
  [9000, "9.0 kB"],
  [99_949, "99.9 kB"],
  [99_960, "100 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [220_000_000, "220 MB"],
  [3_100_000_000_000, "3.1 TB"],
  [2e18, "2000 PB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [1_234_567, "1,234,567"],
])("%d is written %s", (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test("one is singular, everything else plural", () => {
  expect([plural(0, "host"), plural(1, "host"), plural(1200, "host")]).toEqual([
    "0 hosts",
    "1 host",
    "1,200 hosts",
  ]);
});

test.each([
  [0, 10, "0 %"],
  [10, 10, "100 %"],
  [1, 10_000, "<1 %"],
  [9999, 10_000, ">99 %"],
  [35, 100, "35 %"],
  [0, 0, "none"],
])("%d of %d is %s", (part, whole, text) => {
  expect(formatShare(part, whole)).toBe(text);
});

test.each([
  [250, "250 ms"],
  [5000, "5 s"],
  [125_000, "2 min 5 s"],
  [3_600_000, "1 h"],
  [273_600_000, "3 d 4 h"],
])("%d ms are %s", (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

describe("times", () => {
  test("are shown to the second, without zone", () => {
    expect(formatTime("2026-03-01T10:00:00.123456Z")).toBe("2026-03-01 10:00:00");
  });

  test("that are no times stay as they are", () => {
    expect(formatTime("yesterday")).toBe("yesterday");
  });

  test.each([
    [null, null, "no time recorded"],
    ["2026-03-01T10:00:00Z", null, "2026-03-01 10:00:00"],
    ["2026-03-01T10:00:00Z", "2026-03-01T10:00:00.5Z", "2026-03-01 10:00:00 UTC"],
    ["2026-03-01T10:00:00Z", "2026-03-01T12:30:05Z", "2026-03-01 10:00:00 – 12:30:05 UTC"],
    ["2026-03-01T10:00:00Z", "2026-03-02T12:30:05Z", "2026-03-01 10:00:00 – 2026-03-02 12:30:05 UTC"],
  ])("from %s to %s are a span", (first, last, text) => {
    expect(formatSpan(first, last)).toBe(text);
  });
});
