import { expect, test } from "vitest";
import { SallyportError } from "../errors.ts";
import { jsonRecord } from "../event/record.ts";
import { parseRules } from "../sigma/parse-rule.ts";
import { runRuleTests, type ToEvent } from "./rule-tests.ts";

const RULES = parseRules(
  `title: One
logsource: {product: any}
detection: {sel: {a: 1}, condition: sel}
sallyport: {id: T-1}
---
title: Two
logsource: {product: any}
detection: {sel: {ours: yes}, condition: sel}
sallyport: {id: T-2}
`,
  "x.yml",
);
const FIRST = RULES.slice(0, 1);

/** A record as it stands; what the site calls ours becomes a field, to show that it is passed on. */
const toEvent: ToEvent = (document, internal) => ({
  format: "test",
  dataset: "test",
  offset: 0,
  record: jsonRecord(internal.length > 0 ? { ...document, ours: "yes" } : document),
});

test("a case passes when the rule answers as expected, and tells what it got", () => {
  const text = `- {name: hit, reason: r, expect: match, event: {a: 1}}
- {name: miss, reason: r, expect: none, near_miss: true, event: {a: 2}}
- {name: wrong, reason: why, expect: match, event: {a: 3}}
`;
  const results = runRuleTests(text, "x.tests.yml", FIRST, toEvent);
  expect(results.map(({ name, line, got, passed, nearMiss }) => [name, line, got, passed, nearMiss])).toEqual(
    [
      ["hit", 1, "match", true, false],
      ["miss", 2, "none", true, true],
      ["wrong", 3, "none", false, false],
    ],
  );
  expect(results[2]).toMatchObject({ rule: "T-1", reason: "why", file: "x.tests.yml" });
});

test("with several rules a case says which it is for, and the site is passed on", () => {
  const text = `site: {internal: [11.22.33.0/24]}
tests:
  - {name: a, reason: r, rule: T-1, expect: match, event: {a: 1}}
  - {name: b, reason: r, rule: T-2, expect: match, event: {}}
`;
  expect(
    runRuleTests(text, "x", RULES, toEvent).map(({ rule, line, passed }) => [rule, line, passed]),
  ).toEqual([
    ["T-1", 3, true],
    ["T-2", 4, true],
  ]);
});

test.each([
  ["", undefined, /no tests/],
  ["- {name: a, expect: match, event: {}}", 1, /reason/],
  [
    "- {name: a, reason: r, expect: match, event: {}}\n- {name: a, reason: r, expect: maybe, event: {}}",
    2,
    /expect/,
  ],
  ["- {name: a, reason: r, expect: match, near_miss: true, event: {}}", 1, /near miss/],
  ["- {name: a, reason: r, expect: match, rule: T-9, event: {}}", 1, /T-9/],
  ["- {name: a, reason: r, expect: match, evnt: {}, event: {}}", 1, /evnt/],
])("%j is no tests file", (text, line, message) => {
  try {
    runRuleTests(text, "x.tests.yml", FIRST, toEvent);
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    expect([error.code, error.at?.line]).toEqual(["rule_invalid", line]);
    expect(error.message).toMatch(message);
  }
});

test("a case without a rule is refused where there are several", () => {
  const text = "- {name: a, reason: r, expect: match, event: {}}";
  expect(() => runRuleTests(text, "x", RULES, toEvent)).toThrow(/which rule/);
});
