/** Hashes that must never change: ids in people's tickets rest on them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { hash32, stableId } from "./stable-hash.ts";

test.each([
  ["", "92ca2f0ecb72770f0c66c0248c03471f"],
  ["sallyport|SP-01|10.1.2.3|8.8.8.8|2026-03-01", "19ba534e64893dc521cdc5728606f764"],
  ["é😀", "ae22887a6077b41db1342b59dee94b88"],
])("the id of %j is the same for ever", (text, id) => {
  expect(stableId(text)).toBe(id);
});

test("an id is 32 hex digits", () => {
  fc.assert(fc.property(fc.string(), (text) => /^[0-9a-f]{32}$/.test(stableId(text))));
});

test("texts that differ in little have ids that differ", () => {
  const ids = Array.from({ length: 20_000 }, (_, n) =>
    stableId(`sallyport|SP-01|10.1.${n >> 8}.${n & 255}|8.8.8.8`),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test("hashes are spread over the whole range", () => {
  const buckets = new Array<number>(16).fill(0);
  for (let n = 0; n < 16_000; n++) {
    const bucket = hash32(`10.1.2.${n}`) >>> 28;
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  for (const count of buckets) expect(Math.abs(count - 1000)).toBeLessThan(150);
});
