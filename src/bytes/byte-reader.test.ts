/** The byte reader over chunks of every size, including a stream that uses one buffer for all of them. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteReader } from "./byte-reader.ts";

const BYTES = Uint8Array.from({ length: 50 }, (_, i) => i);

/** Cuts the bytes up, and gives each piece in the same memory. */
async function* inOneBuffer(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(bytes.length);
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const piece = bytes.subarray(at, at + (sizes[i % sizes.length] ?? 1));
    buffer.fill(0xff);
    buffer.set(piece);
    yield buffer.subarray(0, piece.length);
    at += piece.length;
  }
}

test("the bytes come in order, whatever the chunks and the numbers asked for", async () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(sizes, sizes, async (chunks, asked) => {
      const reader = new ByteReader(inOneBuffer(BYTES, chunks));
      const got: number[] = [];
      for (let i = 0; got.length < BYTES.length; i++) {
        const count = asked[i % asked.length] ?? 1;
        const bytes = await reader.peek(count);
        expect(bytes.length).toBe(Math.min(count, BYTES.length - got.length));
        got.push(...bytes);
        reader.skip(bytes.length);
      }
      expect(got).toEqual([...BYTES]);
      expect(reader.offset).toBe(BYTES.length);
      expect(await reader.peek(1)).toHaveLength(0);
    }),
  );
});

test("peeking takes nothing", async () => {
  const reader = new ByteReader(inOneBuffer(BYTES, [7]));
  expect([...(await reader.peek(10))]).toEqual([...BYTES.subarray(0, 10)]);
  expect([...(await reader.peek(2))]).toEqual([0, 1]);
  expect(reader.offset).toBe(0);
});

test.each([
  [30, 30],
  [50, 50],
  [99, 50],
])("discarding %i of 50 bytes discards %i", async (asked, discarded) => {
  const reader = new ByteReader(inOneBuffer(BYTES, [8]));
  expect(await reader.discard(asked)).toBe(discarded);
  expect([...(await reader.peek(1))]).toEqual([...BYTES.subarray(discarded, discarded + 1)]);
});

test("the rest begins behind what was taken", async () => {
  const reader = new ByteReader(inOneBuffer(BYTES, [8]));
  await reader.discard(13);
  const got: number[] = [];
  for await (const bytes of reader.rest()) got.push(...bytes);
  expect(got).toEqual([...BYTES.subarray(13)]);
});
