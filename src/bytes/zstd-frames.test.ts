/** zstd frames written by hand, block by block, and a few small ones that zstd wrote, for every decoder there is. */
import { test as base, describe, expect } from "vitest";
import { nativeZstd } from "../node/native-zstd.ts";
import { ByteReader } from "./byte-reader.ts";
import { isZstd } from "./magic-bytes.ts";
import { SourceError } from "./source.ts";
import { Xxh64 } from "./xxh64.ts";
import { SCRIPT_ZSTD } from "./zstd-blocks.ts";
import { readZstd, type ZstdDecoder } from "./zstd-frames.ts";

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const text = (value: string) => [...new TextEncoder().encode(value)];
const little = (value: number, count: number) =>
  Array.from({ length: count }, (_, i) => Math.floor(value / 256 ** i) % 256);
const block = (type: number, size: number, body: number[], last: boolean) => [
  ...little(size * 8 + type * 2 + (last ? 1 : 0), 3),
  ...body,
];
const raw = (value: string, last = false) => block(0, value.length, text(value), last);
const rle = (char: string, count: number, last = false) => block(1, count, text(char), last);
const skippable = (body: number[], kind = 0) => [
  0x50 + kind,
  0x2a,
  0x4d,
  0x18,
  ...little(body.length, 4),
  ...body,
];

