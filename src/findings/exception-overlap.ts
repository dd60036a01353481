/** Exceptions against each other and against the address space: what covers what, and what is too wide. */
import type { IpRange } from "../net/prefix.ts";
import type { Exception } from "./site-facts.ts";

/** Tells whether one exception allows all that another does, for at least as long. */
export function coversAll(wide: Exception, narrow: Exception): boolean {
  return (
    wide.created <= narrow.created &&
    wide.expires >= narrow.expires &&
    holdsTexts(wide.rule, narrow.rule) &&
    holdsRanges(wide.source, narrow.source) &&
    holdsRanges(wide.destination, narrow.destination) &&
    holdsDomains(wide.domain, narrow.domain) &&
    holdsAll(wide.port, narrow.port, (a, b) => a === b) &&
    holdsTexts(wide.application, narrow.application)
  );
}

/** What is not asked for is met by anything; every item of the narrow list must be in one of the wide list. */
function holdsAll<T>(
  wide: readonly T[] | undefined,
  narrow: readonly T[] | undefined,
  holds: (outer: T, inner: T) => boolean,
): boolean {
  if (wide === undefined) return true;
  return narrow?.every((inner) => wide.some((outer) => holds(outer, inner))) ?? false;
}

function holdsTexts(wide: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean {
  return holdsAll(wide, narrow, (a, b) => a.toLowerCase() === b.toLowerCase());
}

function holdsRanges(wide: readonly IpRange[] | undefined, narrow: readonly IpRange[] | undefined): boolean {
  return holdsAll(wide, narrow, (outer, inner) => {
    if (outer.first.family !== inner.first.family) return false;
    return numberOf(outer.first) <= numberOf(inner.first) && numberOf(outer.last) >= numberOf(inner.last);
  });
}

function holdsDomains(wide: readonly string[] | undefined, narrow: readonly string[] | undefined): boolean {
  return holdsAll(wide, narrow, (outer, inner) => {
    if (outer === inner) return true;
    return outer.startsWith("*.") && inner.replace(/^\*/, "").endsWith(outer.slice(1));
  });
}

/**
 * From how many addresses on a network is too wide to be an agreement with somebody: a /8 of IPv4, which is 65,536
 * networks of a site's size (/24); in IPv6 a /32, which is as many sites (/48).
 */
const TOO_WIDE = { 4: 1n << 24n, 6: 1n << 96n } as const;

/** The ranges that are too wide, as written. */
export function tooWide(ranges: readonly IpRange[] | undefined): readonly string[] {
  return (ranges ?? [])
    .filter((range) => sizeOf(range) >= TOO_WIDE[range.first.family])
    .map(({ text }) => text);
}

function sizeOf({ first, last }: IpRange): bigint {
  return numberOf(last) - numberOf(first) + 1n;
}

function numberOf({ w0, w1, w2, w3 }: IpRange["first"]): bigint {
  return [w0, w1, w2, w3].reduce((value, word) => (value << 32n) | BigInt(word), 0n);
}
