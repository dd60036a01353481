/** The bounded map: what stays depends on the keys alone. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { shuffled } from "../../test/sample-observation.ts";
import { createBottomK } from "./bottom-k.ts";

interface Kept {
  readonly kept: ReadonlyMap<string, number>;
  readonly dropped: number;
}

/** Counts how often each key is offered, in a map of a given size. Hashes collide often, on purpose. */
function count(keys: readonly string[], limit: number): Kept {
  let dropped = 0;
  const map = createBottomK<{ n: number }>(limit, hash, (_, value) => {
    dropped += value.n;
  });
  for (const key of keys) {
    const row = map.get(key, () => ({ n: 0 }));
    if (row === undefined) dropped++;
    else row.n++;
  }
  return { kept: new Map(map.entries().map(([key, { n }]) => [key, n])), dropped };
}

const hash = (key: string): number => (key.charCodeAt(0) * 7) % 5;

/** The same with units that grow: the limit bounds the sum of what was offered. */
function collect(keys: readonly string[], limit: number): Kept {
  let dropped = 0;
  const map = createBottomK<string[]>(
    limit,
    hash,
    (_, value) => {
      dropped += value.length;
    },
    { entryWeight: 0, weigh: (value) => value.length },
  );
  for (const key of keys) {
    const unit = map.get(key, () => []);
    if (unit === undefined) dropped++;
    else {
      unit.push(key);
      map.grow(1);
    }
  }
  return { kept: new Map(map.entries().map(([key, unit]) => [key, unit.length])), dropped };
}

const someKeys = fc.array(fc.constantFrom(..."abcdefghijkl"), { maxLength: 40 });
const limits = fc.integer({ min: 0, max: 10 });
const dice = fc.array(fc.nat(), { maxLength: 40 });

test.each([
  ["entries", count],
  ["growing units", collect],
] as const)("with %s, any order keeps the same, and nothing is lost", (_, fill) => {
  fc.assert(
    fc.property(someKeys, limits, dice, (keys, limit, order) => {
      const result = fill(keys, limit);
      expect(fill(shuffled(keys, order), limit)).toEqual(result);
      const kept = [...result.kept.values()].reduce((sum, n) => sum + n, 0);
      expect(kept + result.dropped).toBe(keys.length);
    }),
    { numRuns: 1000 },
  );
});

test("the keys with the smallest hashes stay, all of what they were offered with them", () => {
  fc.assert(
    fc.property(someKeys, limits, (keys, limit) => {
      const ranked = [...new Set(keys)].sort((a, b) => hash(a) - hash(b) || (a < b ? -1 : 1)).slice(0, limit);
      expect([...count(keys, limit).kept.keys()]).toEqual(ranked.sort());
    }),
  );
});

test("units are kept whole, as long as all before them fit", () => {
  fc.assert(
    fc.property(someKeys, limits, (keys, limit) => {
      const { kept } = collect(keys, limit);
      let sum = 0;
      const expected = new Map<string, number>();
      for (const key of [...new Set(keys)].sort((a, b) => hash(a) - hash(b) || (a < b ? -1 : 1))) {
        const weight = keys.filter((other) => other === key).length;
        sum += weight;
        if (sum > limit) break;
        expected.set(key, weight);
      }
      expect(kept).toEqual(expected);
    }),
  );
});

test("a large map keeps exactly its limit", () => {
  const keys = Array.from({ length: 20_000 }, (_, n) => `${n}`);
  const map = createBottomK<number>(
    500,
    (key) => (Number(key) * 7919) % 20_011,
    () => undefined,
  );
  for (const key of keys) map.get(key, () => 1);
  const smallest = keys
    .sort((a, b) => ((Number(a) * 7919) % 20_011) - ((Number(b) * 7919) % 20_011))
    .slice(0, 500);
  expect(map.entries().map(([key]) => key)).toEqual(smallest.sort());
});
