/** Totals: exact sums of what keeps no detail, whatever the order and the split. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { SAMPLE_MS, type Sample, sampleObservation, shuffled } from "../../test/sample-observation.ts";
import type { FoldedDetail } from "./coverage.ts";
import type { Observation } from "./observation.ts";
import { createTotals, prefixOf } from "./totals.ts";

function report(
  observations: readonly Observation[],
  sources?: number,
  prefixes?: number,
): FoldedDetail | null {
  const totals = createTotals(sources, prefixes);
  for (const observation of observations) totals.add(observation);
  return totals.report(7);
}

const observations = (...samples: Sample[]): Observation[] =>
  samples.map((sample) => sampleObservation(sample));

test("nothing is null", () => {
  expect(report([])).toBeNull();
});

test("a row per source: how many, how they ended, from when to when", () => {
  const seen = observations(
    { action: "blocked", at: 5000 },
    { action: "blocked", at: 0 },
    { state: "established", at: 1000 },
    { from: "10.9.9.9", action: "allowed", at: null },
  );
  expect(report(seen)).toEqual({
    limit: 7,
    observations: 4,
    sources: 2,
    by_source: [
      {
        source: "10.1.2.3",
        observations: 3,
        outcomes: { blocked: 2, established: 1 },
        first_seen: new Date(SAMPLE_MS).toISOString(),
        last_seen: new Date(SAMPLE_MS + 5000).toISOString(),
      },
      { source: "10.9.9.9", observations: 1, outcomes: { attempted: 1 }, first_seen: null, last_seen: null },
    ],
    by_prefix: [],
  });
});

test("sources beyond the bound are summed by prefix, prefixes beyond theirs in one row", () => {
  const seen = observations(
    { from: "10.1.0.1" },
    { from: "10.1.0.2" },
    { from: "10.2.0.1" },
    { from: "10.3.0.1" },
  );
  expect(report(seen, 0)?.by_prefix.map(({ source, observations: n }) => [source, n])).toEqual([
    ["10.1.0.0/16", 2],
    ["10.2.0.0/16", 1],
    ["10.3.0.0/16", 1],
  ]);
  expect(report(seen, 0, 0)?.by_prefix).toMatchObject([{ source: "everything else", observations: 4 }]);
});

test("the row for everything else is never taken for a prefix", () => {
  const all = Array.from({ length: 200 }, (_, n) => sampleObservation({ from: `10.${n}.0.1` }));
  const expected = report(all, 0, 150);
  const whole = createTotals(0, 150);
  for (const part of [all.slice(0, 175), all.slice(175)]) {
    const totals = createTotals(0, 150);
    for (const observation of part) totals.add(observation);
    whole.absorb(totals.dump());
  }
  expect(expected?.by_prefix).toHaveLength(151);
  expect(whole.report(7)).toEqual(expected);
});

test.each([
  ["10.1.2.3", "10.1.0.0/16"],
  ["2606:4700:4700::1111", "2606:4700::/32"],
  ["fd12::1", "fd12::/32"],
  ["::1", "::/32"],
  ["unknown", "unknown"],
])("the prefix of %s is %s", (address, prefix) => {
  expect(prefixOf(address)).toBe(prefix);
});

const someSample: fc.Arbitrary<Sample> = fc.record({
  from: fc.constantFrom("10.1.0.1", "10.1.0.2", "10.2.0.1", "10.3.0.1", "fd12:3456::1", "fd12:3457::1"),
  action: fc.constantFrom("allowed", "blocked"),
  at: fc.integer({ min: 0, max: 100 }),
});
const bound = fc.integer({ min: 0, max: 4 });

test("any order, and any split over several totals, gives the same, and nothing is lost", () => {
  fc.assert(
    fc.property(
      fc.array(someSample, { maxLength: 20 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      fc.integer({ min: 0, max: 20 }),
      bound,
      bound,
      (samples, dice, cut, sources, prefixes) => {
        const all = observations(...samples);
        const expected = report(all, sources, prefixes);
        const rows = [...(expected?.by_source ?? []), ...(expected?.by_prefix ?? [])];
        expect(rows.reduce((sum, row) => sum + row.observations, 0)).toBe(all.length);
        const mixed = shuffled(all, dice);
        expect(report(mixed, sources, prefixes)).toEqual(expected);
        const whole = createTotals(sources, prefixes);
        for (const part of [mixed.slice(0, cut), mixed.slice(cut)]) {
          const totals = createTotals(sources, prefixes);
          for (const observation of part) totals.add(observation);
          whole.absorb(structuredClone(totals.dump()));
        }
        expect(whole.report(7)).toEqual(expected);
      },
    ),
    { numRuns: 500 },
  );
});
