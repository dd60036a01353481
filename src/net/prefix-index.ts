/** Prefix index: every prefix that covers an address, not only the longest. One table per prefix length. */
import type { IpAddress } from "./address.ts";
import { bigintOf, ipOf } from "./big.ts";
import { type IpRange, type Prefix, prefixOf, wordMask } from "./prefix.ts";

export interface PrefixIndex<T> {
  /** The value at exactly this prefix, made where there is none yet. */
  at(prefix: Prefix): T;
  /** The values of all prefixes that cover the address, longest first. */
  covering(ip: IpAddress): readonly T[];
}

interface LengthTable<T> {
  readonly length: number;
  readonly values: Map<number | string, T>;
}

/** Creates an empty index; `create` makes the value of a prefix that is new. */
export function createPrefixIndex<T>(create: () => T): PrefixIndex<T> {
  const tables = { 4: [] as LengthTable<T>[], 6: [] as LengthTable<T>[] };
  return {
    at: ({ ip, length }) => {
      const { values } = tableOf(tables[ip.family], length);
      const key = keyOf(ip, length);
      const value = values.get(key) ?? create();
      values.set(key, value);
      return value;
    },
    covering: (ip) => {
      const found: T[] = [];
      for (const { length, values } of tables[ip.family]) {
        const value = values.get(keyOf(ip, length));
        if (value !== undefined) found.push(value);
      }
      return found;
    },
  };
}

/**
 * The fewest prefixes that make up a range, in order.
 * Units: at most 62 for IPv4, 254 for IPv6.
 */
export function prefixesOf(range: IpRange): readonly Prefix[] {
  // Most networks are written as prefixes.
  if (isPrefix(range)) return [range];
  const { first, last } = range;
  const bits = first.family === 4 ? 32 : 128;
  const end = bigintOf(last);
  const prefixes: Prefix[] = [];
  for (let at = bigintOf(first); at <= end; ) {
    let host = 0;
    while (host < bits && isAligned(at, host + 1) && at + (1n << BigInt(host + 1)) - 1n <= end) host++;
    prefixes.push(prefixOf(ipOf(at, first.family), bits - host));
    at += 1n << BigInt(host);
  }
  return prefixes;
}

function isPrefix(range: IpRange): range is Prefix {
  return "length" in range;
}

function isAligned(value: bigint, hostBits: number): boolean {
  return (value & ((1n << BigInt(hostBits)) - 1n)) === 0n;
}

function tableOf<T>(tables: LengthTable<T>[], length: number): LengthTable<T> {
  const found = tables.find((table) => table.length === length);
  if (found !== undefined) return found;
  const table: LengthTable<T> = { length, values: new Map() };
  tables.push(table);
  tables.sort((a, b) => b.length - a.length);
  return table;
}

function keyOf(ip: IpAddress, length: number): number | string {
  if (ip.family === 4) return (ip.w3 & wordMask(length)) >>> 0;
  const high = `${ip.w0 & wordMask(length)},${ip.w1 & wordMask(length - 32)}`;
  return length <= 64 ? high : `${high},${ip.w2 & wordMask(length - 64)},${ip.w3 & wordMask(length - 96)}`;
}
