/** The verdict: one sentence, and whether we would know. */
import { describe, expect, test } from "vitest";
import { SAMPLE_RULES, type Sample, sampleObservation } from "../../test/sample-observation.ts";
import { createTally, toAccount } from "./account.ts";
import type { Coverage, InputAccount } from "./coverage.ts";
import { draftFindings } from "./draft.ts";
import type { Finding } from "./finding.ts";
import { ruleSession } from "./ruling.ts";
import { joinSessions } from "./session.ts";
import { drawVerdict } from "./verdict.ts";

function findings(...samples: Sample[]): readonly Finding[] {
  const { sessions } = joinSessions(
    samples.map((sample, offset) => sampleObservation({ offset, ...sample })),
  );
  return draftFindings(
    sessions.map((session) => ruleSession(session, SAMPLE_RULES, null, null)),
    null,
  ).map((draft) => draft.finish());
}

const account = (status: InputAccount["status"]): InputAccount => ({
  ...toAccount(createTally("a.log")),
  status,
});

const CLEAN: Coverage = {
  inputs: [account("read")],
  totals: {
    inputs: 1,
    read: 1,
    bytes: 1,
    records: 5,
    ruled_out: 0,
    decoded: 5,
    rejected: 0,
    skipped: 0,
    undecodable: 0,
    events: 5,
  },
  first_seen: null,
  last_seen: null,
  gaps: [],
  problems: [],
  shares: { ...createTally("a.log").shares, sampled: 5 },
  rules: [],
  paths: [],
  dropped: {},
  suppressed: {},
  notes: [],
  folded: null,
  incomplete: false,
};

describe("is it leaving, and did it get out", () => {
  test.each<[string, Sample[], string]>([
    ["nothing", [], "No SMB to the Internet was found in what was read."],
    [
      "attempts",
      [
        { action: "blocked" },
        { from: "10.1.2.4", action: "allowed" },
        { from: "10.1.2.4", action: "allowed", fromPort: 1025 },
      ],
      "2 hosts tried SMB to the Internet; no session is known to have come about; 1 session blocked; 2 attempts without proof of completion.",
    ],
    [
      "sessions",
      [{ state: "established", out: 9000 }, { action: "blocked", fromPort: 1025 }, { from: "10.1.2.4" }],
      "1 host completed SMB sessions to the Internet, 9.0 kB out; 1 session blocked; 1 session of unknown outcome.",
    ],
    [
      "sessions without counters",
      [{ state: "established" }],
      "1 host completed SMB sessions to the Internet.",
    ],
  ])("%s", (_, samples, sentence) => {
    expect(drawVerdict(findings(...samples), CLEAN).sentence).toBe(sentence);
  });
});

test("a host counts once, by the furthest it got; sessions count by their own outcome", () => {
  const seen = findings(
    { action: "blocked" },
    { action: "blocked", at: 3_600_000 },
    { to: "1.1.1.1", state: "established" },
    { from: "10.1.2.4", action: "blocked" },
  );
  expect(drawVerdict(seen, CLEAN)).toMatchObject({
    findings: 3,
    hosts: { established: 1, blocked: 1 },
    sessions: { blocked: 3, established: 1 },
  });
});

test("what an exception hides is no part of it", () => {
  const hidden = findings({ state: "established" }).map((finding) => ({ ...finding, suppressed_by: "EX-1" }));
  expect(drawVerdict(hidden, CLEAN)).toMatchObject({
    sentence: "No SMB to the Internet was found in what was read.",
    findings: 0,
    hosts: {},
  });
});

describe("would we know", () => {
  const said = (coverage: Partial<Coverage>): string => drawVerdict([], { ...CLEAN, ...coverage }).sentence;

  test.each<[string, Partial<Coverage>, RegExp]>([
    [
      "nothing was read",
      { totals: { ...CLEAN.totals, events: 0 }, shares: createTally("a.log").shares },
      /\. Nothing that was read could have shown it\.$/,
    ],
    ["an input was cut", { inputs: [account("incomplete")] }, /\. 1 input could not be read whole\.$/],
    [
      "inputs are no logs",
      { inputs: [account("not-recognised"), account("unreadable")] },
      /\. 2 inputs could not be read whole\.$/,
    ],
    ["lines were rejected", { totals: { ...CLEAN.totals, rejected: 1234 } }, /\. 1,234 records rejected\.$/],
    ["the run was stopped", { incomplete: true }, /\. The run was interrupted\.$/],
    [
      "a rule had no source",
      {
        rules: [
          { id: "R", name: "R", status: "no source here", datasets: {}, missing_fields: {}, cannot_see: [] },
        ],
      },
      /\. 1 rule had no source here\.$/,
    ],
    [
      "detail was folded",
      { folded: { limit: 1, observations: 9, sources: 1, by_source: [], by_prefix: [] } },
      /\. 9 records kept only as totals\.$/,
    ],
    [
      "two caveats",
      { incomplete: true, inputs: [account("incomplete")] },
      /\. 1 input could not be read whole; the run was interrupted\.$/,
    ],
  ])("not quite, when %s", (_, coverage, words) => {
    expect(said(coverage)).toMatch(words);
  });

  test("yes, when all was read", () => {
    expect(said({ inputs: [account("read"), account("duplicate"), account("skipped")] })).not.toMatch(/\. ./);
  });
});
