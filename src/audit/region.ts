/** Regions: sets of packets as source and destination pairs, split exactly along the rules' borders. */
import { intersectSpans, type Spans, subtractSpans, uniteSpans } from "./ip-set.ts";

/** Every source of the part with every destination of it. */
interface Part {
  readonly source: Spans;
  readonly destination: Spans;
}

/** A set of pairs. Shape: no source is in two parts, no two parts have the same destinations, none is empty. */
export type Region = readonly Part[];

export const EMPTY: Region = [];

/** The region of all pairs of two sets. */
export function box(source: Spans, destination: Spans): Region {
  return source.length === 0 || destination.length === 0 ? EMPTY : [{ source, destination }];
}

export function isEmpty(region: Region): boolean {
  return region.length === 0;
}

export function intersectRegions(a: Region, b: Region): Region {
  const parts: Part[] = [];
  for (const left of a) {
    for (const right of b) {
      const source = intersectSpans(left.source, right.source);
      if (source.length > 0)
        parts.push({ source, destination: intersectSpans(left.destination, right.destination) });
    }
  }
  return tidy(parts);
}

/** What is in the first region and not in the second. */
export function subtractRegions(a: Region, b: Region): Region {
  if (isEmpty(a) || isEmpty(b)) return a;
  const parts: Part[] = [];
  for (const left of a) {
    let rest = left.source;
    for (const right of b) {
      const source = intersectSpans(left.source, right.source);
      if (source.length === 0) continue;
      const destination = subtractSpans(left.destination, right.destination);
      parts.push({ source, destination });
      rest = subtractSpans(rest, right.source);
    }
    parts.push(rest === left.source ? left : { source: rest, destination: left.destination });
  }
  return tidy(parts);
}

export function uniteRegions(a: Region, b: Region): Region {
  if (isEmpty(a)) return b;
  if (isEmpty(b)) return a;
  const parts: Part[] = [];
  let sources: Spans = [];
  for (const left of a) {
    let rest = left.source;
    for (const right of b) {
      const source = intersectSpans(left.source, right.source);
      if (source.length === 0) continue;
      parts.push({ source, destination: uniteSpans(left.destination, right.destination) });
      rest = subtractSpans(rest, right.source);
    }
    parts.push({ source: rest, destination: left.destination });
    sources = uniteSpans(sources, left.source);
  }
  for (const right of b)
    parts.push({ source: subtractSpans(right.source, sources), destination: right.destination });
  return tidy(parts);
}

/** All pairs of many regions, joined two by two so that the work stays small. */
export function uniteAllRegions(regions: readonly Region[]): Region {
  if (regions.length < 2) return regions[0] ?? EMPTY;
  const middle = regions.length >>> 1;
  return uniteRegions(uniteAllRegions(regions.slice(0, middle)), uniteAllRegions(regions.slice(middle)));
}

const keys = new WeakMap<Spans, string>();

function keyOf(spans: Spans): string {
  const known = keys.get(spans) ?? spans.map(({ first, last }) => `${first}-${last}`).join();
  keys.set(spans, known);
  return known;
}

/** Leaves out empty parts and joins those with the same destinations, so that regions stay small. */
function tidy(parts: readonly Part[]): Region {
  const full = parts.filter(({ source, destination }) => source.length > 0 && destination.length > 0);
  if (full.length < 2) return full;
  const byDestination = new Map<string, Part>();
  for (const part of full) {
    const key = keyOf(part.destination);
    const known = byDestination.get(key);
    byDestination.set(
      key,
      known === undefined ? part : { ...known, source: uniteSpans(known.source, part.source) },
    );
  }
  return [...byDestination.values()];
}
