/** Plan → Query: derived fields become questions about recorded ones, matchers become tests. */
import { FIELDS, type FieldName } from "../event/fields.ts";
import { type Prefix, parsePrefix } from "../net/prefix.ts";
import { SCOPES } from "../net/scope.ts";
import type { FieldLeaf, Matcher } from "../sigma/leaf.ts";
import type { Plan, PlanNode } from "../sigma/plan.ts";
import type { Rule } from "../sigma/rule.ts";
import { literalOf } from "../sigma/text-pattern.ts";
import { refuse } from "./dialect.ts";
import type { NoteLoss } from "./loss.ts";
import { classLayers, type NetworkFacts, scopeLayers } from "./networks.ts";
import { patternMatches, withoutDashes } from "./pattern.ts";
import { allOf, anyOf, constant, noneOf, type Query, type QueryValue } from "./query.ts";

/** What lowering looks at besides the plan. */
export interface LowerContext {
  readonly networks: NetworkFacts;
  readonly note: NoteLoss;
}

/**
 * Lowers a plan's condition.
 * Errors: SallyportError rule_unsupported for what no search over single records can say.
 */
export function lowerPlan(plan: Plan, context: LowerContext): Query {
  const { rule } = plan;
  if (rule.extension.scope === "session") refuse(rule, "it looks at merged sessions, a search at records");
  const lower = (node: PlanNode): Query => {
    switch (node.kind) {
      case "and":
        return allOf(node.items.map(lower));
      case "or":
        return anyOf(node.items.map(lower));
      case "not":
        return noneOf(lower(node.item));
      case "keywords":
        return refuse(rule, `"${node.label}" searches the whole record`);
      case "field":
        return lowerLeaf(node, rule, context);
      default:
        return node satisfies never;
    }
  };
  return lower(plan.condition);
}

/** Fields that stand for an address under another name, and the address. */
const EFFECTIVE: Readonly<Record<string, FieldName | undefined>> = {
  "source.effective_ip": "source.ip",
  "destination.effective_ip": "destination.ip",
};

function lowerLeaf(leaf: FieldLeaf, rule: Rule, context: LowerContext): Query {
  const name = fieldOf(leaf, rule);
  const [end = "", derived] = name.split(".");
  if (derived === "scope" || derived === "address_class") {
    const field: FieldName = end === "source" ? "source.ip" : "destination.ip";
    return lowerPlace(leaf, { field, derived, rule, context });
  }
  const field = EFFECTIVE[name] ?? name;
  if (FIELDS[field].origin === "derived")
    refuse(rule, `${name} is worked out by Sallyport, no record has it`);
  if (field !== name) context.note("embedded-ipv4");
  const present: Query = { kind: "present", field };
  const one = (matcher: Matcher): Query => lowerMatcher(matcher, { field, rule, leaf });
  const isText = leaf.matchers.some((matcher) => matcher.kind === "text" && matcher.cased);
  if (isText) context.note("case-ignored", leaf.label);
  const held = leaf.every ? allOf(leaf.matchers.map(one)) : anyOf(merged(leaf.matchers.map(one)));
  if (!leaf.negated) return held;
  if (leaf.matchers.some((matcher) => matcher.kind === "absent" || matcher.kind === "exists"))
    refuse(rule, `"${leaf.label}" asks whether a field differs from being absent`);
  return allOf([present, noneOf(held)]);
}

/** Only event fields have a counterpart elsewhere; a record's own names do not. */
function fieldOf({ field, label }: FieldLeaf, rule: Rule): FieldName {
  if (field.kind === "event") return field.name;
  const what = field.kind === "raw" ? "the record itself" : "another system's view";
  return refuse(rule, `"${label}" names a field of ${what}, which has no counterpart`);
}

interface MatcherPlace {
  readonly field: FieldName;
  readonly rule: Rule;
  readonly leaf: FieldLeaf;
}

