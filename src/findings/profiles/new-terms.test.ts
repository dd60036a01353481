/** new_terms: the closed form agrees with a run-by-run simulation of the text. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRules } from "../../sigma/parse-rule.ts";
import { newTerms } from "./new-terms.ts";
import { type Profile, toProfile } from "./profile.ts";
import type { ReferenceMatch, RunStretch } from "./unit.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse("2026-03-01T08:00:00Z");

/** The rule's shape with a history of two hours, so that random events reach beyond it. */
const RULE = `
title: New source
taxonomy: ecs-recorded
logsource: {category: network, service: connection}
detection: {all: {destination.port: 445}, condition: all}
sallyport:
  profile:
    name: test
    title: test
    unit: {kind: new-terms, field: source.ip, history: 2h, every: 5m, look_back: 9m, most_per_run: 2}
`;
const profile = parseRules(RULE, "test.yml").map(toProfile)[0] as Profile;

function matchAt(ms: number, value: string, offset: number): ReferenceMatch {
  const end = { ip: value, effective: value, port: 445, scope: "internal", addressClass: "private-use" };
  return {
    file: "log",
    offset,
    start: { ms, fraction: "" },
    source: end,
    destination: { ...end, ip: `8.8.8.${offset % 250}`, domain: undefined },
    reference: { storedMs: ms, eventId: `e${offset}`, swapped: false, columns: { "source.ip": [value] } },
  } as unknown as ReferenceMatch;
}

/** The text of the model, run by run. */
function simulate(matches: readonly ReferenceMatch[], runs: readonly RunStretch[]): string[] {
  const raised = new Set<string>();
  const time = ({ reference }: ReferenceMatch): number => reference.storedMs ?? 0;
  for (const { firstMs, lastMs } of runs) {
    for (let run = firstMs; run <= lastMs; run += 5 * MINUTE) {
      for (const value of new Set(matches.map(({ source }) => source.ip))) {
        const history = matches.filter(
          (one) => one.source.ip === value && time(one) >= run - 2 * HOUR && time(one) <= run,
        );
        const [earliest] = history;
        if (earliest === undefined || time(earliest) <= run - 9 * MINUTE) continue;
        const [oldest] = history.filter((one) => time(one) >= run - 9 * MINUTE);
        if (oldest !== undefined) raised.add(`${value} ${oldest.reference.eventId}`);
      }
    }
  }
  return [...raised].sort();
}

function raisedBy(matches: readonly ReferenceMatch[], runs: readonly RunStretch[] | null): string[] {
  const { rows } = newTerms(matches, { profile, timeZone: "UTC", window: "", runs });
  return rows.map(({ row }) => `${row["source_ip"]} ${row["event_id"]}`).sort();
}

const events = fc.array(fc.tuple(fc.integer({ min: 0, max: 480 }), fc.constantFrom("10.1.2.3", "10.1.2.4")), {
  maxLength: 25,
});

describe("new terms", () => {
  test("the closed form agrees with a simulation, with gaps in the schedule", () => {
    fc.assert(
      fc.property(
        events,
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 0, max: 60 }),
        (drawn, shift, gap) => {
          const matches = drawn
            .map(([minute, value]) => ({ ms: START + minute * MINUTE, value }))
            .sort((a, b) => a.ms - b.ms)
            .map(({ ms, value }, at) => matchAt(ms, value, at));
          const first = START + shift * MINUTE;
          const runs = [
            { firstMs: first, lastMs: first + 200 * MINUTE },
            { firstMs: first + (205 + gap) * MINUTE, lastMs: first + 600 * MINUTE },
          ];
          expect(raisedBy(matches, runs)).toEqual(simulate(matches, runs));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("simulated runs are at whole multiples of five minutes and raise the first event of each source", () => {
    const matches = [matchAt(START + 2 * MINUTE, "10.1.2.3", 0), matchAt(START + 3 * MINUTE, "10.1.2.4", 1)];
    const { rows } = newTerms(matches, { profile, timeZone: "UTC", window: "", runs: null });
    expect(rows.map(({ row }) => row["run"])).toEqual(["2026-03-01T08:05:00Z", "2026-03-01T08:05:00Z"]);
  });

  test("an event exactly at the far end of a run's interval was seen before", () => {
    expect(
      raisedBy(
        [matchAt(START, "10.1.2.3", 0)],
        [{ firstMs: START + 9 * MINUTE, lastMs: START + 9 * MINUTE }],
      ),
    ).toEqual([]);
  });

  test("what one run raises beyond the original's limit is kept and counted", () => {
    const matches = [3, 4, 5].map((last, at) => matchAt(START, `10.1.2.${last}`, at));
    const { rows, notes } = newTerms(matches, { profile, timeZone: "UTC", window: "", runs: null });
    expect(rows).toHaveLength(3);
    expect(notes.join()).toContain("1 row beyond the 2");
  });

  test("a match without a time is in no run, and is said", () => {
    const undated = matchAt(START, "10.1.2.3", 0);
    const lost = { ...undated, reference: { ...undated.reference, storedMs: undefined } };
    const { rows, notes } = newTerms([lost], { profile, timeZone: "UTC", window: "", runs: null });
    expect(rows).toEqual([]);
    expect(notes.join()).toContain("without a time");
  });
});
