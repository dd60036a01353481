// The first of two passes over lines with quoted values, CSV and key=value: the places that give a line its shape.
// An event is a quote, a separator or an assignment outside strings, a backslash outside strings where one escapes, and
// every newline.
import { ASSIGNMENT, ESCAPE, EVENTS, SEPARATOR } from "../src/bytes/kernel-layout";
import { noteZero } from "./asks";
import { flatten } from "./flatten";
import { BROKEN } from "./json-index";
import { bitsBelow, mask64, NEWLINE } from "./lines";
import { beginStrings, escapedBy, stringsOf } from "./strings";

const QUOTE: u8 = 0x22;

/** Writes the events of whole lines; gives the end of what it wrote. A newline inside a string is BROKEN. */
export function indexQuoted(from: usize, end: usize): usize {
  const quote = i8x16.splat(QUOTE);
  const separator = i8x16.splat(<u8>load<u32>(SEPARATOR));
  const assignment = i8x16.splat(<u8>load<u32>(ASSIGNMENT));
  const escape = load<i32>(ESCAPE);
  const backslash = i8x16.splat(<u8>escape);
  const newline = i8x16.splat(NEWLINE);
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
    let quotes = mask64(i8x16.eq(a, quote), i8x16.eq(b, quote), i8x16.eq(c, quote), i8x16.eq(d, quote));
    let slashes: u64 = 0;
    if (escape >= 0) {
      slashes = mask64(
        i8x16.eq(a, backslash),
        i8x16.eq(b, backslash),
        i8x16.eq(c, backslash),
        i8x16.eq(d, backslash),
      );
      quotes &= ~escapedBy(slashes);
    }
    const strings = stringsOf(quotes);
    const shape = mask64(
      v128.or(i8x16.eq(a, separator), i8x16.eq(a, assignment)),
      v128.or(i8x16.eq(b, separator), i8x16.eq(b, assignment)),
      v128.or(i8x16.eq(c, separator), i8x16.eq(c, assignment)),
      v128.or(i8x16.eq(d, separator), i8x16.eq(d, assignment)),
    );
    const inside = bitsBelow(end - at);
    const newlines =
      mask64(i8x16.eq(a, newline), i8x16.eq(b, newline), i8x16.eq(c, newline), i8x16.eq(d, newline)) & inside;
    let events = (((shape | slashes) & ~strings) | quotes | newlines) & inside;
    const broken = newlines & strings;
    if (broken != 0) {
      // What follows is read as if it were the first line: for CSV the walk stops here, key=value strings end.
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
