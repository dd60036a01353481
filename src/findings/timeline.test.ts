/** The timeline: sessions in equal stretches, without holes. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { SAMPLE_MS, sampleObservation } from "../../test/sample-observation.ts";
import { joinSessions, type Session } from "./session.ts";
import { timelineOf } from "./timeline.ts";

const [SESSION] = joinSessions([sampleObservation()]).sessions as [Session];
const at = (ms: number | undefined, outcome: Session["outcome"] = "blocked"): Session => ({
  ...SESSION,
  outcome,
  first: ms === undefined ? undefined : { ms, fraction: "" },
});

test("sessions without a time make no timeline", () => {
  expect(timelineOf([])).toBeUndefined();
  expect(timelineOf([at(undefined)])).toBeUndefined();
});

test("a stretch says how many sessions began in it, by outcome; an empty one is there too", () => {
  const minute = (n: number): string => new Date(SAMPLE_MS + n * 60_000).toISOString();
  const seen = [at(SAMPLE_MS), at(SAMPLE_MS + 59_999, "established"), at(SAMPLE_MS + 120_000), at(undefined)];
  expect(timelineOf(seen)).toEqual([
    { from: minute(0), to: minute(1), counts: { blocked: 1, established: 1 } },
    { from: minute(1), to: minute(2), counts: {} },
    { from: minute(2), to: minute(3), counts: { blocked: 1 } },
  ]);
});

test.each([
  [0, "one session", 60_000],
  [59 * 60_000, "an hour", 60_000],
  [60 * 60_000, "just over an hour", 300_000],
  [86_400_000, "a day", 3_600_000],
  [90 * 86_400_000, "90 days", 604_800_000],
])("%d ms (%s) is cut into stretches of %s ms", (span, _, length) => {
  const [first] = timelineOf([at(SAMPLE_MS), at(SAMPLE_MS + span)]) ?? [];
  expect(Date.parse(first?.to ?? "") - Date.parse(first?.from ?? "")).toBe(length);
});

test("every session is counted once; stretches are equal, adjoining, and at most 60", () => {
  const times = fc.array(fc.integer({ min: 0, max: Date.UTC(2100, 0) }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(times, (list) => {
      const buckets = timelineOf(list.map((ms) => at(ms))) ?? [];
      expect(buckets.length).toBeLessThanOrEqual(60);
      const [lengths, counted] = [new Set<number>(), buckets.map(({ counts }) => counts.blocked ?? 0)];
      buckets.forEach(({ from, to }, place) => {
        lengths.add(Date.parse(to) - Date.parse(from));
        if (place > 0) expect(from).toBe(buckets[place - 1]?.to);
        const inside = list.filter((ms) => ms >= Date.parse(from) && ms < Date.parse(to)).length;
        expect(counted[place]).toBe(inside);
      });
      expect(lengths.size).toBe(1);
      expect(counted.reduce((a, b) => a + b, 0)).toBe(list.length);
      expect(counted[0]).toBeGreaterThan(0);
      expect(counted.at(-1)).toBeGreaterThan(0);
    }),
  );
});
