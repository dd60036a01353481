/** Time bounds: which events a run is about. */
import type { NetworkEvent } from "../event/event.ts";

/** Units: UTC milliseconds; null is no bound. `untilMs` itself is outside. */
export interface TimeBounds {
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
}

/** Tells whether an event lies outside. An event without a time never does: it may be inside. */
export function isOutside(event: NetworkEvent, { sinceMs, untilMs }: TimeBounds): boolean {
  const ms = event["@timestamp"]?.ms;
  if (ms === undefined) return false;
  return (sinceMs !== null && ms < sinceMs) || (untilMs !== null && ms >= untilMs);
}
