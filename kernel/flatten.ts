// From a mask to a list of places.

/** Writes the places of the bits, eight at a time: writing some too many costs less than a branch for each. */
@inline
export function flatten(out: usize, at: usize, events: u64): usize {
  const next = out + (<usize>popcnt(events) << 2);
  let bits = events;
  let to = out;
  do {
    put(to, at, bits);
    put(to + 4, at, (bits &= bits - 1));
    put(to + 8, at, (bits &= bits - 1));
    put(to + 12, at, (bits &= bits - 1));
    put(to + 16, at, (bits &= bits - 1));
    put(to + 20, at, (bits &= bits - 1));
    put(to + 24, at, (bits &= bits - 1));
    put(to + 28, at, (bits &= bits - 1));
    bits &= bits - 1;
    to += 32;
  } while (to < next);
  return next;
}

@inline
function put(to: usize, at: usize, bits: u64): void {
  store<u32>(to, <u32>at + <u32>ctz(bits));
}
