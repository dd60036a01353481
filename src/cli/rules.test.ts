import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ToEvent } from "../engines/rule-tests.ts";
import { deriveFields } from "../event/derive.ts";
import { OUTCOMES } from "../event/outcome.ts";
import { ecs } from "../formats/ecs.ts";
import { type Format, Undecodable } from "../formats/format.ts";
import { createAddressModel } from "../net/model.ts";
import { parseNetwork } from "../net/prefix.ts";
import { riskAt, severityAt } from "../sigma/extension.ts";
import { parseRules } from "../sigma/parse-rule.ts";
import { rulesCheck, rulesList, rulesShow, rulesTest, type TextFile } from "./rules.ts";

const FOLDER = "content/rules/network";

function textOf(name: string): TextFile {
  return { file: `${FOLDER}/${name}`, text: readFileSync(`${FOLDER}/${name}`, "utf8") };
}

const NAMES = readdirSync(FOLDER);
const RULE_FILES = NAMES.filter((name) => !name.endsWith(".tests.yml")).map(textOf);
const SHIPPED = RULE_FILES.flatMap(({ text, file }) => parseRules(text, file));

/** The way of a real record: read as ECS, then derived. */
const toEvent: ToEvent = (document, internal) => {
  const format: Format = ecs;
  const decoder = format.open({ file: "test", zone: (ms) => ms, year: 2026 });
  const event = decoder.decode(JSON.stringify(document));
  if (event === undefined || event instanceof Undecodable)
    throw new Error(`no event: ${JSON.stringify(document)}`);
  const model = createAddressModel({ internal: internal.flatMap((text) => parseNetwork(text) ?? []) });
  return deriveFields(event, { model, byteCounting: ecs.byteCounting });
};

