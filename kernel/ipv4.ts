// IPv4: strict dotted decimal, and the classes of an address by the host's interval table.
import { CLASSES, FIRST_OF_SLASH_8, STARTS } from "../src/bytes/kernel-layout";

export const NO_ADDRESS: i64 = -1;

/** Reads four numbers from 0 to 255 without leading zeros. */
export function parseIpv4(from: usize, to: usize): i64 {
  let address: i64 = 0;
  let at = from;
  for (let part = 0; part < 4; part++) {
    let byte: u32 = 0;
    const first = at;
    while (at < to) {
      const digit = <u32>load<u8>(at) - 0x30;
      if (digit > 9) break;
      byte = byte * 10 + digit;
      at++;
    }
    const digits = at - first;
    if (digits - 1 > 2 || byte > 255 || (digits > 1 && load<u8>(first) == 0x30)) return NO_ADDRESS;
    address = (address << 8) | byte;
    if (part < 3) {
      if (at >= to || load<u8>(at) != 0x2e) return NO_ADDRESS;
      at++;
    }
  }
  return at == to ? address : NO_ADDRESS;
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
