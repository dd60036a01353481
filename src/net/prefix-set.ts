/**
 * Prefix sets: which of many networks an address lies in, the most specific first. Blocks are cut once into
 * sorted disjoint intervals, so that a lookup is one binary search however many there are.
 */
import type { IpAddress } from "./address.ts";
import { bigintOf, wordsOf } from "./big.ts";
import type { IpRange } from "./prefix.ts";

/** One block with what is known of it. */
export interface PrefixEntry<T> {
  readonly prefix: IpRange;
  readonly row: T;
}

/**
 * Sorted disjoint intervals, both ends included. Neighbours of the same row are joined.
 * Shape: one word per bound for IPv4, four (most significant first) for IPv6; `entries[i]` is the entry number.
 */
export interface Intervals {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  readonly entries: Uint32Array;
}

export interface PrefixSet<T> {
  /** The row of the smallest block that holds the address; of equal blocks, the first given. */
  lookup(ip: IpAddress): T | undefined;
  has(ip: IpAddress): boolean;
  readonly v4: Intervals;
  readonly v6: Intervals;
}

/**
 * Builds a prefix set of prefixes and ranges; they may nest and overlap. The intervals of a family are cut when they are
 * first asked for: a run over IPv4 logs never needs the others.
 */
export function createPrefixSet<T>(entries: readonly PrefixEntry<T>[]): PrefixSet<T> {
  let v4: Intervals | undefined;
  let v6: Intervals | undefined;
  const cutV4 = (): Intervals => (v4 ??= intervalsV4(entries));
  const cutV6 = (): Intervals => (v6 ??= intervalsV6(entries));
  const find = (ip: IpAddress): number => (ip.family === 4 ? findV4(cutV4(), ip.w3) : findV6(cutV6(), ip));
  return {
    get v4() {
      return cutV4();
    },
    get v6() {
      return cutV6();
    },
    has: (ip) => find(ip) >= 0,
    lookup: (ip) => {
      const at = find(ip);
      return at < 0 ? undefined : entries[at]?.row;
    },
  };
}

/** A block as half-open numbers. Bigint holds 128 bits; IPv4 stays with plain numbers. */
interface Span<N> {
  readonly from: N;
  readonly to: N;
  readonly entry: number;
}

interface Cells<N> {
  readonly bounds: readonly N[];
  /** Per cell between two bounds: the entry that owns it, or -1. */
  readonly owners: Int32Array;
}

/**
 * Gives every cell between two neighbouring bounds to the smallest span over it. Spans paint in order of
 * size; `next` skips what is painted, so that the work grows with the number of spans, not of overlaps.
 */
function paint<N extends number | bigint>(spans: readonly Span<N>[], sizeOf: (span: Span<N>) => N): Cells<N> {
  const bounds = distinct(spans.flatMap((span) => [span.from, span.to]).sort(ascending));
  const cellOf = new Map(bounds.map((bound, cell) => [bound, cell]));
  const owners = new Int32Array(bounds.length).fill(-1);
  const next = Int32Array.from(bounds.keys());
  const sized = spans.map((span) => ({ span, size: sizeOf(span) }));
  sized.sort((a, b) => ascending(a.size, b.size) || a.span.entry - b.span.entry);
  for (const { span } of sized) {
    const end = cellOf.get(span.to) ?? 0;
    for (let cell = unpainted(next, cellOf.get(span.from) ?? 0); cell < end; cell = unpainted(next, cell)) {
      owners[cell] = span.entry;
      next[cell] = cell + 1;
    }
  }
  return { bounds, owners };
}

/** The first unpainted cell at or after `cell`, shortening the way for the next search. */
function unpainted(next: Int32Array, cell: number): number {
  let at = cell;
  for (let to = next[at]; to !== undefined && to !== at; to = next[at]) {
    next[at] = next[to] ?? to;
    at = to;
  }
  return at;
}

function ascending<N extends number | bigint>(a: N, b: N): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function distinct<N>(sorted: readonly N[]): N[] {
  return sorted.filter((value, at) => at === 0 || value !== sorted[at - 1]);
}

/** Joins neighbouring cells of one owner and leaves out those of none. */
function runsOf<N>({ bounds, owners }: Cells<N>): Span<N>[] {
  const runs: Span<N>[] = [];
  for (let cell = 0; cell + 1 < bounds.length; cell++) {
    const entry = owners[cell] ?? -1;
    const [from, to] = [bounds[cell], bounds[cell + 1]];
    if (entry < 0 || from === undefined || to === undefined) continue;
    const before = runs.at(-1);
    if (before?.entry === entry && before.to === from) runs[runs.length - 1] = { ...before, to };
    else runs.push({ from, to, entry });
  }
  return runs;
}

function intervalsV4<T>(entries: readonly PrefixEntry<T>[]): Intervals {
  const spans = entries.flatMap(({ prefix }, entry) =>
    prefix.first.family === 4 ? [{ from: prefix.first.w3, to: prefix.last.w3 + 1, entry }] : [],
  );
  const runs = runsOf(paint(spans, ({ from, to }) => to - from));
  return {
    starts: Uint32Array.from(runs, (run) => run.from),
    ends: Uint32Array.from(runs, (run) => run.to - 1),
    entries: Uint32Array.from(runs, (run) => run.entry),
  };
}

function intervalsV6<T>(entries: readonly PrefixEntry<T>[]): Intervals {
  const spans = entries.flatMap(({ prefix }, entry) =>
    prefix.first.family === 6
      ? [{ from: bigintOf(prefix.first), to: bigintOf(prefix.last) + 1n, entry }]
      : [],
  );
  const runs = runsOf(paint(spans, ({ from, to }) => to - from));
  return {
    starts: Uint32Array.from(runs.flatMap((run) => wordsOf(run.from))),
    ends: Uint32Array.from(runs.flatMap((run) => wordsOf(run.to - 1n))),
    entries: Uint32Array.from(runs, (run) => run.entry),
  };
}

function findV4({ starts, ends, entries }: Intervals, value: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low > 0 && value <= (ends[low - 1] ?? 0) ? (entries[low - 1] ?? -1) : -1;
}

function findV6({ starts, ends, entries }: Intervals, ip: IpAddress): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareWords(starts, middle, ip) <= 0) low = middle + 1;
    else high = middle;
  }
  return low > 0 && compareWords(ends, low - 1, ip) >= 0 ? (entries[low - 1] ?? -1) : -1;
}

function compareWords(words: Uint32Array, index: number, ip: IpAddress): number {
  const at = index * 4;
  return (
    (words[at] ?? 0) - ip.w0 ||
    (words[at + 1] ?? 0) - ip.w1 ||
    (words[at + 2] ?? 0) - ip.w2 ||
    (words[at + 3] ?? 0) - ip.w3
  );
}
