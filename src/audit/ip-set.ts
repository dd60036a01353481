/** Sets of addresses as sorted intervals, for arithmetic on whole networks: union, intersection, difference. */
import { bigintOf, ipOf } from "../net/big.ts";
import type { IpRange } from "../net/prefix.ts";

/** Addresses of one family as numbers, both ends included. */
export interface Span {
  readonly first: bigint;
  readonly last: bigint;
}

/** Sorted, disjoint, and never touching, so that equal sets are written equally. */
export type Spans = readonly Span[];

export type Family = 4 | 6;

/** A set of addresses of both families. */
export interface IpSet {
  readonly v4: Spans;
  readonly v6: Spans;
}

const ALL_SPANS = {
  4: [{ first: 0n, last: (1n << 32n) - 1n }],
  6: [{ first: 0n, last: (1n << 128n) - 1n }],
} as const satisfies Record<Family, Spans>;

/** Every address of a family. */
export function allSpans(family: Family): Spans {
  return ALL_SPANS[family];
}

export const ALL_ADDRESSES: IpSet = { v4: ALL_SPANS[4], v6: ALL_SPANS[6] };

/** Brings intervals in any order, overlapping or touching, into the one way of writing a set. */
export function spansOf(given: readonly Span[]): Spans {
  const sorted = [...given].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const spans: Span[] = [];
  for (const span of sorted) append(spans, span);
  return spans;
}

export function uniteSpans(a: Spans, b: Spans): Spans {
  if (a.length === 0) return b;
  if (b.length === 0 || a === b) return a;
  const merged: Span[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const [left, right] = [a[i], b[j]];
    const isLeft = right === undefined || (left !== undefined && left.first <= right.first);
    const next = isLeft ? left : right;
    if (next !== undefined) append(merged, next);
    if (isLeft) i++;
    else j++;
  }
  return merged;
}

/** Adds an interval that begins no sooner than the last one. */
function append(spans: Span[], span: Span): void {
  const before = spans.at(-1);
  if (before === undefined || span.first > before.last + 1n) spans.push(span);
  else if (span.last > before.last) spans[spans.length - 1] = { first: before.first, last: span.last };
}

export function intersectSpans(a: Spans, b: Spans): Spans {
  const spans: Span[] = [];
  const [start, end] = [b[0]?.first, b.at(-1)?.last];
  if (start === undefined || end === undefined) return spans;
  for (let i = firstReaching(a, start), j = 0; ; ) {
    const [left, right] = [a[i], b[j]];
    if (left === undefined || right === undefined || left.first > end) return spans;
    const later = left.first < right.first ? right : left;
    const sooner = left.last < right.last ? left : right;
    if (later.first <= sooner.last) spans.push({ first: later.first, last: sooner.last });
    if (sooner === left) i++;
    else j++;
  }
}

/** The first interval that ends at or after a value: a few of many are found without walking all. */
function firstReaching(spans: Spans, value: bigint): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((spans[middle]?.last ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What is in the first set and not in the second. */
export function subtractSpans(a: Spans, b: Spans): Spans {
  if (a.length === 0 || b.length === 0) return a;
  const spans: Span[] = [];
  let j = 0;
  for (const { first, last } of a) {
    let from = first;
    while ((b[j]?.last ?? from) < from) j++;
    for (let at = j; from <= last; at++) {
      const hole = b[at];
      if (hole === undefined || hole.first > last) {
        spans.push({ first: from, last });
        break;
      }
      if (hole.first > from) spans.push({ first: from, last: hole.first - 1n });
      from = hole.last + 1n;
    }
  }
  return spans;
}

/** Tells whether a set holds an address. */
export function spansHave(spans: Spans, value: bigint): boolean {
  return spans.some(({ first, last }) => first <= value && value <= last);
}

/** The intervals of one family. */
export function familyOf(set: IpSet, family: Family): Spans {
  return family === 4 ? set.v4 : set.v6;
}

/** The set of some blocks. */
export function ipSetOf(ranges: readonly IpRange[]): IpSet {
  const of = (family: Family): Spans =>
    spansOf(
      ranges
        .filter(({ first }) => first.family === family)
        .map(({ first, last }) => ({ first: bigintOf(first), last: bigintOf(last) })),
    );
  return { v4: of(4), v6: of(6) };
}

/** All that is in any of the sets. */
export function uniteAll(sets: readonly IpSet[]): IpSet {
  return { v4: spansOf(sets.flatMap(({ v4 }) => v4)), v6: spansOf(sets.flatMap(({ v6 }) => v6)) };
}

/** An address as a person reads it. */
export function addressText(value: bigint, family: Family): string {
  return ipOf(value, family).text;
}
