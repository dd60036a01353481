// IPv4: strict dotted decimal, and the classes of an address by the host's interval table.
import { CLASSES, FIRST_OF_SLASH_8, STARTS } from "../src/bytes/kernel-layout";

export const NO_ADDRESS: i64 = -1;

const SHORTEST: usize = 7;
const LONGEST: usize = 15;
const LARGEST: u32 = 255;

/** Reads four numbers from 0 to 255 without leading zeros. Their lengths differ from line to line, so nothing loops. */
export function parseIpv4(from: usize, to: usize): i64 {
  const length = to - from;
  if (length - SHORTEST > LONGEST - SHORTEST) return NO_ADDRESS;
  const bytes = v128.load(from);
  const inside = (1 << <i32>length) - 1;
  const digits = i8x16.bitmask(i8x16.le_u(i8x16.sub(bytes, i8x16.splat(0x30)), i8x16.splat(9))) & inside;
  let dots = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(0x2e))) & inside;
  if ((digits | dots) != inside || popcnt(dots) != 3) return NO_ADDRESS;
  const first = from + ctz(dots);
  dots &= dots - 1;
  const second = from + ctz(dots);
  dots &= dots - 1;
  const third = from + ctz(dots);
  const a = byteOf(from, first);
  const b = byteOf(first + 1, second);
  const c = byteOf(second + 1, third);
  const d = byteOf(third + 1, to);
  if (max(max(a, b), max(c, d)) > LARGEST) return NO_ADDRESS;
  return <i64>((a << 24) | (b << 16) | (c << 8) | d);
}

/** The number that some digits make; more than LARGEST for none, too many, or a leading zero. */
@inline
function byteOf(from: usize, to: usize): u32 {
  const length = <u32>(to - from);
  // The last four bytes before the end, those of this number kept: units in the highest byte.
  const kept = (load<u32>(to - 4) ^ 0x30303030) & (<u32>-1 << (32 - (length << 3)));
  const value = (kept >> 24) + ((kept >> 16) & 0xff) * 10 + ((kept >> 8) & 0xff) * 100;
  const isOdd = length - 1 > 2 || (length > 1 && load<u8>(from) == 0x30);
  return isOdd ? LARGEST + 1 : value;
}

/** The bit set of an address: binary search among the intervals that reach into its /8. */
export function classesOf(address: u32): u32 {
  const slash8 = FIRST_OF_SLASH_8 + <usize>((address >> 24) << 2);
  const starts: usize = load<u32>(STARTS);
  let low = load<u32>(slash8);
  let high = load<u32>(slash8, 4);
  // The last interval that begins at or before the address is in [low, high].
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (load<u32>(starts + (<usize>middle << 2)) <= address) low = middle;
    else high = middle - 1;
  }
  return load<u32>(<usize>load<u32>(CLASSES) + (<usize>low << 2));
}
