// Delimited lines: one pass for the places of separators and newlines, one from line to line by arithmetic on them.
import {
  COLUMNS,
  DIRECTIVE,
  EVENTS,
  NEWLINES,
  QUOTE,
  SCANNED_COLUMNS,
  SEPARATOR,
  SLOT_COLUMN,
  SLOT_COUNT,
  UNSET,
  UNSET_LENGTH,
} from "../src/bytes/kernel-layout";
import { ask, isFull, noteZero, ruleOut } from "./asks";
import { flatten } from "./flatten";
import { bitsBelow, isReturn, mask64, NEWLINE } from "./lines";
import { clearSlots, hasRequired, setRaw } from "./slots";
import { mayMatch } from "./tests";

const FIRST_PRINTABLE: u8 = 0x21;
const LAST_ASCII: u8 = 0x7f;

/** Whether the walk stopped at a directive line. */
export let atDirective: bool = false;

/** Writes the places of separators and newlines, and for every newline its number among them; gives the end of those numbers. */
export function indexDelimited(from: usize, end: usize): usize {
  const separator = i8x16.splat(<u8>load<u32>(SEPARATOR));
  const newline = i8x16.splat(NEWLINE);
  const events: usize = load<u32>(EVENTS);
  let out = events;
  let list: usize = load<u32>(NEWLINES);
  let least = i8x16.splat(-1);
  for (let at = from; at < end; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    least = i8x16.min_u(least, i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d)));
    const aLine = i8x16.eq(a, newline);
    const bLine = i8x16.eq(b, newline);
    const cLine = i8x16.eq(c, newline);
    const dLine = i8x16.eq(d, newline);
    const inside = bitsBelow(end - at);
    const places =
      mask64(
        v128.or(aLine, i8x16.eq(a, separator)),
        v128.or(bLine, i8x16.eq(b, separator)),
        v128.or(cLine, i8x16.eq(c, separator)),
        v128.or(dLine, i8x16.eq(d, separator)),
      ) & inside;
    let lines = mask64(aLine, bLine, cLine, dLine) & inside;
    while (lines != 0) {
      const before = places & (lines ^ (lines - 1));
      store<u32>(list, <u32>(out - events) + (<u32>popcnt(before) << 2) - 4);
      list += 4;
      lines &= lines - 1;
    }
    out = flatten(out, at, places);
  }
  noteZero(!i8x16.all_true(least));
  return list;
}

/** Walks the lines of the index. Gives where it stopped: at a directive, or when no more can be asked, short of the end. */
export function walkDelimited(from: usize, end: usize): usize {
  const events: usize = load<u32>(EVENTS);
  const directive = load<i32>(DIRECTIVE);
  let first = events;
  let start = from;
  atDirective = false;
  for (let at: usize = load<u32>(NEWLINES); at < end && !isFull(); at += 4) {
    const last = events + load<u32>(at);
    const lineEnd: usize = load<u32>(last);
    if (<i32>load<u8>(start) == directive) {
      atDirective = true;
      break;
    }
    if (isUnderstood(start, first, last) && hasRequired() && !mayMatch()) ruleOut(start, lineEnd);
    else ask(start, lineEnd);
    first = last + 4;
    start = lineEnd + 1;
  }
  return start;
}

/** Sets the slots of a line; false when it has too few columns, a quote that may hide a separator, or an odd beginning. */
function isUnderstood(start: usize, first: usize, last: usize): bool {
  const columns = <u32>((last - first) >> 2) + 1;
  const head = load<u8>(start);
  // Blank lines are no records; a byte order mark is no part of one.
  if (columns < load<u32>(COLUMNS) || head < FIRST_PRINTABLE || head > LAST_ASCII) return false;
  const scanned = min(columns, load<u32>(SCANNED_COLUMNS));
  const quote = load<i32>(QUOTE);
  if (quote >= 0 && holdsByte(start, load<u32>(first + (<usize>(scanned - 1) << 2)), <u8>quote)) return false;
  clearSlots();
  const slots: usize = load<u32>(SLOT_COUNT);
  for (let slot: usize = 0; slot < slots; slot++) {
    const column = load<u32>(SLOT_COLUMN + (slot << 2));
    if (column < columns) setColumn(slot, start, first + (<usize>column << 2), column, column == columns - 1);
  }
  return true;
}

@inline
function setColumn(slot: usize, start: usize, event: usize, column: u32, isLast: bool): void {
  const from = column == 0 ? start : <usize>load<u32>(event - 4) + 1;
  let to: usize = load<u32>(event);
  if (isLast && to > from && isReturn(load<u8>(to - 1))) to--;
  if (to > from && !isUnset(from, to)) setRaw(slot, from, to);
}

@inline
function isUnset(from: usize, to: usize): bool {
  const length: usize = load<u32>(UNSET_LENGTH);
  if (to - from != length) return false;
  const unset: usize = load<u32>(UNSET);
  for (let at: usize = 0; at < length; at++) {
    if (load<u8>(from + at) != load<u8>(unset + at)) return false;
  }
  return true;
}

function holdsByte(from: usize, to: usize, byte: u8): bool {
  const wanted = i8x16.splat(byte);
  let at = from;
  let any = i8x16.splat(0);
  for (; at + 16 <= to; at += 16) any = v128.or(any, i8x16.eq(v128.load(at), wanted));
  const left = <i32>(to - at);
  return v128.any_true(any) || (i8x16.bitmask(i8x16.eq(v128.load(at), wanted)) & ((1 << left) - 1)) != 0;
}
