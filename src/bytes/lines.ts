/** Chunks in, lines out: every line once, with its place in the file, whatever the chunks' borders. */

/** A batch of lines. Units: offsets in bytes from the start of the file. */
export interface LineBatch {
  readonly lines: readonly string[];
  readonly offsets: readonly number[];
  /** Lines that are over the limit have no text here, only their place. */
  readonly tooLong: readonly number[];
  /** Bytes of the file up to the end of this batch. */
  readonly end: number;
}

/** Longer lines are rejected. Units: bytes. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Splits a stream of chunks into lines. A carriage return before the newline, and a byte order mark at the
 * very beginning, are dropped; a last line without newline counts. Bytes that are not UTF-8 become U+FFFD.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes = MAX_LINE_BYTES,
): AsyncGenerator<LineBatch> {
  const splitter = createSplitter(maxLineBytes);
  for await (const chunk of chunks) {
    const batch = splitter.push(chunk);
    if (batch !== undefined) yield batch;
  }
  const last = splitter.finish();
  if (last !== undefined) yield last;
}

export interface Splitter {
  push(chunk: Uint8Array): LineBatch | undefined;
  finish(): LineBatch | undefined;
  /** How far it was given the file. Units: bytes from its start. */
  end(): number;
  /** The line that is still open; undefined where it is over the limit already. */
  open(): OpenLine | undefined;
}

/** Units: `offset` is where in the file the line begins, `length` how many bytes of it there are. */
export interface OpenLine {
  readonly offset: number;
  readonly length: number;
  bytes(): Uint8Array;
}

/** Makes a splitter of a file's bytes from an offset on, where a line begins. */
export function createSplitter(maxLineBytes = MAX_LINE_BYTES, from = 0): Splitter {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let start = from;
  let overlong = false;

  const keep = (bytes: Uint8Array): void => {
    pendingBytes += bytes.length;
    if (pendingBytes > maxLineBytes) {
      overlong = true;
      pending = [];
    } else if (bytes.length > 0) {
      pending.push(new Uint8Array(bytes));
    }
  };
  const take = (tail: Uint8Array): LineBatch => {
    const block = pending.length === 0 ? tail : join([...pending, tail]);
    const tooLong = overlong ? [start] : [];
    const from = overlong ? Math.min(tail.indexOf(NEWLINE) + 1 || tail.length, tail.length) : 0;
    const base = overlong ? start + pendingBytes + from : start;
    start += pendingBytes + tail.length;
    const batch = splitBlock(decoder, overlong ? tail.subarray(from) : block, base, maxLineBytes);
    pending = [];
    pendingBytes = 0;
    overlong = false;
    return { ...batch, tooLong: [...tooLong, ...batch.tooLong], end: start };
  };

  return {
    push(chunk) {
      const cut = chunk.lastIndexOf(NEWLINE) + 1;
      const batch = cut > 0 ? take(chunk.subarray(0, cut)) : undefined;
      keep(chunk.subarray(cut));
      return batch;
    },
    finish() {
      return pendingBytes > 0 ? take(new Uint8Array(0)) : undefined;
    },
    end: () => start + pendingBytes,
    open: () => (overlong ? undefined : { offset: start, length: pendingBytes, bytes: () => join(pending) }),
  };
}

/** Splits whole lines; where text and bytes are equally long, one decoding serves the whole block. */
function splitBlock(decoder: TextDecoder, block: Uint8Array, base: number, maxLineBytes: number): LineBatch {
  const text = decoder.decode(block);
  const exact = text.length === block.length;
  const lines: string[] = [];
  const offsets: number[] = [];
  const tooLong: number[] = [];
  let at = 0;
  const length = exact ? text.length : block.length;
  while (at < length) {
    const newline = exact ? text.indexOf("\n", at) : block.indexOf(NEWLINE, at);
    const end = newline < 0 ? length : newline;
    if (end - at > maxLineBytes) tooLong.push(base + at);
    else {
      const line = exact ? text.slice(at, end) : decoder.decode(block.subarray(at, end));
      lines.push(trimLine(line, base + at === 0));
      offsets.push(base + at);
    }
    at = end + 1;
  }
  return { lines, offsets, tooLong, end: base + length };
}

function trimLine(line: string, first: boolean): string {
  const from = first && line.charCodeAt(0) === 0xfeff ? 1 : 0;
  const end = line.endsWith("\r") ? line.length - 1 : line.length;
  return from === 0 && end === line.length ? line : line.slice(from, end);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
