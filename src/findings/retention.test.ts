/** Retention: what keeps its detail, and that nothing is lost. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Sample, sampleObservation, shuffled } from "../../test/sample-observation.ts";
import type { Observation } from "./observation.ts";
import { createRetention, type Retention } from "./retention.ts";
import { inOrder } from "./session.ts";

function retain(observations: readonly Observation[], limit: number): Retention {
  const retention = createRetention(limit);
  for (const observation of observations) retention.add(observation);
  return retention;
}

const many = (samples: readonly Sample[]): Observation[] =>
  samples.map((sample, offset) => sampleObservation({ ...sample, offset }));

const kept = (retention: Retention): Observation[] => [...retention.observations()].sort(inOrder);

test("within the limit everything keeps its detail", () => {
  const all = many([{}, { fromPort: 50_001 }, { state: "established" }, { rules: [] }]);
  const retention = retain(all, 2);
  expect(kept(retention)).toEqual([...all].sort(inOrder));
  expect(retention.folded()).toBeNull();
});

test("a flood of blocked probes cannot push out a proven session", () => {
  const flood = Array.from({ length: 500 }, (_, n): Sample => ({ fromPort: 20_000 + n, action: "blocked" }));
  const retention = retain(many([{ state: "established" }, ...flood, { state: "established", at: 50 }]), 10);
  const outcomes = kept(retention).map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === "established")).toHaveLength(2);
  expect(outcomes.filter((outcome) => outcome === "blocked")).toHaveLength(10);
  expect(retention.folded()).toMatchObject({
    limit: 10,
    observations: 490,
    by_source: [{ outcomes: { blocked: 490 } }],
  });
});

test("side evidence has a limit of its own, and counts in no total", () => {
  const evidence = Array.from({ length: 50 }, (_, n): Sample => ({ fromPort: 20_000 + n, rules: [] }));
  const retention = retain(many([{}, ...evidence]), 5);
  expect(kept(retention).map(({ rules }) => rules.length)).toEqual(expect.arrayContaining([1]));
  expect(kept(retention)).toHaveLength(6);
  expect(retention.folded()).toBeNull();
});

test("one endless connection loses hours of itself, not everything", () => {
  const hours = Array.from({ length: 10 }, (_, hour): Sample => ({ at: hour * 3_600_000 }));
  expect(kept(retain(many(hours), 4))).toHaveLength(4);
});

const someSample: fc.Arbitrary<Sample> = fc.record({
  from: fc.constantFrom("10.1.0.1", "10.1.0.2", "10.2.0.1"),
  fromPort: fc.integer({ min: 50_000, max: 50_003 }),
  at: fc.oneof(fc.constant(null), fc.constantFrom(0, 10, 3_600_000)),
  rules: fc.constantFrom<number[]>([0], [0, 1], []),
  state: fc.constantFrom("established", "no-answer"),
});
const limits = fc.integer({ min: 1, max: 8 });
const dice = fc.array(fc.nat(), { maxLength: 30 });

test("any order of the observations keeps the same ones, and the same totals", () => {
  fc.assert(
    fc.property(fc.array(someSample, { maxLength: 30 }), dice, limits, (samples, order, limit) => {
      const all = many(samples);
      const [one, other] = [retain(all, limit), retain(shuffled(all, order), limit)];
      expect(kept(other)).toEqual(kept(one));
      expect(other.folded()).toEqual(one.folded());
    }),
    { numRuns: 500 },
  );
});

test("any split over two threads, absorbed by a third, keeps the same", () => {
  fc.assert(
    fc.property(fc.array(someSample, { maxLength: 30 }), dice, limits, (samples, order, limit) => {
      const all = many(samples);
      const expected = retain(all, limit);
      const [left, right] = [0, 1].map((side) => all.filter((_, at) => ((order[at] ?? 0) + at) % 2 === side));
      const third = createRetention(limit);
      for (const part of [right, left]) third.absorb(structuredClone(retain(part ?? [], limit).dump()));
      expect(kept(third)).toEqual(kept(expected));
      expect(third.folded()).toEqual(expected.folded());
    }),
    { numRuns: 500 },
  );
});

test("nothing is lost: what met a rule is kept or folded", () => {
  fc.assert(
    fc.property(fc.array(someSample, { maxLength: 30 }), limits, (samples, limit) => {
      const retention = retain(many(samples), limit);
      const ruled = kept(retention).filter(({ rules }) => rules.length > 0).length;
      const offered = samples.filter(({ rules }) => (rules ?? []).length > 0).length;
      expect(ruled + (retention.folded()?.observations ?? 0)).toBe(offered);
    }),
  );
});
