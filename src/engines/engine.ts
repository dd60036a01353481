/** What an engine is: a way to run plans over batches of events. Every engine must agree with `reference`. */
import type { DatasetTable } from "../event/dataset.ts";
import type { EventBatch, NetworkEvent } from "../event/event.ts";
import type { Plan } from "../sigma/plan.ts";

/** Called for each rule that an event meets; `plan` is the place in the list that was prepared. */
export type OnMatch = (plan: number, event: NetworkEvent) => void;

export interface Engine {
  readonly name: string;
  /**
   * Binds plans once; what comes back runs them over a batch, in event order, then plan order.
   * A plan runs on an event only when the event's dataset feeds the plan's log source.
   */
  prepare(plans: readonly Plan[], datasets: DatasetTable): (batch: EventBatch, onMatch: OnMatch) => void;
}

/** Declares an engine; gives types, nothing else. */
export function defineEngine<const E extends Engine>(engine: E): E {
  return engine;
}
