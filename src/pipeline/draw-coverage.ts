/** Coverage: the accounts of all inputs added up, and what the rules could have seen. */
import {
  type InputTally,
  isoOrNull,
  joinPaths,
  noShares,
  sumProblems,
  toAccount,
} from "../findings/account.ts";
import type { Coverage, TimeGap } from "../findings/coverage.ts";
import type { Retention } from "../findings/retention.ts";
import { coverRules } from "../findings/rule-coverage.ts";
import type { Prepared } from "./prepare.ts";
import type { InputResult } from "./scan-input.ts";

/** Draws up the account of a run, its notes included. */
export function drawCoverage(
  prepared: Prepared,
  results: readonly InputResult[],
  retention: Retention,
  facts: {
    readonly dropped: Readonly<Record<string, number>>;
    readonly hid: ReadonlyMap<string, number>;
    readonly notes: readonly string[];
    readonly interrupted: boolean;
  },
): Coverage {
  const tallies = results.map(({ tally }) => tally);
  const inputs = tallies.map(toAccount);
  const total = (pick: (account: (typeof inputs)[number]) => number): number =>
    inputs.reduce((sum, account) => sum + pick(account), 0);
  const firstMs = tallies.reduce((least, { firstMs: ms }) => Math.min(least, ms), Number.POSITIVE_INFINITY);
  const lastMs = tallies.reduce((most, { lastMs: ms }) => Math.max(most, ms), Number.NEGATIVE_INFINITY);
  const seen: Record<string, number> = {};
  for (const { datasets } of tallies) {
    for (const [name, events] of Object.entries(datasets)) seen[name] = (seen[name] ?? 0) + events;
  }
  return {
    inputs,
    totals: {
      inputs: inputs.length,
      read: inputs.filter(({ status }) => status === "read").length,
      bytes: total(({ bytes }) => bytes),
      records: total(({ records }) => records),
      ruled_out: total(({ ruled_out }) => ruled_out),
      decoded: total(({ decoded }) => decoded),
      rejected: total(({ rejected }) => rejected),
      skipped: total(({ skipped }) => skipped),
      undecodable: total(({ undecodable }) => undecodable),
      events: total(({ events }) => events),
    },
    first_seen: isoOrNull(firstMs),
    last_seen: isoOrNull(lastMs),
    gaps: gapsOf(tallies),
    problems: sumProblems(tallies),
    shares: sumShares(tallies),
    rules: coverRules(
      [...prepared.plans, ...prepared.profiles.map(({ plan }) => plan)],
      prepared.datasets,
      seen,
    ),
    paths: joinPaths(tallies),
    dropped: facts.dropped,
    suppressed: Object.fromEntries([...facts.hid].sort(([a], [b]) => (a < b ? -1 : 1))),
    notes: facts.notes,
    folded: retention.folded(),
    incomplete: facts.interrupted,
  };
}

function sumShares(tallies: readonly InputTally[]): Coverage["shares"] {
  const sum = noShares();
  for (const { shares } of tallies) {
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += shares[key];
  }
  return sum;
}

const HOUR_MS = 3_600_000;
const MAX_GAPS = 10;

/** Whole hours without any event, in a span of a day or more: the longest ones, in order of time. */
function gapsOf(tallies: readonly InputTally[]): readonly TimeGap[] {
  const hours = [...new Set(tallies.flatMap((tally) => [...tally.hours]))].sort((a, b) => a - b);
  const span = (hours.at(-1) ?? 0) - (hours[0] ?? 0);
  if (span < 24) return [];
  const gaps = hours.flatMap((hour, at) => {
    const before = hours[at - 1];
    return before === undefined || hour - before < 2 ? [] : [{ from: before + 1, to: hour }];
  });
  return gaps
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, MAX_GAPS)
    .sort((a, b) => a.from - b.from)
    .map(({ from, to }) => ({
      from: new Date(from * HOUR_MS).toISOString(),
      to: new Date(to * HOUR_MS).toISOString(),
    }));
}
