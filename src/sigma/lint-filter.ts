/** Lint of filters: those that load, but hide nothing, or all but what they name. Never an error. */

import { holdsFor, namesRule } from "./filter.ts";
import type { LintWarning } from "./lint.ts";
import type { Condition, Filter, Rule } from "./rule.ts";

/** Looks at a filter beside the rules that are in use. */
export function lintFilter(filter: Filter, rules: readonly Rule[]): readonly LintWarning[] {
  const { file, line } = filter;
  const warnings: LintWarning[] = [];
  if (!rules.some((rule) => holdsFor(filter, rule))) {
    warnings.push({ code: "filter-idle", message: whyIdle(filter, rules), file, line });
  }
  if (!negates(filter.detection.condition)) {
    const message = `The filter "${filter.title}" keeps only what it names, since its condition is joined to the rule's with "and"; write "not" to hide that instead`;
    warnings.push({ code: "filter-keeps", message, file, line });
  }
  return warnings;
}

/** Why a filter holds for none of the rules, in a sentence. */
export function whyIdle(filter: Filter, rules: readonly Rule[]): string {
  const named = rules.filter((rule) => namesRule(filter, rule));
  const why =
    named.length === 0
      ? "no rule in use has an id or name that it lists"
      : `its log source is not that of ${named.map(({ id }) => id).join(", ")}`;
  return `The filter "${filter.title}" hides nothing: ${why}`;
}

function negates(condition: Condition): boolean {
  switch (condition.kind) {
    case "and":
    case "or":
      return condition.items.some(negates);
    case "not":
      return true;
    default:
      return false;
  }
}
