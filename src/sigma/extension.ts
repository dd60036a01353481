/** The `sallyport:` key of a rule: what Sigma has no place for. Other Sigma tools ignore it. */
import type { z } from "zod";
import type { Outcome } from "../event/outcome.ts";
import type { RULE_EXTENSION_SCHEMA } from "./extension-schema.ts";
import type { Severity } from "./level.ts";

export type RuleExtension = z.output<typeof RULE_EXTENSION_SCHEMA>;

/** Impact and confidence of a rule that says nothing: detection that is as likely right as wrong. */
const UNSAID = 50;

interface WithExtension {
  readonly level: Severity;
  readonly extension: RuleExtension;
}

/** The severity of a rule at an outcome: its table, else its level. */
export function severityAt(rule: WithExtension, outcome: Outcome): Severity {
  return pick(rule.extension.severity, outcome) ?? rule.level;
}

/**
 * The severity of a rule at an outcome, where `severity_when` may say otherwise.
 * Shape: `holds` tells whether a selection of the rule is met.
 */
export function severityWhen(
  rule: WithExtension,
  outcome: Outcome,
  holds: (selection: string) => boolean,
): Severity {
  for (const { selection, severity: said } of rule.extension.severity_when) {
    const severity = pick(said, outcome);
    if (severity !== undefined && holds(selection)) return severity;
  }
  return severityAt(rule, outcome);
}

function pick<T extends string | number>(
  said: T | { readonly [O in Outcome]?: T | undefined } | undefined,
  outcome: Outcome,
): T | undefined {
  return typeof said === "object" ? said[outcome] : said;
}

/** Impact and confidence of a rule at an outcome, 0 to 100 each. */
export function riskAt(rule: WithExtension, outcome: Outcome): { impact: number; confidence: number } {
  const { impact, confidence } = rule.extension;
  return { impact: pick(impact, outcome) ?? UNSAID, confidence: pick(confidence, outcome) ?? UNSAID };
}
