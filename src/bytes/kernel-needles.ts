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
      heap.word(entry + at.NEEDLE_NEXT, firsts[bucket] ?? 0);
      firsts[bucket] = entry;
      addPrint(tables, text, 1 << bucket);
    }
  }
  heap.bytes(at.TEDDY_TABLES, tables);
  heap.bytes(at.TEDDY_BUCKETS, new Uint8Array(firsts.buffer));
  return true;
}

/** Literals that begin alike share a bucket as far as there are enough buckets: mixed ones make false candidates. */
function intoBuckets(texts: readonly Uint8Array[]): readonly (readonly number[])[] {
  const order = texts.map((_, index) => index).sort((a, b) => compare(texts[a], texts[b]));
  const buckets: number[][] = Array.from({ length: BUCKETS }, () => []);
  for (const [rank, index] of order.entries()) {
    buckets[Math.floor((rank * BUCKETS) / Math.max(order.length, BUCKETS))]?.push(index);
  }
  return buckets;
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
  return byte >= 0x61 && byte <= 0x7a ? [byte, byte - 0x20] : [byte];
}

const ANY_BYTE: readonly number[] = Array.from({ length: 256 }, (_, byte) => byte);

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** UTF-8 with ASCII letters in lower case; other letters are compared as they are. */
export function lowerBytes(text: string): Uint8Array {
  return ENCODER.encode(text).map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));
}
