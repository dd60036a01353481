/**
 * Zstandard frames: header, blocks, checksum, skippable frames, one after another. What is inside a block is
 * left to a decoder; what is around it is checked here, so that a cut or damaged file never passes for a whole one
 * and is told in the same words, whichever decoder there is.
 * Source: RFC 8878.
 */
import type { ByteReader } from "./byte-reader.ts";
import { isZstd, ZSTD_FRAME } from "./magic-bytes.ts";
import { SourceError } from "./source.ts";
import { windowSize } from "./zstd-window.ts";

const MAGIC_BYTES = [0x28, 0xb5, 0x2f, 0xfd] as const;
/** Source: RFC 8878 section 3.1.1.2.4. Units: bytes. */
const MAX_BLOCK = 128 * 1024;
const BLOCK_HEADER = 3;

/** What a decoder has to know of a frame. */
export interface ZstdFrame {
  /** How far back its content may point. Units: bytes. */
  readonly window: number;
  /** Whether a checksum of the content follows the last block. */
  readonly checksum: boolean;
}

/** Decodes one frame. The bytes that it is given must stay until it is done with them. */
export interface FrameDecoder {
  /**
   * The content of the next block.
   * Shape: its header and body are the first `size` bytes; where the frame goes on, the byte behind them is there too.
   * Errors: an Error when the block is not valid.
   */
  decode(bytes: Uint8Array, size: number): Promise<readonly Uint8Array[]>;
  /** Tells whether four bytes, behind the last block, are the checksum of the content. */
  verify(checksum: Uint8Array): Promise<boolean>;
}

/** Decodes frames, one after another. */
export interface ZstdDecoder {
  /** The largest window that it takes. Units: bytes. */
  readonly maxWindow: number;
  begin(frame: ZstdFrame): FrameDecoder;
  close(): void;
}

interface FrameHeader extends ZstdFrame {
  readonly contentSize: number | null;
}

interface BlockHeader {
  readonly last: boolean;
  /** Bytes in the file, the header included. */
  readonly stored: number;
}

/**
 * The content of all frames, a block at a time. Memory is bounded by the frame's window, not by the file.
 * Errors: SourceError `cut` or `corrupt`, after every block that came before the damage.
 */
export async function* readZstd(input: ByteReader, decoder: ZstdDecoder): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const start = input.offset;
      const head = await input.peek(4);
      if (head.length === 0) return;
      if (head.length < 4) throw strayBytes(head, start);
      if (uint32(head, 0) === ZSTD_FRAME) yield* readFrame(input, decoder);
      else if (isZstd(head)) await skipFrame(input);
      else throw strayBytes(head, start);
    }
  } finally {
    decoder.close();
  }
}

async function* readFrame(input: ByteReader, decoder: ZstdDecoder): AsyncGenerator<Uint8Array> {
  const start = input.offset;
  const header = await readHeader(input, decoder.maxWindow);
  const maxBlock = Math.min(header.window, MAX_BLOCK);
  const frame = decoder.begin(header);
  let total = 0;
  for (let last = false; !last; ) {
    const at = input.offset;
    const block = await readBlockHeader(input, start, maxBlock);
    const bytes = await input.peek(block.last ? block.stored : block.stored + 1);
    if (bytes.length < block.stored) throw cutFrame(start, at + bytes.length);
    const plain = await decodeBlock(frame, bytes, block.stored, at);
    const length = plain.reduce((sum, part) => sum + part.length, 0);
    total += length;
    if (length > maxBlock || total > (header.contentSize ?? total)) throw damaged("a block is too long", at);
    input.skip(block.stored);
    yield* plain;
    last = block.last;
  }
  if (header.contentSize !== null && total !== header.contentSize) {
    throw damaged(`a frame says it holds ${header.contentSize} bytes but holds ${total}`, start);
  }
  if (header.checksum) await readChecksum(input, frame, start);
}

