/** Rule coverage: could what was read have shown what a rule looks for? */
import { type DatasetTable, feeds } from "../event/dataset.ts";
import { FIELDS, type FieldName } from "../event/fields.ts";
import { type Plan, planFields } from "../sigma/plan.ts";
import type { RuleCoverage } from "./coverage.ts";

/** Says, per rule, which datasets fed it and which fields those never carry. */
export function coverRules(
  plans: readonly Plan[],
  datasets: DatasetTable,
  seen: Readonly<Record<string, number>>,
): readonly RuleCoverage[] {
  return plans.map((plan) => coverRule(plan, datasets, seen));
}

function coverRule(plan: Plan, datasets: DatasetTable, seen: Readonly<Record<string, number>>): RuleCoverage {
  const fed: Record<string, number> = {};
  const missing: Record<string, readonly string[]> = {};
  const carriers = Object.keys(seen)
    .sort()
    .flatMap((name) => {
      const dataset = datasets.get(name);
      return dataset === undefined || !feeds(dataset, plan.logsource) ? [] : [{ name, dataset }];
    });
  const isSession = plan.rule.extension.scope === "session";
  for (const { name, dataset } of carriers) {
    fed[name] = seen[name] ?? 0;
    // A session is merged of all its records: what one log lacks another may carry.
    const looked = isSession ? carriers.map((carrier) => carrier.dataset) : [dataset];
    const carries = (field: FieldName): boolean =>
      looked.some((one) => one.carries.includes(recordedField(field)));
    const lacks = planFields(plan).filter((field) => !carries(field));
    if (lacks.length > 0) missing[name] = lacks;
  }
  const names = Object.keys(fed);
  const status =
    names.length === 0 ? "no source here" : names.every((name) => name in missing) ? "partly fed" : "fed";
  return {
    id: plan.rule.id,
    name: plan.rule.title,
    status,
    datasets: fed,
    missing_fields: missing,
    cannot_see: plan.rule.extension.cannot_see,
  };
}

/** A scope or a class is there when the address it comes from is. */
function recordedField(field: FieldName): FieldName {
  if (FIELDS[field].origin === "recorded") return field;
  if (field.startsWith("source.") || field.startsWith("recorded.source.")) return "source.ip";
  return "destination.ip";
}
