import { describe, expect, test } from "vitest";
import { SallyportError } from "../errors.ts";
import { printCondition } from "./condition.ts";
import { riskAt, severityAt } from "./extension.ts";
import { parseRules } from "./parse-rule.ts";
import type { Rule } from "./rule.ts";

const HEAD = "title: A rule\nlogsource: {category: network, service: connection}\n";
const BODY = "detection:\n  sel: {destination.port: 445}\n  condition: sel\n";

function one(text: string): Rule {
  const [rule, another] = parseRules(text, "rules/x.yml");
  if (rule === undefined || another !== undefined) throw new Error("expected one rule");
  return rule;
}

function errorOf(text: string): SallyportError {
  try {
    parseRules(text, "rules/x.yml");
  } catch (error) {
    if (error instanceof SallyportError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("parseRules", () => {
  test("reads the head of a rule", () => {
    const rule = one(`${HEAD}id: 929a690e-bef0-4204-a928-ef5e620d6fcc
level: informational
tags: [attack.exfiltration, attack.t1048, attack.t1071.002, attack.command_and_control]
references: https://example.com/
date: 2026-11-22
${BODY}`);
    expect(rule).toMatchObject({
      id: "929a690e-bef0-4204-a928-ef5e620d6fcc",
      title: "A rule",
      level: "info",
      date: "2026-11-22",
      references: ["https://example.com/"],
      logsource: { category: "network", service: "connection" },
      threat: [
        { tactic: "exfiltration", technique: "T1048" },
        { tactic: "command-and-control", technique: "T1071.002" },
      ],
      file: "rules/x.yml",
      line: 1,
    });
  });

  test("a rule without any id is known by its title", () => {
    expect(one(HEAD + BODY).id).toBe("a-rule");
  });

  test("the short id of sallyport: comes before the UUID, which is kept", () => {
    const rule = one(`${HEAD}id: 929a690e-bef0-4204-a928-ef5e620d6fcc\nsallyport: {id: SP-77}\n${BODY}`);
    expect([rule.id, rule.uuid]).toEqual(["SP-77", "929a690e-bef0-4204-a928-ef5e620d6fcc"]);
  });

  test("a level that is not given is medium", () => {
    expect(one(HEAD + BODY).level).toBe("medium");
  });

  test("severity and risk are flat or by outcome, and fall back to the level and to 50", () => {
    const flat = one(`${HEAD}sallyport: {severity: high, impact: 30}\n${BODY}`);
    const table = one(
      `${HEAD}level: low\nsallyport: {severity: {transferred: critical}, impact: {blocked: 5}}\n${BODY}`,
    );
    expect(severityAt(flat, "blocked")).toBe("high");
    expect(severityAt(table, "transferred")).toBe("critical");
    expect(severityAt(table, "blocked")).toBe("low");
    expect(riskAt(flat, "blocked")).toEqual({ impact: 30, confidence: 50 });
    expect(riskAt(table, "blocked")).toEqual({ impact: 5, confidence: 50 });
  });

  test("documents of one file are rules of their own", () => {
    const rules = parseRules(`${HEAD}${BODY}---\n${HEAD.replace("A rule", "Another")}${BODY}`, "x.yml");
    expect(rules.map((rule) => rule.title)).toEqual(["A rule", "Another"]);
    expect(rules[1]?.line).toBe(7);
  });

  test("global, repeat and reset share parts among documents", () => {
    const rules = parseRules(
      `action: global
logsource: {category: firewall}
level: high
---
title: First
${BODY.replace("destination.port", "dst_port")}---
action: repeat
title: Second
detection:
  sel: {dst_port: 139}
---
action: reset
---
${HEAD}${BODY}`,
      "x.yml",
    );
    expect(rules.map(({ title, level, logsource }) => [title, level, logsource.category])).toEqual([
      ["First", "high", "firewall"],
      ["Second", "high", "firewall"],
      ["A rule", "medium", "network"],
    ]);
    expect(rules[1]?.detection.selections.get("sel")).toMatchObject({
      field: "dst_port",
      values: [{ value: 139 }],
    });
  });

  test("aliases are followed", () => {
    const rule = one(
      `${HEAD}detection:\n  a: {source.port: &ports [139, 445]}\n  b: {destination.port: *ports}\n  condition: a and b\n`,
    );
    expect(rule.detection.selections.get("b")).toMatchObject({ values: [{ value: 139 }, { value: 445 }] });
  });

  test("an alias bomb is refused", () => {
    const levels = Array.from({ length: 9 }, (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(9)}]`);
    expect(errorOf(`l0: &l0 [1]\n${levels.join("\n")}\n${HEAD}${BODY}`).message).toMatch(/too many values/);
  });

  test("maps are and, lists of maps are or, bare lists are keywords, selections of one line stand alone", () => {
    const { selections } = one(`${HEAD}detection:
  map: {source.port: 1, destination.port: 2}
  maps: [{source.port: 1}, {source.port: 2, destination.port: 3}]
  words: [foo, bar]
  every: {'|all': [foo, bar]}
  mixed: [foo, {source.port: 1}]
  condition: 1 of them
`).detection;
    expect(selections.get("map")).toMatchObject({
      kind: "all",
      items: [{ field: "source.port" }, { field: "destination.port" }],
    });
    expect(selections.get("maps")).toMatchObject({
      kind: "any",
      items: [{ kind: "field" }, { kind: "all" }],
    });
    expect(selections.get("words")).toMatchObject({
      kind: "keywords",
      values: [{ text: "foo" }, { text: "bar" }],
    });
    expect(selections.get("every")).toMatchObject({ kind: "keywords", modifiers: ["all"] });
    expect(selections.get("mixed")).toMatchObject({
      kind: "any",
      items: [{ kind: "keywords" }, { kind: "field" }],
    });
  });

  test("a list of conditions is linked with or", () => {
    const rule = one(
      `${HEAD}detection:\n  a: {source.port: 1}\n  b: {source.port: 2}\n  condition: [a, not b]\n`,
    );
    expect(printCondition(rule.detection.condition)).toBe("a or not b");
  });
});

describe("refusals", () => {
  test.each([
    ["broken YAML", `${HEAD}x: [1\n`, "rule_syntax", 4, /flow|collection/i],
    ["a key given twice", `${HEAD}title: B\n${BODY}`, "rule_syntax", 3, /unique/],
    ["an alias without its anchor", `${HEAD}x: *y\n${BODY}`, "rule_syntax", 3, /anchor|alias/i],
    ["an empty file", "", "rule_invalid", undefined, /no rule/],
    ["a list instead of a map", "- a\n", "rule_invalid", 1, /map/],
    ["no title", `logsource: {category: x}\n${BODY}`, "rule_invalid", 1, /title/],
    ["no logsource", `title: A\n${BODY}`, "rule_invalid", 1, /logsource/],
    ["an empty logsource", `title: A\nlogsource: {definition: x}\n${BODY}`, "rule_invalid", 2, /category/],
    ["no detection", HEAD, "rule_invalid", 1, /detection/],
    ["a level out of the scale", `${HEAD}level: severe\n${BODY}`, "rule_invalid", 3, /severe/],
    ["a correlation", `${HEAD}correlation: {type: event_count}\n`, "rule_unsupported", 3, /Correlation/],
    ["a filter without rules", `${HEAD}filter: {rules: []}\n`, "rule_invalid", 3, /names no rules/],
    ["another taxonomy", `${HEAD}taxonomy: mine\n${BODY}`, "rule_unsupported", 3, /taxonomy/],
    [
      "a timeframe",
      `${HEAD}detection:\n  timeframe: 5m\n  condition: x\n`,
      "rule_unsupported",
      4,
      /timeframe/,
    ],
    ["no condition", `${HEAD}detection:\n  a: {source.port: 1}\n`, "rule_invalid", 3, /condition/],
    ["an empty selection", `${HEAD}detection:\n  a: {}\n  condition: a\n`, "rule_invalid", 4, /empty/],
    ["a list within a list", `${HEAD}detection:\n  a: [[x]]\n  condition: a\n`, "rule_invalid", 4, /list/],
    [
      "an empty list of values",
      `${HEAD}detection:\n  a: {x: []}\n  condition: a\n`,
      "rule_invalid",
      4,
      /empty/,
    ],
    ["an empty keyword", `${HEAD}detection:\n  a: ['']\n  condition: a\n`, "rule_invalid", 4, /keyword/],
    [
      "all on a single value",
      `${HEAD}detection:\n  a: {x|contains|all: y}\n  condition: a\n`,
      "rule_invalid",
      4,
      /all/,
    ],
    [
      "expand",
      `${HEAD}detection:\n  a: {x|expand: '%y%'}\n  condition: a\n`,
      "rule_unsupported",
      4,
      /expand/,
    ],
    [
      "an unknown modifier",
      `${HEAD}detection:\n  a: {x|like: y}\n  condition: a\n`,
      "rule_invalid",
      4,
      /like/,
    ],
    ["repeat without a rule before it", `action: repeat\n${HEAD}`, "rule_invalid", 1, /repeat/],
    [
      "an unknown key under sallyport",
      `${HEAD}sallyport:\n  id: SP-1\n  impcat: 5\n${BODY}`,
      "rule_invalid",
      5,
      /did you mean "impact"/,
    ],
    [
      "an unknown outcome",
      `${HEAD}sallyport:\n  severity:\n    stopped: low\n${BODY}`,
      "rule_invalid",
      5,
      /stopped/,
    ],
    [
      "a severity that is no word of the scale",
      `${HEAD}sallyport:\n  severity:\n    blocked: severe\n${BODY}`,
      "rule_invalid",
      5,
      /sallyport.severity.blocked/,
    ],
    ["an impact above 100", `${HEAD}sallyport:\n  impact: 101\n${BODY}`, "rule_invalid", 4, /impact/],
  ] as const)("%s is refused at its place", (_, text, code, line, message) => {
    const error = errorOf(text);
    expect([error.code, error.at?.file, error.at?.line]).toEqual([code, "rules/x.yml", line]);
    expect(error.message).toMatch(message);
  });

  test("the place has the column and the line itself", () => {
    const error = errorOf(`${HEAD}detection:\n  a: {x|like: y}\n  condition: a\n`);
    expect(error.at).toEqual({ file: "rules/x.yml", line: 4, column: 7, source: "  a: {x|like: y}" });
  });
});
