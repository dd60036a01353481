// CSV under a header row: from event to event, one field after the other, quotes understood after RFC 4180.
// Rows are only ruled out or asked while each is plainly a row. Whatever else there is, a record over several lines, a
// header in mid-file, stray quotes, stops the walk: the decoder goes on from there.
import {
  ADDRESS,
  COLUMNS,
  EVENTS,
  NEWLINES,
  PORT,
  SLOT_COLUMN,
  SLOT_COUNT,
  SLOT_TYPE,
} from "../src/bytes/kernel-layout";
import { ask, isFull, ruleOut } from "./asks";
import { BROKEN } from "./json-index";
import { isReturn, NEWLINE } from "./lines";
import { clearSlots, fromOf, hasRequired, isFilled, isOdd, setOdd, setRaw, toOf, typeSlot } from "./slots";
import { mayMatch } from "./tests";

const QUOTE: u8 = 0x22;
/** In a field's end: it holds doubled quotes. */
const DOUBLED: u32 = 0x80000000;
const NO_FIELD: usize = 0;
/** A row of more is strange. */
const MOST_FIELDS: u32 = 8192;

/** Whether the walk stopped at a line that is not plainly a row. */
export let atStrangeRow: bool = false;

/** Stops at a row unread. */
export function stopAtRow(start: usize): usize {
  atStrangeRow = true;
  return start;
}

let fieldFrom: usize = 0;
let fieldTo: u32 = 0;

/** Walks the rows of the index. Gives where it stopped: at a line that is no row, or when no more can be asked. */
export function walkCsv(from: usize, end: usize): usize {
  let event: usize = load<u32>(EVENTS);
  let start = from;
  atStrangeRow = false;
  while (event < end && !isFull()) {
    const last = walkRow(event, start);
    if (last == NO_FIELD || !isRow()) return stopAtRow(start);
    const lineEnd: usize = load<u32>(last);
    if (hasRequired() && !mayMatch()) ruleOut(start, lineEnd);
    else ask(start, lineEnd);
    event = last + 4;
    start = lineEnd + 1;
  }
  return start;
}

/** Notes the places of a row's fields, and the wanted ones as slots; gives its newline's event. */
function walkRow(from: usize, start: usize): usize {
  const fields: usize = load<u32>(NEWLINES);
  let event = from;
  let at = start;
  let columns: u32 = 0;
  for (;;) {
    event = takeField(event, at);
    if (event == NO_FIELD || columns == MOST_FIELDS) return NO_FIELD;
    store<u32>(fields + (<usize>columns << 3), <u32>fieldFrom);
    store<u32>(fields + (<usize>columns << 3), fieldTo, 4);
    columns++;
    at = <usize>load<u32>(event) + 1;
    if (load<u8>(at - 1) == NEWLINE) break;
    event += 4;
  }
  if (columns < load<u32>(COLUMNS)) return NO_FIELD;
  setFields(fields, columns);
  return event;
}

/** Reads the field that begins at a place; gives the event that ends it, a separator or a newline. */
function takeField(from: usize, at: usize): usize {
  let event = from;
  let place = load<u32>(event);
  if (<usize>place != at || load<u8>(at) != QUOTE) {
    fieldFrom = at;
    fieldTo = place;
    if ((place & BROKEN) != 0 || load<u8>(place) == QUOTE) return NO_FIELD;
    if (load<u8>(place) == NEWLINE && <usize>place > at && isReturn(load<u8>(place - 1))) fieldTo--;
    return event;
  }
  let doubled: u32 = 0;
  for (;;) {
    // The next event is the quote that closes the string, or a newline where none does.
    const close = load<u32>(event, 4);
    if ((close & BROKEN) != 0) return NO_FIELD;
    fieldTo = close | doubled;
    event += 8;
    place = load<u32>(event);
    if (place != close + 1) break;
    if (load<u8>(place) != QUOTE) {
      fieldFrom = at + 1;
      return event;
    }
    doubled = DOUBLED;
  }
  // A carriage return may stand between the last quote and the newline.
  const isEnd = place == (fieldTo & ~DOUBLED) + 2 && load<u8>(place) == NEWLINE && isReturn(load<u8>(place - 1));
  fieldFrom = at + 1;
  return isEnd ? event : NO_FIELD;
}

function setFields(fields: usize, columns: u32): void {
  clearSlots();
  const slots: usize = load<u32>(SLOT_COUNT);
  for (let slot: usize = 0; slot < slots; slot++) {
    const column = load<u32>(SLOT_COLUMN + (slot << 2));
    if (column >= columns) continue;
    const from: usize = load<u32>(fields + (<usize>column << 3));
    const to = load<u32>(fields + (<usize>column << 3), 4);
    if ((to & DOUBLED) != 0) {
      setRaw(slot, from, from);
      setOdd(slot);
    } else if (<usize>to > from) setRaw(slot, from, to);
  }
}

/** Whether the addresses and ports that are there are some, and there is one: names of columns are none. */
function isRow(): bool {
  const slots: usize = load<u32>(SLOT_COUNT);
  let seen = false;
  for (let slot: usize = 0; slot < slots; slot++) {
    const type = load<u8>(SLOT_TYPE + slot);
    if ((type != PORT && type != ADDRESS) || !isFilled(slot)) continue;
    if (!isOdd(slot)) typeSlot(slot, fromOf(slot), toOf(slot), true);
    if (isOdd(slot)) return false;
    seen = true;
  }
  return seen;
}
