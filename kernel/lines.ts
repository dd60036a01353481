// Lines and windows: where they end. Input: bytes that end with a newline.
import { LONGEST_WALKED, WINDOW } from "../src/bytes/kernel-layout";

export const NEWLINE: u8 = 0x0a;
const RETURN: u8 = 0x0d;

/** The first newline at or after a place; there must be one. */
function nextNewline(from: usize): usize {
  const newline = i8x16.splat(NEWLINE);
  let at = from;
  let found = i8x16.bitmask(i8x16.eq(v128.load(at), newline));
  while (found == 0) {
    at += 16;
    found = i8x16.bitmask(i8x16.eq(v128.load(at), newline));
  }
  return at + ctz(found);
}

/** The place after the last newline before `end`; `from` when there is none. */
export function afterLastNewline(from: usize, end: usize): usize {
  let at = end;
  while (at > from && load<u8>(at - 1) != NEWLINE) at--;
  return at;
}

/** The end of the next window: whole lines, about WINDOW bytes; one line when the first is longer. */
export function windowEnd(from: usize, end: usize): usize {
  if (end - from <= <usize>WINDOW) return end;
  const cut = afterLastNewline(from, from + WINDOW);
  return cut > from ? cut : nextNewline(from + WINDOW) + 1;
}

/** Whether a window is one line that is too long to walk. */
export function isOverlong(from: usize, end: usize): bool {
  return end - from > <usize>LONGEST_WALKED;
}

@inline
export function isBlank(byte: u8): bool {
  return byte == 0x20 || byte == 0x09 || byte == RETURN;
}

@inline
export function isReturn(byte: u8): bool {
  return byte == RETURN;
}

/** The four masks of 64 bytes as one. */
@inline
export function mask64(a: v128, b: v128, c: v128, d: v128): u64 {
  const low = <u32>i8x16.bitmask(a) | (<u32>i8x16.bitmask(b) << 16);
  const high = <u32>i8x16.bitmask(c) | (<u32>i8x16.bitmask(d) << 16);
  return <u64>low | (<u64>high << 32);
}

/** The bits below a place; all of them from 64 on. */
@inline
export function bitsBelow(count: usize): u64 {
  return count >= 64 ? <u64>-1 : (<u64>1 << <u64>count) - 1;
}
