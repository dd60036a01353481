// Needles: short texts inside a value, without regard to ASCII case.
// Two nibble tables for each of the first two bytes tell in a few steps that a value holds none of them, as most do.
import { NEEDLE_LENGTH, NEEDLE_SIZE, NEEDLE_TEXT, PAIR_TABLES } from "../src/bytes/kernel-layout";

/** Whether a value holds one of the needles, which begin behind their tables. */
export function holdsAny(from: usize, to: usize, needles: usize, count: u32, shortest: u32): bool {
  const length = to - from;
  if (length < <usize>shortest) return false;
  const low0 = v128.load(needles);
  const high0 = v128.load(needles, 16);
  const low1 = v128.load(needles, 32);
  const high1 = v128.load(needles, 48);
  const none = i8x16.splat(0);
  const places = length - shortest + 1;
  for (let step: usize = 0; step < places; step += 16) {
    const first = look(v128.load(from + step), low0, high0);
    const second = look(v128.load(from + step, 1), low1, high1);
    let found = i8x16.bitmask(i8x16.ne(v128.and(first, second), none));
    if (places - step < 16) found &= (1 << <i32>(places - step)) - 1;
    for (; found != 0; found &= found - 1) {
      if (isNeedle(from + step + ctz(found), to, needles + PAIR_TABLES, count)) return true;
    }
  }
  return false;
}

/** Looks bytes up in a pair of nibble tables: the bits that both nibbles have in common. */
@inline
export function look(bytes: v128, low: v128, high: v128): v128 {
  const lows = i8x16.swizzle(low, v128.and(bytes, i8x16.splat(0x0f)));
  return v128.and(lows, i8x16.swizzle(high, i8x16.shr_u(bytes, 4)));
}

function isNeedle(at: usize, to: usize, needles: usize, count: u32): bool {
  const end = needles + <usize>count * NEEDLE_SIZE;
  for (let needle = needles; needle < end; needle += NEEDLE_SIZE) {
    const length: usize = load<u32>(needle, NEEDLE_LENGTH);
    if (at + length <= to && sameText(at, load<u32>(needle, NEEDLE_TEXT), length)) return true;
  }
  return false;
}

/** Compares with a text that is in lower case. */
export function sameText(from: usize, text: usize, length: usize): bool {
  for (let at: usize = 0; at < length; at++) {
    if (lower(load<u8>(from + at)) != load<u8>(text + at)) return false;
  }
  return true;
}

@inline
function lower(byte: u8): u8 {
  return <u8>(byte - 0x41) < 26 ? byte | 0x20 : byte;
}
