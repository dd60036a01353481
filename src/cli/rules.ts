/** `sallyport rules list | show | check | test`: what each prints. Reading files and exit codes are the caller's. */
import { type RuleTestResult, runRuleTests, type ToEvent } from "../engines/rule-tests.ts";
import { ERRORS, SallyportError } from "../errors.ts";
import { OUTCOMES } from "../event/outcome.ts";
import { printCondition } from "../sigma/condition.ts";
import { riskAt, severityAt } from "../sigma/extension.ts";
import { compileFilter, holdsFor } from "../sigma/filter.ts";
import { type LintWarning, lintPlan } from "../sigma/lint.ts";
import { lintFilter } from "../sigma/lint-filter.ts";
import { parseDocuments, parseRules } from "../sigma/parse-rule.ts";
import { compilePlan, planFields } from "../sigma/plan.ts";
import type { Filter, Rule } from "../sigma/rule.ts";

/** A file as the caller read it. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** One rule as `list -o json` prints it. */
function listRow(rule: Rule): Record<string, unknown> {
  return {
    id: rule.id,
    uuid: rule.uuid ?? null,
    title: rule.title,
    level: rule.level,
    status: rule.status ?? null,
    scope: rule.extension.scope,
    logsource: rule.logsource,
    techniques: rule.threat.map((threat) => threat.technique),
    file: rule.file,
  };
}

/** One filter as `list -o json` prints it. */
function filterRow({ id, title, rules, logsource, detection, file }: Filter): Record<string, unknown> {
  return { id, title, kind: "filter", rules, logsource, keeps: printCondition(detection.condition), file };
}

/** The rules, then the filters, one line each: a table, or JSON. */
export function rulesList(
  rules: readonly Rule[],
  output: "table" | "json" | "ndjson" = "table",
  filters: readonly Filter[] = [],
): string {
  const rows = [...rules.map(listRow), ...filters.map(filterRow)];
  if (output === "json") return `${JSON.stringify(rows, null, 2)}\n`;
  if (output === "ndjson") return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  const cells = rules.map((rule) => [
    rule.id,
    rule.level,
    rule.status ?? "-",
    logsourceText(rule),
    rule.threat.map((threat) => threat.technique).join(" ") || "-",
    rule.title,
  ]);
  const table = columns([["ID", "LEVEL", "STATUS", "LOG SOURCE", "TECHNIQUES", "TITLE"], ...cells]);
  if (filters.length === 0) return table;
  const held = filters.map(({ title, rules: names, detection, file }) => [
    title,
    names === "any" ? "any rule" : names.join(", "),
    printCondition(detection.condition),
    file,
  ]);
  return `${table}\n${columns([["FILTER", "HOLDS FOR", "KEEPS", "FILE"], ...held])}`;
}

/** One rule in full: head, condition, fields, severity by outcome, guide, blind spots. */
export function rulesShow(rule: Rule): string {
  const plan = compilePlan(rule);
  const { extension } = rule;
  const outcomes = OUTCOMES.map((outcome) => {
    const { impact, confidence } = riskAt(rule, outcome);
    const score = ((impact * confidence) / 100).toFixed(1);
    return [`  ${outcome}`, severityAt(rule, outcome), `${impact} x ${confidence} / 100 = ${score}`];
  });
  const techniques = rule.threat.map(({ technique, tactic }) => `${technique} (${tactic ?? "no tactic"})`);
  return [
    `${rule.id}  ${rule.title}`,
    `${rule.file}:${rule.line}`,
    "",
    rule.description,
    "",
    `Log source: ${logsourceText(rule)}, looks at one ${extension.scope === "event" ? "record" : "session"}`,
    `Condition:  ${printCondition(rule.detection.condition)}`,
    ...(extension.requires.length === 0
      ? []
      : [`Requires:   one of ${extension.requires.join(", ")} in the same session`]),
    `Fields:     ${planFields(plan).join(", ") || "none of the event's"}`,
    `Techniques: ${techniques.join(", ") || "none named"}`,
    "",
    "Severity and risk by outcome",
    columns(outcomes).trimEnd(),
    ...extension.severity_when.map(
      ({ selection, severity }) => `  where ${selection}: ${severityText(severity)}`,
    ),
    ...section("Investigate", extension.guide.investigate),
    ...section("False positives", [...rule.falsepositives, ...extension.guide.false_positives]),
    ...section("Respond", extension.guide.respond),
    ...section("Cannot see", extension.cannot_see),
    ...section("References", rule.references),
    "",
  ].join("\n");
}

/** What checking rule files gave. `refused` and `warnings` count; the caller makes the exit code. */
export interface RulesCheck {
  readonly text: string;
  readonly loaded: number;
  readonly filters: number;
  readonly refused: readonly SallyportError[];
  readonly warnings: readonly LintWarning[];
}

/**
 * Checks files: each must parse and compile; what loads is looked at for likely mistakes.
 * Shape: filters are checked against the rules beside them; where there is none, against `others`.
 */
