// IPv6: groups of hex digits with at most one gap, and the classes of an address by the host's interval table.
// Dotted decimal at the end, zones and brackets are not read here: such addresses are odd.
import { CLASSES_6, COUNT_6, STARTS_6 } from "../src/bytes/kernel-layout";

const COLON: u8 = 0x3a;
const TWO_COLONS: u16 = 0x3a3a;
const SHORTEST: usize = 2;
const LONGEST: usize = 39;
const GROUPS: i32 = 8;
const LONGEST_GROUP: usize = 4;
const NO_DIGIT: u32 = 16;
const NO_GAP: i32 = -1;

/** The two halves of the address that was read last. */
let high: u64 = 0;
let low: u64 = 0;

/** Reads an address; false for what is none, or is written in another way. */
export function parseIpv6(from: usize, to: usize): bool {
  if (to - from - SHORTEST > LONGEST - SHORTEST) return false;
  high = 0;
  low = 0;
  let groups: i32 = 0;
  let gap = NO_GAP;
  let headHigh: u64 = 0;
  let headLow: u64 = 0;
  let at = from;
  if (load<u16>(at) == TWO_COLONS) {
    gap = 0;
    at += 2;
  }
  while (at < to) {
    at = takeGroup(at, to);
    groups++;
    if (at == 0 || groups > GROUPS) return false;
    if (at == to) break;
    if (++at == to) return false;
    if (load<u8>(at) != COLON) continue;
    if (gap != NO_GAP) return false;
    // What follows the gap is read on its own.
    gap = groups;
    headHigh = high;
    headLow = low;
    high = 0;
    low = 0;
    at++;
  }
  if (gap == NO_GAP) return groups == GROUPS;
  if (gap > 0) placeHead(headHigh, headLow, GROUPS - gap);
  return groups < GROUPS;
}

/** Reads one group into the low end; gives the place of the colon behind it, or the end; 0 for what is no group. */
@inline
function takeGroup(from: usize, to: usize): usize {
  let group: u32 = 0;
  let at = from;
  while (at < to) {
    const digit = digitOf(load<u8>(at));
    if (digit == NO_DIGIT) break;
    group = (group << 4) | digit;
    at++;
  }
  if (at == from || at - from > LONGEST_GROUP || (at < to && load<u8>(at) != COLON)) return 0;
  high = (high << 16) | (low >> 48);
  low = (low << 16) | group;
  return at;
}

@inline
function digitOf(byte: u8): u32 {
  const digit = <u32>(byte - 0x30) & 0xff;
  if (digit < 10) return digit;
  const letter = <u32>((byte | 0x20) - 0x61) & 0xff;
  return letter < 6 ? letter + 10 : NO_DIGIT;
}

/** Moves what stands before the gap up by so many groups, 1 to 7, over what stands behind it. */
@inline
function placeHead(headHigh: u64, headLow: u64, groups: i32): void {
  const bits = <u64>groups << 4;
  if (bits >= 64) {
    high |= headLow << (bits - 64);
  } else {
    high |= (headHigh << bits) | (headLow >> (64 - bits));
    low |= headLow << bits;
  }
}

/** The bit set of the address that was read last: binary search among all intervals. */
export function classesOfIpv6(): u32 {
  const starts: usize = load<u32>(STARTS_6);
  let first: u32 = 0;
  let last = load<u32>(COUNT_6) - 1;
  // The last interval that begins at or before the address is in [first, last].
  while (first < last) {
    const middle = (first + last + 1) >> 1;
    const start = starts + (<usize>middle << 4);
    const startHigh = load<u64>(start);
    if (startHigh < high || (startHigh == high && load<u64>(start, 8) <= low)) first = middle;
    else last = middle - 1;
  }
  return load<u32>(<usize>load<u32>(CLASSES_6) + (<usize>first << 2));
}
