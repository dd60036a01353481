// The second pass over JSON lines: from event to event, wanted keys at the top level only.
// A line is understood when its strings are closed, its brackets balance, and nothing but blanks is around them.
import {
  EVENTS,
  KEY_HASH_BITS,
  KEY_INDEX,
  KEY_LENGTH,
  KEY_MASK,
  KEY_MULTIPLIER,
  KEY_NEXT,
  KEY_SIZE,
  KEY_SLOT,
  KEY_TAIL,
  KEY_TAIL_MASK,
  KEY_TEXT,
  KEYS,
} from "../src/bytes/kernel-layout";
import { ask, isFull, ruleOut } from "./asks";
import { BROKEN } from "./json-index";
import { isBlank, NEWLINE } from "./lines";
import { clearSlots, hasRequired, isFilled, setOdd, setRaw } from "./slots";
import { mayMatch } from "./tests";

const QUOTE: u8 = 0x22;
const COLON: u8 = 0x3a;
const BACKSLASH: u8 = 0x5c;
const OPEN_OBJECT: u8 = 0x7b;
const CLOSE_OBJECT: u8 = 0x7d;

let understood: bool = false;
let lineEnd: usize = 0;

/**
 * Walks the lines whose events end at `end`. Gives where it stopped: short of the last line only when no more can be
 * asked.
 */
export function walkJson(from: usize, end: usize): usize {
  const mask = load<u32>(KEY_MASK);
  let event: usize = load<u32>(EVENTS);
  let start = from;
  while (event < end && !isFull()) {
    clearSlots();
    event = walkLine(event, start, mask);
    if (understood && hasRequired() && !mayMatch()) ruleOut(start, lineEnd);
    else ask(start, lineEnd);
    start = lineEnd + 1;
  }
  return start;
}

/** Walks one line; gives its end among the events, and in `understood` whether it is one whole object. */
function walkLine(from: usize, start: usize, mask: u32): usize {
  let event = from;
  let place = load<u32>(event);
  let clear = beginsObject(start, place);
  let depth: i32 = 0;
  // Ends of a whole object: there has to be one, the last byte.
  let ends: i32 = 0;
  let escaped = false;
  for (;;) {
    if ((place & BROKEN) != 0) {
      clear = false;
      break;
    }
    const byte = load<u8>(place);
    if (byte == COLON) {
      if (depth == 1) clear = noteKey(place, mask, escaped) && clear;
    } else if (byte == NEWLINE) {
      break;
    } else if (byte == BACKSLASH) {
      escaped = true;
    } else {
      // Opening brackets have the second bit, closing ones the third.
      depth += <i32>((byte >> 1) & 1) - <i32>((byte >> 2) & 1);
      ends += i32(depth == 0);
    }
    event += 4;
    place = load<u32>(event);
  }
  lineEnd = place & ~BROKEN;
  const last: usize = load<u32>(event - 4);
  understood = clear && depth == 0 && ends == 1 && load<u8>(last) == CLOSE_OBJECT && onlyBlanks(last + 1, lineEnd);
  return event + 4;
}

function beginsObject(start: usize, place: usize): bool {
  return onlyBlanks(start, place) && load<u8>(place) == OPEN_OBJECT;
}

function onlyBlanks(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) {
    if (!isBlank(load<u8>(at))) return false;
  }
  return true;
}

/** Looks up the key before a colon. False when no plain key is there: an escape may hide any name. */
@inline
function noteKey(colon: usize, mask: u32, escaped: bool): bool {
  let close = colon - 1;
  while (isBlank(load<u8>(close))) close--;
  if (load<u8>(close) != QUOTE || (escaped && hasEscape(close))) return false;
  const hash = ((load<u32>(close - 3) & mask) * <u32>KEY_MULTIPLIER) >> (32 - KEY_HASH_BITS);
  const entry = load<u8>(KEY_INDEX + <usize>hash);
  if (entry != 0) noteWanted(entry, close, colon);
  return true;
}

function hasEscape(close: usize): bool {
  let at = close - 1;
  while (load<u8>(at) != QUOTE && load<u8>(at) != BACKSLASH) at--;
  return load<u8>(at) == BACKSLASH || load<u8>(at - 1) == BACKSLASH;
}

/** Gives the value to every slot that has this key; a slot that has one already becomes odd. */
function noteWanted(first: u32, close: usize, colon: usize): void {
  const end = v128.load(close - 16);
  for (let next = first; next != 0; ) {
    const key = <usize>load<u32>(KEYS) + <usize>(next - 1) * KEY_SIZE;
    next = load<u32>(key, KEY_NEXT);
    const other = v128.and(v128.xor(end, v128.load(key, KEY_TAIL)), v128.load(key, KEY_TAIL_MASK));
    if (v128.any_true(other) || !sameHead(key, close)) continue;
    const slot = <usize>load<u32>(key, KEY_SLOT);
    if (isFilled(slot)) setOdd(slot);
    else setRaw(slot, colon, 0);
  }
}

/** Compares what is before the last 16 bytes of a long key. The key's text begins with its quote. */
function sameHead(key: usize, close: usize): bool {
  const length: usize = load<u32>(key, KEY_LENGTH);
  if (length <= 16) return true;
  const text: usize = load<u32>(key, KEY_TEXT);
  for (let at: usize = 0; at < length - 16; at++) {
    if (load<u8>(close - length + at) != load<u8>(text + at)) return false;
  }
  return true;
}
