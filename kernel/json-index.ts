// The first of two passes over JSON lines: the places that give a line its shape, 64 bytes at a time and without branches.
// An event is a colon, brace or bracket outside strings, any backslash, and every newline.
import { EVENTS } from "../src/bytes/kernel-layout";
import { noteZero } from "./asks";
import { flatten } from "./flatten";
import { bitsBelow, mask64, NEWLINE } from "./lines";
import { beginStrings, escapedBy, hasOpenEscape, stringsOf } from "./strings";

/** Set in a newline's event when a string was still open there. Inputs are shorter than 2 GB. */
export const BROKEN: u32 = 0x80000000;

const QUOTE: u8 = 0x22;
const COLON: u8 = 0x3a;
const BACKSLASH: u8 = 0x5c;
/** These bits make one byte of { } [ ]; of Y, y, _ and DEL too, which no valid JSON has outside strings. */
const BRACKET_BITS: u8 = 0x26;
const BRACKET: u8 = 0x7f;

/** Writes the events of whole lines; gives the end of what it wrote. */
export function indexJson(from: usize, end: usize): usize {
  const quote = i8x16.splat(QUOTE);
  const colon = i8x16.splat(COLON);
  const backslash = i8x16.splat(BACKSLASH);
  const newline = i8x16.splat(NEWLINE);
  const bracketBits = i8x16.splat(BRACKET_BITS);
  const bracket = i8x16.splat(BRACKET);
  let out: usize = load<u32>(EVENTS);
  beginStrings();
  let least = i8x16.splat(-1);
  let at = from;
  while (at < end) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    least = i8x16.min_u(least, i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d)));
    const aSlash = i8x16.eq(a, backslash);
    const bSlash = i8x16.eq(b, backslash);
    const cSlash = i8x16.eq(c, backslash);
    const dSlash = i8x16.eq(d, backslash);
    let quotes = mask64(i8x16.eq(a, quote), i8x16.eq(b, quote), i8x16.eq(c, quote), i8x16.eq(d, quote));
    let slashes: u64 = 0;
    if (v128.any_true(v128.or(v128.or(aSlash, bSlash), v128.or(cSlash, dSlash))) || hasOpenEscape()) {
      slashes = mask64(aSlash, bSlash, cSlash, dSlash);
      quotes &= ~escapedBy(slashes);
    }
    const newlines =
      mask64(i8x16.eq(a, newline), i8x16.eq(b, newline), i8x16.eq(c, newline), i8x16.eq(d, newline)) &
      bitsBelow(end - at);
    const shape = mask64(
      v128.or(i8x16.eq(a, colon), i8x16.eq(v128.or(a, bracketBits), bracket)),
      v128.or(i8x16.eq(b, colon), i8x16.eq(v128.or(b, bracketBits), bracket)),
      v128.or(i8x16.eq(c, colon), i8x16.eq(v128.or(c, bracketBits), bracket)),
      v128.or(i8x16.eq(d, colon), i8x16.eq(v128.or(d, bracketBits), bracket)),
    );
    const strings = stringsOf(quotes);
    let events = ((shape & ~strings) | slashes | newlines) & bitsBelow(end - at);
    const broken = newlines & strings;
    if (broken != 0) {
      // No string goes on over a newline: what follows is read from there, as if it were the first line.
      const place = <usize>ctz(broken);
      events &= bitsBelow(place);
      out = flatten(out, at, events);
      store<u32>(out, <u32>(at + place) | BROKEN);
      out += 4;
      at += place + 1;
      beginStrings();
      continue;
    }
    out = flatten(out, at, events);
    at += 64;
  }
  noteZero(!i8x16.all_true(least));
  return out;
}
