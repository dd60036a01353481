/** What a dialect is: a language that rules are converted into. One file per dialect, listed in index.ts. */
import { SallyportError } from "../errors.ts";
import type { Plan } from "../sigma/plan.ts";
import type { Rule } from "../sigma/rule.ts";
import type { Loss } from "./loss.ts";
import type { NetworkFacts } from "./networks.ts";

/** One way to write a converted rule. */
export interface ConvertFormat {
  readonly name: string;
  readonly title: string;
  /** Puts several rules into one text. */
  readonly separator: string;
}

/** A setting of a dialect: `-O name=value`. */
export interface ConvertOption {
  readonly name: string;
  /** The values it can have; undefined for free text. */
  readonly choices?: readonly string[];
  readonly default: string;
  readonly doc: string;
}

/** What a conversion looks at besides the rule. */
export interface ConvertContext {
  readonly networks: NetworkFacts;
  /** How many exceptions the site file holds. */
  readonly exceptions: number;
  /** The name of one of the dialect's formats. */
  readonly format: string;
  /** Settings by name; every option of the dialect has a value. */
  readonly options: Readonly<Record<string, string>>;
}

/** A converted rule, with what it lost. */
export interface Conversion {
  readonly text: string;
  readonly losses: readonly Loss[];
}

export interface Dialect {
  readonly name: string;
  readonly title: string;
  /** The first is the default. */
  readonly formats: readonly [ConvertFormat, ...ConvertFormat[]];
  readonly options: readonly ConvertOption[];
  /** Errors: SallyportError rule_unsupported for what the dialect cannot say. */
  convert(plan: Plan, context: ConvertContext): Conversion;
}

/** Declares a dialect; gives types, nothing else. */
export function defineDialect<const D extends Dialect>(dialect: D): D {
  return dialect;
}

/** Refuses a rule that a dialect cannot say. */
export function refuse(rule: Rule, detail: string): never {
  throw new SallyportError("rule_unsupported", {
    detail: `${rule.id} cannot be converted: ${detail}`,
    at: { file: rule.file, line: rule.line },
    hint: "See docs/guide/convert.md for what can be converted.",
  });
}
