/** Lines: every one once, with its place, whatever the borders of the chunks. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readLines } from "./lines.ts";

interface Read {
  readonly lines: readonly (readonly [offset: number, text: string])[];
  readonly tooLong: readonly number[];
  readonly end: number;
}

async function read(chunks: readonly Uint8Array[], limit?: number): Promise<Read> {
  async function* stream() {
    // As a source may do: the buffer is used again for the next chunk.
    const buffer = new Uint8Array(chunks.reduce((most, { length }) => Math.max(most, length), 0));
    for (const chunk of chunks) {
      buffer.fill(0x0a);
      buffer.set(chunk);
      yield buffer.subarray(0, chunk.length);
    }
  }
  const lines: [number, string][] = [];
  const tooLong: number[] = [];
  let end = 0;
  for await (const batch of readLines(stream(), limit)) {
    batch.lines.forEach((line, at) => {
      lines.push([batch.offsets[at] as number, line]);
    });
    tooLong.push(...batch.tooLong);
    end = batch.end;
  }
  return { lines, tooLong, end };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (let turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % Math.max(sizes.length, 1)] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

test.each<[string, string, readonly (readonly [number, string])[]]>([
  ["nothing", "", []],
  [
    "a last line without a newline",
    "a\nbc",
    [
      [0, "a"],
      [2, "bc"],
    ],
  ],
  [
    "a last line with one",
    "a\nbc\n",
    [
      [0, "a"],
      [2, "bc"],
    ],
  ],
  [
    "carriage returns before newlines",
    "a\r\nb\r\n",
    [
      [0, "a"],
      [3, "b"],
    ],
  ],
  ["a carriage return inside a line", "a\rb\n", [[0, "a\rb"]]],
  [
    "empty lines",
    "\n\nx\n",
    [
      [0, ""],
      [1, ""],
      [2, "x"],
    ],
  ],
  [
    "a byte order mark at the beginning",
    "\uFEFFa\nb\n",
    [
      [0, "a"],
      [5, "b"],
    ],
  ],
  [
    "a byte order mark further on",
    "a\n\uFEFFb\n",
    [
      [0, "a"],
      [2, "\uFEFFb"],
    ],
  ],
  [
    "characters of several bytes",
    "é\n😀x\ny\n",
    [
      [0, "é"],
      [3, "😀x"],
      [9, "y"],
    ],
  ],
])("reads %s, cut anywhere", async (_, text, expected) => {
  const bytes = bytesOf(text);
  for (const size of [1, 2, 3, 5, 64]) {
    expect(await read(cut(bytes, [size]))).toEqual({ lines: expected, tooLong: [], end: bytes.length });
  }
});

test("bytes that are not UTF-8 become U+FFFD, and the places after them stay right", async () => {
  const bytes = Uint8Array.from([0x61, 0xff, 0xfe, 0x0a, 0xe2, 0x82, 0x0a, 0x62, 0x0a]);
  for (const size of [1, 2, 9]) {
    const { lines } = await read(cut(bytes, [size]));
    expect(lines).toEqual([
      [0, "a\uFFFD\uFFFD"],
      [4, "\uFFFD"],
      [7, "b"],
    ]);
  }
});

describe("lines over the limit of 4 bytes", () => {
  test.each<[string, string, readonly (readonly [number, string])[], readonly number[]]>([
    [
      "at the limit",
      "1234\nx\n",
      [
        [0, "1234"],
        [5, "x"],
      ],
      [],
    ],
    ["one over it", "12345\nx\n", [[6, "x"]], [0]],
    [
      "in the middle",
      "a\n123456789\nb\n",
      [
        [0, "a"],
        [12, "b"],
      ],
      [2],
    ],
    ["at the end, without a newline", "a\n12345", [[0, "a"]], [2]],
    ["two in a row", "12345\n12345\nb\n", [[12, "b"]], [0, 6]],
    ["counted in bytes", "ééé\nx\n", [[7, "x"]], [0]],
  ])("%s: their place is told, in any cut", async (_, text, lines, tooLong) => {
    const bytes = bytesOf(text);
    for (let size = 1; size <= bytes.length; size++) {
      expect(await read(cut(bytes, [size]), 4)).toEqual({ lines, tooLong, end: bytes.length });
    }
  });
});

const anyBytes = fc
  .array(
    fc.oneof({ weight: 3, arbitrary: fc.constantFrom(0x0a, 0x0d, 0x61) }, fc.integer({ min: 0, max: 255 })),
    {
      maxLength: 200,
    },
  )
  .map((values) => Uint8Array.from(values));
const anySizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });

test("for any bytes and any cuts, the lines are those of a single chunk", async () => {
  await fc.assert(
    fc.asyncProperty(anyBytes, anySizes, fc.integer({ min: 1, max: 30 }), async (bytes, sizes, limit) => {
      expect(await read(cut(bytes, sizes), limit)).toEqual(await read([bytes], limit));
    }),
  );
});

test("every byte belongs to exactly one line or newline", async () => {
  await fc.assert(
    fc.asyncProperty(anyBytes, anySizes, fc.integer({ min: 1, max: 30 }), async (bytes, sizes, limit) => {
      const { lines, tooLong, end } = await read(cut(bytes, sizes), limit);
      const starts = [0, ...[...bytes.entries()].flatMap(([at, byte]) => (byte === 0x0a ? [at + 1] : []))];
      const offsets = [...lines.map(([offset]) => offset), ...tooLong].sort((a, b) => a - b);
      expect(offsets).toEqual(starts.filter((start) => start < bytes.length));
      expect(end).toBe(bytes.length);
    }),
  );
});

test("an endless line is told once, and the next one is read", async () => {
  const chunk = bytesOf("x".repeat(1 << 16));
  const { lines, tooLong, end } = await read(
    [...Array.from({ length: 64 }, () => chunk), bytesOf("\nb")],
    1 << 17,
  );
  expect({ lines, tooLong, end }).toEqual({
    lines: [[64 * 65536 + 1, "b"]],
    tooLong: [0],
    end: 64 * 65536 + 2,
  });
});
