/** Which plans run on which dataset: those whose log source the dataset feeds. */
import { type Dataset, type DatasetTable, feeds } from "../event/dataset.ts";
import type { Plan } from "../sigma/plan.ts";

/** A dataset that no format declares still carries network connections. */
const UNDECLARED: Dataset = { title: "undeclared", logsources: [], carries: [] };

/** Makes a look-up from a dataset's name to the places of the plans it feeds, worked out once per name. */
export function createRouter(
  plans: readonly Plan[],
  datasets: DatasetTable,
): (dataset: string) => readonly number[] {
  const routes = new Map<string, readonly number[]>();
  return (name) => {
    const known = routes.get(name);
    if (known !== undefined) return known;
    const dataset = datasets.get(name) ?? UNDECLARED;
    const fed = plans.flatMap((plan, at) => (feeds(dataset, plan.logsource) ? [at] : []));
    routes.set(name, fed);
    return fed;
  };
}
