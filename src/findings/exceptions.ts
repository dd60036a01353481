/** Which exception, if any, covers a match. Indexed, so that a hundred thousand cost no more than ten. */
import { covers, type ExceptionState, type ExceptionSubject, prepare, stateAt } from "./exception-cover.ts";
import { candidates, createShelves, shelve } from "./exception-shelves.ts";
import type { Exception } from "./site-facts.ts";

export interface ExceptionIndex {
  /** The first exception, in the order of the file, that covers the subject. */
  match(subject: ExceptionSubject): Exception | undefined;
  /** Every exception with its state at `now`, in the order of the file. */
  readonly states: readonly { readonly exception: Exception; readonly state: ExceptionState }[];
  /** Those that no longer hold at `now`. */
  readonly expired: readonly Exception[];
}

/**
 * Indexes exceptions.
 * Units: `now` in epoch milliseconds.
 */
export function createExceptionIndex(exceptions: readonly Exception[], now: number): ExceptionIndex {
  const ready = exceptions.map(prepare);
  const shelves = createShelves();
  for (const [position, item] of ready.entries()) shelve(shelves, item, position);
  const states = ready.map((item) => ({ exception: item.exception, state: stateAt(item, now) }));
  return {
    states,
    expired: states.filter(({ state }) => state === "expired").map(({ exception }) => exception),
    match: (subject) => {
      let first = Number.POSITIVE_INFINITY;
      for (const positions of candidates(shelves, subject)) {
        for (const position of positions) {
          if (position >= first) break;
          const item = ready[position];
          if (item !== undefined && covers(item, subject, now)) first = position;
        }
      }
      return ready[first]?.exception;
    },
  };
}
