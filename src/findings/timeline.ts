/** The timeline: how many sessions began when, by the outcome they had in the end. */
import type { Outcome } from "../event/outcome.ts";
import type { TimelineBucket } from "./run.ts";
import type { Session } from "./session.ts";

/** Lengths a stretch may have; the shortest that needs at most MAX_BUCKETS of them is taken. Units: ms. */
const LENGTHS = [60_000, 300_000, 900_000, 3_600_000, 14_400_000, 86_400_000, 604_800_000];
const MAX_BUCKETS = 60;

/** Counts sessions in equal stretches, in order of time, without holes; undefined when none has a time. */
export function timelineOf(sessions: readonly Session[]): readonly TimelineBucket[] | undefined {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { first } of sessions) {
    if (first === undefined) continue;
    from = Math.min(from, first.ms);
    to = Math.max(to, first.ms);
  }
  if (from > to) return undefined;
  const length =
    LENGTHS.find((ms) => Math.floor(to / ms) - Math.floor(from / ms) < MAX_BUCKETS) ?? weeksFor(from, to);
  const start = Math.floor(from / length);
  const counts = Array.from(
    { length: Math.floor(to / length) - start + 1 },
    (): Partial<Record<Outcome, number>> => ({}),
  );
  for (const { first, outcome } of sessions) {
    const bucket = first === undefined ? undefined : counts[Math.floor(first.ms / length) - start];
    if (bucket !== undefined) bucket[outcome] = (bucket[outcome] ?? 0) + 1;
  }
  return counts.map((bucket, at) => ({
    from: new Date((start + at) * length).toISOString(),
    to: new Date((start + at + 1) * length).toISOString(),
    counts: bucket,
  }));
}

/** Whole weeks, as many as it takes. */
function weeksFor(from: number, to: number): number {
  const week = 604_800_000;
  return Math.ceil((to - from) / (MAX_BUCKETS - 1) / week) * week;
}
