/** What "our networks" and "the Internet" are, as sets: the address model, cut into intervals of one scope. */
import { bigintOf, ipOf } from "../net/big.ts";
import { REGISTRY } from "../net/iana.ts";
import type { AddressModel } from "../net/model.ts";
import { type IpRange, knownPrefix, type Prefix } from "../net/prefix.ts";
import { type Family, type IpSet, ipSetOf, type Span, type Spans, spansOf, subtractSpans } from "./ip-set.ts";

export interface AddressSpace {
  readonly internal: IpSet;
  readonly internet: IpSet;
}

/** IPv4 inside IPv6, where the IPv4 bits stand together: neighbours inside are neighbours outside. */
interface Wrapper {
  readonly prefix: Prefix;
  /** How many bits follow the IPv4 address. */
  readonly shift: bigint;
}

const WELL_KNOWN: readonly Wrapper[] = [
  { prefix: knownPrefix("64:ff9b::/96"), shift: 0n },
  { prefix: knownPrefix("2002::/16"), shift: 80n },
];

/** Never on the wire (mapped, compatible), or without an order that intervals could follow (Teredo). */
const LEFT_OUT: readonly Prefix[] = ["::/96", "::ffff:0:0/96", "2001::/32"].map(knownPrefix);

const GLOBAL_UNICAST = knownPrefix("2000::/3");

/**
 * Cuts the address space at every border the model knows and asks it once per piece.
 * Shape: a NAT64 prefix of the operator's own counts where its length is 96.
 */
export function addressSpaceOf(model: AddressModel, nat64: readonly Prefix[] = []): AddressSpace {
  const wrappers = [
    ...WELL_KNOWN,
    ...nat64.filter(({ length }) => length === 96).map((prefix) => ({ prefix, shift: 0n })),
  ];
  const borders = [...REGISTRY.map(({ prefix }) => knownPrefix(prefix)), ...model.internal, GLOBAL_UNICAST];
  const v4 = ofScope(model, borders, 4);
  const special = ipSetOf([...LEFT_OUT, ...nat64, ...wrappers.map(({ prefix }) => prefix)]).v6;
  const wrapped = wrappers.flatMap(({ prefix, shift }) => v4.map((span) => wrap(span, prefix, shift)));
  const plain = subtractSpans(ofScope(model, borders, 6), special);
  return {
    internal: ipSetOf(model.internal),
    internet: { v4, v6: spansOf([...plain, ...wrapped.filter((span) => isInternet(model, span.first, 6))]) },
  };
}

function isInternet(model: AddressModel, value: bigint, family: Family): boolean {
  return model.classify(ipOf(value, family)).scope === "internet";
}

function ofScope(model: AddressModel, borders: readonly IpRange[], family: Family): Spans {
  const end = 1n << (family === 4 ? 32n : 128n);
  const starts = new Set([0n]);
  for (const { first, last } of borders) {
    if (first.family === family) starts.add(bigintOf(first)).add(bigintOf(last) + 1n);
  }
  const sorted = [...starts].filter((start) => start < end).sort((a, b) => (a < b ? -1 : 1));
  return spansOf(
    sorted
      .map((first, at): Span => ({ first, last: (sorted[at + 1] ?? end) - 1n }))
      .filter(({ first }) => isInternet(model, first, family)),
  );
}

function wrap({ first, last }: Span, { ip }: Prefix, shift: bigint): Span {
  const base = bigintOf(ip);
  return { first: base + (first << shift), last: base + ((last + 1n) << shift) - 1n };
}
