/** Prefixes, ranges, sets and indexes of them. */
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { expect, test } from "vitest";
import type { IpAddress } from "./address.ts";
import { bigintOf, ipOf } from "./big.ts";
import { ipv4, ipv6, parseIp } from "./parse-ip.ts";
import {
  type IpRange,
  inRange,
  type Prefix,
  parseNetwork,
  parsePrefix,
  prefixOf,
  whyNoNetwork,
} from "./prefix.ts";
import { createPrefixIndex, prefixesOf } from "./prefix-index.ts";
import { createPrefixSet } from "./prefix-set.ts";

test.each([
  ["10.0.0.0/8", "10.0.0.0", "10.255.255.255", "10.0.0.0/8"],
  ["0.0.0.0/0", "0.0.0.0", "255.255.255.255", "0.0.0.0/0"],
  ["62.1.2.3", "62.1.2.3", "62.1.2.3", "62.1.2.3/32"],
  ["FD12:3456::/32", "fd12:3456::", "fd12:3456:ffff:ffff:ffff:ffff:ffff:ffff", "fd12:3456::/32"],
  ["::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::/0"],
  ["2a00:1234:5::10", "2a00:1234:5::10", "2a00:1234:5::10", "2a00:1234:5::10/128"],
  ["10.0.0.5-10.0.0.9", "10.0.0.5", "10.0.0.9", "10.0.0.5-10.0.0.9"],
  ["10.0.0.5 - 10.0.0.9", "10.0.0.5", "10.0.0.9", "10.0.0.5-10.0.0.9"],
])("%s goes from %s to %s", (text, first, last, canonical) => {
  const network = parseNetwork(text);
  expect(network?.first.text).toBe(first);
  expect(network?.last.text).toBe(last);
  expect(network?.text).toBe(canonical);
});

test.each([
  ["10.1.2.3/8", "the network is 10.0.0.0/8"],
  ["fd12::1/16", "the network is fd12::/16"],
  ["10.0.0.0/33", "at most 32 bits"],
  ["fd12::/129", "at most 128 bits"],
  ["10.0.0.0/08", '"08" after the slash'],
  ["10.0.0.0/", '"" after the slash'],
  ["10.0.0.0/255.0.0.0", '"255.0.0.0" after the slash'],
  ["10.0.0/8", "four parts"],
  ["[fd12::]/16", "brackets"],
  ["fe80::1%eth0/128", "zone"],
  ["10.0.0.9-10.0.0.5", "before it begins"],
  ["10.0.0.9-fd12::1", "from IPv4 to IPv6"],
  ["10.0.0.9-", "empty"],
  ["10.0.0.0/8-10.0.0.9", "prefix length"],
  ["::ffff:10.0.0.0/104", "write the IPv4 network"],
  ["intranet", "name"],
])("%s is no network, and the reason speaks of %s", (text, reason) => {
  expect(parseNetwork(text)).toBeUndefined();
  expect(whyNoNetwork(text)).toContain(reason);
});

test("a range is no prefix", () => {
  expect(parsePrefix("10.0.0.0-10.0.0.255")).toBeUndefined();
});

const addressV4 = fc.nat(0xffff_ffff).map(ipv4);
const addressV6 = fc
  .tuple(fc.constantFrom(0x2a00_1234, 0xfd12_3456, 0), fc.nat(3), fc.nat(0xffff_ffff), fc.nat(0xffff_ffff))
  .map((w) => ipv6(...w));
const address = fc.oneof(addressV4, addressV6);
const prefix: fc.Arbitrary<Prefix> = fc.oneof(
  fc.tuple(addressV4, fc.nat(32)).map(([ip, length]) => prefixOf(ip, length)),
  fc.tuple(addressV6, fc.nat(128)).map(([ip, length]) => prefixOf(ip, length)),
);
const range: fc.Arbitrary<IpRange> = fc
  .tuple(fc.constantFrom(4 as const, 6 as const), fc.nat(300), fc.nat(300))
  .map(([family, a, b]) => {
    const [first, last] = [Math.min(a, b), Math.max(a, b)].map((n) => ipOf(BigInt(n), family)) as [
      IpAddress,
      IpAddress,
    ];
    return { first, last, text: `${first.text}-${last.text}` };
  });

