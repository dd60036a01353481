/** Plan: a rule checked against the field names and compiled to plain data, ready for any engine. */
import type { Logsource } from "../event/dataset.ts";
import type { FieldName } from "../event/fields.ts";
import { RECORDED_VIEW } from "../event/recorded-view.ts";
import { compileField, compileKeywords } from "./compile-leaf.ts";
import type { FieldLeaf, KeywordLeaf } from "./leaf.ts";
import type { Condition, Rule, Selection } from "./rule.ts";
import { type FieldRef, recordedVocabulary, type Vocabulary, vocabularyOf } from "./taxonomy.ts";

/** A node of a plan's condition. `label` is how the rule speaks of it. */
export type PlanNode =
  | { readonly kind: "and" | "or"; readonly label: string; readonly items: readonly PlanNode[] }
  | { readonly kind: "not"; readonly label: string; readonly item: PlanNode }
  | FieldLeaf
  | KeywordLeaf;

/** Something a rule's author should know, though the rule runs. */
export interface PlanWarning {
  readonly message: string;
  readonly line: number | undefined;
}

/** Shape: plain data; can be copied into a worker. */
export interface Plan {
  readonly rule: Rule;
  readonly logsource: Logsource;
  readonly condition: PlanNode;
  /** The selections that the rule's `severity_when` asks for, by name. */
  readonly asides: Readonly<Record<string, PlanNode>>;
  readonly warnings: readonly PlanWarning[];
}

/** How a rule is run, where that is not as it stands. */
export interface PlanOptions {
  /** Over the recorded view of events, as the system whose rule it is would have had them. */
  readonly recorded?: boolean;
  /** Instead of the rule's own log source: which datasets it runs on. */
  readonly logsource?: Logsource | undefined;
}

/**
 * Checks and compiles a rule.
 * Errors: SallyportError rule_field_unknown, rule_invalid or rule_unsupported at the place.
 */
export function compilePlan(rule: Rule): Plan {
  return compilePlanAs(rule, {});
}

/** Compiles a rule to be run otherwise than it stands. Errors: as compilePlan. */
export function compilePlanAs(rule: Rule, { recorded = false, logsource }: PlanOptions): Plan {
  const warnings: PlanWarning[] = [];
  const vocabulary = ruleVocabulary(rule, recorded);
  const compileLeaf = (item: Selection): PlanNode => {
    if (item.kind === "keywords") return compileKeywords(item);
    if (item.kind !== "field") return group(item.kind, item.items.map(compileLeaf));
    const leaf = compileField(item, vocabulary);
    if (leaf.field.kind === "raw") {
      const message = `"${item.field}" is no event field; it is looked up in the record under that name`;
      if (!warnings.some((warning) => warning.message === message))
        warnings.push({ message, line: item.at.line });
    }
    return leaf;
  };
  const selections = new Map([...rule.detection.selections].map(([name, item]) => [name, compileLeaf(item)]));
  const condition = compileCondition(rule.detection.condition, selections);
  const asides = rule.extension.severity_when.map(({ selection }) => [
    selection,
    named(selection, selections),
  ]);
  const runsOn = logsource ?? rule.logsource;
  return { rule, logsource: runsOn, condition, asides: Object.fromEntries(asides), warnings };
}

/** Whose field names a rule uses: its taxonomy's, else its log source's, perhaps over the recorded view. */
export function ruleVocabulary({ taxonomy, logsource }: Rule, recorded = false): Vocabulary {
  const vocabulary = taxonomy ?? vocabularyOf(logsource);
  return recorded ? recordedVocabulary(vocabulary) : vocabulary;
}

/** The event fields that a plan reads, in the order of their first use. */
export function planFields(plan: Plan): readonly FieldName[] {
  const names = new Set<FieldName>();
  for (const leaf of planLeaves(plan.condition)) {
    if (leaf.kind !== "field") continue;
    for (const ref of [leaf.field, ...leaf.matchers.flatMap((m) => (m.kind === "field" ? [m.ref] : []))]) {
      for (const name of eventFields(ref)) names.add(name);
    }
  }
  return [...names];
}

function eventFields(ref: FieldRef): readonly FieldName[] {
  if (ref.kind === "event") return [ref.name];
  return ref.kind === "recorded" ? RECORDED_VIEW[ref.name].from : [];
}

/** Every leaf of a condition, left to right. */
export function planLeaves(node: PlanNode): readonly (FieldLeaf | KeywordLeaf)[] {
  switch (node.kind) {
    case "and":
    case "or":
      return node.items.flatMap(planLeaves);
    case "not":
      return planLeaves(node.item);
    default:
      return [node];
  }
}

function compileCondition(condition: Condition, selections: ReadonlyMap<string, PlanNode>): PlanNode {
  switch (condition.kind) {
    case "and":
    case "or": {
      const items = condition.items.map((item) => compileCondition(item, selections));
      return { kind: condition.kind, label: condition.kind, items };
    }
    case "not": {
      const item = compileCondition(condition.item, selections);
      return { kind: "not", label: `not ${item.label}`, item };
    }
    case "selection":
      return named(condition.name, selections);
    case "of": {
      const items = condition.names.map((name) => named(name, selections));
      const kind = condition.quantity === "all" ? "and" : "or";
      return { kind, label: `${condition.quantity} of ${condition.pattern}`, items };
    }
    default:
      return condition satisfies never;
  }
}

/** A selection under its name; one of a single line stays visible as a group, so that the name is not lost. */
function named(name: string, selections: ReadonlyMap<string, PlanNode>): PlanNode {
  const node = selections.get(name);
  if (node === undefined) throw new Error(`the condition was parsed with the selection "${name}"`);
  if (node.kind === "and" || node.kind === "or") return { ...node, label: name };
  return { kind: "and", label: name, items: [node] };
}

function group(kind: "all" | "any", items: readonly PlanNode[]): PlanNode {
  return kind === "all"
    ? { kind: "and", label: "all of these", items }
    : { kind: "or", label: "any of these", items };
}
