// Strings in quotes, 64 bytes at a time: which quotes are escaped, and what is between the others.

const ODD_BITS: u64 = 0xaaaaaaaaaaaaaaaa;

/** Whether the first byte of the next block is escaped, as its lowest bit. */
let escapes: u64 = 0;
/** All bits set while a string is open at a block's end. */
let inString: u64 = 0;

@inline
export function beginStrings(): void {
  escapes = 0;
  inString = 0;
}

/** Whether the next block needs to know its backslashes even where it has none. */
@inline
export function hasOpenEscape(): bool {
  return escapes != 0;
}

/**
 * The places that are escaped. A run of backslashes escapes what follows when its length is odd: carries of one
 * subtraction find the odd runs.
 */
@inline
export function escapedBy(slashes: u64): u64 {
  const starts = slashes & ~escapes;
  const codes = (((starts << 1) | ODD_BITS) - starts) ^ ODD_BITS;
  const escaped = codes ^ (slashes | escapes);
  escapes = (codes & slashes) >> 63;
  return escaped;
}

/** From quotes to strings, opening quotes included: every bit becomes the exclusive or of all bits up to it. */
@inline
export function stringsOf(quotes: u64): u64 {
  let bits = quotes ^ (quotes << 1);
  bits ^= bits << 2;
  bits ^= bits << 4;
  bits ^= bits << 8;
  bits ^= bits << 16;
  const strings = bits ^ (bits << 32) ^ inString;
  inString = <u64>(<i64>strings >> 63);
  return strings;
}
