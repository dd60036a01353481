/** What a filter does to rules: which ones it holds for, and its condition compiled for each. */
import { compilePlan, type Plan } from "./plan.ts";
import type { Filter, Rule } from "./rule.ts";

/** Tells whether a filter names a rule: by id, UUID or name, in any case. */
export function namesRule(filter: Filter, rule: Rule): boolean {
  if (filter.rules === "any") return true;
  const known = [rule.id, rule.uuid, rule.name].map((name) => name?.toLowerCase());
  return filter.rules.some((name) => known.includes(name.toLowerCase()));
}

/** Tells whether a filter holds for a rule: it names it, and its log source takes the rule's in. */
export function holdsFor(filter: Filter, rule: Rule): boolean {
  const { category, product, service } = filter.logsource;
  const takesIn =
    (category === undefined || category === rule.logsource.category) &&
    (product === undefined || product === rule.logsource.product) &&
    (service === undefined || service === rule.logsource.service);
  return takesIn && namesRule(filter, rule);
}

/**
 * Compiles a filter's condition in the field names of a rule that it holds for.
 * Errors: as compilePlan, at the place in the filter.
 */
export function compileFilter(filter: Filter, rule: Rule): Plan {
  const extension = { ...rule.extension, severity_when: [] };
  return compilePlan({
    ...rule,
    extension,
    detection: filter.detection,
    file: filter.file,
    line: filter.line,
  });
}