test("a prefix holds the addresses that ipaddr.js says it holds", () => {
  fc.assert(
    fc.property(prefix, address, (block, ip) => {
      const oracle = ipaddr.parse(ip.text);
      const subnet = ipaddr.parse(block.ip.text);
      const isSame = oracle.kind() === subnet.kind();
      expect(inRange(block, ip)).toBe(isSame && oracle.match(subnet as never, block.length));
      expect(inRange(block, block.first) && inRange(block, block.last)).toBe(true);
      expect(parsePrefix(block.text)).toEqual(block);
    }),
    { numRuns: 1000 },
  );
});

function naive(blocks: readonly IpRange[], ip: IpAddress): number | undefined {
  let best: number | undefined;
  const size = (at: number): bigint =>
    bigintOf((blocks[at] as IpRange).last) - bigintOf((blocks[at] as IpRange).first);
  for (const [at, block] of blocks.entries()) {
    if (inRange(block, ip) && (best === undefined || size(at) < size(best))) best = at;
  }
  return best;
}

test("a prefix set finds what a walk over all blocks finds: the smallest, of equals the first", () => {
  const blocks = fc.array(fc.oneof(prefix, range), { maxLength: 40 });
  fc.assert(
    fc.property(
      blocks,
      fc.array(
        fc.oneof(
          address,
          range.map((r) => r.first),
        ),
        { minLength: 1 },
      ),
      (list, ips) => {
        const set = createPrefixSet(list.map((block, row) => ({ prefix: block, row })));
        const edges = list.flatMap(({ first, last }) => [first, last]);
        for (const ip of [...ips, ...edges]) {
          expect(set.lookup(ip), ip.text).toBe(naive(list, ip));
          expect(set.has(ip)).toBe(naive(list, ip) !== undefined);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("intervals are sorted, disjoint and joined where neighbours agree", () => {
  const rows = ["10.0.0.0/8", "10.1.0.0/16", "192.168.0.0/16", "0.0.0.0-0.0.0.9"].map((text) => ({
    prefix: parseNetwork(text) as IpRange,
    row: text,
  }));
  const { v4 } = createPrefixSet(rows);
  const text = [...v4.starts].map(
    (start, at) => `${ipv4(start).text}-${ipv4(v4.ends[at] ?? 0).text} ${rows[v4.entries[at] ?? 0]?.row}`,
  );
  expect(text).toEqual([
    "0.0.0.0-0.0.0.9 0.0.0.0-0.0.0.9",
    "10.0.0.0-10.0.255.255 10.0.0.0/8",
    "10.1.0.0-10.1.255.255 10.1.0.0/16",
    "10.2.0.0-10.255.255.255 10.0.0.0/8",
    "192.168.0.0-192.168.255.255 192.168.0.0/16",
  ]);
});

test("a set of every IPv4 address holds the last one", () => {
  const set = createPrefixSet([{ prefix: parsePrefix("0.0.0.0/0") as Prefix, row: "all" }]);
  expect(set.lookup(ipv4(0xffff_ffff))).toBe("all");
  expect(set.lookup(parseIp("::1") as IpAddress)).toBeUndefined();
});

test("the prefixes of a range cover it exactly, in order", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        range,
        prefix,
        fc.tuple(addressV4, addressV4).map(([a, b]) => between(a, b)),
      ),
      (block) => {
        const prefixes = prefixesOf(block);
        let next = bigintOf(block.first);
        for (const part of prefixes) {
          expect(bigintOf(part.first)).toBe(next);
          next = bigintOf(part.last) + 1n;
        }
        expect(next - 1n).toBe(bigintOf(block.last));
        expect(prefixes.length).toBeLessThanOrEqual(block.first.family === 4 ? 62 : 254);
      },
    ),
  );
});

function between(a: IpAddress, b: IpAddress): IpRange {
  const [first, last] = a.w3 <= b.w3 ? [a, b] : [b, a];
  return { first, last, text: "" };
}

test("a prefix index gives every covering prefix, longest first", () => {
  fc.assert(
    fc.property(fc.array(prefix, { maxLength: 40 }), address, (list, ip) => {
      const index = createPrefixIndex<string[]>(() => []);
      for (const block of list) index.at(block).push(block.text);
      const expected = list.filter((block) => inRange(block, ip)).sort((a, b) => b.length - a.length);
      expect(index.covering(ip).flat()).toEqual(expected.map(({ text }) => text));
    }),
    { numRuns: 500 },
  );
});
