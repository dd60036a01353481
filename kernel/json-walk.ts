// The second pass over JSON lines: from event to event, with the wanted keys of the objects that are on the way to one.
// A line is understood when its strings are closed, its brackets balance, and nothing but blanks is around them.
import {
  EVENTS,
  KEY_CHILD,
  KEY_HASH_BITS,
  KEY_INDEX,
  KEY_LENGTH,
  KEY_MASK,
  KEY_MULTIPLIER,
  KEY_NEXT,
  KEY_NODE,
  KEY_SIZE,
  KEY_SLOT,
  KEY_TAIL,
  KEY_TAIL_MASK,
  KEY_TEXT,
  KEYS,
  LEVELS,
  MOST_LEVELS,
  NO_SLOT,
  ROOT,
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
/** The object that the walk is in, by what leads to it; 0 for one that leads to no wanted key. */
let node: u32 = 0;
/** The object that the next bracket opens. */
let opening: u32 = 0;
/** A bit for every object that was met in the line. The second one of a name takes the place of the first. */
let met: u64 = 0;
let metTwice: bool = false;

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
  node = 0;
  opening = ROOT;
  met = 0;
  metTwice = false;
  for (;;) {
    if ((place & BROKEN) != 0) {
      clear = false;
      break;
    }
    const byte = load<u8>(place);
    if (byte == COLON) {
      if (node != 0) clear = noteKey(place, mask, escaped) && clear;
    } else if (byte == NEWLINE) {
      break;
    } else if (byte == BACKSLASH) {
      escaped = true;
    } else {
      // Opening brackets have the second bit, closing ones the third; what has both or none is no bracket.
      const step = <i32>((byte >> 1) & 1) - <i32>((byte >> 2) & 1);
      if (step > 0) {
        if (depth >= MOST_LEVELS - 1) clear = false;
        store<u8>(LEVELS + (<usize>depth & (MOST_LEVELS - 1)), <u8>node);
        node = opening;
        opening = 0;
        depth++;
      } else if (step < 0) {
        depth--;
        node = load<u8>(LEVELS + (<usize>depth & (MOST_LEVELS - 1)));
      }
      ends += i32(depth == 0);
    }
    event += 4;
    place = load<u32>(event);
  }
  lineEnd = place & ~BROKEN;
  const last: usize = load<u32>(event - 4);
  understood = clear && !metTwice && depth == 0 && ends == 1 && load<u8>(last) == CLOSE_OBJECT && onlyBlanks(last + 1, lineEnd);
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

/**
 * Gives the value to every slot that has this key; a slot that has one already becomes odd. An object that leads to
 * wanted keys is entered.
 */
function noteWanted(first: u32, close: usize, colon: usize): void {
  const end = v128.load(close - 16);
  for (let next = first; next != 0; ) {
    const key = <usize>load<u32>(KEYS) + <usize>(next - 1) * KEY_SIZE;
    next = load<u32>(key, KEY_NEXT);
    if (load<u32>(key, KEY_NODE) != node) continue;
    const other = v128.and(v128.xor(end, v128.load(key, KEY_TAIL)), v128.load(key, KEY_TAIL_MASK));
    if (v128.any_true(other) || !sameHead(key, close)) continue;
    const slot = <usize>load<u32>(key, KEY_SLOT);
    if (slot == NO_SLOT) enter(load<u32>(key, KEY_CHILD), colon);
    else if (isFilled(slot)) setOdd(slot);
    else setRaw(slot, colon, 0);
  }
}

/** Goes into the object behind a colon, if there is one. */
function enter(child: u32, colon: usize): void {
  const bit = <u64>1 << <u64>child;
  metTwice = metTwice || (met & bit) != 0;
  met |= bit;
  let from = colon + 1;
  while (isBlank(load<u8>(from))) from++;
  if (load<u8>(from) == OPEN_OBJECT) opening = child;
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