/** A frame with a window of 128 KiB (descriptor 0x38). */
const frame = (...blocks: number[][]) => [...MAGIC, 0, 0x38, ...blocks.flat()];
function checkedFrame(content: string, checksum?: number): number[] {
  const hash = new Xxh64();
  hash.update(Uint8Array.from(text(content)));
  const sum = checksum ?? Number(hash.digest() & 0xffff_ffffn);
  return [...MAGIC, 0x04, 0x38, ...raw(content, true), ...little(sum, 4)];
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

interface Outcome {
  readonly text: string;
  readonly kind: string;
  readonly detail: string;
}

async function readWith(zstd: ZstdDecoder, bytes: Uint8Array, size: number): Promise<Outcome> {
  const decoder = new TextDecoder();
  let plain = "";
  try {
    const input = new ByteReader(pieces(bytes, Math.max(1, size)));
    for await (const chunk of readZstd(input, zstd)) plain += decoder.decode(chunk, { stream: true });
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { text: plain, kind: error.kind, detail: error.detail };
  }
  return { text: plain, kind: "whole", detail: "" };
}

const SMALL = Array.from({ length: 40 }, (_, i) => `10.0.${i % 5}.${i} 8.8.8.8 445 tcp row ${i * i}\n`).join(
  "",
);
const LARGE = Array.from({ length: 9000 }, (_, i) => `row ${i % 90} 10.1.2.3 8.8.8.8 445 established\n`).join(
  "",
);
const WRITTEN: readonly [string, string, string][] = [
  [
    "level 19, size and checksum",
    SMALL,
    "KLUv/WRABN0GACbQIxLAFzpA5HD/5cu9pUwpSSYFHBYhABwAHQD7acx1sZJpnM6E+L08vys5TiYESOAwKAQIAkNg/sBGYMLSCam4vx6cawiuNMRx2uGE6tyLzPkvV5ZCTjgq4gk/qvvH6FwVoisJ6jil6YTEu1fHnT/alWdHkQcAdsr7/+G5yMIrVcnjtOMJDe+9hrjCeiXRo0gFT6gRUESX778BwINq5RE0fMERft4HyMK1Jf1os834HCmjzRfWEvGF3F4eTEzwg/ErJciVbRKSAAL1ot5Yx6NBYLcVUAzFurVxAQDgdZY=",
  ],
  [
    "level 1, size, no checksum",
    SMALL,
    "KLUv/WBABMUGAHIMHBTApdABoDXH678zcm8pU0qSuTgcFgN2yvuHZ1N4Lc3xhLx3oT0LTeXyR4doRQWVKqadjvfvpROSi/vrwbmG4DplhxOqcy8y579cKxROOGo/jbkuVjKN05kQv5fndyXHyYQDCQUBA0EAgCDMHzbChAFPqCFQmPL+G6CDkhQbETQ0w6Aiwvv8APpVinJSMPSC+K9gOGoo2SUQGODwnKf2MV7yie86N7nem1+tJ6BLTGM4WqDIPtFDfQEIt0drwhAVIXIJm7lwmoUnkUPhNRu7CYVWARDwoQ==",
  ],
  [
    "level 3, from a pipe, checksum",
    SMALL,
    "KLUv/QRY7QYAcooYFMCl0AGgNcfrvzNbbilTSpK5OBwWA3aG95dnU3gtzfGEvHehPQtNw8OvlmhFBZUqpp3W+/cls2aVU3KQyJMV4YQ19lPN42I1TWdC/D48vys5TiYcSCgIGAgCAARh/rAKEwZPqDF4Nd1/AzADiUTUAxE0HOJwigjv6gNwfpsicjbF02uRvoqQqqZAWIkCGTi5GHZixdaUadcudl8Ma66IVVtVqNyUJfWiLqgnPP05naY9pru0J32kY/SK7nLoKvQQciaa7/DChQEaBsk6A3zXYf4rfyiuOvAAzwcA4HWW",
  ],
  [
    "level 3, three blocks, size and checksum",
    LARGE,
    "KLUv/aRYegUALAcAQowdGJAnyQEAEMN/rQrnmdnn74qISBY7u1pzAiIiIiIi////v23btt22bduSJEmS27ZtmyRJkjQzMzMzIyIiIiLy////27Zt223bti1JkiS5bdu2SZIkKWDkLqeRcEAAEBgKEgYHAwIICcNwO4oZLFaoKGgURsIBEYCrqFH0/WcNsIOSajUSSBD4/1+Ev/8bfeUJJoAAhIAEABJgAgABGCHH8piAHhPsMQEfE/QxgR8T/DEBIBMEEhggAEGCAICQoABAIEggYHJJrsgFuTwux9W4MS5b3Ip3lf8q/2qRmKp9qgGsGkwAAAh3AQD8/zkQAk0AAAhoAQBUejkQApQuzug=",
  ],
  [
    "level 3, three blocks, from a pipe",
    LARGE,
    "KLUv/QRYLAcAQowdGJAnyQEAEMN/rQrnmdnn74qISBY7u1pzAiIiIiIi////v23btt22bduSJEmS27ZtmyRJkjQzMzMzIyIiIiLy////27Zt223bti1JkiS5bdu2SZIkKWDkLqeRcEAAEBgKEgYHAwIICcNwO4oZLFaoKGgURsIBEYCrqFH0/WcNsIOSajUSSBD4/1+Ev/8bfeUJJoAAhIAEABJgAgABGCHH8piAHhPsMQEfE/QxgR8T/DEBIBMEEhggAEGCAICQoABAIEggYHJJrsgFuTwux9W4MS5b3Ip3lf8q/2qRmKp9qgGsGkwAAAh3AQD8/zkQAk0AAAhoAQBUejkQApQuzug=",
  ],
];

const DECODERS: readonly [name: string, make: () => ZstdDecoder | undefined, maxWindow: number][] = [
  ["a script", () => SCRIPT_ZSTD, 32 * 1024 * 1024],
  ["zlib (Node 22.15 or later)", nativeZstd, 128 * 1024 * 1024],
];

describe.each(DECODERS)("decoded by %s", (_name, make, maxWindow) => {
  const test = base.skipIf(make() === undefined);
  const read = (bytes: Uint8Array, size = bytes.length) => readWith(make() ?? SCRIPT_ZSTD, bytes, size);

  test.each<[string, number[], string]>([
    ["a raw block", frame(raw("hello\n", true)), "hello\n"],
    ["a repeated byte", frame(rle("x", 5, true)), "xxxxx"],
    ["several blocks", frame(raw("a\n"), rle("b", 3), raw("c", true)), "a\nbbbc"],
    ["an empty frame", frame(raw("", true)), ""],
    ["empty blocks between others", frame(raw("a"), raw(""), raw("b"), raw("", true)), "ab"],
    ["two frames", [...frame(raw("a", true)), ...frame(raw("b", true))], "ab"],
    ["a skippable frame first", [...skippable([1, 2, 3], 7), ...frame(raw("a", true))], "a"],
    ["a skippable frame last", [...frame(raw("a", true)), ...skippable([])], "a"],
    ["a checksum that is right", checkedFrame("content"), "content"],
    ["a dictionary id of zero", [...MAGIC, 0x01, 0x38, 0, ...raw("a", true)], "a"],
    ["a declared size in one byte", [...MAGIC, 0x20, 3, ...raw("abc", true)], "abc"],
    [
      "a declared size in two bytes",
      [...MAGIC, 0x60, ...little(300 - 256, 2), ...rle("x", 300, true)],
      "x".repeat(300),
    ],
    ["a declared size in eight bytes", [...MAGIC, 0xe0, ...little(3, 8), ...raw("abc", true)], "abc"],
  ])("%s is read, wherever its bytes are cut", async (_, bytes, expected) => {
    for (let size = 1; size <= bytes.length; size++) {
      expect(await read(Uint8Array.from(bytes), size)).toEqual({ text: expected, kind: "whole", detail: "" });
    }
  });

  test.each(WRITTEN)("what zstd wrote is read: %s", async (_, plain, base64) => {
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    for (const size of [1, 7, 64, bytes.length]) {
      expect(await read(bytes, size)).toEqual({ text: plain, kind: "whole", detail: "" });
    }
  });

  test.each(WRITTEN)(
    "a cut anywhere is noticed and what came before it is kept: %s",
    async (_, plain, base64) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      for (let length = 1; length < bytes.length; length++) {
        const result = await read(bytes.subarray(0, length));
        expect(result.kind).toBe("cut");
        expect(plain.startsWith(result.text)).toBe(true);
      }
    },
  );

  test("a cut after the first block keeps that block", async () => {
    const whole = frame(raw("first\n"), raw("second\n", true));
    expect(await read(Uint8Array.from(whole.slice(0, -3)))).toEqual({
      text: "first\n",
      kind: "cut",
      detail: `the zstd data ends at byte ${whole.length - 3}, inside the frame that begins at byte 0`,
    });
  });

  test("a frame without its last block is cut, though every block is whole", async () => {
    expect(await read(Uint8Array.from(frame(raw("a"), raw("b"))))).toMatchObject({ text: "ab", kind: "cut" });
  });

  test.each<[string, number[], string, RegExp]>([
    ["a wrong checksum", checkedFrame("content", 1), "content", /checksum/],
    [
      "garbage behind the last frame",
      [...frame(raw("a", true)), 1, 2, 3, 4],
      "a",
      /from byte 10 on are no zstd frame/,
    ],
    ["one stray byte", [...frame(raw("a", true)), 0], "a", /from byte 10 on/],
    ["a reserved block type", frame(raw("a"), block(3, 0, [], true)), "a", /reserved type/],
    ["a reserved header bit", [...MAGIC, 0x08, 0x38, ...raw("a", true)], "", /reserved bit/],
    ["a dictionary", [...MAGIC, 0x01, 0x38, 9, ...raw("a", true)], "", /needs dictionary 9/],
    ["more content than declared", [...MAGIC, 0x20, 2, ...raw("a"), ...raw("bc", true)], "a", /too long/],
    [
      "less content than declared",
      [...MAGIC, 0x20, 4, ...raw("abc", true)],
      "abc",
      /says it holds 4 bytes but holds 3/,
    ],
    ["a block beyond its window", [...MAGIC, 0, 0, ...rle("x", 1025, true)], "", /too long/],
    [
      "a compressed block of nonsense",
      frame(raw("a"), block(2, 4, [0xff, 0xff, 0xff, 0xff], true)),
      "a",
      /cannot be decoded/,
    ],
  ])("%s is damage, and what came before it is kept", async (_, bytes, plain, detail) => {
    const result = await read(Uint8Array.from(bytes));
    expect(result).toMatchObject({ text: plain, kind: "corrupt" });
    expect(result.detail).toMatch(detail);
  });

  test("Huffman weights of a single symbol are refused rather than followed for ever", async () => {
    const literals = [0x42, 0x80, 0x02, 6, 0xf0, 0x03, 0xff, 0xff, 0xff, 0x80, 0, 0, 0, 0];
    const zeroFirst = [0x42, 0x80, 0x02, 6, 0x10, 0xf8, 0x01, 0xff, 0xff, 0x80, 0, 0, 0, 0];
    for (const body of [literals, zeroFirst]) {
      expect(await read(Uint8Array.from(frame(block(2, body.length, body, true))))).toMatchObject({
        kind: "corrupt",
      });
    }
  });

  test("a window beyond the limit is refused in words", async () => {
    const result = await read(Uint8Array.from([...MAGIC, 0, 0x90, ...raw("a", true)]));
    expect(result).toMatchObject({ kind: "unreadable", text: "" });
    expect(result.detail).toBe(
      `the zstd frame at byte 0 needs a window of 268435456 bytes, more than the ${maxWindow} supported; decompress it first`,
    );
  });

  test("a window at the limit is read", async () => {
    const descriptor = (Math.log2(maxWindow) - 10) << 3;
    const result = await read(Uint8Array.from([...MAGIC, 0, descriptor, ...raw("a", true)]));
    expect(result).toEqual({ text: "a", kind: "whole", detail: "" });
  });
});

base.each([
  [MAGIC, true],
  [[0x5f, 0x2a, 0x4d, 0x18], true],
  [[0x60, 0x2a, 0x4d, 0x18], false],
  [MAGIC.slice(0, 3), false],
])("the first bytes %j are zstd: %s", (head, expected) => {
  expect(isZstd(Uint8Array.from(head))).toBe(expected);
});
