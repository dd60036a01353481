/** What an event must have to meet a plan, as far as raw bytes can show it: an upper bound in disjunctive form. */

import { SCOPES, type Scope } from "../net/scope.ts";
import type { FieldLeaf, Matcher } from "../sigma/leaf.ts";
import type { Plan, PlanNode } from "../sigma/plan.ts";
import type { TextPattern } from "../sigma/text-pattern.ts";

/** One thing that must hold. `end` is client or server, as oriented in the event. */
export type Need =
  | { readonly kind: "port-in"; readonly end: "source" | "destination"; readonly values: readonly number[] }
  | { readonly kind: "scope-in"; readonly end: "source" | "destination"; readonly scopes: readonly Scope[] }
  | { readonly kind: "text-has"; readonly field: TextField; readonly needles: readonly string[] };

/** Fields whose text stands in the record as written, but for its case. */
const TEXT_FIELDS = ["network.application", "network.protocol", "tls.next_protocol"] as const;

export type TextField = (typeof TEXT_FIELDS)[number];

/** Any of these, all of each. An empty list of needs always may hold. */
type Needs = readonly (readonly Need[])[];

/** Beyond so many alternatives the bound is given up: the rule looks at every record. */
const MAX_ALTERNATIVES = 32;

const ALWAYS: Needs = [[]];

/** The bounds of plans, which every shape of lines asks for. */
const known = new WeakMap<Plan, Needs>();

/** Bounds a plan. Negation, absence and whatever is not listed above may always hold. */
export function needsOf(plan: Plan): Needs {
  const needs = known.get(plan) ?? boundOf(plan.condition);
  known.set(plan, needs);
  return needs;
}

function boundOf(node: PlanNode): Needs {
  switch (node.kind) {
    case "and":
      return node.items.map(boundOf).reduce(both, ALWAYS);
    case "or": {
      const any = node.items.flatMap(boundOf);
      return any.length > MAX_ALTERNATIVES ? ALWAYS : any;
    }
    case "field":
      return leafNeeds(node);
    default:
      return ALWAYS;
  }
}

function both(a: Needs, b: Needs): Needs {
  if (a.length * b.length > MAX_ALTERNATIVES) return a.length <= b.length ? a : b;
  return a.flatMap((left) => b.map((right) => [...left, ...right]));
}

function leafNeeds(leaf: FieldLeaf): Needs {
  if (leaf.negated || leaf.field.kind !== "event") return ALWAYS;
  const matchers = leaf.every ? leaf.matchers.slice(0, 1) : leaf.matchers;
  switch (leaf.field.name) {
    case "source.port":
    case "destination.port": {
      const values = collect(matchers, portsOf);
      return values === undefined ? ALWAYS : [[{ kind: "port-in", end: endOf(leaf.field.name), values }]];
    }
    case "source.scope":
    case "destination.scope": {
      const scopes = collect(matchers, scopesOf);
      return scopes === undefined ? ALWAYS : [[{ kind: "scope-in", end: endOf(leaf.field.name), scopes }]];
    }
    default: {
      const field = TEXT_FIELDS.find((name) => name === leaf.field.name);
      const needles = field === undefined ? undefined : collect(matchers, needlesOf);
      return field === undefined || needles === undefined ? ALWAYS : [[{ kind: "text-has", field, needles }]];
    }
  }
}

function endOf(name: string): "source" | "destination" {
  return name.startsWith("source.") ? "source" : "destination";
}

/** The values of all matchers together; undefined as soon as one cannot be told. */
function collect<T>(
  matchers: readonly Matcher[],
  valuesOf: (matcher: Matcher) => readonly T[] | undefined,
): readonly T[] | undefined {
  const all: T[] = [];
  for (const matcher of matchers) {
    const values = valuesOf(matcher);
    if (values === undefined) return undefined;
    all.push(...values);
  }
  return [...new Set(all)];
}

function portsOf(matcher: Matcher): readonly number[] | undefined {
  if (matcher.kind === "number") return Number.isInteger(matcher.value) ? [matcher.value] : undefined;
  const texts = literalTexts(matcher);
  return texts?.every((text) => /^\d{1,5}$/.test(text)) ? texts.map(Number) : undefined;
}

function scopesOf(matcher: Matcher): readonly Scope[] | undefined {
  const texts = literalTexts(matcher);
  if (texts === undefined) return undefined;
  return SCOPES.filter((scope) => texts.includes(scope));
}

/** The longest fixed part of each pattern: a text that matches holds it. */
function needlesOf(matcher: Matcher): readonly string[] | undefined {
  if (matcher.kind !== "text") return undefined;
  const needles = matcher.patterns.map(longestLiteral);
  return needles.some((needle) => !isUsable(needle)) ? undefined : needles;
}

/**
 * Characters that stand in a record as they stand in the event's text, but for their case. Others may be written as
 * escapes, or separate the words of a list.
 */
const WRITTEN_PLAINLY = /[^\0-\x1f"\\/,\x7f-\uffff]+/g;

function longestLiteral(pattern: TextPattern): string {
  const literals = pattern.flatMap((part) =>
    part.kind === "literal" ? (part.text.toLowerCase().match(WRITTEN_PLAINLY) ?? []) : [],
  );
  return literals.reduce((longest, text) => (text.length > longest.length ? text : longest), "");
}

/** A number may be written in several ways, so that a letter is asked for that no number has. */
function isUsable(needle: string): boolean {
  return needle.length >= 3 && /[a-df-z]/.test(needle);
}

function literalTexts(matcher: Matcher): readonly string[] | undefined {
  if (matcher.kind !== "text") return undefined;
  const texts = matcher.patterns.map((pattern) => {
    const [only] = pattern;
    return pattern.length === 1 && only?.kind === "literal" ? only.text.toLowerCase() : undefined;
  });
  return texts.some((text) => text === undefined) ? undefined : (texts as string[]);
}
