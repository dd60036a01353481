/** The account of an input: exact counts, first samples, shares. */
import { describe, expect, test } from "vitest";
import { SAMPLE_MS, type Sample, sampleEvent } from "../../test/sample-observation.ts";
import {
  countEvent,
  countProblem,
  createTally,
  FULL_SAMPLE_BYTES,
  isoOrNull,
  SAMPLE_ONE_IN,
  SPARSE_FROM,
  SPARSE_ONE_IN,
  sumProblems,
  toAccount,
} from "./account.ts";

function tallied(samples: readonly Sample[]) {
  const tally = createTally("a.log");
  for (const sample of samples) countEvent(tally, sampleEvent(sample), "the line");
  return tally;
}

test("the records of an account add up", () => {
  const tally = createTally("a.log");
  Object.assign(tally, { decoded: 5, rejected: 2, skipped: 3, undecodable: 1, events: 4, bytes: 99 });
  const account = toAccount(tally);
  expect(account).toMatchObject({
    records: 10,
    decoded: 5,
    rejected: 2,
    skipped: 3,
    undecodable: 1,
    events: 4,
  });
  expect(account.records).toBe(account.ruled_out + account.decoded + account.rejected + account.skipped);
});

test("events are counted by dataset, with the span of their times", () => {
  const tally = tallied([{ at: 5000 }, { at: 0, dataset: "zeek.conn" }, { at: null }]);
  expect(toAccount(tally)).toMatchObject({
    events: 3,
    first_seen: new Date(SAMPLE_MS).toISOString(),
    last_seen: new Date(SAMPLE_MS + 5000).toISOString(),
  });
  expect(tally.datasets).toEqual({ "panw.panos": 2, "zeek.conn": 1 });
  expect([...tally.hours]).toEqual([SAMPLE_MS / 3_600_000]);
});

test("an input without times has none", () => {
  expect(toAccount(createTally("a.log"))).toMatchObject({ first_seen: null, last_seen: null });
});

describe("problems", () => {
  test("keep their first three samples, cut to a readable length", () => {
    const tally = createTally("a.log");
    for (let n = 0; n < 5; n++)
      countProblem(tally, "json_invalid", n * 10, "x".repeat(500), n === 0 ? "why" : undefined);
    const [problem] = sumProblems([tally]);
    expect(problem).toMatchObject({ code: "json_invalid", kind: "undecodable", count: 5 });
    expect(problem?.samples.map(({ offset }) => offset)).toEqual([0, 10, 20]);
    expect(problem?.samples[0]?.excerpt).toBe(`why: ${"x".repeat(155)}`);
  });

  test("of several inputs are summed, the most frequent first, samples in the order of the inputs", () => {
    const [a, b] = [createTally("a.log"), createTally("b.log")];
    countProblem(a, "not_text", 1, "");
    countProblem(b, "json_invalid", 2, "");
    countProblem(a, "json_invalid", 3, "");
    const sums = sumProblems([a, b]);
    expect(sums.map(({ code, count }) => [code, count])).toEqual([
      ["json_invalid", 2],
      ["not_text", 1],
    ]);
    expect(sums[0]?.samples.map(({ file }) => file)).toEqual(["a.log", "b.log"]);
  });

  test("of an event are counted with it", () => {
    const tally = tallied([{ fields: { "source.ip": undefined } }]);
    expect(sumProblems([tally])).toMatchObject([{ code: "missing_source", kind: "quality", count: 1 }]);
  });
});

describe("shares", () => {
  test("say how many of the sampled events carry what", () => {
    const { shares } = tallied([
      { action: "allowed", state: "established", out: 5, fields: { "network.direction": "outbound" } },
      { from: "2606:4700:4700::1111", in: 5, fields: { "network.application": ["smb"] } },
      {},
    ]);
    expect(shares).toEqual({
      sampled: 3,
      direction: 1,
      action: 1,
      state: 1,
      bytes: 2,
      application: 1,
      ipv6: 1,
      internal_source: 2,
    });
  });

  test("look at all that begins early, then at a share of the rest, chosen by its place alone", () => {
    const early = Array.from({ length: 64 }, (_, n): Sample => ({ offset: (n * FULL_SAMPLE_BYTES) / 64 }));
    expect(tallied(early).shares.sampled).toBe(64);
    const late = Array.from({ length: 100 * SAMPLE_ONE_IN }, (_, n) => FULL_SAMPLE_BYTES + n * 137);
    const event = sampleEvent();
    const sampledOf = (offsets: readonly number[]): number => {
      const tally = createTally("a.log");
      for (const offset of offsets) countEvent(tally, { ...event, offset }, "");
      return tally.shares.sampled;
    };
    expect(Math.abs(sampledOf(late) - 100)).toBeLessThan(40);
    expect(sampledOf(late.toReversed())).toBe(sampledOf(late));
    const far = Array.from({ length: 40 * SPARSE_ONE_IN }, (_, n) => SPARSE_FROM + n * 137);
    expect(Math.abs(sampledOf(far) - 40)).toBeLessThan(25);
  });
});

test.each<[number | undefined, string | null]>([
  [0, "1970-01-01T00:00:00.000Z"],
  [undefined, null],
  [Number.POSITIVE_INFINITY, null],
  [Number.NaN, null],
])("%s ms is %s", (ms, text) => {
  expect(isoOrNull(ms)).toBe(text);
});
