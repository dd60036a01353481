/**
 * Rule tests: the `<rule>.tests.yml` beside a rule. In: the tests' text, the rules, and how to make an event
 * of a document. Out: one result per case. Events are judged by the reference engine.
 */
import { z } from "zod";
import { SallyportError } from "../errors.ts";
import type { NetworkEvent } from "../event/event.ts";
import { compilePlan, type Plan } from "../sigma/plan.ts";
import type { Rule } from "../sigma/rule.ts";
import { childOf, offsetOfPath, readSource, type SourceFile, toPlain } from "../sigma/source-tree.ts";
import { evaluate } from "./reference.ts";

const CASE_SCHEMA = z
  .strictObject({
    name: z.string().trim().min(1).describe("The behaviour, in words."),
    reason: z.string().trim().min(1).describe("Why the answer is right."),
    expect: z.enum(["match", "none"]),
    near_miss: z.boolean().optional().describe("Differs from a match in one thing only."),
    rule: z.string().optional().describe("The rule's id, where the file beside it holds several."),
    event: z.record(z.string(), z.unknown()).describe("An ECS document; derived fields are worked out."),
  })
  .refine((test) => test.near_miss !== true || test.expect === "none", {
    message: "a near miss expects none",
    path: ["near_miss"],
  });

const RULE_TESTS_SCHEMA = z
  .strictObject({
    site: z.strictObject({ internal: z.array(z.string()).default([]) }).default({ internal: [] }),
    tests: z.array(CASE_SCHEMA).min(1),
  })
  .describe("Tests of a rule; a bare list of cases is accepted too.");

/** A tests file as it may be written. @public: published as schemas/rule-tests.schema.json. */
export const RULE_TESTS_FILE_SCHEMA = z.union([RULE_TESTS_SCHEMA, z.array(CASE_SCHEMA).min(1)]);

type RuleTestsFile = z.output<typeof RULE_TESTS_SCHEMA>;
type RuleTest = z.output<typeof CASE_SCHEMA>;

/** What one case gave. */
export interface RuleTestResult {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly name: string;
  readonly reason: string;
  readonly expect: "match" | "none";
  readonly got: "match" | "none";
  readonly nearMiss: boolean;
  readonly passed: boolean;
}

/** Makes a complete event, derived fields included, of an ECS document. */
export type ToEvent = (
  document: Readonly<Record<string, unknown>>,
  internal: readonly string[],
) => NetworkEvent;

/**
 * Runs every case of a tests file.
 * Errors: SallyportError rule_syntax or rule_invalid where the file is no tests file, or a rule is refused.
 */
export function runRuleTests(
  testsText: string,
  file: string,
  rules: readonly Rule[],
  toEvent: ToEvent,
): RuleTestResult[] {
  const source = readSource(testsText, file);
  const { site, tests } = readTests(source);
  const plans = rules.map(compilePlan);
  return tests.map((test, at) => {
    const line = lineOf(source, at);
    const plan = planFor(test, plans, { file, line });
    const got = evaluate(plan, toEvent(test.event, site.internal)) ? "match" : "none";
    return {
      file,
      line,
      rule: plan.rule.id,
      name: test.name,
      reason: test.reason,
      expect: test.expect,
      got,
      nearMiss: test.near_miss === true,
      passed: got === test.expect,
    };
  });
}

function readTests(source: SourceFile): RuleTestsFile {
  const [root] = source.documents;
  if (root === undefined) {
    throw new SallyportError("rule_invalid", {
      detail: "The file holds no tests",
      at: { file: source.file },
    });
  }
  const plain = toPlain(root);
  const parsed = RULE_TESTS_SCHEMA.safeParse(root.kind === "list" ? { tests: plain } : plain);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [...(issue?.path ?? [])];
  const place = offsetOfPath(root, root.kind === "list" ? path.slice(1) : path);
  return source.fail("rule_invalid", place, `${path.join(".")}: ${issue?.message ?? "invalid"}`);
}

function planFor(test: RuleTest, plans: readonly Plan[], at: { file: string; line: number }): Plan {
  const wanted =
    test.rule === undefined ? plans : plans.filter(({ rule }) => [rule.id, rule.uuid].includes(test.rule));
  const [plan, another] = wanted;
  if (plan !== undefined && another === undefined) return plan;
  const detail =
    plan === undefined
      ? `There is no rule "${test.rule ?? ""}" beside the test "${test.name}"`
      : `The test "${test.name}" must say which rule it is for`;
  throw new SallyportError("rule_invalid", { detail, at });
}

function lineOf(source: SourceFile, at: number): number {
  const [root] = source.documents;
  const list = root?.kind === "list" ? root : childOf(root, "tests");
  const item = list?.kind === "list" ? list.items[at] : undefined;
  return source.at(item?.offset ?? 0).line ?? 1;
}
