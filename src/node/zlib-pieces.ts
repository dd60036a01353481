/** Compressed bytes, decoded by zlib in the thread pool, a piece after another. */
import type { Transform } from "node:stream";

/** What a piece was decoded to; where it is damaged, what came before the damage, as far as zlib gives it. */
interface Decoded {
  readonly plain: readonly Uint8Array[];
  readonly failure: Error | undefined;
}

/** A decompressing stream of zlib's. */
export type ZlibStream = Transform & { readonly bytesWritten: number };

/** Hands pieces to a stream of zlib's, and gives what came of each. */
export class ZlibPieces {
  readonly #zlib: ZlibStream;
  #plain: Uint8Array[] = [];
  #end: (failure: Error | null | undefined) => void = () => {};

  constructor(zlib: ZlibStream) {
    this.#zlib = zlib;
    zlib.on("data", (plain: Uint8Array) => this.#plain.push(plain));
    zlib.on("error", (error) => this.#end(error));
  }

  /** Bytes that the stream has taken; it takes none behind its end. */
  get bytesUsed(): number {
    return this.#zlib.bytesWritten;
  }

  /** Decodes a piece, whose bytes must stay until that is done. One at a time. */
  async decode(bytes: Uint8Array): Promise<Decoded> {
    const failure = await new Promise<Error | null | undefined>((resolve) => {
      this.#end = resolve;
      this.#zlib.write(bytes, resolve);
    });
    const plain = this.#plain;
    this.#plain = [];
    return { plain, failure: failure ?? undefined };
  }

  close(): void {
    this.#zlib.destroy();
  }
}

/** Has the next item in the making while the caller works on one: what the thread pool does costs no waiting. */
export async function* oneAhead<Item>(items: AsyncGenerator<Item>): AsyncGenerator<Item> {
  let next = items.next();
  try {
    for (;;) {
      const { value, done } = await next;
      if (done === true) return;
      next = items.next();
      // A failure is met when its turn comes.
      next.catch(() => {});
      await untilBegun();
      yield value;
    }
  } finally {
    await next.catch(() => {});
    await items.return(undefined);
  }
}

/** Once everything ran that waits for nothing: what leads to the thread pool does not. */
function untilBegun(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
