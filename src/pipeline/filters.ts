/** Filters made ready: for each rule, tests of what its filters take away. */
import { compileTest } from "../engines/fast.ts";
import type { NetworkEvent } from "../event/event.ts";
import { compileFilter, holdsFor } from "../sigma/filter.ts";
import { whyIdle } from "../sigma/lint-filter.ts";
import type { Filter, Rule } from "../sigma/rule.ts";

export interface FilterIndex {
  /** The filter that takes an event away from the rule at a place of the run's list; the first in order of files. */
  takenBy(place: number, event: NetworkEvent): string | undefined;
  /** Why filters hide nothing here, for each that holds for no rule of the run. */
  readonly notes: readonly string[];
}

/**
 * Compiles filters for the rules that they hold for.
 * Errors: SallyportError at the place in the filter, where it names a field that the rule's log source lacks.
 */
export function createFilterIndex(filters: readonly Filter[], rules: readonly Rule[]): FilterIndex {
  const byRule = rules.map((rule) =>
    filters
      .filter((filter) => holdsFor(filter, rule))
      .map((filter) => ({ name: `filter ${filter.title}`, keeps: compileTest(compileFilter(filter, rule)) })),
  );
  const idle = filters.filter((filter) => !rules.some((rule) => holdsFor(filter, rule)));
  return {
    takenBy: (place, event) => byRule[place]?.find(({ keeps }) => !keeps(event))?.name,
    notes: idle.map((filter) => `${whyIdle(filter, rules)}.`),
  };
}
