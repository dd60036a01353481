/** Times and durations as options take them. */
import { describe, expect, test } from "vitest";
import { parseDuration, parseTime } from "./time-options.ts";

const NOW = Date.UTC(2026, 2, 1, 12);
const HOUR = 3_600_000;

test.each([
  ["90s", 90_000],
  ["30m", 30 * 60_000],
  ["24h", 24 * HOUR],
  ["7d", 7 * 24 * HOUR],
  ["2w", 14 * 24 * HOUR],
  [" 5 h ", 5 * HOUR],
  ["0h", 0],
])("the duration %j is %d ms", (text, ms) => {
  expect(parseDuration(text, "--last")).toBe(ms);
});

test.each(["", "h", "5", "5y", "5H", "-5h", "1.5h", "1h30m", "9999999w", "99999999999999999999999d"])(
  "%j is no duration",
  (text) => {
    expect(() => parseDuration(text, "--last")).toThrow(
      expect.objectContaining({ code: "option_invalid", message: `--last ${text}: not a duration` }),
    );
  },
);

describe("a time", () => {
  test.each([
    ["2026-03-01T10:00:00Z", Date.UTC(2026, 2, 1, 10)],
    ["2026-03-01T10:00:00+02:00", Date.UTC(2026, 2, 1, 8)],
    ["2026-03-01 10:00", Date.UTC(2026, 2, 1, 10)],
    ["2026-03-01", Date.UTC(2026, 2, 1)],
    [" 2026-03-01 ", Date.UTC(2026, 2, 1)],
    ["24h", NOW - 24 * HOUR],
    ["7 d", NOW - 7 * 24 * HOUR],
  ])("%j is %d", (text, ms) => {
    expect(parseTime(text, "--since", NOW)).toBe(ms);
  });

  test.each(["", "yesterday", "2026-02-30", "2026-3-1", "10:00", "1772366400", "24x"])(
    "%j is none",
    (text) => {
      expect(() => parseTime(text, "--since", NOW)).toThrow(
        expect.objectContaining({ code: "option_invalid", message: `--since ${text}: not a time` }),
      );
    },
  );
});
