/** The blocks of zstd frames, decoded by Node's own zlib in the thread pool: since Node 22.15. */
import * as zlib from "node:zlib";
import type { FrameDecoder, ZstdDecoder, ZstdFrame } from "../bytes/zstd-frames.ts";
import { windowDescriptor } from "../bytes/zstd-window.ts";
import { ZlibPieces, type ZlibStream } from "./zlib-pieces.ts";

/** What zlib has where it can read zstd; Node 20 and its types know nothing of it. */
interface ZstdInZlib {
  createZstdDecompress(options: { readonly chunkSize: number }): ZlibStream;
}

const MAGIC_BYTES = [0x28, 0xb5, 0x2f, 0xfd] as const;
/** What zstd takes unless it is told otherwise. Units: bytes. */
const MAX_WINDOW = 128 * 1024 * 1024;
/** What zlib writes into, block by block, before it takes new memory; a new one costs an empty turn. Units: bytes. */
const OUTPUT_BYTES = 1024 * 1024;

/** Node's decoder for zstd, undefined where it has none. */
export function nativeZstd(): ZstdDecoder | undefined {
  return hasZstd(zlib) ? new NativeDecoder(zlib) : undefined;
}

function hasZstd(module: object): module is ZstdInZlib {
  return "createZstdDecompress" in module && typeof module.createZstdDecompress === "function";
}

class NativeDecoder implements ZstdDecoder {
  readonly maxWindow = MAX_WINDOW;
  readonly #pieces: ZlibPieces;

  constructor(module: ZstdInZlib) {
    this.#pieces = new ZlibPieces(module.createZstdDecompress({ chunkSize: OUTPUT_BYTES }));
  }

  begin(frame: ZstdFrame): FrameDecoder {
    return new NativeFrame(this.#pieces, plainHeader(frame));
  }

  close(): void {
    this.#pieces.close();
  }
}

/** A frame, given one block at a time: of a damaged one the place is known, and nothing before it is lost. */
class NativeFrame implements FrameDecoder {
  readonly #pieces: ZlibPieces;
  /** Goes with the first block. */
  #header: Uint8Array | undefined;

  constructor(pieces: ZlibPieces, header: Uint8Array) {
    this.#pieces = pieces;
    this.#header = header;
  }

  async decode(bytes: Uint8Array, size: number): Promise<readonly Uint8Array[]> {
    const block = bytes.subarray(0, size);
    const piece = this.#header === undefined ? block : Buffer.concat([this.#header, block]);
    this.#header = undefined;
    const { plain, failure } = await this.#pieces.decode(piece);
    if (failure !== undefined) throw failure;
    return plain;
  }

  async verify(checksum: Uint8Array): Promise<boolean> {
    return (await this.#pieces.decode(checksum)).failure === undefined;
  }
}

/**
 * A frame header without the size of the content. With it, zstd would refuse a last block that does not fit the size,
 * and what is in that block would be lost.
 */
function plainHeader({ window, checksum }: ZstdFrame): Uint8Array {
  return Uint8Array.from([...MAGIC_BYTES, checksum ? 0x04 : 0, windowDescriptor(window)]);
}
