/** Conditions as closures: cheap clauses are asked first, which changes nothing but the time. */
import type { NetworkEvent } from "../event/event.ts";
import { FIELDS } from "../event/fields.ts";
import type { FieldLeaf, KeywordLeaf, Matcher } from "../sigma/leaf.ts";
import type { PlanNode } from "../sigma/plan.ts";
import type { FieldRef } from "../sigma/taxonomy.ts";
import { compileFixed, compileMatcher, type ValueTest } from "./fast-value.ts";
import { readRaw, type Scalar, scalarsIn } from "./field-value.ts";

export type Test = (event: NetworkEvent) => boolean;

/** A test with what it costs, in no unit: only the order counts. */
interface Compiled {
  readonly test: Test;
  readonly cost: number;
}

const COST = { number: 1, fixed: 2, address: 4, text: 8, raw: 16, keywords: 256 } as const;

/** Compiles one node of a plan. */
export function compileNode(node: PlanNode): Compiled {
  switch (node.kind) {
    case "and":
      return chain(node.items, false);
    case "or":
      return chain(node.items, true);
    case "not": {
      const { test, cost } = compileNode(node.item);
      return { test: (event) => !test(event), cost };
    }
    case "field":
      return compileField(node);
    case "keywords":
      return { test: compileKeywords(node), cost: COST.keywords };
    default:
      return node satisfies never;
  }
}

/** `stopAt` true is "or", false is "and": the first item that gives it decides. */
function chain(nodes: readonly PlanNode[], stopAt: boolean): Compiled {
  const items = nodes.map(compileNode).sort((a, b) => a.cost - b.cost);
  const cost = items.reduce((sum, item) => sum + item.cost, 0);
  const tests = items.map((item) => item.test);
  const [first, second] = tests;
  if (first !== undefined && tests.length === 1) return { test: first, cost };
  if (first !== undefined && second !== undefined && tests.length === 2) {
    const test: Test = stopAt
      ? (event) => first(event) || second(event)
      : (event) => first(event) && second(event);
    return { test, cost };
  }
  const test: Test = (event) => {
    for (const item of tests) if (item(event) === stopAt) return stopAt;
    return !stopAt;
  };
  return { test, cost };
}

function compileField(leaf: FieldLeaf): Compiled {
  const whenAbsent = absentResult(leaf);
  const fixed = leaf.every || leaf.negated ? undefined : compileFixed(leaf.matchers);
  const test = fixed === undefined ? generalTest(leaf) : anyValueTest(fixed);
  const read = compileRead(leaf.field);
  const isScalar = leaf.field.kind === "event" && FIELDS[leaf.field.name].type !== "keywords";
  if (isScalar && fixed !== undefined) {
    const type = FIELDS[leaf.field.name as keyof typeof FIELDS].type;
    const cost = type === "port" || type === "integer" ? COST.number : COST.fixed;
    return { cost, test: (event) => single(read(event), fixed, event, whenAbsent) };
  }
  return {
    cost: costOf(leaf),
    test: (event) => {
      const value = read(event);
      if (value === undefined || value === null) return whenAbsent;
      const values = scalarsIn(value);
      return values.length === 0 ? whenAbsent : test(values, event);
    },
  };
}

function single(value: unknown, fixed: ValueTest, event: NetworkEvent, whenAbsent: boolean): boolean {
  return value === undefined || value === null ? whenAbsent : fixed(value as Scalar, event);
}

/** What an absent field gives does not depend on the event. */
function absentResult({ matchers, every, negated }: FieldLeaf): boolean {
  const met = matchers.filter(
    (matcher) => matcher.kind === "absent" || (matcher.kind === "exists" && !matcher.wanted),
  );
  return !negated && (every ? met.length === matchers.length : met.length > 0);
}

type ValuesTest = (values: readonly Scalar[], event: NetworkEvent) => boolean;

function anyValueTest(test: ValueTest): ValuesTest {
  return (values, event) => {
    for (const value of values) if (test(value, event)) return true;
    return false;
  };
}

function generalTest(leaf: FieldLeaf): ValuesTest {
  const holds = combined(leaf.matchers, leaf.every);
  if (!leaf.negated) return holds;
  const others = leaf.matchers.every((matcher) => matcher.kind === "field")
    ? leaf.matchers.flatMap(referenceOf)
    : [];
  if (others.length === 0) return (values, event) => !holds(values, event);
  const reads = others.map(compileRead);
  return (values, event) => reads.some((read) => scalarsIn(read(event)).length > 0) && !holds(values, event);
}

function referenceOf(matcher: Matcher): readonly FieldRef[] {
  return matcher.kind === "field" ? [matcher.ref] : [];
}

function combined(matchers: readonly Matcher[], every: boolean): ValuesTest {
  const tests = matchers.map((matcher) => anyValueTest(compileMatcher(matcher)));
  return (values, event) => {
    for (const test of tests) if (test(values, event) !== every) return !every;
    return every;
  };
}

function compileKeywords(leaf: KeywordLeaf): Test {
  const holds = combined(leaf.matchers, leaf.every);
  return (event) => {
    const values: Scalar[] = [];
    for (const [, value] of event.record.entries()) values.push(...scalarsIn(value));
    return holds(values, event);
  };
}

function compileRead(ref: FieldRef): (event: NetworkEvent) => unknown {
  if (ref.kind !== "event") return (event) => readRaw(event, ref);
  const { name } = ref;
  return (event) => event[name];
}

function costOf(leaf: FieldLeaf): number {
  if (leaf.field.kind !== "event") return COST.raw;
  return leaf.matchers.some((matcher) => matcher.kind === "cidr") ? COST.address : COST.text;
}