export function rulesCheck(
  files: readonly TextFile[],
  output: "text" | "json" = "text",
  others: readonly TextFile[] = [],
): RulesCheck {
  const refused: SallyportError[] = [];
  const warnings: LintWarning[] = [];
  const rules: Rule[] = [];
  const filters: Filter[] = [];
  const orRefuse = (check: () => void): void => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof SallyportError)) throw error;
      refused.push(error);
    }
  };
  for (const { file, text } of files) {
    orRefuse(() => {
      const documents = parseDocuments(text, file);
      warnings.push(...documents.rules.map((rule) => compilePlan(rule)).flatMap(lintPlan));
      rules.push(...documents.rules);
      filters.push(...documents.filters);
    });
  }
  const filtered = rules.length > 0 ? rules : others.flatMap(({ text, file }) => parseRules(text, file));
  for (const filter of filters) {
    orRefuse(() => {
      for (const rule of filtered) if (holdsFor(filter, rule)) compileFilter(filter, rule);
      warnings.push(...lintFilter(filter, filtered));
    });
  }
  const found = { loaded: rules.length, filters: filters.length, refused, warnings };
  return { text: output === "json" ? checkJson(found) : checkText(found, files.length), ...found };
}

/** What running rule tests gave. */
export interface RulesTest {
  readonly text: string;
  readonly passed: number;
  readonly failed: number;
  readonly results: readonly RuleTestResult[];
}

/** A rule file with the tests file beside it. */
export interface TestedRules {
  readonly rules: readonly Rule[];
  readonly tests: TextFile;
}

/** Runs the tests beside rules; prints text, JSON, or JUnit XML. */
export function rulesTest(
  tested: readonly TestedRules[],
  toEvent: ToEvent,
  output: "text" | "json" | "junit" = "text",
): RulesTest {
  const results = tested.flatMap(({ rules, tests }) => runRuleTests(tests.text, tests.file, rules, toEvent));
  const failed = results.filter((result) => !result.passed).length;
  const text = { text: testText, json: testJson, junit: testJunit }[output](results);
  return { text, passed: results.length - failed, failed, results };
}

function checkText({ loaded, filters, refused, warnings }: Omit<RulesCheck, "text">, files: number): string {
  const errors = refused.map(
    (error) => `${placeText(error)}error: ${error.message} [${error.code}]\n  ${error.hint}`,
  );
  const notes = warnings.map(
    ({ file, line, code, message }) => `${file}:${line}: warning: ${message} [${code}]`,
  );
  const rules =
    filters === 0 ? plural(loaded, "rule") : `${plural(loaded, "rule")} and ${plural(filters, "filter")}`;
  const sum = `${rules} loaded from ${plural(files, "file")}, ${refused.length} refused, ${plural(warnings.length, "warning")}`;
  return `${[...errors, ...notes, sum].join("\n")}\n`;
}

function checkJson({ loaded, filters, refused, warnings }: Omit<RulesCheck, "text">): string {
  const errors = refused.map(({ code, message, at, hint }) => ({
    code,
    message,
    file: at?.file ?? null,
    line: at?.line ?? null,
    column: at?.column ?? null,
    hint: hint === "" ? ERRORS[code].hint : hint,
  }));
  return `${JSON.stringify({ loaded, filters, refused: errors, warnings }, null, 2)}\n`;
}

function testText(results: readonly RuleTestResult[]): string {
  const failures = results
    .filter((result) => !result.passed)
    .map(
      ({ file, line, rule, name, expect, got, reason }) =>
        `${file}:${line}: FAIL ${rule}: ${name}\n  expected ${expect}, got ${got}: ${reason}`,
    );
  const byRule = [...new Set(results.map((result) => result.rule))].map((rule) => {
    const own = results.filter((result) => result.rule === rule);
    const near = own.filter((result) => result.nearMiss).length;
    return `${rule}: ${own.filter((result) => result.passed).length} of ${own.length} pass (${plural(near, "near miss", "near misses")})`;
  });
  return `${[...failures, ...byRule].join("\n")}\n`;
}

function testJson(results: readonly RuleTestResult[]): string {
  return `${JSON.stringify(results, null, 2)}\n`;
}

/** JUnit XML: one suite per tests file. */
function testJunit(results: readonly RuleTestResult[]): string {
  const files = [...new Set(results.map((result) => result.file))];
  const suites = files.map((file) => {
    const own = results.filter((result) => result.file === file);
    const failures = own.filter((result) => !result.passed).length;
    const cases = own.map(junitCase).join("");
    return `  <testsuite name="${xml(file)}" tests="${own.length}" failures="${failures}">\n${cases}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("")}</testsuites>\n`;
}

function junitCase({ rule, name, file, line, passed, expect, got, reason }: RuleTestResult): string {
  const open = `    <testcase classname="${xml(rule)}" name="${xml(name)}" file="${xml(file)}" line="${line}"`;
  if (passed) return `${open}/>\n`;
  const message = xml(`expected ${expect}, got ${got}`);
  return `${open}>\n      <failure message="${message}">${xml(reason)}</failure>\n    </testcase>\n`;
}

const XML_ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function xml(text: string): string {
  return text
    .replace(/[&<>"]/g, (char) => XML_ENTITIES[char] ?? char)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "");
}

function placeText({ at }: SallyportError): string {
  if (at?.file === undefined) return "";
  return `${[at.file, at.line, at.column].filter((part) => part !== undefined).join(":")}: `;
}

function severityText(said: string | Readonly<Record<string, string | undefined>>): string {
  if (typeof said === "string") return said;
  return Object.entries(said)
    .map(([outcome, severity]) => `${outcome} ${severity}`)
    .join(", ");
}

function logsourceText({ logsource }: Rule): string {
  return [logsource.category, logsource.product, logsource.service]
    .filter((part) => part !== undefined)
    .join("/");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  - ${line}`)];
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