function lowerMatcher(matcher: Matcher, { field, rule, leaf }: MatcherPlace): Query {
  const isAddress = FIELDS[field].type === "ip";
  switch (matcher.kind) {
    case "text": {
      const networks = isAddress ? matcher.patterns.map(networkOf) : [];
      const values = (
        isAddress ? matcher.patterns.filter((one) => networkOf(one) === undefined) : matcher.patterns
      )
        .flatMap((pattern) => withoutDashes(pattern) ?? refuse(rule, `"${leaf.label}" has too many dashes`))
        .map((pattern): QueryValue => ({ kind: "text", pattern }));
      const prefixes = networks.flatMap((network) => network ?? []);
      return anyOf([
        ...(values.length === 0 ? [] : [{ kind: "values", field, values } as const]),
        ...(prefixes.length === 0 ? [] : [{ kind: "networks", field, prefixes } as const]),
      ]);
    }
    case "number":
      return {
        kind: "values",
        field,
        values: [{ kind: "number", value: matcher.value, text: matcher.text }],
      };
    case "cidr":
      return { kind: "networks", field, prefixes: [matcher.prefix] };
    case "compare":
      if (!["port", "integer"].includes(FIELDS[field].type))
        refuse(rule, `"${leaf.label}" compares no number`);
      return { kind: "compare", field, operator: matcher.operator, value: matcher.value };
    case "absent":
      return noneOf({ kind: "present", field });
    case "exists":
      return matcher.wanted ? { kind: "present", field } : noneOf({ kind: "present", field });
    case "regex":
      return refuse(rule, `"${leaf.label}" is a regular expression`);
    case "field":
      return refuse(rule, `"${leaf.label}" compares two fields`);
    default:
      return matcher satisfies never;
  }
}

/** An address written out is a network of one, so that its spelling does not matter. */
function networkOf(pattern: Parameters<typeof literalOf>[0]): Prefix | undefined {
  const text = literalOf(pattern);
  return text === undefined || text.includes("/") ? undefined : parsePrefix(text);
}

/** Alternatives on one field become one list. */
function merged(items: readonly Query[]): Query[] {
  const values = items.flatMap((item) => (item.kind === "values" ? [item] : []));
  const networks = items.flatMap((item) => (item.kind === "networks" ? [item] : []));
  const [firstValues] = values;
  const [firstNetworks] = networks;
  return [
    ...(firstValues === undefined ? [] : [{ ...firstValues, values: values.flatMap((item) => item.values) }]),
    ...(firstNetworks === undefined
      ? []
      : [{ ...firstNetworks, prefixes: networks.flatMap((item) => item.prefixes) }]),
    ...items.filter((item) => item.kind !== "values" && item.kind !== "networks"),
  ];
}

interface Place {
  readonly field: FieldName;
  readonly derived: "scope" | "address_class";
  readonly rule: Rule;
  readonly context: LowerContext;
}

/** A scope or an address class: the networks that have it. Either is always there, `unknown` without an address. */
function lowerPlace(leaf: FieldLeaf, { field, derived, rule, context }: Place): Query {
  const accepts = (word: string): boolean => {
    const meets = (matcher: Matcher): boolean => acceptsWord(matcher, word, leaf, rule);
    return (leaf.every ? leaf.matchers.every(meets) : leaf.matchers.some(meets)) !== leaf.negated;
  };
  if (derived === "scope" && SCOPES.every(accepts)) return constant(true);
  const layers = derived === "scope" ? scopeLayers(context.networks, accepts) : classLayers(accepts);
  if (layers.length > 0) context.note("embedded-ipv4");
  // Innermost first: in this list, unless in the next.
  const within = layers.reduceRight<Query>((inner, prefixes) => {
    return allOf([{ kind: "networks", field, prefixes }, noneOf(inner)]);
  }, constant(false));
  return accepts("unknown") ? anyOf([within, noneOf({ kind: "present", field })]) : within;
}

function acceptsWord(matcher: Matcher, word: string, { label }: FieldLeaf, rule: Rule): boolean {
  switch (matcher.kind) {
    case "text":
      return matcher.patterns.some((pattern) => patternMatches(pattern, word));
    case "exists":
      return matcher.wanted;
    case "absent":
    case "number":
      return false;
    default:
      return refuse(rule, `"${label}" asks for a scope or a class by more than its name`);
  }
}
