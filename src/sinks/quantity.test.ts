/** Quantities as people read them. */
import { describe, expect, test } from "vitest";
import { formatDuration, formatShare, formatSpan, formatTime } from "./quantity.ts";

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
