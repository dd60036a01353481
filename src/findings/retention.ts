/**
 * Retention: which observations keep their detail when a run meets more than memory should hold.
 * Observations that prove a session have a budget of their own, so that a flood of blocked probes cannot
 * push them out. What is beyond the budget goes into exact totals.
 */
import { createBottomK } from "./bottom-k.ts";
import type { FoldedDetail } from "./coverage.ts";
import { type Observation, observationClass } from "./observation.ts";
import { hash32 } from "./stable-hash.ts";
import { createTotals, type TotalsDump } from "./totals.ts";

/** Observations that keep their detail, per class. About 1 kB each. */
export const DEFAULT_DETAIL_LIMIT = 100_000;

/** Keys are sliced by the hour, so that one endless 5-tuple is not a single unit. Units: milliseconds. */
const SLICE_MS = 3_600_000;

export interface Retention {
  add(observation: Observation): void;
  absorb(dump: RetentionDump): void;
  /** Everything held, as plain data for another thread. */
  dump(): RetentionDump;
  observations(): readonly Observation[];
  folded(): FoldedDetail | null;
}

export interface RetentionDump {
  readonly observations: readonly Observation[];
  readonly totals: TotalsDump;
}

export function createRetention(limit = DEFAULT_DETAIL_LIMIT): Retention {
  const totals = createTotals();
  const fold = (_: string, dropped: readonly Observation[]): void => {
    for (const observation of dropped) if (observation.rules.length > 0) totals.add(observation);
  };
  const makeClass = () =>
    createBottomK<Observation[]>(limit, hash32, fold, { entryWeight: 0, weigh: (kept) => kept.length });
  const classes = { proof: makeClass(), attempt: makeClass(), evidence: makeClass() };

  const add = (observation: Observation): void => {
    const kept = classes[observationClass(observation)];
    const unit = kept.get(unitOf(observation), () => []);
    if (unit === undefined) return fold("", [observation]);
    unit.push(observation);
    kept.grow(1);
  };
  const observations = (): Observation[] =>
    Object.values(classes).flatMap((kept) => kept.entries().flatMap(([, unit]) => unit));

  return {
    add,
    absorb(dump) {
      totals.absorb(dump.totals);
      for (const observation of dump.observations) add(observation);
    },
    dump: () => ({ observations: observations(), totals: totals.dump() }),
    observations,
    folded: () => totals.report(limit),
  };
}

function unitOf(observation: Observation): string {
  const ms = observation.start?.ms;
  return ms === undefined ? observation.key : `${observation.key}|${Math.floor(ms / SLICE_MS)}`;
}
