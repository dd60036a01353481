/** The reference engine: walks the tree of a plan for each event. Plainly right; every other engine must agree. */
import type { NetworkEvent } from "../event/event.ts";
import { parseIp } from "../net/parse-ip.ts";
import { inRange } from "../net/prefix.ts";
import type { FieldLeaf, KeywordLeaf, Matcher } from "../sigma/leaf.ts";
import type { Plan, PlanNode } from "../sigma/plan.ts";
import { compileRegex } from "../sigma/regex.ts";
import { defineEngine } from "./engine.ts";
import { numberOf, readField, type Scalar, scalarsIn, textOf } from "./field-value.ts";
import { createRouter } from "./route.ts";
import { matchesPattern } from "./text-match.ts";

/** Tells whether an event meets a plan's condition; the log source is not asked. */
export function evaluate(plan: Plan, event: NetworkEvent): boolean {
  return evaluateNode(plan.condition, event);
}

/** Tells whether an event meets one node. A leaf on an absent field is false, and `not` makes it true. */
export function evaluateNode(node: PlanNode, event: NetworkEvent): boolean {
  switch (node.kind) {
    case "and":
      return node.items.every((item) => evaluateNode(item, event));
    case "or":
      return node.items.some((item) => evaluateNode(item, event));
    case "not":
      return !evaluateNode(node.item, event);
    case "field":
      return evaluateField(node, event);
    case "keywords":
      return evaluateKeywords(node, event);
    default:
      return node satisfies never;
  }
}

export const reference = defineEngine({
  name: "reference",
  prepare(plans, datasets) {
    const route = createRouter(plans, datasets);
    return (batch, onMatch) => {
      for (const event of batch.events) {
        for (const at of route(event.dataset)) {
          const plan = plans[at];
          if (plan !== undefined && evaluate(plan, event)) onMatch(at, event);
        }
      }
    };
  },
});

function evaluateField(leaf: FieldLeaf, event: NetworkEvent): boolean {
  const values = readField(event, leaf.field);
  if (values.length === 0) {
    const meets = (matcher: Matcher): boolean =>
      matcher.kind === "absent" || (matcher.kind === "exists" && !matcher.wanted);
    return !leaf.negated && (leaf.every ? leaf.matchers.every(meets) : leaf.matchers.some(meets));
  }
  if (leaf.negated && hasAbsentReference(leaf, event)) return false;
  const meets = (matcher: Matcher): boolean => values.some((value) => matchesValue(matcher, value, event));
  const holds = leaf.every ? leaf.matchers.every(meets) : leaf.matchers.some(meets);
  return holds !== leaf.negated;
}

/** `neq` compares two fields; where the other one is absent there is nothing to differ from. */
function hasAbsentReference(leaf: FieldLeaf, event: NetworkEvent): boolean {
  return leaf.matchers.every(
    (matcher) => matcher.kind === "field" && readField(event, matcher.ref).length === 0,
  );
}

function evaluateKeywords(leaf: KeywordLeaf, event: NetworkEvent): boolean {
  const values = [...event.record.entries()].flatMap(([, value]) => scalarsIn(value));
  const meets = (matcher: Matcher): boolean => values.some((value) => matchesValue(matcher, value, event));
  return leaf.every ? leaf.matchers.every(meets) : leaf.matchers.some(meets);
}

function matchesValue(matcher: Matcher, value: Scalar, event: NetworkEvent): boolean {
  switch (matcher.kind) {
    case "text": {
      const text = matcher.cased ? textOf(value) : textOf(value).toLowerCase();
      return matcher.patterns.some((pattern) => matchesPattern(text, pattern));
    }
    case "number":
      return value === matcher.value || textOf(value) === matcher.text;
    case "regex":
      return compileRegex(matcher.source, matcher.flags).test(textOf(value));
    case "cidr": {
      const ip = typeof value === "object" && "family" in value ? value : parseIp(textOf(value));
      return ip !== undefined && inRange(matcher.prefix, ip);
    }
    case "compare":
      return compares(matcher.operator, numberOf(value), matcher.value);
    case "field":
      return readField(event, matcher.ref).some((other) => sameText(value, other, matcher.cased));
    case "absent":
      return false;
    case "exists":
      return matcher.wanted;
    default:
      return matcher satisfies never;
  }
}

function sameText(a: Scalar, b: Scalar, cased: boolean): boolean {
  return cased ? textOf(a) === textOf(b) : textOf(a).toLowerCase() === textOf(b).toLowerCase();
}

function compares(operator: "gt" | "gte" | "lt" | "lte", value: number | undefined, bound: number): boolean {
  if (value === undefined) return false;
  switch (operator) {
    case "gt":
      return value > bound;
    case "gte":
      return value >= bound;
    case "lt":
      return value < bound;
    case "lte":
      return value <= bound;
    default:
      return operator satisfies never;
  }
}
