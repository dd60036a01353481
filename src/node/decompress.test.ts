/** Compressed inputs: whole, cut, damaged and of kinds that are not read. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { constants, crc32, deflateRawSync, gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { type Compression, SourceError } from "../bytes/source.ts";
import { decompress } from "./decompress.ts";

const LINES = Array.from(
  { length: 20_000 },
  (_, i) => `${i} 10.1.2.3 8.8.8.8 445 ${(i * 7919) % 10_007}\n`,
).join("");
const little = (value: number, count: number) =>
  Buffer.from(Array.from({ length: count }, (_, i) => Math.floor(value / 256 ** i) % 256));

interface MemberParts {
  readonly flags?: number;
  readonly method?: number;
  readonly fields?: Buffer;
  readonly crc?: number;
  readonly length?: number;
}

/** A gzip member by hand, with the parts that gzipSync does not write. */
function member(content: string, parts: MemberParts = {}): Buffer {
  const { flags = 0, method = 8, fields = Buffer.alloc(0) } = parts;
  const body = deflateRawSync(content);
  const trailer = [
    little(parts.crc ?? crc32(content), 4),
    little(parts.length ?? Buffer.byteLength(content), 4),
  ];
  return Buffer.concat([
    Buffer.from([0x1f, 0x8b, method, flags, 0, 0, 0, 0, 0, 255]),
    fields,
    body,
    ...trailer,
  ]);
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size);
}

async function read(bytes: Uint8Array, size = Math.max(1, bytes.length)) {
  let compression: Compression | null | undefined;
  const plain: Buffer[] = [];
  let failure = { kind: "whole", detail: "" };
  try {
    for await (const chunk of decompress(pieces(bytes, size), (kind) => (compression = kind))) {
      plain.push(Buffer.from(chunk));
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    failure = { kind: error.kind, detail: error.detail };
  }
  return { text: Buffer.concat(plain).toString(), compression, ...failure };
}

const whole = (text: string, compression: Compression | null) => ({
  text,
  compression,
  kind: "whole",
  detail: "",
});

test.each<[string, string]>([
  ["nothing", ""],
  ["one byte", "x"],
  ["a short text", "hello\n"],
  ["a text that looks like bzip2", "BZh9 is a room\n"],
  ["a long text", LINES],
])("plain bytes are passed on as they are: %s", async (_, text) => {
  expect(await read(Buffer.from(text), 1000)).toEqual(whole(text, null));
});

test.each<[string, Buffer, string]>([
  ["one member", gzipSync("hello\n"), "hello\n"],
  ["an empty member", gzipSync(""), ""],
  ["two members", Buffer.concat([gzipSync("a\n"), gzipSync("b\n")]), "a\nb\n"],
  ["empty members between others", Buffer.concat([gzipSync("a"), gzipSync(""), gzipSync("b")]), "ab"],
  ["stored blocks", gzipSync("hello", { level: 0 }), "hello"],
  ["zeros behind the last member", Buffer.concat([gzipSync("a"), Buffer.alloc(20)]), "a"],
  ["a file name", member("a", { flags: 0x08, fields: Buffer.from("conn.log\0") }), "a"],
  [
    "a name, a comment, extra bytes",
    member("a", { flags: 0x1c, fields: Buffer.from("\x02\0xyn\0c\0") }),
    "a",
  ],
])("gzip is read, wherever its bytes are cut: %s", async (_, bytes, expected) => {
  for (let size = 1; size <= bytes.length; size++) {
    expect(await read(bytes, size)).toEqual(whole(expected, "gzip"));
  }
});

test.each([1000, 65_536, 1_000_000])("a long gzip file is read in pieces of %i bytes", async (size) => {
  const bytes = Buffer.concat([gzipSync(LINES), gzipSync(LINES, { level: 0 }), gzipSync("end\n")]);
  expect(await read(bytes, size)).toEqual(whole(`${LINES}${LINES}end\n`, "gzip"));
});

test("a header checksum is checked", async () => {
  const header = Buffer.from([0x1f, 0x8b, 8, 2, 0, 0, 0, 0, 0, 255]);
  const right = member("a", { flags: 2, fields: little(crc32(header) & 0xffff, 2) });
  expect(await read(right)).toEqual(whole("a", "gzip"));
  const wrong = await read(member("a", { flags: 2, fields: little((crc32(header) + 1) & 0xffff, 2) }));
  expect(wrong).toMatchObject({ kind: "corrupt", text: "" });
  expect(wrong.detail).toMatch(/checksum of its header/);
});

test("a gzip file that is cut anywhere is noticed, and what came before the cut is kept", async () => {
  const bytes = Buffer.concat([
    gzipSync("first\n"),
    member("second\n", { flags: 8, fields: Buffer.from("n\0") }),
  ]);
  const first = gzipSync("first\n").length;
  for (let length = 2; length < bytes.length; length++) {
    const result = await read(bytes.subarray(0, length));
    expect(result.kind).toBe(length === first ? "whole" : "cut");
    expect("first\nsecond\n".startsWith(result.text)).toBe(true);
    if (length >= first) expect(result.text.startsWith("first\n")).toBe(true);
  }
});

test("a long gzip file that is cut gives all that its bytes hold, the same for every chunk size", async () => {
  const bytes = gzipSync(LINES, { level: 1 });
  const half = bytes.subarray(0, bytes.length >> 1);
  const result = await read(half);
  expect(result.kind).toBe("cut");
  expect(result.detail).toBe(
    `the gzip data ends at byte ${half.length}, inside the member that begins at byte 0`,
  );
  expect(LINES.startsWith(result.text)).toBe(true);
  expect(result.text.length).toBeGreaterThan(LINES.length / 3);
  expect(await read(half, 777)).toEqual(result);
});

test("damage inside a member is told, and most of what came before it is kept, the same for every chunk size", async () => {
  const long = LINES.repeat(4);
  const body = deflateRawSync(long, { level: 1, finishFlush: constants.Z_SYNC_FLUSH });
  // A block of the reserved type follows.
  const bytes = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]),
    body,
    Buffer.from([7, 0, 0]),
  ]);
  const result = await read(bytes);
  expect(result.kind).toBe("corrupt");
  expect(result.detail).toMatch(/begins at byte 0 is damaged/);
  expect(long.startsWith(result.text)).toBe(true);
  expect(result.text.length).toBeGreaterThan(long.length - 500_000);
  expect(await read(bytes, 777)).toEqual(result);
});

