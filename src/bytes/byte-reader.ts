/** Exact numbers of bytes out of a stream of chunks, for formats that are read piece by piece. */

const NOTHING = new Uint8Array(0);

/** Reads ahead only as far as it is asked to. What it returns is valid until the next call. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = NOTHING;
  #at = 0;
  #ended = false;
  #offset = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Bytes taken so far. */
  get offset(): number {
    return this.#offset;
  }

  /** The next bytes, without taking them; fewer than asked for only where the stream ends. */
  async peek(count: number): Promise<Uint8Array> {
    if (this.#chunk.length - this.#at < count && !this.#ended) await this.#gather(count);
    return this.#chunk.subarray(this.#at, this.#at + count);
  }

  /** Takes bytes that were peeked at. */
  skip(count: number): void {
    this.#at += count;
    this.#offset += count;
  }

  /** Takes bytes unseen; answers how many, fewer than asked for only where the stream ends. */
  async discard(count: number): Promise<number> {
    let left = count;
    while (left > 0) {
      const { length } = await this.peek(1);
      if (length === 0) break;
      const step = Math.min(left, this.#chunk.length - this.#at);
      this.skip(step);
      left -= step;
    }
    return count - left;
  }

  /** All bytes to the end of the stream. */
  async *rest(): AsyncGenerator<Uint8Array> {
    while ((await this.peek(1)).length > 0) {
      const bytes = this.#chunk.subarray(this.#at);
      this.skip(bytes.length);
      yield bytes;
    }
  }

  /** Lets the stream go, so that a file behind it is closed. */
  async close(): Promise<void> {
    this.#ended = true;
    await this.#chunks.return?.();
  }

  async #gather(count: number): Promise<void> {
    const parts: Uint8Array[] = [];
    let total = 0;
    // A copy, since the stream may use a chunk's memory again.
    const keep = (bytes: Uint8Array): void => {
      if (bytes.length > 0) parts.push(new Uint8Array(bytes));
      total += bytes.length;
    };
    keep(this.#chunk.subarray(this.#at));
    this.#at = 0;
    while (total < count) {
      const { value, done } = await this.#chunks.next();
      if (done === true) {
        this.#ended = true;
        break;
      }
      if (total === 0 && value.length >= count) {
        this.#chunk = value;
        return;
      }
      keep(value);
    }
    this.#chunk = concat(parts, total);
  }
}

function concat(parts: readonly Uint8Array[], total: number): Uint8Array {
  const joined = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
