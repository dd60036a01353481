/** Filters: parsed, refused, held for the right rules, joined with "and". */
import { describe, expect, test } from "vitest";
import { SallyportError } from "../errors.ts";
import { compileFilter, holdsFor } from "./filter.ts";
import { lintFilter } from "./lint-filter.ts";
import { parseDocuments, parseRules } from "./parse-rule.ts";
import type { Filter, Rule } from "./rule.ts";

const [RULE] = parseRules(
  `title: A rule
id: 929a690e-bef0-4204-a928-ef5e620d6fcc
name: a_rule
logsource: {category: network, service: connection}
detection: {sel: {destination.port: 445}, condition: sel}
sallyport: {id: T-1}
`,
  "rule.yml",
) as readonly [Rule];

function filterOf(body: string, logsource = "{category: network, service: connection}"): Filter {
  const { rules, filters } = parseDocuments(
    `title: Ours\nlogsource: ${logsource}\nfilter:\n${body}`,
    "f.yml",
  );
  expect([rules.length, filters.length]).toEqual([0, 1]);
  return filters[0] as Filter;
}

const BODY = "  sel: {source.ip: 10.1.2.3}\n  condition: not sel\n";

test("a filter is read beside rules, and rules are read without it", () => {
  const text = `title: R
logsource: {category: network, service: connection}
detection: {sel: {destination.port: 445}, condition: sel}
---
title: Ours, please
logsource: {category: network, service: connection}
filter: {rules: [T-1], sel: {source.ip: 10.1.2.3}, condition: not sel}
`;
  const { rules, filters } = parseDocuments(text, "x.yml");
  expect(rules.map(({ title }) => title)).toEqual(["R"]);
  expect(filters).toMatchObject([{ id: "ours-please", title: "Ours, please", rules: ["T-1"], line: 5 }]);
  expect(parseRules(text, "x.yml").map(({ title }) => title)).toEqual(["R"]);
});

describe("which rules it holds for", () => {
  test.each([
    ["[T-1]", true],
    ["T-1", true],
    ["[t-1]", true],
    ["[929a690e-bef0-4204-a928-ef5e620d6fcc]", true],
    ["[a_rule]", true],
    ["any", true],
    ["[T-2, any]", true],
    ["[T-2]", false],
    ["[A rule]", false],
  ])("rules: %s", (rules, held) => {
    expect(holdsFor(filterOf(`  rules: ${rules}\n${BODY}`), RULE)).toBe(held);
  });

  test.each([
    ["{category: network}", true],
    ["{service: connection}", true],
    ["{category: firewall}", false],
    ["{category: network, service: connection, product: zeek}", false],
  ])("logsource: %s", (logsource, held) => {
    expect(holdsFor(filterOf(`  rules: any\n${BODY}`, logsource), RULE)).toBe(held);
  });
});

test.each([
  ["  sel: {a: 1}\n  condition: not sel\n", "rule_invalid", /names no rules/],
  ["  rules: []\n  sel: {a: 1}\n  condition: not sel\n", "rule_invalid", /names no rules/],
  ["  rules: any\n  sel: {a: 1}\n", "rule_invalid", /no condition/],
  ["  rules: any\n  sel: {a: 1}\n  condition: not other\n", "rule_invalid", /other/],
])("%j is refused", (body, code, message) => {
  try {
    filterOf(body);
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    expect([error.code, error.at?.file]).toEqual([code, "f.yml"]);
    expect(error.message).toMatch(message);
  }
});

test("a filter's fields are those of the rule that it holds for", () => {
  const filter = filterOf("  rules: any\n  sel: {dest_port: 445}\n  condition: not sel\n");
  expect(() => compileFilter(filter, RULE)).toThrow(/dest_port/);
});

test("lint names a filter that holds for nothing, and one that keeps what it names", () => {
  const codes = (filter: Filter) => lintFilter(filter, [RULE]).map(({ code }) => code);
  expect(codes(filterOf(`  rules: any\n${BODY}`))).toEqual([]);
  expect(codes(filterOf(`  rules: T-9\n${BODY}`))).toEqual(["filter-idle"]);
  expect(codes(filterOf("  rules: any\n  sel: {source.ip: 10.1.2.3}\n  condition: sel\n"))).toEqual([
    "filter-keeps",
  ]);
});
