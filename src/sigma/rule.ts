/** Rule: one Sigma rule as written, parsed and placed, before field names are looked up. */
import type { ErrorPlace } from "../errors.ts";
import type { Logsource } from "../event/dataset.ts";
import type { RuleExtension } from "./extension.ts";
import type { Severity } from "./level.ts";
import type { ModifierName } from "./modifiers.ts";
import type { Taxonomy } from "./taxonomy.ts";

/** A value as a rule writes it. */
export interface RuleValue {
  readonly value: string | number | boolean | null;
  /** As written; keeps the digits of numbers too long for a float. */
  readonly text: string;
  readonly at: ErrorPlace;
}

/** One line of a selection: a field, its modifiers, its values. */
export interface FieldItem {
  readonly kind: "field";
  readonly field: string;
  readonly modifiers: readonly ModifierName[];
  readonly values: readonly RuleValue[];
  readonly at: ErrorPlace;
}

/** Values without a field: looked for in every value of the record. */
export interface KeywordItem {
  readonly kind: "keywords";
  readonly modifiers: readonly ModifierName[];
  readonly values: readonly RuleValue[];
  readonly at: ErrorPlace;
}

/** A map is `all` of its lines, a list is `any` of its items. */
export interface SelectionGroup {
  readonly kind: "all" | "any";
  readonly items: readonly Selection[];
}

export type Selection = SelectionGroup | FieldItem | KeywordItem;

/** A condition. `of` carries the names that its pattern stands for. */
export type Condition =
  | { readonly kind: "and" | "or"; readonly items: readonly Condition[] }
  | { readonly kind: "not"; readonly item: Condition }
  | { readonly kind: "selection"; readonly name: string }
  | {
      readonly kind: "of";
      readonly quantity: "1" | "all";
      readonly pattern: string;
      readonly names: readonly string[];
    };

export interface Detection {
  readonly selections: ReadonlyMap<string, Selection>;
  readonly condition: Condition;
}

/** A technique of MITRE ATT&CK with the tactic that the rule's tags give it. */
export interface Threat {
  /** The tactic's name as in Sigma tags: command-and-control. */
  readonly tactic: string | null;
  /** T1048, T1071.002. */
  readonly technique: string;
}

/**
 * A Sigma filter: tuning kept apart from the rules that it holds for. Its condition is joined to theirs with
 * "and", so it says what stays; `not selection` takes away what the selection names.
 */
export interface Filter {
  /** The UUID, else the title in kebab-case. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** "any", or ids and names of rules. */
  readonly rules: "any" | readonly string[];
  readonly logsource: Logsource;
  readonly detection: Detection;
  readonly file: string;
  readonly line: number;
}

export interface Rule {
  /** The short id of `sallyport:`, else the UUID, else the title in kebab-case. */
  readonly id: string;
  readonly uuid?: string | undefined;
  readonly title: string;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly description: string;
  readonly level: Severity;
  readonly tags: readonly string[];
  readonly threat: readonly Threat[];
  readonly references: readonly string[];
  readonly falsepositives: readonly string[];
  readonly logsource: Logsource;
  /** Whose field names the rule uses, where not Sigma's. */
  readonly taxonomy?: Taxonomy | undefined;
  readonly author?: string | undefined;
  readonly date?: string | undefined;
  readonly modified?: string | undefined;
  readonly fields?: readonly string[] | undefined;
  readonly detection: Detection;
  readonly extension: RuleExtension;
  readonly file: string;
  readonly line: number;
}

/** What a file of Sigma documents holds. */
export interface SigmaDocuments {
  readonly rules: readonly Rule[];
  readonly filters: readonly Filter[];
}
