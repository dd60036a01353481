// The byte kernel's only way in: reads whole lines and says of each "no", counted, or "ask", noted.
import {
  ASKED_END,
  CANDIDATES,
  CONSUMED,
  CSV,
  DELIMITED,
  FRAMING,
  INPUT,
  KEY_VALUE,
  RULED_OUT,
} from "../src/bytes/kernel-layout";
import { ask, beginAccount, endAccount, isFull, padEnd, ruledOut } from "./asks";
import { atStrangeRow, stopAtRow, walkCsv } from "./csv-walk";
import { atDirective, indexDelimited, walkDelimited } from "./delimited";
import { indexJson } from "./json-index";
import { walkJson } from "./json-walk";
import { afterLastNewline, isOverlong, NEWLINE, windowEnd } from "./lines";
import { walkPairs } from "./pair-walk";
import { findLines, walkFound } from "./prefilter";
import { indexQuoted } from "./quoted-index";

/** How it ended: with all lines, at a line that it does not pass, or with no room to ask for more. */
const DONE: i32 = 0;
const STOPPED: i32 = 1;
const ASKS_FULL: i32 = 2;

/** Reads the whole lines of input[from..length); at the end of a file the last one needs no newline. */
export function run(from: usize, length: usize, baseOffset: u32, atEnd: bool, prefilter: bool): i32 {
  const input: usize = load<u32>(INPUT);
  const last = input + length;
  padEnd(last);
  let limit = last;
  if (atEnd && length > from && load<u8>(last - 1) != NEWLINE) {
    store<u8>(last, NEWLINE);
    limit++;
  }
  const first = input + from;
  beginAccount(baseOffset);
  store<u32>(CANDIDATES, 0);
  const end = afterLastNewline(first, limit);
  let at = first;
  let status = DONE;
  while (at < end && status == DONE) {
    const stop = windowEnd(at, end);
    const reached = isFull() ? at : runWindow(at, stop, prefilter);
    if (reached < stop) status = atDirective || atStrangeRow ? STOPPED : ASKS_FULL;
    at = reached;
  }
  endAccount();
  store<u32>(RULED_OUT, ruledOut);
  store<u32>(CONSUMED, <u32>(min(at, last) - input));
  return status;
}

function runWindow(from: usize, end: usize, prefilter: bool): usize {
  const framing = load<i32>(FRAMING);
  if (isOverlong(from, end)) {
    if (framing == CSV) return stopAtRow(from);
    ask(from, end - 1);
    return end;
  }
  if (framing == CSV) return walkCsv(from, indexQuoted(from, end));
  if (framing == KEY_VALUE) return walkPairs(from, indexQuoted(from, end));
  if (framing == DELIMITED) return walkDelimited(from, indexDelimited(from, end));
  if (prefilter) return walkFound(from, findLines(from, end));
  return walkJson(from, indexJson(from, end));
}
