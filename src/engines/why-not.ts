/** Why not: the clauses that decide that an event does not meet a rule, and no others. */
import type { NetworkEvent } from "../event/event.ts";
import { parseIp } from "../net/parse-ip.ts";
import { inRange } from "../net/prefix.ts";
import type { FieldLeaf, Matcher } from "../sigma/leaf.ts";
import type { Plan, PlanNode } from "../sigma/plan.ts";
import { readField, textOf } from "./field-value.ts";
import { evaluateNode } from "./reference.ts";

/** A clause that decides. */
export interface DecidingClause {
  /** `asks`: the event does not have what the rule asks for; `excludes`: it has what the rule leaves out. */
  readonly kind: "asks" | "excludes";
  /** The field as the plan names it; empty for a clause on the whole record. */
  readonly field: string;
  /** What is asked for or left out, in words: `139 or 445`, `in 10.0.0.0/8 or 172.16.0.0/12`. */
  readonly wants: string;
  /** What the event holds there, as text; null where it has nothing. */
  readonly value: string | null;
  /** Of a list that leaves out networks, the one that the event's address lies in. */
  readonly network: string | null;
  /** One of several ways to meet the rule, all of which fail. */
  readonly isAlternative: boolean;
}

/** Networks that are named one by one. */
const NETWORKS_NAMED = 5;

/**
 * The clauses that keep an event from meeting a plan; none where it meets it.
 * Shape: of "and" those that fail, of "or" all, of "not" those that hold.
 */
export function whyNot({ condition }: Plan, event: NetworkEvent): readonly DecidingClause[] {
  return evaluateNode(condition, event) ? [] : deciding(condition, event, false, false);
}

/** The leaves that make a node what it is. */
function deciding(
  node: PlanNode,
  event: NetworkEvent,
  holds: boolean,
  isAlternative: boolean,
): readonly DecidingClause[] {
  switch (node.kind) {
    case "and":
    case "or": {
      const isChoice = isAlternative || (node.kind === "or" && !holds && node.items.length > 1);
      return node.items
        .filter((item) => evaluateNode(item, event) === holds)
        .flatMap((item) => deciding(item, event, holds, isChoice));
    }
    case "not":
      return deciding(node.item, event, !holds, isAlternative);
    case "keywords":
      return [
        { ...clauseOf(holds, isAlternative), field: "", wants: node.label, value: null, network: null },
      ];
    case "field":
      return [{ ...clauseOf(holds, isAlternative), ...fieldPart(node, event, holds) }];
    default:
      return node satisfies never;
  }
}

function clauseOf(holds: boolean, isAlternative: boolean): Pick<DecidingClause, "kind" | "isAlternative"> {
  return { kind: holds ? "excludes" : "asks", isAlternative };
}

function fieldPart(leaf: FieldLeaf, event: NetworkEvent, holds: boolean) {
  const values = readField(event, leaf.field).map(textOf);
  return {
    field: leaf.field.name,
    wants: wantsOf(leaf),
    value: values.length === 0 ? null : values.join(","),
    network: holds
      ? (values.map((text) => networkOf(leaf, text)).find((text) => text !== null) ?? null)
      : null,
  };
}

/** The clause without its field. The label begins with the field as the rule writes it. */
function wantsOf({ label, matchers }: FieldLeaf): string {
  const networks = matchers.flatMap((matcher) => prefixOf(matcher) ?? []);
  if (networks.length > NETWORKS_NAMED) return `in a list of ${networks.length} networks`;
  return label
    .slice(label.indexOf(" ") + 1)
    .replace(/^is /, "")
    .replace(/^cidr /, "in ")
    .replace(/^exists true$/, "at all");
}

/** The network of the clause that an address lies in: the first that holds it. */
function networkOf({ matchers }: FieldLeaf, text: string): string | null {
  const ip = parseIp(text);
  if (ip === undefined) return null;
  const found = matchers.find((matcher) => matcher.kind === "cidr" && inRange(matcher.prefix, ip));
  return found === undefined ? null : (prefixOf(found) ?? null);
}

function prefixOf(matcher: Matcher): string | undefined {
  return matcher.kind === "cidr" ? matcher.prefix.text : undefined;
}
