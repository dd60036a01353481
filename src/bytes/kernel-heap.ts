/** The kernel's memory from its host's side: words, bytes, and room for what is as long as the plan makes it. */
import * as at from "./kernel-layout.ts";

const PAGE = 65_536;

/** Makes room for a larger input, which is the last thing in memory. */
export function ensureInput(memory: WebAssembly.Memory, input: number, capacity: number): void {
  const end = input + capacity + 2 * at.PADDING;
  const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
  if (missing > 0) memory.grow(missing);
}

export interface Heap {
  word(address: number, value: number): void;
  byte(address: number, value: number): void;
  bytes(address: number, values: Uint8Array): void;
  /** Addresses are multiples of 16. */
  take(size: number): number;
}

export function createHeap(memory: WebAssembly.Memory): Heap {
  let next = at.HEAP;
  let view = new DataView(memory.buffer);
  return {
    word: (address, value) => view.setUint32(address, value >>> 0, true),
    byte: (address, value) => view.setUint8(address, value),
    bytes: (address, values) => new Uint8Array(memory.buffer).set(values, address),
    take(size) {
      const address = next;
      next = Math.ceil((next + size) / 16) * 16;
      ensureInput(memory, next, 0);
      view = new DataView(memory.buffer);
      return address;
    },
  };
}

/** Puts bytes on the heap, with room for a load that begins at the last of them. */
export function place(heap: Heap, bytes: Uint8Array): number {
  const address = heap.take(bytes.length + 16);
  heap.bytes(address, bytes);
  return address;
}