async function decodeBlock(
  frame: FrameDecoder,
  bytes: Uint8Array,
  size: number,
  at: number,
): Promise<readonly Uint8Array[]> {
  try {
    return await frame.decode(bytes, size);
  } catch (error) {
    throw damaged("a block cannot be decoded", at, error);
  }
}

async function readHeader(input: ByteReader, maxWindow: number): Promise<FrameHeader> {
  const start = input.offset;
  // The longest header: magic, descriptor, window, dictionary id of 4, content size of 8.
  const bytes = await input.peek(18);
  const descriptor = bytes[4];
  if (descriptor === undefined) throw cutFrame(start, start + bytes.length);
  const single = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const dictionaryAt = single ? 5 : 6;
  const sizeAt = dictionaryAt + dictionaryBytes;
  if (bytes.length < sizeAt + sizeBytes) throw cutFrame(start, start + bytes.length);
  if ((descriptor & 0x08) !== 0) throw damaged("a frame header sets a reserved bit", start);
  const dictionary = littleEndian(bytes, dictionaryAt, dictionaryBytes);
  if (dictionary !== 0) {
    throw new SourceError(
      "corrupt",
      `the zstd frame at byte ${start} needs dictionary ${dictionary}, which it does not carry`,
    );
  }
  const contentSize =
    sizeBytes === 0 ? null : littleEndian(bytes, sizeAt, sizeBytes) + (sizeBytes === 2 ? 256 : 0);
  const window = single ? (contentSize ?? 0) : windowSize(bytes[5] ?? 0);
  if (window > maxWindow) {
    throw new SourceError(
      "unreadable",
      `the zstd frame at byte ${start} needs a window of ${window} bytes, more than the ${maxWindow} supported; decompress it first`,
    );
  }
  input.skip(sizeAt + sizeBytes);
  return { window, contentSize, checksum: (descriptor & 0x04) !== 0 };
}

async function readBlockHeader(input: ByteReader, frame: number, maxBlock: number): Promise<BlockHeader> {
  const bytes = await input.peek(BLOCK_HEADER);
  if (bytes.length < BLOCK_HEADER) throw cutFrame(frame, input.offset + bytes.length);
  const word = littleEndian(bytes, 0, BLOCK_HEADER);
  const type = (["raw", "rle", "compressed"] as const)[(word >> 1) & 3];
  const size = word >> 3;
  if (type === undefined) throw damaged("a block has the reserved type", input.offset);
  if (size > maxBlock) throw damaged("a block is too long", input.offset);
  return { last: (word & 1) === 1, stored: BLOCK_HEADER + (type === "rle" ? 1 : size) };
}

async function readChecksum(input: ByteReader, frame: FrameDecoder, start: number): Promise<void> {
  const stored = await input.peek(4);
  if (stored.length < 4) throw cutFrame(start, input.offset + stored.length);
  if (!(await frame.verify(stored))) throw damaged("the checksum of a frame's content is wrong", start);
  input.skip(4);
}

async function skipFrame(input: ByteReader): Promise<void> {
  const start = input.offset;
  const head = await input.peek(8);
  if (head.length < 8) throw cutFrame(start, start + head.length);
  const size = 8 + uint32(head, 4);
  const skipped = await input.discard(size);
  if (skipped < size) throw cutFrame(start, input.offset);
}

function uint32(bytes: Uint8Array, at: number): number {
  return littleEndian(bytes, at, 4);
}

function littleEndian(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0);
  return value;
}

function cutFrame(frame: number, end: number): SourceError {
  return new SourceError(
    "cut",
    `the zstd data ends at byte ${end}, inside the frame that begins at byte ${frame}`,
  );
}

function damaged(what: string, at: number, cause?: unknown): SourceError {
  return new SourceError("corrupt", `the zstd data is damaged at byte ${at}: ${what}`, cause);
}

function strayBytes(head: Uint8Array, at: number): SourceError {
  const begun = head.every((byte, i) => byte === MAGIC_BYTES[i]);
  if (begun) return cutFrame(at, at + head.length);
  return new SourceError("corrupt", `the bytes from byte ${at} on are no zstd frame`);
}
