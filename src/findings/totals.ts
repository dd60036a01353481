/**
 * Exact totals of what keeps no detail: per source, and per prefix for the sources beyond a bound.
 * Which sources keep a row of their own is chosen by hash, so that no order of input changes the result.
 */

import { createBottomK } from "./bottom-k.ts";
import type { FoldedDetail, FoldedRow } from "./coverage.ts";
import type { Observation } from "./observation.ts";
import { hash32 } from "./stable-hash.ts";

/** Rows of their own: sources, then prefixes; the rest is one row. */
const MAX_SOURCES = 20_000;
const MAX_PREFIXES = 65_536;

interface Total {
  observations: number;
  readonly outcomes: Record<string, number>;
  firstMs: number;
  lastMs: number;
}

/** Sums of folded observations. Plain data comes out of `dump`; `absorb` takes another's. */
export interface Totals {
  add(observation: Observation): void;
  absorb(dump: TotalsDump): void;
  dump(): TotalsDump;
  report(limit: number): FoldedDetail | null;
}

export interface TotalsDump {
  readonly sources: readonly (readonly [string, Total])[];
  readonly prefixes: readonly (readonly [string, Total])[];
}

export function createTotals(maxSources = MAX_SOURCES, maxPrefixes = MAX_PREFIXES): Totals {
  const rest: Total = emptyTotal();
  const prefixes = createBottomK<Total>(maxPrefixes, hash32, (_, total) => addTotal(rest, total));
  const prefixRow = (prefix: string): Total =>
    (prefix === REST ? undefined : prefixes.get(prefix, emptyTotal)) ?? rest;
  const sources = createBottomK<Total>(maxSources, hash32, (source, total) =>
    addTotal(prefixRow(prefixOf(source)), total),
  );
  const sourceRow = (source: string): Total => sources.get(source, emptyTotal) ?? prefixRow(prefixOf(source));
  return {
    add: (observation) => addOne(sourceRow(observation.source.effective), observation),
    absorb(dump) {
      for (const [prefix, total] of dump.prefixes) addTotal(prefixRow(prefix), total);
      for (const [source, total] of dump.sources) addTotal(sourceRow(source), total);
    },
    dump: () => ({ sources: sources.entries(), prefixes: [...prefixes.entries(), ...restRow(rest)] }),
    report(limit) {
      const bySource = sources.entries().map(toRow).sort(byWeight);
      const byPrefix = [...prefixes.entries(), ...restRow(rest)].map(toRow).sort(byWeight);
      const observations = [...bySource, ...byPrefix].reduce((sum, row) => sum + row.observations, 0);
      if (observations === 0) return null;
      return { limit, observations, sources: bySource.length, by_source: bySource, by_prefix: byPrefix };
    },
  };
}

/** The /16 of an IPv4 address, the /32 of an IPv6 one; what is no address stands for itself. */
export function prefixOf(address: string): string {
  if (!address.includes(":")) return ipv4Prefix(address);
  const head = address.split("::")[0]?.split(":").slice(0, 2) ?? [];
  return `${head.join(":")}::/32`;
}

function ipv4Prefix(address: string): string {
  const first = address.indexOf(".");
  if (first < 0) return address;
  const second = address.indexOf(".", first + 1);
  return `${second < 0 ? address : address.slice(0, second)}.0.0/16`;
}

const REST = "everything else";

function restRow(rest: Total): readonly (readonly [string, Total])[] {
  return rest.observations === 0 ? [] : [[REST, rest]];
}

function addOne(into: Total, { outcome, start }: Observation): void {
  into.observations++;
  into.outcomes[outcome] = (into.outcomes[outcome] ?? 0) + 1;
  if (start === undefined) return;
  if (start.ms < into.firstMs) into.firstMs = start.ms;
  if (start.ms > into.lastMs) into.lastMs = start.ms;
}

function emptyTotal(): Total {
  return {
    observations: 0,
    outcomes: {},
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: Number.NEGATIVE_INFINITY,
  };
}

function addTotal(into: Total, from: Total): void {
  into.observations += from.observations;
  for (const [outcome, count] of Object.entries(from.outcomes)) {
    into.outcomes[outcome] = (into.outcomes[outcome] ?? 0) + count;
  }
  into.firstMs = Math.min(into.firstMs, from.firstMs);
  into.lastMs = Math.max(into.lastMs, from.lastMs);
}

function toRow([source, total]: readonly [string, Total]): FoldedRow {
  const iso = (ms: number): string | null => (Number.isFinite(ms) ? new Date(ms).toISOString() : null);
  return {
    source,
    observations: total.observations,
    outcomes: Object.fromEntries(Object.entries(total.outcomes).sort(([a], [b]) => (a < b ? -1 : 1))),
    first_seen: iso(total.firstMs),
    last_seen: iso(total.lastMs),
  };
}

function byWeight(a: FoldedRow, b: FoldedRow): number {
  return b.observations - a.observations || (a.source < b.source ? -1 : 1);
}
