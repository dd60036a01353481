/**
 * The byte kernel: rules out lines that no rule can match, at the speed of grep.
 * In: raw bytes, in whole chunks of a file. Out: how many lines were ruled out, and where the others are. It says "no"
 * only of a line that it understood; everything else is asked, and the full decoder has the word.
 */
import { ensureInput } from "./kernel-heap.ts";
import * as at from "./kernel-layout.ts";
import { layOut } from "./kernel-memory.ts";
import { KERNEL_BASE64 } from "./kernel-module.ts";
import type { KernelPlan, KernelTable } from "./kernel-plan.ts";

/** How lines are looked at: literals first, every line walked, or whichever is faster for the data. */
export type KernelMode = "prefilter" | "walk" | "auto";

export interface KernelOptions {
  /** Units: bytes of input. */
  readonly capacity?: number;
  /** The share of lines, 0 to 1, that is asked whatever it holds; by the line's offset, so always the same ones. */
  readonly sampleRate?: number;
  /** Another share for lines that begin at or behind a place of the file. Units: bytes. */
  readonly sparse?: { readonly from: number; readonly rate: number };
  readonly mode?: KernelMode;
  /** Every line is walked, and literals are searched only where the walk does not know the lines. */
  readonly walkFirst?: boolean;
}

/** What one call found. Units: places are bytes from the start of the input. */
export interface KernelResult {
  /** So far the input was whole lines, all of them decided. */
  readonly consumed: number;
  readonly ruledOut: number;
  /** Start and end (without the newline) of every line to decode, in order. Valid until the next call. */
  readonly asks: Uint32Array;
  /**
   * "done": all whole lines are decided. "directive": the line at `consumed` begins with the framing's directive byte.
   * "asks-full": call again from `consumed`.
   */
  readonly status: "done" | "directive" | "asks-full";
  /** The input is full and holds no whole line: grow(), read on, call again. */
  readonly needMore: boolean;
}

export interface Kernel {
  readonly framing: KernelPlan["framing"]["kind"];
  /** The caller fills it from the front. Valid until grow(). */
  readonly input: Uint8Array<ArrayBuffer>;
  /**
   * Decides the whole lines in input[from..length).
   * Units: `baseOffset` is the place in the file of the input's first byte. `atEnd`: the file ends at `length`, so that
   * its last line needs no newline. The 64 bytes behind `length` are written over.
   */
  run(length: number, baseOffset: number, atEnd: boolean, from?: number): KernelResult;
  /** Moves what follows the consumed bytes to the front; gives how many bytes there are. */
  carry(consumed: number, length: number): number;
  /** Makes the input larger; its bytes stay. */
  grow(capacity: number): void;
}

/** No input is as long. Units: bytes. */
const MOST_INPUT = 2 ** 31;
const CAPACITY = 1024 * 1024;
const STATUS = ["done", "directive", "asks-full"] as const;

interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly run: (from: number, length: number, base: number, atEnd: boolean, prefilter: boolean) => number;
}

let compiled: WebAssembly.Module | undefined;

/**
 * Creates a kernel for one plan.
 * Errors: RangeError for a plan that is larger than the kernel's tables.
 */
export function createKernel(plan: KernelPlan, table: KernelTable, options: KernelOptions = {}): Kernel {
  compiled ??= new WebAssembly.Module(bytesOf(KERNEL_BASE64));
  const { memory, run } = new WebAssembly.Instance(compiled).exports as unknown as KernelExports;
  let capacity = options.capacity ?? CAPACITY;
  const threshold = thresholdOf(options.sampleRate ?? 0);
  const sparseFrom = options.sparse?.from ?? Number.POSITIVE_INFINITY;
  const sparseThreshold = thresholdOf(options.sparse?.rate ?? 0);
  const sizes = { capacity, threshold, sparseThreshold };
  const { input, asks, prefilter, always } = layOut(memory, plan, table, sizes);
  const pace = createPace(prefilter, always, options);
  let bytes = new Uint8Array(memory.buffer, input, capacity);
  let words = new Uint32Array(memory.buffer);
  const word = (address: number): number => words[address / 4] as number;

  return {
    framing: plan.framing.kind,
    get input() {
      return bytes;
    },
    run(length, baseOffset, atEnd, from = 0) {
      const filtered = pace.next();
      words[at.SPARSE_FROM / 4] = Math.min(Math.max(0, sparseFrom - baseOffset), MOST_INPUT);
      // A wrapped offset is enough: the sample is taken modulo 2^32.
      const status = run(from, length, baseOffset % 2 ** 32, atEnd, filtered);
      const consumed = word(at.CONSUMED);
      const count = (word(at.ASKED_END) - asks) / 4;
      const ruledOut = word(at.RULED_OUT);
      const lines = ruledOut + count / 2;
      if (filtered) pace.searched(word(at.CANDIDATES) / lines);
      else pace.walked(count / 2 / lines);
      return {
        consumed,
        ruledOut,
        asks: words.subarray(asks / 4, asks / 4 + count),
        status: STATUS[status] ?? "done",
        needMore: !atEnd && status === 0 && consumed === 0 && length === capacity,
      };
    },
    carry(consumed, length) {
      bytes.copyWithin(0, consumed, length);
      return length - consumed;
    },
    grow(larger) {
      ensureInput(memory, input, larger);
      capacity = larger;
      bytes = new Uint8Array(memory.buffer, input, capacity);
      words = new Uint32Array(memory.buffer);
    },
  };
}

/** Over this share of candidates the prefilter costs more than it saves. Source: docs/decisions, byte kernel. */
const MOST_CANDIDATES = 0.25;
/** A walk that asks for a larger share of the lines does not know them: they are of another kind, or most of them match. */
const MOST_ASKED = 0.5;
/** So many chunks are read one way before the other is tried again. */
const CHUNKS = 16;

interface Pace {
  /** Whether literals are searched first in the next chunk. */
  next(): boolean;
  /** What share of a chunk's lines the search let pass. */
  searched(candidates: number): void;
  /** What share of a chunk's lines the walk asked for. */
  walked(asked: number): void;
}

/** Decides, chunk by chunk, whether literals are searched first. */
function createPace(
  possible: boolean,
  always: boolean,
  { mode = "auto", walkFirst = false }: KernelOptions,
): Pace {
  let walks = 0;
  let searches = 0;
  return {
    next() {
      if (!possible || mode === "walk") return false;
      // Where every walk ends in "ask", only the literals can rule a line out.
      if (always || mode === "prefilter") return true;
      if (searches > 0) {
        searches--;
        return true;
      }
      if (walkFirst) return false;
      if (walks === 0) return true;
      walks--;
      return false;
    },
    searched(candidates) {
      if (searches === 0 && candidates > MOST_CANDIDATES) walks = CHUNKS;
    },
    walked(asked) {
      if (asked <= MOST_ASKED) return;
      walks = 0;
      searches = CHUNKS;
    },
  };
}

/** Hashes below it are in the sample. */
function thresholdOf(rate: number): number {
  return Math.min(0xffffffff, Math.round(rate * 2 ** 32));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}
