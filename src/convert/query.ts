/** Query: a rule's condition over recorded fields alone, free of any dialect. Derived fields are gone. */
import type { FieldName } from "../event/fields.ts";
import type { Prefix } from "../net/prefix.ts";
import type { CompareOperator } from "../sigma/leaf.ts";
import type { TextPattern } from "../sigma/text-pattern.ts";

/** A value that a field is compared with. */
export type QueryValue =
  | { readonly kind: "number"; readonly value: number; readonly text: string }
  | { readonly kind: "text"; readonly pattern: TextPattern };

/** One question about one field. Each is false where the field is absent. */
export type QueryTest =
  | { readonly kind: "present"; readonly field: FieldName }
  | { readonly kind: "values"; readonly field: FieldName; readonly values: readonly QueryValue[] }
  | { readonly kind: "networks"; readonly field: FieldName; readonly prefixes: readonly Prefix[] }
  | {
      readonly kind: "compare";
      readonly field: FieldName;
      readonly operator: CompareOperator;
      readonly value: number;
    };

export type Query =
  | { readonly kind: "always" | "never" }
  | { readonly kind: "and" | "or"; readonly items: readonly Query[] }
  | { readonly kind: "not"; readonly item: Query }
  | QueryTest;

const ALWAYS: Query = { kind: "always" };
const NEVER: Query = { kind: "never" };

/** All of these; what is certain falls away. */
export function allOf(items: readonly Query[]): Query {
  return join("and", items, ALWAYS, NEVER);
}

/** Any of these; what is impossible falls away. */
export function anyOf(items: readonly Query[]): Query {
  return join("or", items, NEVER, ALWAYS);
}

/** The opposite. */
export function noneOf(item: Query): Query {
  if (item.kind === "always") return NEVER;
  if (item.kind === "never") return ALWAYS;
  return item.kind === "not" ? item.item : { kind: "not", item };
}

/** What is certainly true, or certainly false. */
export function constant(holds: boolean): Query {
  return holds ? ALWAYS : NEVER;
}

function join(kind: "and" | "or", items: readonly Query[], idle: Query, decisive: Query): Query {
  const flat = items.flatMap((item) => (item.kind === kind ? item.items : [item]));
  if (flat.some((item) => item.kind === decisive.kind)) return decisive;
  const rest = flat.filter((item) => item.kind !== idle.kind);
  const [only] = rest;
  if (only === undefined) return idle;
  return rest.length === 1 ? only : { kind, items: rest };
}
