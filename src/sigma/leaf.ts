/** Leaves of a plan: one field, or the whole record, against matchers. Plain data. */
import type { Prefix } from "../net/prefix.ts";
import type { RegexFlags } from "./regex.ts";
import type { FieldRef } from "./taxonomy.ts";
import type { TextPattern } from "./text-pattern.ts";

export type CompareOperator = "gt" | "gte" | "lt" | "lte";

/** One value of a rule, as a test on one value of an event. */
export type Matcher =
  /** Any of the patterns; without `cased` they are lower case and so must be the value. */
  | { readonly kind: "text"; readonly patterns: readonly TextPattern[]; readonly cased: boolean }
  /** The number, or its text. */
  | { readonly kind: "number"; readonly value: number; readonly text: string }
  | { readonly kind: "regex"; readonly source: string; readonly flags: RegexFlags }
  | { readonly kind: "cidr"; readonly prefix: Prefix }
  /** Times compare in milliseconds since 1970. */
  | { readonly kind: "compare"; readonly operator: CompareOperator; readonly value: number }
  | { readonly kind: "field"; readonly ref: FieldRef; readonly cased: boolean }
  /** True when the field is absent: `null`. */
  | { readonly kind: "absent" }
  | { readonly kind: "exists"; readonly wanted: boolean };

/**
 * A field against values: any matcher must hold, or every one with `every`; each on any value of the field.
 * `negated` (neq) turns the result around for a field that is there. An absent field is met by `absent`
 * and `exists: false` only.
 */
export interface FieldLeaf {
  readonly kind: "field";
  readonly label: string;
  readonly field: FieldRef;
  readonly matchers: readonly Matcher[];
  readonly every: boolean;
  readonly negated: boolean;
}

/** Values looked for in every value of the record: any of them, or every one. */
export interface KeywordLeaf {
  readonly kind: "keywords";
  readonly label: string;
  readonly matchers: readonly Matcher[];
  readonly every: boolean;
}
