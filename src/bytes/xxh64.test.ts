/** XXH64 against published values and a plain BigInt version of its specification. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { Xxh64 } from "./xxh64.ts";

const MASK = 0xffff_ffff_ffff_ffffn;
const P = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;
const rotate = (x: bigint, n: bigint) => ((x << n) | (x >> (64n - n))) & MASK;
const round = (acc: bigint, lane: bigint) => (rotate((acc + lane * P[1]) & MASK, 31n) * P[0]) & MASK;

function plainXxh64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let hash: bigint = P[4];
  if (bytes.length >= 32) {
    const lanes: bigint[] = [(P[0] + P[1]) & MASK, P[1], 0n, (MASK + 1n - P[0]) & MASK];
    for (; at + 32 <= bytes.length; at += 32) {
      for (let i = 0; i < 4; i++) lanes[i] = round(lanes[i] ?? 0n, view.getBigUint64(at + i * 8, true));
    }
    hash = [1n, 7n, 12n, 18n].reduce((sum, n, i) => (sum + rotate(lanes[i] ?? 0n, n)) & MASK, 0n);
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * P[0] + P[3]) & MASK;
  }
  hash = (hash + BigInt(bytes.length)) & MASK;
  for (; at + 8 <= bytes.length; at += 8) {
    hash = (rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * P[0] + P[3]) & MASK;
  }
  if (at + 4 <= bytes.length) {
    hash = (rotate(hash ^ ((BigInt(view.getUint32(at, true)) * P[0]) & MASK), 23n) * P[1] + P[2]) & MASK;
    at += 4;
  }
  for (; at < bytes.length; at++) {
    hash = (rotate(hash ^ ((BigInt(view.getUint8(at)) * P[4]) & MASK), 11n) * P[0]) & MASK;
  }
  hash = ((hash ^ (hash >> 33n)) * P[1]) & MASK;
  hash = ((hash ^ (hash >> 29n)) * P[2]) & MASK;
  return hash ^ (hash >> 32n);
}

test.each([
  ["", "ef46db3751d8e999"],
  ["a", "d24ec4f1a98c6e5b"],
  ["abc", "44bc2cf5ad770999"],
])("the hash of %j is %s", (text, expected) => {
  const hash = new Xxh64();
  hash.update(new TextEncoder().encode(text));
  expect(hash.digest().toString(16)).toBe(expected);
});

test("the hash follows the specification, wherever the input is cut", () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 6 });
  fc.assert(
    fc.property(parts, (chunks) => {
      const hash = new Xxh64();
      for (const chunk of chunks) hash.update(chunk);
      expect(hash.digest()).toBe(plainXxh64(Uint8Array.from(chunks.flatMap((chunk) => [...chunk]))));
    }),
  );
});

test("a chunk that begins in the middle of its buffer is hashed from there", () => {
  const buffer = Uint8Array.from({ length: 200 }, (_, i) => (i * 7) & 0xff);
  const hash = new Xxh64();
  hash.update(buffer.subarray(3, 150));
  expect(hash.digest()).toBe(plainXxh64(buffer.slice(3, 150)));
});

test("asking for the hash does not change it", () => {
  const hash = new Xxh64();
  hash.update(new Uint8Array(40));
  const first = hash.digest();
  expect(hash.digest()).toBe(first);
});
