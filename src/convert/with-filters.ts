/** Sigma filters in a conversion: what they take away becomes part of the rule's condition. */
import { compileFilter, holdsFor } from "../sigma/filter.ts";
import type { Plan } from "../sigma/plan.ts";
import type { Filter } from "../sigma/rule.ts";

/**
 * Joins a plan with the filters that hold for its rule.
 * Errors: SallyportError at the place in a filter that names a field which the rule's log source lacks.
 */
export function withFilters(plan: Plan, filters: readonly Filter[]): Plan {
  const conditions = filters
    .filter((filter) => holdsFor(filter, plan.rule))
    .map((filter) => compileFilter(filter, plan.rule).condition);
  if (conditions.length === 0) return plan;
  return { ...plan, condition: { kind: "and", label: "filtered", items: [plan.condition, ...conditions] } };
}
