/**
 * Retention: which observations keep their detail when a run meets more than memory should hold.
 * Observations that prove a session have a budget of their own, so that a flood of blocked probes cannot
 * push them out. What is beyond the budget goes into exact totals.
 */
import { createBottomK, type Rank } from "./bottom-k.ts";
import type { FoldedDetail } from "./coverage.ts";
import { type Observation, observationClass, wasMet } from "./observation.ts";
import { hash32 } from "./stable-hash.ts";
import { createTotals, type TotalsDump } from "./totals.ts";

/** Keys are sliced by the hour, so that one endless 5-tuple is not a single unit. Units: milliseconds. */
const SLICE_MS = 3_600_000;

export interface Retention {
  add(observation: Observation): void;
  absorb(dump: RetentionDump): void;
  /** Everything held, as plain data for another thread. */
  dump(): RetentionDump;
  observations(): readonly Observation[];
  /** Matches of reference profiles, and how many more there were than the limit lets be kept. */
  references(): { readonly kept: readonly Observation[]; readonly unkept: number };
  folded(): FoldedDetail | null;
}

export interface RetentionDump {
  readonly observations: readonly Observation[];
  readonly totals: TotalsDump;
  /** Per class, from where on units were dropped. A part of such a unit must not be kept elsewhere. */
  readonly bounds: Readonly<Record<ReturnType<typeof observationClass>, Rank | null>>;
  /** Matches of reference profiles that were not kept. */
  readonly unkept: number;
}

/** Shape: `limit` observations keep their detail, per class. Units: about 1 kB each. */
export function createRetention(limit: number): Retention {
  const totals = createTotals();
  let unkept = 0;
  const fold = (_: string, dropped: readonly Observation[]): void => {
    for (const observation of dropped) {
      if (observation.reference !== undefined) unkept++;
      else if (wasMet(observation)) totals.add(observation);
    }
  };
  const makeClass = () =>
    createBottomK<Observation[]>(limit, hash32, fold, { entryWeight: 0, weigh: (kept) => kept.length });
  const classes = { proof: makeClass(), attempt: makeClass(), evidence: makeClass(), reference: makeClass() };
  const { reference, ...sessionClasses } = classes;

  const add = (observation: Observation): void => {
    const kept = classes[observationClass(observation)];
    const unit = kept.get(unitOf(observation), () => []);
    if (unit === undefined) {
      fold("", [observation]);
      return;
    }
    unit.push(observation);
    kept.grow(1);
  };
  const keptIn = (kept: typeof reference): Observation[] => kept.entries().flatMap(([, unit]) => unit);
  const observations = (): Observation[] => Object.values(sessionClasses).flatMap(keptIn);

  return {
    add,
    absorb(dump) {
      totals.absorb(dump.totals);
      unkept += dump.unkept;
      for (const [name, bound] of Object.entries(dump.bounds)) {
        if (bound !== null) classes[name as keyof typeof classes].cut(bound);
      }
      for (const observation of dump.observations) add(observation);
    },
    dump: () => ({
      observations: [...observations(), ...keptIn(reference)],
      totals: totals.dump(),
      bounds: {
        proof: classes.proof.bound(),
        attempt: classes.attempt.bound(),
        evidence: classes.evidence.bound(),
        reference: reference.bound(),
      },
      unkept,
    }),
    observations,
    references: () => ({ kept: keptIn(reference), unkept }),
    folded: () => totals.report(limit),
  };
}

function unitOf(observation: Observation): string {
  const ms = observation.start?.ms;
  return ms === undefined ? observation.key : `${observation.key}|${Math.floor(ms / SLICE_MS)}`;
}