test.each<[string, Buffer, string, RegExp]>([
  ["a wrong checksum", member("abc", { crc: 1 }), "abc", /checksum of its content/],
  ["a wrong length", member("abc", { length: 4 }), "abc", /length of its content/],
  ["another method", member("abc", { method: 7 }), "", /header is not valid/],
  ["a reserved flag", member("abc", { flags: 0x20 }), "", /header is not valid/],
  [
    "garbage behind the last member",
    Buffer.concat([member("abc"), Buffer.from("xyz")]),
    "abc",
    /from byte \d+ on are no gzip/,
  ],
  [
    "garbage behind padding",
    Buffer.concat([member("abc"), Buffer.from("\0\0x")]),
    "abc",
    /from byte \d+ on are no gzip/,
  ],
  [
    "a name that does not end",
    member("abc", { flags: 8, fields: Buffer.alloc(600_000, 0x61) }),
    "",
    /header is not valid/,
  ],
])("%s is damage, and what came before it is kept", async (_, bytes, text, detail) => {
  const result = await read(bytes);
  expect(result).toMatchObject({ kind: "corrupt", text });
  expect(result.detail).toMatch(detail);
});

test("zstd is known by its first bytes", async () => {
  const bytes = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38, 0x11, 0, 0, 0x68, 0x69]);
  expect(await read(bytes, 3)).toEqual(whole("hi", "zstd"));
});

test.each<[string, string]>([
  ["bzip2", "BZh91AY&SY"],
  ["xz", "\xfd7zXZ\0\0"],
  ["zip", "PK\x03\x04 a"],
  ["lz4", '\x04"M\x18 a'],
  ["7-Zip", "7z\xbc\xaf'\x1c"],
])("%s is refused in words", async (kind, head) => {
  const result = await read(Buffer.from(head, "latin1"));
  expect(result).toMatchObject({ kind: "unreadable", text: "" });
  expect(result.detail).toBe(`${kind}-compressed: not read; decompress it first`);
});

/** A frame of zeros, made of blocks that say how often. Units: 128 KiB. */
function zstdZeros(blocks: number): Buffer {
  const block = (last: number) => [...little(131_072 * 8 + 2 + last, 3), 0];
  const body = Array.from({ length: blocks }, (_, i) => block(Number(i === blocks - 1))).flat();
  return Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0x38, ...body]);
}

test.each<[string, Buffer]>([
  ["gzip", gzipSync(LINES)],
  ["zstd", zstdZeros(20)],
])("the stream behind is closed when reading stops early: %s", async (_, bytes) => {
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield bytes;
    } finally {
      closed = true;
    }
  }
  for await (const _chunk of decompress(endless(), () => {})) break;
  expect(closed).toBe(true);
});

/** Bytes in buffers that are still used: what the collector has not come to yet says nothing. */
function heldBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  return process.memoryUsage().arrayBuffers;
}

test.each<[string, () => Buffer]>([
  ["gzip", () => gzipSync(Buffer.alloc(64 * 1024 * 1024))],
  ["zstd", () => zstdZeros(512)],
])("much content from few bytes is made only as it is asked for: %s", async (_, make) => {
  const zeros = make();
  const before = heldBytes();
  let most = 0;
  let total = 0;
  for await (const chunk of decompress(pieces(zeros, zeros.length), () => {})) {
    total += chunk.length;
    if (total % (8 * 1024 * 1024) < chunk.length) most = Math.max(most, heldBytes() - before);
  }
  expect(total).toBe(64 * 1024 * 1024);
  expect(most).toBeLessThan(16 * 1024 * 1024);
});
