// key=value lines: from event to event, one pair after the other, wanted keys noted.
// A line is understood when, after the words of a header, it is pairs alone, each value either in quotes or without any.
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
  KEY_TEXT,
  KEYS,
} from "../src/bytes/kernel-layout";
import { ask, isFull, ruleOut } from "./asks";
import { BROKEN } from "./json-index";
import { isReturn, NEWLINE } from "./lines";
import { addRaw, clearSlots, hasRequired, setEmpty } from "./slots";
import { mayMatch } from "./tests";

const QUOTE: u8 = 0x22;
const BLANK: u8 = 0x20;
const COMMA: u8 = 0x2c;
const EQUALS: u8 = 0x3d;
const OPEN_PRIORITY: u8 = 0x3c;
const CLOSE_PRIORITY: u8 = 0x3e;

let understood: bool = false;
let lineEnd: usize = 0;

/** Walks the lines of the index. Gives where it stopped: short of the last line only when no more can be asked. */
export function walkPairs(from: usize, end: usize): usize {
  let event: usize = load<u32>(EVENTS);
  let start = from;
  while (event < end && !isFull()) {
    clearSlots();
    event = walkLine(event, start);
    if (understood && hasRequired() && !mayMatch()) ruleOut(start, lineEnd);
    else ask(start, lineEnd);
    start = lineEnd + 1;
  }
  return start;
}

/** Walks one line; gives its end among the events, and in `understood` whether it is pairs. */
function walkLine(from: usize, start: usize): usize {
  let event = from;
  let token = afterPriority(start);
  let pairs: u32 = 0;
  let stop: u32;
  understood = true;
  do {
    const place: usize = load<u32>(event) & ~BROKEN;
    const byte = load<u8>(place);
    if (byte == EQUALS && place > token && isPlainKey(token, place)) {
      event = takeValue(event, token, place);
      pairs++;
    } else if (byte == BLANK || byte == NEWLINE) {
      // A word is of the header; what stands before a newline may be a carriage return.
      const isWord = place > token && !(byte == NEWLINE && place == token + 1 && isReturn(load<u8>(token)));
      if (isWord && pairs > 0) understood = false;
    } else {
      understood = false;
    }
    // A value has gone on to what it stopped at.
    stop = load<u32>(event);
    lineEnd = stop & ~BROKEN;
    event += 4;
    token = lineEnd + 1;
  } while (load<u8>(lineEnd) != NEWLINE);
  if ((stop & BROKEN) != 0) understood = false;
  return event;
}

/** Whether a key holds nothing that may separate pairs elsewhere. */
@inline
function isPlainKey(from: usize, to: usize): bool {
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const odd = i8x16.bitmask(
      v128.or(i8x16.eq(bytes, i8x16.splat(COMMA)), i8x16.lt_u(bytes, i8x16.splat(BLANK))),
    );
    const left = to - at;
    if ((left < 16 ? odd & ((1 << <i32>left) - 1) : odd) != 0) return false;
  }
  return true;
}

/** Syslog's number in angle brackets stands before the first word without a blank. */
function afterPriority(start: usize): usize {
  if (load<u8>(start) != OPEN_PRIORITY) return start;
  let at = start + 1;
  while (at < start + 4 && <u8>(load<u8>(at) - 0x30) < 10) at++;
  return at > start + 1 && load<u8>(at) == CLOSE_PRIORITY ? at + 1 : start;
}

/** Reads the value behind an assignment, whose key begins at `key`; gives the event that the value stopped at. */
function takeValue(assignment: usize, key: usize, equals: usize): usize {
  let event = assignment + 4;
  let from = equals + 1;
  let to = load<u32>(event);
  if (<usize>to == from && load<u8>(to) == QUOTE) {
    const close = load<u32>(event, 4);
    event += (close & BROKEN) != 0 ? 4 : 8;
    to = load<u32>(event);
    const behind = (to & ~BROKEN) - close - 1;
    const isClosed = behind == 0 || (behind == 1 && load<u8>(to) == NEWLINE && isReturn(load<u8>(close + 1)));
    if ((close & BROKEN) != 0 || !isClosed) understood = false;
    from++;
    noteWanted(key, equals, from, close & ~BROKEN);
  } else {
    const end: usize = to & ~BROKEN;
    const hasReturn = load<u8>(end) == NEWLINE && end > from && isReturn(load<u8>(end - 1));
    noteWanted(key, equals, from, hasReturn ? end - 1 : end);
  }
  const byte = load<u8>(to & ~BROKEN);
  if (byte != BLANK && byte != NEWLINE) understood = false;
  return event;
}

/** Gives the value to every slot that has this key; a slot that has one already becomes odd. */
@inline
function noteWanted(key: usize, equals: usize, from: usize, to: usize): void {
  const length = equals - key;
  const hash = ((load<u32>(equals - 3) & load<u32>(KEY_MASK)) * <u32>KEY_MULTIPLIER) >> (32 - KEY_HASH_BITS);
  for (let next: u32 = load<u8>(KEY_INDEX + <usize>hash); next != 0; ) {
    const entry = <usize>load<u32>(KEYS) + <usize>(next - 1) * KEY_SIZE;
    next = load<u32>(entry, KEY_NEXT);
    if (<usize>load<u32>(entry, KEY_LENGTH) != length || !isText(key, load<u32>(entry, KEY_TEXT), length)) continue;
    const slot: usize = load<u32>(entry, KEY_SLOT);
    if (to <= from) setEmpty(slot);
    else addRaw(slot, from, to);
  }
}

function isText(from: usize, text: usize, length: usize): bool {
  for (let at: usize = 0; at < length; at++) {
    if (load<u8>(from + at) != load<u8>(text + at)) return false;
  }
  return true;
}
