// The prefilter: lines that hold none of the literals are ruled out unread, the others are walked.
// Literals are found by their first three bytes: two table look-ups a byte give the buckets that each byte may belong to
// (the method is known as Teddy), and the candidates are compared.
import {
  ALWAYS,
  CANDIDATES,
  NEEDLE_BEGINNING,
  NEEDLE_DIGITS,
  NEEDLE_FOLD,
  NEEDLE_LENGTH,
  NEEDLE_MASK,
  NEEDLE_NEXT,
  NEEDLE_TEXT,
  NEWLINES,
  TEDDY_BUCKETS,
  TEDDY_TABLES,
} from "../src/bytes/kernel-layout";
import { ask, isFull, noteZero, ruleOut, zeroSeen } from "./asks";
import { indexJson } from "./json-index";
import { walkJson } from "./json-walk";
import { bitsBelow, isBlank, mask64, NEWLINE } from "./lines";
import { look, sameText } from "./needles";

/** Set in the place of a newline whose line holds a literal. */
const HELD: u32 = 0x80000000;

const DOT: u8 = 0x2e;

/** Looks for literals in whole lines: notes every newline, marked where its line holds one. Gives the end of the notes. */
export function findLines(from: usize, end: usize): usize {
  const newline = i8x16.splat(NEWLINE);
  const low0 = v128.load(TEDDY_TABLES);
  const high0 = v128.load(TEDDY_TABLES, 16);
  const low1 = v128.load(TEDDY_TABLES, 32);
  const high1 = v128.load(TEDDY_TABLES, 48);
  const low2 = v128.load(TEDDY_TABLES, 64);
  const high2 = v128.load(TEDDY_TABLES, 80);
  let list: usize = load<u32>(NEWLINES);
  let least = i8x16.splat(-1);
  // The last place where a literal was found; a line before it holds none.
  let found: usize = 0;
  let start = from;
  for (let at = from; at < end; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    least = i8x16.min_u(least, i8x16.min_u(i8x16.min_u(a, b), i8x16.min_u(c, d)));
    const aHit = bucketsOf(a, at, low0, high0, low1, high1, low2, high2);
    const bHit = bucketsOf(b, at + 16, low0, high0, low1, high1, low2, high2);
    const cHit = bucketsOf(c, at + 32, low0, high0, low1, high1, low2, high2);
    const dHit = bucketsOf(d, at + 48, low0, high0, low1, high1, low2, high2);
    let lines =
      mask64(i8x16.eq(a, newline), i8x16.eq(b, newline), i8x16.eq(c, newline), i8x16.eq(d, newline)) &
      bitsBelow(end - at);
    let hits: u64 = 0;
    if (v128.any_true(v128.or(v128.or(aHit, bHit), v128.or(cHit, dHit)))) {
      const none = i8x16.splat(0);
      hits = mask64(i8x16.ne(aHit, none), i8x16.ne(bHit, none), i8x16.ne(cHit, none), i8x16.ne(dHit, none));
      hits &= bitsBelow(end - at);
    }
    while (lines != 0) {
      const line = lines ^ (lines - 1);
      if (found < start) found = firstLiteral(at, hits & line);
      const place = at + <usize>ctz(lines);
      store<u32>(list, <u32>place | (found >= start ? HELD : 0));
      list += 4;
      start = place + 1;
      hits &= ~line;
      lines &= lines - 1;
    }
    if (found < start) found = firstLiteral(at, hits);
  }
  noteZero(!i8x16.all_true(least));
  return list;
}

/** The buckets that a literal which begins at each byte may belong to. */
@inline
function bucketsOf(
  bytes: v128,
  at: usize,
  low0: v128,
  high0: v128,
  low1: v128,
  high1: v128,
  low2: v128,
  high2: v128,
): v128 {
  const first = look(bytes, low0, high0);
  const second = look(v128.load(at, 1), low1, high1);
  const third = look(v128.load(at, 2), low2, high2);
  return v128.and(v128.and(first, second), third);
}

/** The first of these places where a literal stands; 0 when there is none. */
function firstLiteral(at: usize, hits: u64): usize {
  for (let left = hits; left != 0; left &= left - 1) {
    const place = at + <usize>ctz(left);
    if (isLiteral(place)) return place;
  }
  return 0;
}

function isLiteral(place: usize): bool {
  let buckets = bucketOf(place, TEDDY_TABLES) & bucketOf(place + 1, TEDDY_TABLES + 32) & bucketOf(place + 2, TEDDY_TABLES + 64);
  for (; buckets != 0; buckets &= buckets - 1) {
    let literal: usize = load<u32>(TEDDY_BUCKETS + (<usize>ctz(buckets) << 2));
    while (literal != 0) {
      if (isThere(place, literal)) return true;
      literal = load<u32>(literal, NEEDLE_NEXT);
    }
  }
  return false;
}

@inline
function bucketOf(place: usize, tables: usize): u32 {
  const byte = load<u8>(place);
  return <u32>load<u8>(tables + <usize>(byte & 15)) & <u32>load<u8>(tables + 16 + <usize>(byte >> 4));
}

/** Digits only count as a whole number: no digit or dot before them, no digit after them. */
function isThere(place: usize, literal: usize): bool {
  // Nearly all that the tables let pass differs in the first four bytes.
  const beginning = (load<u32>(place) | load<u32>(literal, NEEDLE_FOLD)) & load<u32>(literal, NEEDLE_MASK);
  if (beginning != load<u32>(literal, NEEDLE_BEGINNING)) return false;
  const length: usize = load<u32>(literal, NEEDLE_LENGTH);
  if (!sameText(place, load<u32>(literal, NEEDLE_TEXT), length)) return false;
  if (load<u32>(literal, NEEDLE_DIGITS) == 0) return true;
  const before = load<u8>(place - 1);
  return !isDigit(before) && before != DOT && !isDigit(load<u8>(place + length));
}

@inline
function isDigit(byte: u8): bool {
  return <u8>(byte - 0x30) < 10;
}

/** Decides the noted lines. Gives where it stopped: short of the end only when no more can be asked. */
export function walkFound(from: usize, end: usize): usize {
  const always = load<u32>(ALWAYS) != 0;
  const zero = zeroSeen;
  let start = from;
  let candidates: u32 = 0;
  for (let at: usize = load<u32>(NEWLINES); at < end && !isFull(); at += 4) {
    const note = load<u32>(at);
    const lineEnd: usize = note & ~HELD;
    if ((note & HELD) == 0) {
      if (isFramed(start, lineEnd)) ruleOut(start, lineEnd);
      else ask(start, lineEnd);
    } else {
      candidates++;
      if (always) ask(start, lineEnd);
      else walkJson(start, indexJson(start, lineEnd + 1));
      noteZero(zero);
    }
    start = lineEnd + 1;
  }
  store<u32>(CANDIDATES, load<u32>(CANDIDATES) + candidates);
  return start;
}

/** Whether a line begins with { and ends with }, blanks aside. */
function isFramed(from: usize, to: usize): bool {
  let start = from;
  let end = to;
  while (start < end && isBlank(load<u8>(start))) start++;
  while (end > start && isBlank(load<u8>(end - 1))) end--;
  return end - start > 1 && load<u8>(start) == 0x7b && load<u8>(end - 1) == 0x7d;
}
