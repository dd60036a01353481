/**
 * Retention: which observations keep their detail when a run meets more than memory should hold.
 * Observations that prove a session have a budget of their own, so that a flood of blocked probes cannot
 * push them out. What is beyond the budget goes into exact totals.
 */
import { type BottomK, createBottomK, type Rank } from "./bottom-k.ts";
import type { FoldedDetail } from "./coverage.ts";
import { type Observation, observationClass, tupleOf, wasMet } from "./observation.ts";
import { type PackedObservations, pack, unpack } from "./packed.ts";
import { hash32 } from "./stable-hash.ts";
import { createTotals, type TotalsDump } from "./totals.ts";

/** Keys are sliced by the hour, so that one endless 5-tuple is not a single unit. Units: milliseconds. */
const SLICE_MS = 3_600_000;

export interface Retention {
  add(observation: Observation): void;
  absorb(dump: RetentionDump): void;
  /** Everything held, as data for another thread. */
  dump(): RetentionDump;
  observations(): readonly Observation[];
  /** Matches of reference profiles, and how many more there were than the limit lets be kept. */
  references(): { readonly kept: readonly Observation[]; readonly unkept: number };
  folded(): FoldedDetail | null;
}

export interface RetentionDump {
  readonly observations: PackedObservations;
  readonly totals: TotalsDump;
  /** Per class, from where on units were dropped. A part of such a unit must not be kept elsewhere. */
  readonly bounds: Readonly<Record<ReturnType<typeof observationClass>, Rank | null>>;
  /** Matches of reference profiles that were not kept. */
  readonly unkept: number;
}

/** Shape: `limit` observations keep their detail, per class. Units: about 0.6 kB each. */
export function createRetention(limit: number): Retention {
  const totals = createTotals();
  let unkept = 0;
  const fold = (dropped: readonly Observation[]): void => {
    for (const observation of dropped) {
      if (observation.reference !== undefined) unkept++;
      else if (wasMet(observation)) totals.add(observation);
    }
  };
  const [proof, attempt, evidence, reference] = [0, 1, 2, 3].map(() => createShelf(limit, fold)) as [
    Shelf,
    Shelf,
    Shelf,
    Shelf,
  ];
  const shelves = { proof, attempt, evidence, reference };
  const observations = (): Observation[] => [proof, attempt, evidence].flatMap((shelf) => shelf.kept());
  const add = (observation: Observation): void => shelves[observationClass(observation)].add(observation);

  return {
    add,
    absorb(dump) {
      totals.absorb(dump.totals);
      unkept += dump.unkept;
      for (const [name, bound] of Object.entries(dump.bounds)) {
        if (bound !== null) shelves[name as keyof typeof shelves].cut(bound);
      }
      for (const observation of unpack(dump.observations)) add(observation);
    },
    dump: () => ({
      observations: pack([...observations(), ...reference.kept()]),
      totals: totals.dump(),
      bounds: {
        proof: proof.bound(),
        attempt: attempt.bound(),
        evidence: evidence.bound(),
        reference: reference.bound(),
      },
      unkept,
    }),
    observations,
    references: () => ({ kept: reference.kept(), unkept }),
    folded: () => totals.report(limit),
  };
}

/** Observations of one class. */
interface Shelf {
  add(observation: Observation): void;
  kept(): Observation[];
  bound(): Rank | null;
  cut(bound: Rank): void;
}

/** A list as long as all fit; most runs never need the keys, the map and the heap that choose which ones stay. */
function createShelf(limit: number, onDrop: (dropped: readonly Observation[]) => void): Shelf {
  let list: Observation[] = [];
  let chosen: BottomK<Observation[]> | undefined;

  const choose = (): BottomK<Observation[]> => {
    if (chosen !== undefined) return chosen;
    chosen = createBottomK<Observation[]>(limit, hash32, (_, dropped) => onDrop(dropped), {
      entryWeight: 0,
      weigh: (unit) => unit.length,
    });
    for (const observation of list) put(chosen, observation);
    list = [];
    return chosen;
  };
  const put = (units: BottomK<Observation[]>, observation: Observation): void => {
    let isNew = false;
    // Not an empty list to push to: that would take room for seventeen at once.
    const unit = units.get(unitOf(observation), () => {
      isNew = true;
      return [observation];
    });
    if (unit === undefined) {
      onDrop([observation]);
      return;
    }
    if (!isNew) unit.push(observation);
    units.grow(1);
  };
  return {
    add(observation) {
      if (chosen === undefined && list.length < limit) list.push(observation);
      else put(choose(), observation);
    },
    kept: () => (chosen === undefined ? [...list] : chosen.entries().flatMap(([, unit]) => unit)),
    bound: () => chosen?.bound() ?? null,
    cut: (bound) => choose().cut(bound),
  };
}

function unitOf(observation: Observation): string {
  const ms = observation.start?.ms;
  const tuple = tupleOf(observation);
  return ms === undefined ? tuple : `${tuple}|${Math.floor(ms / SLICE_MS)}`;
}