describe("the shipped rules", () => {
  test("load without a warning", () => {
    const { refused, warnings, loaded } = rulesCheck(RULE_FILES);
    expect([refused, warnings, loaded]).toEqual([[], [], RULE_FILES.length]);
  });

  test.each(RULE_FILES)(
    "$file passes its tests, with a match and five others, near misses among them",
    ({ text, file }) => {
      const tests = textOf(file.slice(FOLDER.length + 1).replace(/\.yml$/, ".tests.yml"));
      const { results } = rulesTest([{ rules: parseRules(text, file), tests }], toEvent);
      expect(results.filter((result) => !result.passed)).toEqual([]);
      expect(results.filter((result) => result.expect === "match").length).toBeGreaterThanOrEqual(1);
      expect(results.filter((result) => result.expect === "none").length).toBeGreaterThanOrEqual(5);
      expect(results.filter((result) => result.nearMiss).length).toBeGreaterThanOrEqual(3);
    },
  );

  test.each(SHIPPED)(
    "$id has a guide, techniques and blind spots",
    ({ extension, threat, uuid, references }) => {
      expect(extension.guide.investigate.length).toBeGreaterThanOrEqual(5);
      expect(extension.guide.false_positives.length).toBeGreaterThanOrEqual(3);
      expect(extension.guide.respond.length).toBeGreaterThanOrEqual(5);
      expect(extension.cannot_see.length).toBeGreaterThan(0);
      expect(threat.every(({ tactic }) => tactic !== null)).toBe(true);
      expect(threat.length).toBeGreaterThan(0);
      expect(references.length).toBeGreaterThan(0);
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    },
  );

  test("ids are used once", () => {
    const ids = SHIPPED.flatMap(({ id, uuid }) => [id, uuid]);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("SP-01 is scored by how far the connection got, SP-02 is flat high", () => {
    const scored = Object.fromEntries(
      SHIPPED.map((rule) => [
        rule.id,
        OUTCOMES.map((outcome) => {
          const { impact, confidence } = riskAt(rule, outcome);
          return [outcome, (impact * confidence) / 100, severityAt(rule, outcome)];
        }),
      ]),
    );
    expect(scored["SP-01"]).toEqual([
      ["unknown", 25, "medium"],
      ["blocked", 12, "low"],
      ["attempted", 20, "medium"],
      ["established", 56, "high"],
      ["authenticated", 72, "high"],
      ["transferred", 81, "critical"],
    ]);
    expect(scored["SP-02"]?.map((row) => row[2])).toEqual(OUTCOMES.map(() => "high"));
  });
});

describe("rules list and show", () => {
  test("a table has one line per rule under a head", () => {
    const lines = rulesList(SHIPPED).trimEnd().split("\n");
    expect(lines[0]).toMatch(/^ID +LEVEL +STATUS +LOG SOURCE +TECHNIQUES +TITLE$/);
    expect(lines.slice(1).map((line) => line.split(/\s+/, 2)[0])).toEqual(SHIPPED.map((rule) => rule.id));
  });

  test("JSON and NDJSON hold the same rows", () => {
    const rows = JSON.parse(rulesList(SHIPPED, "json")) as unknown[];
    expect(
      rulesList(SHIPPED, "ndjson")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(rows);
    expect(rows[0]).toMatchObject({
      id: SHIPPED[0]?.id,
      logsource: { category: "network", service: "connection" },
    });
  });

  test("show prints the condition, the arithmetic, the guide and the blind spots", () => {
    const rule = SHIPPED.find(({ id }) => id === "SP-01");
    const text = rule === undefined ? "" : rulesShow(rule);
    expect(text).toContain("Condition:  smb and leaving");
    expect(text).toContain(
      "Fields:     network.transport, destination.port, source.scope, destination.scope",
    );
    expect(text).toMatch(/unknown +medium +50 x 50 \/ 100 = 25\.0/);
    for (const title of ["Investigate", "False positives", "Respond", "Cannot see"])
      expect(text).toContain(`\n${title}\n`);
  });
});

const BAD = {
  file: "bad.yml",
  text: "title: T\nlogsource: {category: firewall}\ndetection:\n  s: {dest_port: 445}\n  condition: s\n",
};
const LOOSE = { file: "loose.yml", text: BAD.text.replace("dest_port", "dst_port") };

describe("rules check", () => {
  test("names each refused file with its place and goes on to the next", () => {
    const { text, refused, loaded, warnings } = rulesCheck([BAD, LOOSE]);
    expect([refused.length, loaded, warnings.map((warning) => warning.code)]).toEqual([
      1,
      1,
      ["port-without-direction", "missing-cannot-see"],
    ]);
    expect(text).toContain(
      'bad.yml:4:7: error: There is no field "dest_port" in this log source; did you mean "dst_port"?',
    );
    expect(text).toContain("loose.yml:1: warning:");
    expect(text).toMatch(/1 rule loaded from 2 files, 1 refused, 2 warnings\n$/);
  });

  test("JSON carries the same", () => {
    const document = JSON.parse(rulesCheck([BAD, LOOSE], "json").text) as Record<string, unknown[]>;
    expect(document["refused"]).toMatchObject([
      { code: "rule_field_unknown", file: "bad.yml", line: 4, column: 7 },
    ]);
    expect(document["warnings"]?.length).toBe(2);
  });
});

describe("rules test", () => {
  const rules = parseRules(LOOSE.text, LOOSE.file);
  const tests = {
    file: "loose.tests.yml",
    text: `- {name: "a < b", reason: r, expect: match, event: {destination: {port: 445}}}
- {name: wrong, reason: "say \\"why\\"", expect: none, event: {destination: {port: 445}}}
`,
  };

  test("text says what failed, where and why", () => {
    const { text, passed, failed } = rulesTest([{ rules, tests }], toEvent);
    expect([passed, failed]).toEqual([1, 1]);
    expect(text).toBe(
      'loose.tests.yml:2: FAIL t: wrong\n  expected none, got match: say "why"\nt: 1 of 2 pass (0 near misses)\n',
    );
  });

  test("JUnit is well-formed XML with one failure", () => {
    const { text } = rulesTest([{ rules, tests }], toEvent, "junit");
    expect(text).toContain('<testsuite name="loose.tests.yml" tests="2" failures="1">');
    expect(text).toContain('name="a &lt; b"');
    expect(text).toContain('<failure message="expected none, got match">say &quot;why&quot;</failure>');
  });
});
