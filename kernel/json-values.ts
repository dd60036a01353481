// JSON values: from a wanted key's colon to the text of its value.
import { isBlank, NEWLINE } from "./lines";
import { setOdd, typeSlot } from "./slots";

const QUOTE: u8 = 0x22;

/** Types the value behind a colon. The line's strings are known to be closed. */
export function typeJsonValue(slot: usize, colon: usize): void {
  let from = colon + 1;
  while (isBlank(load<u8>(from))) from++;
  const first = load<u8>(from);
  if (first == QUOTE) typeString(slot, from + 1);
  else if (first - 0x30 <= 9) typeSlot(slot, from, endOfNumber(from), false);
  else setOdd(slot);
}

function typeString(slot: usize, from: usize): void {
  const quote = i8x16.splat(QUOTE);
  let at = from;
  let found = i8x16.bitmask(i8x16.eq(v128.load(at), quote));
  while (found == 0) {
    at += 16;
    found = i8x16.bitmask(i8x16.eq(v128.load(at), quote));
  }
  // A quote that was escaped has a backslash before it: then the text up to here ends in one, and no type takes it.
  typeSlot(slot, from, at + ctz(found), true);
}

function endOfNumber(from: usize): usize {
  let at = from;
  while (!endsNumber(load<u8>(at))) at++;
  return at;
}

@inline
function endsNumber(byte: u8): bool {
  return byte == 0x2c || byte == 0x7d || byte == NEWLINE || isBlank(byte);
}
