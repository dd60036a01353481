/**
 * First seen: whether a destination, a source, or the pair was new on the day of a session, against the logs
 * before that day, or against a baseline. Judged by whole UTC days, so that no order of input changes it.
 */
import type { RiskModifier } from "./finding.ts";
import { representative, type Session } from "./session.ts";

const DAY_MS = 86_400_000;

/** How far back is looked; the longest that the logs reach back counts. Units: days. */
const FIRST_SEEN_WINDOWS = [14, 7, 5] as const;

/** A source and a destination that are known from before, by effective address. */
export interface KnownPair {
  readonly source: string;
  readonly destination: string;
}

export interface FirstSeenFacts {
  /** Sessions that left, those that an exception hides too: they are history all the same. */
  readonly sessions: readonly Session[];
  /** From when on the logs were read. Units: UTC milliseconds; undefined where nothing has a time. */
  readonly fromMs: number | undefined;
  /** Pairs of an earlier output; null without one. */
  readonly baseline: readonly KnownPair[] | null;
  /** Some sessions are known as totals only, so that what seems new may not be. */
  readonly isFolded: boolean;
}

/** What is said of a session: a modifier where the destination is new, and notes. */
export interface FirstSeen {
  readonly modifiers: readonly RiskModifier[];
  readonly notes: readonly string[];
}

export interface FirstSeenIndex {
  of(session: Session): FirstSeen;
  /** Why nothing, or not all, was judged. */
  readonly notes: readonly string[];
}

const NOTHING: FirstSeen = { modifiers: [], notes: [] };

/** Learns the history; then tells of each session what was new about it. */
export function createFirstSeen(facts: FirstSeenFacts): FirstSeenIndex {
  const { sessions, fromMs, baseline, isFolded } = facts;
  if (sessions.length === 0) return { of: () => NOTHING, notes: [] };
  if (isFolded) {
    return { of: () => NOTHING, notes: ["First seen not judged: some records are kept only as totals."] };
  }
  const judged = baseline === null ? countJudged(sessions, fromMs) : sessions.length;
  const notes = shortHistory(sessions.length - judged, judged);
  // The history of a million sessions is large, and logs of a few days have no use for it.
  if (judged === 0) return { of: () => NOTHING, notes };
  const history = learn(sessions, baseline ?? []);
  return { of: (session) => judge(session, { history, fromMs, hasBaseline: baseline !== null }), notes };
}

/** Days on which a value was seen; a value of the baseline is always known. */
interface History {
  readonly days: ReadonlyMap<string, readonly number[]>;
  readonly known: ReadonlySet<string>;
}

interface Question {
  readonly history: History;
  readonly fromMs: number | undefined;
  readonly hasBaseline: boolean;
}

function learn(sessions: readonly Session[], baseline: readonly KnownPair[]): History {
  const days = new Map<string, number[]>();
  for (const session of sessions) {
    const day = dayOf(session);
    if (day === undefined) continue;
    for (const key of Object.values(keysOf(pairOf(session)))) {
      const known = days.get(key);
      if (known === undefined) days.set(key, [day]);
      // Sessions come in order of time, so that a list of days is short enough without a set.
      else if (known.at(-1) !== day) known.push(day);
    }
  }
  return { days, known: new Set(baseline.flatMap((pair) => Object.values(keysOf(pair)))) };
}

function judge(session: Session, question: Question): FirstSeen {
  const day = dayOf(session);
  if (day === undefined) return NOTHING;
  const keys = keysOf(pairOf(session));
  const since = (key: string): string | undefined => newSince(key, day, question);
  const [source, destination, pair] = [since(keys.source), since(keys.destination), since(keys.pair)];
  const { source: from, destination: to } = pairOf(session);
  const modifiers: RiskModifier[] =
    destination === undefined
      ? []
      : [
          {
            name: "first-seen destination",
            delta: 1,
            why: `nothing of ours reached for ${to} ${destination}`,
          },
        ];
  const notes = [
    source === undefined ? [] : `First seen: ${from} sent no SMB to the Internet ${source}.`,
    pair === undefined || source !== undefined || destination !== undefined
      ? []
      : `First seen: ${from} and ${to} are both known, but not together ${pair}.`,
  ].flat();
  return { modifiers, notes };
}

/** "in the 7 days before"; undefined where it was seen, or where the logs do not reach back far enough. */
function newSince(key: string, day: number, { history, fromMs, hasBaseline }: Question): string | undefined {
  if (history.known.has(key)) return undefined;
  const earlier = (history.days.get(key) ?? []).filter((seen) => seen < day);
  if (hasBaseline) return earlier.length === 0 ? "before: it is not in the baseline" : undefined;
  const window = FIRST_SEEN_WINDOWS.find(
    (days) => reachesBack(day - days, fromMs) && earlier.every((seen) => seen < day - days),
  );
  return window === undefined ? undefined : `in the ${window} days before`;
}

function reachesBack(day: number, fromMs: number | undefined): boolean {
  return fromMs !== undefined && fromMs <= day * DAY_MS;
}

/** How many sessions have at least the shortest window of logs before their day. */
function countJudged(sessions: readonly Session[], fromMs: number | undefined): number {
  const least = FIRST_SEEN_WINDOWS[FIRST_SEEN_WINDOWS.length - 1] ?? 0;
  return sessions.filter((session) => reachesBack((dayOf(session) ?? -Infinity) - least, fromMs)).length;
}

function shortHistory(unjudged: number, judged: number): readonly string[] {
  if (unjudged === 0) return [];
  const least = FIRST_SEEN_WINDOWS[FIRST_SEEN_WINDOWS.length - 1] ?? 0;
  const reach = `the logs do not reach back ${least} days before a session's day`;
  return [judged === 0 ? `First seen not judged: ${reach}.` : `First seen not judged where ${reach}.`];
}

function dayOf({ first }: Session): number | undefined {
  return first === undefined ? undefined : Math.floor(first.ms / DAY_MS);
}

function pairOf(session: Session): KnownPair {
  const { source, destination } = representative(session);
  return { source: source.effective, destination: destination.effective };
}

function keysOf({ source, destination }: KnownPair) {
  return { source: `from ${source}`, destination: `to ${destination}`, pair: `${source}>${destination}` };
}
