/**
 * Chunks in, the lines that must be decoded out. The first stretch of a file is split into all its lines; then, where
 * a kernel can be made for what the file turned out to be, the kernel rules lines out and only the rest comes out.
 */
import type { Kernel } from "./kernel.ts";
import { createSplitter, type LineBatch, MAX_LINE_BYTES, type Splitter } from "./lines.ts";
import type { Room } from "./source.ts";

/** The side of the reader: it knows the format by the lines it was given so far. */
export interface Steering {
  /** A kernel for the lines to come; undefined while every line must come out. */
  kernel(): Kernel | undefined;
  /** Told how many lines were ruled out. */
  ruledOut(lines: number): void;
}

/**
 * All lines come out of so many bytes first, and again after a line that a kernel stopped at.
 * Units: bytes; `start` is where in the file the first chunk begins, which is where a line begins.
 */
export interface Stretches {
  readonly start: number;
  readonly head: number;
  readonly retry: number;
}

export const STRETCHES: Stretches = { start: 0, head: 128 * 1024, retry: 64 * 1024 };

const NEWLINE = 0x0a;

/**
 * Splits chunks into the lines that must be decoded.
 * Shape: `open` is told where chunks are best put; each batch is to be worked off before the next is asked for, since that is what steers.
 */
export async function* readAskedLines(
  open: (room: Room) => AsyncIterable<Uint8Array>,
  steering: Steering,
  maxLineBytes = MAX_LINE_BYTES,
  stretches = STRETCHES,
): AsyncGenerator<LineBatch> {
  const reader = createReader(steering, maxLineBytes, stretches);
  try {
    for await (const chunk of open(reader.room)) yield* reader.push(chunk);
  } catch (error) {
    // Whole lines that came before the damage count.
    yield* reader.flush();
    throw error;
  }
  yield* reader.finish();
}

interface Reader {
  readonly room: Room;
  push(chunk: Uint8Array): Generator<LineBatch>;
  /** Works off the whole lines. */
  flush(): Generator<LineBatch>;
  /** Works off all there is: the last line needs no newline. */
  finish(): Generator<LineBatch>;
}

function createReader(steering: Steering, maxLineBytes: number, stretches: Stretches): Reader {
  let splitter: Splitter = createSplitter(maxLineBytes, stretches.start);
  let running: KernelRun | undefined;
  /** Units: bytes from the start of the file; no line that begins before it goes to the kernel. */
  let tryAt = stretches.start + stretches.head;

  function* split(chunk: Uint8Array): Generator<LineBatch> {
    const batch = splitter.push(chunk);
    if (batch !== undefined) yield batch;
    yield* enter();
  }

  /** Starts the kernel, if there is one for what comes, with the line that is still open. */
  function* enter(): Generator<LineBatch> {
    const open = splitter.open();
    if (open === undefined || open.offset < tryAt) return;
    const kernel = steering.kernel();
    if (kernel === undefined) tryAt = open.offset + stretches.retry;
    else if (open.length < kernel.input.length) {
      running = new KernelRun(kernel, open.offset, steering);
      yield* running.push(open.bytes());
    }
  }

  /** Goes back to splitting where the kernel stopped; the bytes that it did not take are split. */
  function* leave(run: KernelRun, rest: Uint8Array): Generator<LineBatch> {
    running = undefined;
    const left = run.left();
    splitter = createSplitter(maxLineBytes, run.offset);
    // At the least the line that the kernel stopped at comes out.
    tryAt = run.offset + Math.max(1, stretches.retry);
    yield* push(left);
    yield* push(rest);
  }

  function* push(chunk: Uint8Array): Generator<LineBatch> {
    let rest = chunk;
    if (running === undefined) yield* enter();
    while (running === undefined && rest.length > 0) {
      const cut = firstLineFrom(rest, tryAt - splitter.end());
      yield* split(rest.subarray(0, cut));
      rest = rest.subarray(cut);
    }
    if (running === undefined || rest.length === 0) return;
    const run = running;
    const taken = yield* run.push(rest);
    if (run.stopped) yield* leave(run, rest.subarray(taken));
  }

  /** Lets the kernel work off what it has; where it stops, the rest is split, and may come to a kernel again. */
  function* drain(atEnd: boolean): Generator<LineBatch> {
    while (running !== undefined) {
      const run = running;
      yield* run.drain(atEnd);
      if (!run.stopped) return;
      yield* leave(run, new Uint8Array(0));
    }
  }

  return {
    room: () => running?.room(),
    push,
    flush: () => drain(false),
    *finish() {
      yield* drain(true);
      const last = running === undefined ? splitter.finish() : undefined;
      if (last !== undefined) yield last;
    },
  };
}

