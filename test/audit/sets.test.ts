/** Interval sets and regions: each operation against a plain set of small numbers. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressSpaceOf } from "../../src/audit/address-space.ts";
import {
  intersectSpans,
  type Spans,
  spansHave,
  spansOf,
  subtractSpans,
  uniteSpans,
} from "../../src/audit/ip-set.ts";
import {
  box,
  EMPTY,
  intersectRegions,
  type Region,
  subtractRegions,
  uniteRegions,
} from "../../src/audit/region.ts";
import { bigintOf } from "../../src/net/big.ts";
import { createAddressModel } from "../../src/net/model.ts";
import { parseIp } from "../../src/net/parse-ip.ts";
import { knownPrefix } from "../../src/net/prefix.ts";

const SIZE = 24;
const span = fc
  .tuple(fc.integer({ min: 0, max: SIZE - 1 }), fc.integer({ min: 0, max: 5 }))
  .map(([first, more]) => ({ first: BigInt(first), last: BigInt(Math.min(first + more, SIZE - 1)) }));
const spans = fc.array(span, { maxLength: 6 }).map(spansOf);
const region = fc
  .array(fc.tuple(spans, spans), { maxLength: 4 })
  .map((boxes) =>
    boxes.reduce<Region>((all, [source, destination]) => uniteRegions(all, box(source, destination)), EMPTY),
  );

const members = (set: Spans): number[] =>
  Array.from({ length: SIZE }, (_, at) => at).filter((at) => spansHave(set, BigInt(at)));
const pairs = (set: Region): string[] =>
  set
    .flatMap((part) => members(part.source).flatMap((a) => members(part.destination).map((b) => `${a},${b}`)))
    .sort();

describe("spans", () => {
  test("union, intersection and difference hold the members they should, written in one way", () => {
    fc.assert(
      fc.property(spans, spans, (a, b) => {
        const [left, right] = [new Set(members(a)), new Set(members(b))];
        expect(members(uniteSpans(a, b))).toEqual(
          members(a)
            .concat(members(b).filter((at) => !left.has(at)))
            .sort((x, y) => x - y),
        );
        expect(members(intersectSpans(a, b))).toEqual([...left].filter((at) => right.has(at)));
        expect(members(subtractSpans(a, b))).toEqual([...left].filter((at) => !right.has(at)));
        for (const set of [uniteSpans(a, b), intersectSpans(a, b), subtractSpans(a, b)])
          expect(spansOf(set)).toEqual(set);
      }),
    );
  });
});

describe("regions", () => {
  test("union, intersection and difference hold the pairs they should, each once", () => {
    fc.assert(
      fc.property(region, region, (a, b) => {
        const [left, right] = [new Set(pairs(a)), new Set(pairs(b))];
        expect(pairs(uniteRegions(a, b))).toEqual([...new Set([...left, ...right])].sort());
        expect(pairs(intersectRegions(a, b))).toEqual([...left].filter((pair) => right.has(pair)));
        expect(pairs(subtractRegions(a, b))).toEqual([...left].filter((pair) => !right.has(pair)));
      }),
    );
  });
});

describe("the Internet as a set", () => {
  const model = createAddressModel({ internal: [knownPrefix("11.22.0.0/16"), knownPrefix("2a01:4f8::/32")] });
  const { internet } = addressSpaceOf(model);

  test.each([
    ["8.8.8.8", true],
    ["11.22.3.4", false],
    ["11.23.0.0", true],
    ["10.0.0.1", false],
    ["192.0.2.1", false],
    ["224.0.0.1", false],
    ["2606:4700:4700::1111", true],
    ["2a01:4f8::1", false],
    ["64:ff9b::808:808", true],
    ["64:ff9b::a00:1", false],
    ["2002:808:808::1", true],
    ["2002:a00:1::1", false],
    ["fd00::1", false],
  ])("%s in it: %s", (text, expected) => {
    const ip = parseIp(text);
    if (ip === undefined) throw new Error(text);
    expect(spansHave(ip.family === 4 ? internet.v4 : internet.v6, bigintOf(ip))).toBe(expected);
  });

  test("any IPv4 address is in it exactly when the model says so", () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        const ip = parseIp(text);
        if (ip === undefined) return;
        expect(spansHave(internet.v4, bigintOf(ip))).toBe(model.classify(ip).scope === "internet");
      }),
    );
  });
});
