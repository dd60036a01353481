/** First seen: windows, short history, baselines, and no order of input that changes it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SAMPLE_MS, type Sample, sampleObservation, shuffled } from "../../test/sample-observation.ts";
import { createFirstSeen, type FirstSeenFacts } from "./first-seen.ts";
import { tupleOf } from "./observation.ts";
import { joinSessions, type Session } from "./session.ts";

const DAY = 86_400_000;
const MIDNIGHT = Math.floor(SAMPLE_MS / DAY) * DAY;

/** A session on a day, counted from the first day of the logs. */
const on = (day: number, sample: Sample = {}): Sample => ({
  fromPort: 40_000 + day,
  ...sample,
  at: day * DAY + (sample.at ?? 0),
});

function judge(samples: readonly Sample[], facts: Partial<FirstSeenFacts> = {}) {
  const observations = samples.map((sample, offset) => sampleObservation({ offset, ...sample }));
  const { sessions } = joinSessions(observations);
  const index = createFirstSeen({ sessions, fromMs: MIDNIGHT, baseline: null, isFolded: false, ...facts });
  return { index, sessions, last: index.of(sessions.at(-1) as Session) };
}

const whys = (samples: readonly Sample[], facts?: Partial<FirstSeenFacts>): readonly string[] => [
  ...judge(samples, facts).last.modifiers.map(({ why }) => why),
  ...judge(samples, facts).last.notes,
];

describe("windows", () => {
  test.each<[number, string]>([
    [5, "5 days"],
    [6, "5 days"],
    [7, "7 days"],
    [14, "14 days"],
    [90, "14 days"],
  ])("on day %i the longest window that the logs reach back is named", (day, window) => {
    expect(whys([on(0, { to: "1.1.1.1" }), on(day)])[0]).toBe(
      `nothing of ours reached for 8.8.8.8 in the ${window} before`,
    );
  });

  test("a history that is too short judges nothing, and says so", () => {
    const { index, last } = judge([on(0, { to: "1.1.1.1" }), on(4)]);
    expect(last).toEqual({ modifiers: [], notes: [] });
    expect(index.notes).toEqual([
      "First seen not judged: the logs do not reach back 5 days before a session's day.",
    ]);
  });

  test("logs that begin after midnight lack a part of their first day", () => {
    expect(whys([on(5)], { fromMs: MIDNIGHT + 1 })).toEqual([]);
    expect(whys([on(6)], { fromMs: MIDNIGHT + 1 })).not.toEqual([]);
  });

  test("what was seen within every window is not new; what was seen before it is", () => {
    expect(whys([on(12), on(14)])).toEqual([]);
    expect(whys([on(6), on(14)])[0]).toMatch(/in the 7 days before/);
    expect(whys([on(7), on(14)])[0]).toMatch(/in the 5 days before/);
    expect(whys([on(8), on(14)])[0]).toMatch(/in the 5 days before/);
    expect(whys([on(9), on(14)])).toEqual([]);
  });

  test("a second victim on the same day meets a new destination as well", () => {
    const samples = [on(7), on(7, { from: "10.1.2.4", at: 3_600_000 })];
    const { index, sessions } = judge(samples);
    expect(sessions.map((session) => index.of(session).modifiers.length)).toEqual([1, 1]);
  });

  test("a known source that meets a known destination for the first time is noted, not raised", () => {
    const samples = [on(12), on(12, { from: "10.1.2.4", to: "1.1.1.1" }), on(14, { to: "1.1.1.1" })];
    expect(judge(samples).last).toEqual({
      modifiers: [],
      notes: ["First seen: 10.1.2.3 and 1.1.1.1 are both known, but not together in the 14 days before."],
    });
  });
});

describe("what is known besides", () => {
  test("a baseline stands for the history", () => {
    const known = [{ source: "10.1.2.3", destination: "8.8.8.8" }];
    expect(whys([on(0)], { baseline: known })).toEqual([]);
    expect(whys([on(0)], { baseline: [] })[0]).toMatch(/not in the baseline/);
    expect(judge([on(0)], { baseline: known }).index.notes).toEqual([]);
  });

  test("totals are no history", () => {
    const { index, last } = judge([on(20)], { isFolded: true });
    expect(last).toEqual({ modifiers: [], notes: [] });
    expect(index.notes).toEqual(["First seen not judged: some records are kept only as totals."]);
  });

  test("a session without a time is not judged", () => {
    expect(whys([on(20), { at: null }])).toEqual([]);
  });

  test("without a session there is nothing to say", () => {
    expect(createFirstSeen({ sessions: [], fromMs: 0, baseline: null, isFolded: false }).notes).toEqual([]);
  });
});

test("the order of the input changes nothing", () => {
  const sample = fc
    .record({ day: fc.integer({ min: 0, max: 30 }), host: fc.integer({ min: 1, max: 3 }) })
    .map(({ day, host }) => on(day, { from: `10.0.0.${host}`, to: `8.8.8.${host % 2}` }));
  fc.assert(
    fc.property(
      fc.array(sample, { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat(), { minLength: 1 }),
      (samples, dice) => {
        const told = (list: readonly Sample[]) => {
          const { index, sessions } = judge(list);
          return sessions
            .map((session) =>
              JSON.stringify([session.observations.map(tupleOf), session.first?.ms, index.of(session)]),
            )
            .sort();
        };
        expect(told(shuffled(samples, dice))).toEqual(told(samples));
      },
    ),
  );
});