/** Where the first line begins at or behind a place; the chunk's end where none does. */
function firstLineFrom(chunk: Uint8Array, place: number): number {
  if (place >= chunk.length) return chunk.length;
  return chunk.indexOf(NEWLINE, Math.max(0, place - 1)) + 1 || chunk.length;
}

/** One kernel at work on a stretch of a file. */
class KernelRun {
  /** Where the first byte of the kernel's input lies in the file. */
  offset: number;
  /**
   * The kernel met a line that it does not pass, a directive or one longer than its input; or a line that came out
   * changed what is expected.
   */
  stopped = false;
  #filled = 0;
  readonly #kernel: Kernel;
  readonly #steering: Steering;
  readonly #decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  constructor(kernel: Kernel, offset: number, steering: Steering) {
    this.#kernel = kernel;
    this.offset = offset;
    this.#steering = steering;
  }

  /** The free part of the kernel's input. */
  room(): Uint8Array {
    return this.#kernel.input.subarray(this.#filled);
  }

  /**
   * Takes bytes; those that were put into the room stay where they are.
   * Shape: returns how many were taken; fewer than all only when stopped.
   */
  *push(bytes: Uint8Array): Generator<LineBatch, number> {
    if (this.#isInRoom(bytes)) {
      this.#filled += bytes.length;
      if (this.#filled === this.#kernel.input.length) yield* this.#run(false);
      return bytes.length;
    }
    let taken = 0;
    while (taken < bytes.length && !this.stopped) {
      const { input } = this.#kernel;
      const room = Math.min(input.length - this.#filled, bytes.length - taken);
      input.set(bytes.subarray(taken, taken + room), this.#filled);
      this.#filled += room;
      taken += room;
      if (this.#filled === input.length) yield* this.#run(false);
    }
    return taken;
  }

  #isInRoom({ buffer, byteOffset }: Uint8Array): boolean {
    const { input } = this.#kernel;
    return buffer === input.buffer && byteOffset === input.byteOffset + this.#filled;
  }

  *drain(atEnd: boolean): Generator<LineBatch> {
    if (this.#filled > 0) yield* this.#run(atEnd);
  }

  /** A copy of the bytes that are not worked off. */
  left(): Uint8Array {
    return this.#kernel.input.slice(0, this.#filled);
  }

  /** Runs until the whole lines are worked off, or the kernel stops; what is left goes to the front. */
  *#run(atEnd: boolean): Generator<LineBatch> {
    let from = 0;
    for (;;) {
      const { consumed, ruledOut, asks, status, needMore } = this.#kernel.run(
        this.#filled,
        this.offset,
        atEnd,
        from,
      );
      this.#steering.ruledOut(ruledOut);
      yield this.#toBatch(asks, consumed);
      from = consumed;
      if (status === "asks-full") continue;
      this.stopped = status === "directive" || needMore || !this.#isExpected(this.#steering.kernel());
      break;
    }
    this.#filled = this.#kernel.carry(from, this.#filled);
    this.offset += from;
  }

  /** JSON formats may stand in turn in one file: each one's kernel asks for the lines of the others. */
  #isExpected(kernel: Kernel | undefined): boolean {
    return kernel === this.#kernel || (kernel?.framing === "json" && this.#kernel.framing === "json");
  }

  /** The asked lines as text. Shape: `asks` are pairs of positions in the input. */
  #toBatch(asks: Uint32Array, end: number): LineBatch {
    const lines: string[] = [];
    const offsets: number[] = [];
    const { input } = this.#kernel;
    for (let pair = 0; pair < asks.length; pair += 2) {
      const start = asks[pair] as number;
      const line = this.#decoder.decode(input.subarray(start, asks[pair + 1]));
      lines.push(line.endsWith("\r") ? line.slice(0, -1) : line);
      offsets.push(this.offset + start);
    }
    return { lines, offsets, tooLong: [], end: this.offset + end };
  }
}
