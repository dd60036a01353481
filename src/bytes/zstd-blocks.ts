/** The blocks of zstd frames, decoded in JavaScript by fzstd within its limits. Source: RFC 8878. */
import { Decompress } from "fzstd";
import { Xxh64 } from "./xxh64.ts";
import type { FrameDecoder, ZstdDecoder, ZstdFrame } from "./zstd-frames.ts";
import { windowDescriptor } from "./zstd-window.ts";

const MAGIC_BYTES = [0x28, 0xb5, 0x2f, 0xfd] as const;
/** fzstd reads at most 25 bits of an offset: content from further back would silently be wrong. Units: bytes. */
const MAX_WINDOW = 32 * 1024 * 1024;

/** A decoder that runs everywhere. */
export const SCRIPT_ZSTD: ZstdDecoder = {
  maxWindow: MAX_WINDOW,
  begin: (frame) => new ScriptFrame(frame),
  close() {},
};

class ScriptFrame implements FrameDecoder {
  readonly #blocks: BlockDecoder;
  readonly #hash: Xxh64 | undefined;

  constructor({ window, checksum }: ZstdFrame) {
    this.#blocks = new BlockDecoder(window);
    this.#hash = checksum ? new Xxh64() : undefined;
  }

  async decode(block: Uint8Array): Promise<readonly Uint8Array[]> {
    const plain = this.#blocks.decode(block);
    this.#hash?.update(plain);
    return plain.length > 0 ? [plain] : [];
  }

  async verify(checksum: Uint8Array): Promise<boolean> {
    const stored = new DataView(checksum.buffer, checksum.byteOffset).getUint32(0, true);
    return this.#hash === undefined || stored === Number(this.#hash.digest() & 0xffff_ffffn);
  }
}

/** fzstd on one frame, given to it block by block so that what it makes at a time stays small. */
class BlockDecoder {
  readonly #zstd: Decompress;
  readonly #window: number;
  #plain: Uint8Array | undefined;
  #started = false;

  constructor(window: number) {
    this.#window = window;
    this.#zstd = new Decompress((bytes) => {
      this.#plain = bytes;
    });
  }

  /**
   * The content of one block, given with its header and with the byte that follows it, if any: fzstd keeps an
   * empty view of every piece that ends where a block does, and with it the memory behind, so none may end there.
   * Errors: an Error when the block is not valid.
   */
  decode(block: Uint8Array): Uint8Array {
    if (hasEndlessWeights(block)) throw new Error("Huffman weights of one symbol");
    if (!this.#started) this.#zstd.push(plainHeader(this.#window, block[0] ?? 0));
    this.#started = true;
    this.#plain = undefined;
    this.#zstd.push(block.subarray(1));
    if (this.#plain === undefined) throw new Error("a block without content");
    return this.#plain;
  }
}

/**
 * A frame header that says no more than the window, then the first block's first byte. It is padded with a
 * dictionary id and a content size, both unused, to the 18 bytes below which fzstd does not begin.
 */
function plainHeader(window: number, firstByte: number): Uint8Array {
  const header = new Uint8Array(19);
  header.set(MAGIC_BYTES);
  header[4] = 0xc3;
  header[5] = windowDescriptor(window);
  header[18] = firstByte;
  return header;
}

/**
 * Tells whether a block's Huffman weights are coded with a table of one symbol. No encoder writes that, since it
 * says nothing; fzstd would never come to the end of it.
 * Source: RFC 8878 sections 3.1.1.3.1, 4.1.1 and 4.2.1.
 */
function hasEndlessWeights(block: Uint8Array): boolean {
  const [header = 0, , , literals = 0] = block;
  const compressed = ((header >> 1) & 3) === 2 && (literals & 3) === 2;
  const at = 3 + ([3, 3, 4, 5][(literals >> 2) & 3] ?? 0);
  if (!compressed || (block[at] ?? 0) >= 128) return false;
  const accuracy = ((block[at + 1] ?? 0) & 15) + 5;
  const all = 2 ** (accuracy + 1) - 1;
  let bit = (at + 1) * 8 + 4;
  for (;;) {
    const value = bitsAt(block, bit);
    if ((value & all) === all) return true;
    // A probability of zero leaves the question open; it is followed by counts of further zeros.
    if ((value & (all >> 1)) !== 1 || bit >= block.length * 8) return false;
    bit += accuracy;
    while ((bitsAt(block, bit) & 3) === 3) bit += 2;
    bit += 2;
  }
}

/** At least 16 bits from a bit on, lowest first; zeros behind the end. */
function bitsAt(bytes: Uint8Array, bit: number): number {
  const at = bit >> 3;
  return ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)) >> (bit & 7);
}
