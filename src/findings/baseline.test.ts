/** The baseline: what is new, changed, known and gone; and files that are no baseline. */
import { describe, expect, test } from "vitest";
import { SAMPLE_RULES, type Sample, sampleObservation } from "../../test/sample-observation.ts";
import { SallyportError } from "../errors.ts";
import { type Baseline, compareWithBaseline, markAgainst, parseBaseline } from "./baseline.ts";
import { draftFindings } from "./draft.ts";
import type { Finding } from "./finding.ts";
import { ruleSession } from "./ruling.ts";
import { joinSessions } from "./session.ts";

function findings(...samples: Sample[]): readonly Finding[] {
  const { sessions } = joinSessions(
    samples.map((sample, offset) => sampleObservation({ offset, ...sample })),
  );
  return draftFindings(
    sessions.map((session) => ruleSession(session, SAMPLE_RULES, null, null)),
    null,
  ).map((draft) => draft.finish());
}

const EARLIER = findings(
  { action: "blocked" },
  { from: "10.1.2.4", action: "blocked" },
  { from: "10.1.2.5" },
);
const ndjson = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

const marks = (all: readonly Finding[], baseline: Baseline) =>
  Object.fromEntries(all.map((finding) => [finding.source.ip, markAgainst(baseline, finding)]));

describe.each([
  ["ndjson", ndjson(EARLIER)],
  ["ndjson with blank lines and carriage returns", ndjson(EARLIER).replaceAll("\n", "\r\n\r\n")],
  ["json", JSON.stringify({ schema: "sallyport.run/1", findings: EARLIER }, null, 2)],
])("from %s", (_, text) => {
  const baseline = parseBaseline(text, "yesterday");

  test("findings are marked, those that are gone are listed with their sentence", () => {
    const now = findings(
      { action: "blocked" },
      { from: "10.1.2.4", state: "established" },
      { from: "10.1.2.6", action: "allowed" },
    );
    expect(marks(now, baseline)).toEqual({ "10.1.2.3": "known", "10.1.2.4": "changed", "10.1.2.6": "new" });
    const gone = EARLIER.find(({ source }) => source.ip === "10.1.2.5");
    expect(compareWithBaseline(now, baseline)).toEqual({
      file: "yesterday",
      new: 1,
      changed: 1,
      known: 1,
      gone: [{ id: gone?.id, reason: gone?.reason }],
    });
  });
});

test("more sessions than before are a change", () => {
  const [before] = findings({ action: "blocked" });
  const [after] = findings({ action: "blocked" }, { action: "blocked", at: 3_600_000 });
  expect(markAgainst(parseBaseline(JSON.stringify(before), "one"), after as Finding)).toBe("changed");
});

test("a day without findings is a baseline too", () => {
  expect(compareWithBaseline(EARLIER, parseBaseline("", "empty"))).toMatchObject({
    new: 3,
    known: 0,
    gone: [],
  });
  expect(parseBaseline('{"findings":[]}', "empty").findings.size).toBe(0);
});

test.each<[string, string, string, number | undefined]>([
  ["text", "severity,rule\n", "The line is not JSON", 1],
  ["a line in the middle that is not JSON", `${ndjson(EARLIER)}oops\n`, "The line is not JSON", 4],
  ["rows that are events", '{"@timestamp":"2026-03-01T10:00:00Z"}\n', "Row 1 is not a finding", undefined],
  ["a report with foreign rows", '{"findings":[{"id":"x"}]}', "Row 1 is not a finding", undefined],
  ["a list", "[]\n", "Row 1 is not a finding", undefined],
  ["null", "null", "Row 1 is not a finding", undefined],
])("%s is refused", (_, text, detail, line) => {
  const refused = (): unknown => parseBaseline(text, "bad.json");
  expect(refused).toThrow(SallyportError);
  expect(refused).toThrow(
    expect.objectContaining({
      code: "baseline_invalid",
      message: detail,
      at: expect.objectContaining({ file: "bad.json" }),
    }),
  );
  if (line !== undefined)
    expect(refused).toThrow(expect.objectContaining({ at: { file: "bad.json", line } }));
});
