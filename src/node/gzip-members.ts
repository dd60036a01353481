/**
 * Gzip members, one after another. Each is taken apart here and inflated by zlib in the thread pool, so that
 * a cut, a wrong checksum and bytes behind the last member are told apart, with their place in the file.
 * Source: RFC 1952.
 */
import { crc32, createInflateRaw } from "node:zlib";
import type { ByteReader } from "../bytes/byte-reader.ts";
import { isGzip } from "../bytes/magic-bytes.ts";
import { SourceError } from "../bytes/source.ts";
import { oneAhead, ZlibPieces } from "./zlib-pieces.ts";

/**
 * What is handed to zlib at a time; all that it makes of it, up to a thousandfold, is in memory. So the first piece is a
 * small one, and each is as large as what came of the one before lets expect. Units: bytes.
 */
const INPUT_BYTES = 64 * 1024;
const FIRST_INPUT_BYTES = 2 * 1024;
const EXPECTED_BYTES = 2 * 1024 * 1024;
/**
 * The buffer that zlib fills, one for several pieces: a piece that has room in it is made in one go, while its reader works
 * on another. With zlib's own 16 KiB it takes four times as long. Damage costs at most so much of what came before it.
 * Units: bytes.
 */
const OUTPUT_BYTES = 1024 * 1024;
/** Longer names and comments are taken for damage. Units: bytes. */
const MAX_HEADER = 256 * 1024;
const TRAILER = 8;

/** Bits of the header's flag byte. Source: RFC 1952 section 2.3.1. */
const FLAG = { headerCrc: 0x02, extra: 0x04, name: 0x08, comment: 0x10, reserved: 0xe0 } as const;

/**
 * The content of all members. Zeros behind the last one are padding.
 * Errors: SourceError `cut` or `corrupt`, after what came before the damage.
 */
export async function* readGzip(input: ByteReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    yield* readMember(input);
    const next = await input.peek(2);
    if (next.length === 0) return;
    if (next[0] === 0) return await readPadding(input);
    if (!isGzip(next) && !(next.length === 1 && next[0] === 0x1f)) throw strayBytes(input.offset);
  }
}

async function* readMember(input: ByteReader): AsyncGenerator<Uint8Array> {
  const start = input.offset;
  input.skip(await headerLength(input));
  let checksum = 0;
  let total = 0;
  for await (const piece of oneAhead(inflateBody(input, start))) {
    for (const plain of piece) {
      checksum = crc32(plain, checksum);
      total += plain.length;
      yield plain;
    }
  }
  const trailer = await input.peek(TRAILER);
  if (trailer.length < TRAILER) throw cutMember(start, input.offset + trailer.length);
  const view = new DataView(trailer.buffer, trailer.byteOffset, TRAILER);
  if (view.getUint32(0, true) !== checksum) throw damaged("the checksum of its content is wrong", start);
  if (view.getUint32(4, true) !== total >>> 0) throw damaged("the length of its content is wrong", start);
  input.skip(TRAILER);
}

async function headerLength(input: ByteReader): Promise<number> {
  const start = input.offset;
  const fixed = await input.peek(10);
  if (fixed.length < 10) throw cutMember(start, start + fixed.length);
  const [, , method, flags = 0] = fixed;
  if (method !== 8 || (flags & FLAG.reserved) !== 0) throw damaged("its header is not valid", start);
  let length = 10;
  if ((flags & FLAG.extra) !== 0) {
    const field = await peekWhole(input, length + 2);
    length += 2 + (field[length] ?? 0) + (field[length + 1] ?? 0) * 256;
  }
  if ((flags & FLAG.name) !== 0) length = await afterZero(input, length);
  if ((flags & FLAG.comment) !== 0) length = await afterZero(input, length);
  const header = await peekWhole(input, length + ((flags & FLAG.headerCrc) !== 0 ? 2 : 0));
  if (header.length > length) {
    const stored = (header[length] ?? 0) + (header[length + 1] ?? 0) * 256;
    if (stored !== (crc32(header.subarray(0, length)) & 0xffff)) {
      throw damaged("the checksum of its header is wrong", start);
    }
  }
  return header.length;
}

async function peekWhole(input: ByteReader, count: number): Promise<Uint8Array> {
  const bytes = await input.peek(count);
  if (bytes.length < count) throw cutMember(input.offset, input.offset + bytes.length);
  return bytes;
}

/** Where the text that begins at `from` is over, its closing zero included. */
async function afterZero(input: ByteReader, from: number): Promise<number> {
  for (let size = 512; size <= MAX_HEADER; size *= 2) {
    const bytes = await input.peek(from + size);
    const zero = bytes.indexOf(0, from);
    if (zero >= 0) return zero + 1;
    if (bytes.length < from + size) throw cutMember(input.offset, input.offset + bytes.length);
  }
  throw damaged("its header is not valid", input.offset);
}

/** What each piece of the body holds. What came of a piece before a failure is not lost. */
async function* inflateBody(input: ByteReader, member: number): AsyncGenerator<readonly Uint8Array[]> {
  const pieces = new ZlibPieces(createInflateRaw({ chunkSize: OUTPUT_BYTES }));
  try {
    let size = FIRST_INPUT_BYTES;
    for (let isLast = false; !isLast; ) {
      const bytes = await input.peek(size);
      if (bytes.length === 0) throw cutMember(member, input.offset);
      const before = pieces.bytesUsed;
      const { plain, failure } = await pieces.decode(bytes);
      const used = pieces.bytesUsed - before;
      input.skip(used);
      isLast = used < bytes.length;
      const times = plain.reduce((sum, { length }) => sum + length, 0) / used;
      size = Math.min(INPUT_BYTES, Math.max(FIRST_INPUT_BYTES, Math.floor(EXPECTED_BYTES / times)));
      yield plain;
      if (failure !== undefined) throw damaged("its content cannot be inflated", member, failure);
    }
  } finally {
    pieces.close();
  }
}

async function readPadding(input: ByteReader): Promise<void> {
  const start = input.offset;
  for await (const bytes of input.rest()) {
    if (bytes.some((byte) => byte !== 0)) throw strayBytes(start);
  }
}

function cutMember(member: number, end: number): SourceError {
  return new SourceError(
    "cut",
    `the gzip data ends at byte ${end}, inside the member that begins at byte ${member}`,
  );
}

function damaged(what: string, member: number, cause?: unknown): SourceError {
  return new SourceError(
    "corrupt",
    `the gzip member that begins at byte ${member} is damaged: ${what}`,
    cause,
  );
}

function strayBytes(at: number): SourceError {
  return new SourceError("corrupt", `the bytes from byte ${at} on are no gzip member`);
}
