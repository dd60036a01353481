/** Explain: why an event did or did not match, clause by clause, by the reference engine's own judgement. */
import type { NetworkEvent } from "../event/event.ts";
import type { FieldName } from "../event/fields.ts";
import { RECORDED_VIEW } from "../event/recorded-view.ts";
import type { FieldLeaf } from "../sigma/leaf.ts";
import type { Plan, PlanNode } from "../sigma/plan.ts";
import type { FieldRef } from "../sigma/taxonomy.ts";
import { readField, textOf } from "./field-value.ts";
import { evaluateNode } from "./reference.ts";

export type ExplainResult = "PASS" | "FAIL" | "UNKNOWN";

/**
 * One clause of a rule, judged.
 * Shape: UNKNOWN marks a clause whose field the event lacks; it counts as false, and `not` makes it true.
 */
export interface ExplainNode {
  readonly kind: PlanNode["kind"];
  readonly label: string;
  readonly result: ExplainResult;
  /** What the engine makes of it. */
  readonly passed: boolean;
  /** The event field, or the record's own name. */
  readonly field?: string;
  /** What the event holds there, as text; lists joined by commas. Absent where the field is. */
  readonly value?: string;
  /** The record's own name of the field. */
  readonly recordName?: string;
  /** What stands behind a derived value. */
  readonly detail?: string;
  readonly children: readonly ExplainNode[];
}

/** The record's own name of an event field, as its format maps it. */
export type RecordNames = (field: FieldName, event: NetworkEvent) => string | undefined;

/** Judges every clause of a plan against one event; nothing is cut short. */
export function explain(plan: Plan, event: NetworkEvent, names: RecordNames = () => undefined): ExplainNode {
  return explainNode(plan.condition, event, names);
}

function explainNode(node: PlanNode, event: NetworkEvent, names: RecordNames): ExplainNode {
  const passed = evaluateNode(node, event);
  const result: ExplainResult = passed ? "PASS" : "FAIL";
  const head = { kind: node.kind, label: node.label, passed };
  switch (node.kind) {
    case "and":
    case "or":
      return { ...head, result, children: node.items.map((item) => explainNode(item, event, names)) };
    case "not":
      return { ...head, result, children: [explainNode(node.item, event, names)] };
    case "keywords":
      return { ...head, result, children: [] };
    case "field":
      return { ...head, ...explainField(node, event, names, passed), children: [] };
    default:
      return node satisfies never;
  }
}

type FieldPart = Pick<ExplainNode, "result" | "field" | "value" | "recordName" | "detail">;

function explainField(leaf: FieldLeaf, event: NetworkEvent, names: RecordNames, passed: boolean): FieldPart {
  const values = readField(event, leaf.field);
  const recordName = recordNameOf(leaf.field, event, names);
  const detail = derivedFrom(leaf.field, event);
  return {
    result: passed ? "PASS" : isUndecided(leaf, event) ? "UNKNOWN" : "FAIL",
    field: leaf.field.name,
    ...(values.length === 0 ? {} : { value: values.map(textOf).join(",") }),
    ...(recordName === undefined ? {} : { recordName }),
    ...(detail === undefined ? {} : { detail }),
  };
}

function recordNameOf(ref: FieldRef, event: NetworkEvent, names: RecordNames): string | undefined {
  if (ref.kind === "raw") return ref.name;
  const field = ref.kind === "event" ? ref.name : RECORDED_VIEW[ref.name].from[0];
  return field === undefined ? undefined : names(field, event);
}

/** Undecided: a value was asked for, and the event has none to compare. Questions of presence are always decided. */
function isUndecided(leaf: FieldLeaf, event: NetworkEvent): boolean {
  const asked = leaf.matchers.filter((matcher) => matcher.kind !== "exists" && matcher.kind !== "absent");
  if (asked.length === 0) return false;
  if (readField(event, leaf.field).length === 0) return true;
  return asked.every((matcher) => matcher.kind === "field" && readField(event, matcher.ref).length === 0);
}

/** A scope is explained by the address and the registry row it comes from. */
function derivedFrom(ref: FieldRef, event: NetworkEvent): string | undefined {
  if (ref.kind !== "event") return undefined;
  const end =
    ref.name === "source.scope" ? "source" : ref.name === "destination.scope" ? "destination" : undefined;
  if (end === undefined) return undefined;
  const ip = event[`${end}.ip`];
  if (ip === undefined) return "no address";
  const effective = event[`${end}.effective_ip`];
  const inside =
    effective === undefined || effective.text === ip.text ? "" : `, effectively ${effective.text}`;
  const row = event[`${end}.address_class`];
  return `${ip.text}${inside}${row === undefined ? "" : ` (${row})`}`;
}
