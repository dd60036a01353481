/** Writes literals and needles into the kernel's memory, with the nibble tables that find them. */
import { type Heap, place } from "./kernel-heap.ts";
import * as at from "./kernel-layout.ts";

const ENCODER = new TextEncoder();

export function writeNeedles(heap: Heap, needles: readonly Uint8Array[]): number {
  const tables = new Uint8Array(at.PAIR_TABLES);
  const first = heap.take(at.PAIR_TABLES + needles.length * at.NEEDLE_SIZE);
  for (const [index, needle] of needles.entries()) {
    writeNeedle(heap, first + at.PAIR_TABLES + index * at.NEEDLE_SIZE, needle);
    addPrint(tables, needle, 1 << (index % BUCKETS));
  }
  heap.bytes(first, tables);
  return first;
}

function writeNeedle(heap: Heap, address: number, text: Uint8Array): void {
  heap.word(address + at.NEEDLE_TEXT, place(heap, text));
  heap.word(address + at.NEEDLE_LENGTH, text.length);
}

const BUCKETS = 8;
/** Bytes of a literal that the tables know. */
const PRINT = 3;
/** What a byte counts that hardly any log holds, beside a printable one. */
const RARE = 0.01;

/** Fills the nibble tables; false when there are no usable literals. */
export function writeLiterals(heap: Heap, literals: readonly string[] | null): boolean {
  const texts = literals?.map(lowerBytes);
  if (texts === undefined || texts.some((text) => text.length === 0 || text.includes(0x0a))) return false;
  const tables = new Uint8Array(PRINT * 32);
  const firsts = new Uint32Array(BUCKETS);
  const entries = heap.take(texts.length * at.NEEDLE_SIZE);
  for (const [bucket, members] of intoBuckets(texts).entries()) {
    for (const member of members) {
      const text = texts[member] as Uint8Array;
      const entry = entries + member * at.NEEDLE_SIZE;
      writeNeedle(heap, entry, text);
      heap.word(entry + at.NEEDLE_DIGITS, text.every(isDigit) ? 1 : 0);
      writeBeginning(heap, entry, text.subarray(0, 4));
      heap.word(entry + at.NEEDLE_NEXT, firsts[bucket] ?? 0);
      firsts[bucket] = entry;
      addPrint(tables, text, 1 << bucket);
    }
  }
  heap.bytes(at.TEDDY_TABLES, tables);
  heap.bytes(at.TEDDY_BUCKETS, new Uint8Array(firsts.buffer));
  return true;
}

function writeBeginning(heap: Heap, entry: number, beginning: Uint8Array): void {
  const word = (byteOf: (byte: number) => number): number =>
    beginning.reduce((sum, byte, place) => sum + byteOf(byte) * 256 ** place, 0);
  heap.word(
    entry + at.NEEDLE_BEGINNING,
    word((byte) => byte),
  );
  heap.word(
    entry + at.NEEDLE_MASK,
    word(() => 0xff),
  );
  heap.word(
    entry + at.NEEDLE_FOLD,
    word((byte) => (isLetter(byte) ? 0x20 : 0)),
  );
}

/**
 * Literals that begin alike share a bucket. The tables of a bucket let every mixture of its members' bytes pass, so the
 * sorted literals are divided where the least else passes.
 */
function intoBuckets(texts: readonly Uint8Array[]): readonly (readonly number[])[] {
  const order = texts.map((_, index) => index).sort((a, b) => compare(texts[a], texts[b]));
  const nibbles = order.map((at) => nibblesOf(texts[at]));
  const noise = order.map((_, from) => noiseFrom(nibbles, from));
  // For each number of literals: the least noise in the buckets so far, and where each of these begins.
  let best = order.map((_, at) => ({ noise: noise[0]?.[at] ?? 0, starts: [0] }));
  for (let buckets = 2; buckets <= BUCKETS; buckets++) {
    const fewer = best;
    best = fewer.map((one, at) => {
      let least = one;
      for (let last = 0; last < at; last++) {
        const before = fewer[last];
        const sum = (before?.noise ?? 0) + (noise[last + 1]?.[at - last - 1] ?? 0);
        if (sum < least.noise) least = { noise: sum, starts: [...(before?.starts ?? []), last + 1] };
      }
      return least;
    });
  }
  const starts = best.at(-1)?.starts ?? [];
  return starts.map((start, bucket) => order.slice(start, starts[bucket + 1]));
}

/** A bit for each low nibble, and above them one for each high nibble, of every byte of a print. */
function nibblesOf(text: Uint8Array | undefined): readonly number[] {
  return Array.from({ length: PRINT }, (_, place) =>
    spellings(text?.[place]).reduce((bits, byte) => bits | (1 << (byte & 15)) | (0x10000 << (byte >> 4)), 0),
  );
}

/** High nibbles of printable ASCII. */
const PRINTABLE = 0b1111_1100;

/** How many texts, of printable bytes above all, the tables let pass of one literal, of two, of three and so on. */
function noiseFrom(nibbles: readonly (readonly number[])[], from: number): readonly number[] {
  const all = Array.from({ length: PRINT }, () => 0);
  return nibbles.slice(from).map((one) => {
    let product = 1;
    for (let place = 0; place < PRINT; place++) {
      const bits = (all[place] ?? 0) | (one[place] ?? 0);
      all[place] = bits;
      const high = bits >>> 16;
      product *= bitCount(bits & 0xffff) * (bitCount(high & PRINTABLE) + RARE * bitCount(high & ~PRINTABLE));
    }
    return product;
  });
}

function bitCount(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count++;
  return count;
}

function compare(a: Uint8Array | undefined, b: Uint8Array | undefined): number {
  for (let index = 0; index < PRINT; index++) {
    const order = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

function addPrint(tables: Uint8Array, text: Uint8Array, bit: number): void {
  for (let index = 0; index < tables.length / 32; index++) {
    for (const byte of spellings(text[index])) {
      const low = index * 32 + (byte & 15);
      const high = index * 32 + 16 + (byte >> 4);
      tables[low] = (tables[low] ?? 0) | bit;
      tables[high] = (tables[high] ?? 0) | bit;
    }
  }
}

/** A byte in both cases; any byte where the literal has ended. */
function spellings(byte: number | undefined): readonly number[] {
  if (byte === undefined) return ANY_BYTE;
  return isLetter(byte) ? [byte, byte - 0x20] : [byte];
}

/** Of ASCII; texts are in lower case. */
function isLetter(byte: number): boolean {
  return byte >= 0x61 && byte <= 0x7a;
}

const ANY_BYTE: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte);

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** UTF-8 with ASCII letters in lower case; other letters are compared as they are. */
export function lowerBytes(text: string): Uint8Array {
  return ENCODER.encode(text).map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));
}
