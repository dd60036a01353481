// Where lines end up: counted as ruled out, or noted as asked. Everything that any walk says of a line goes through here.
import {
  ASKED_END,
  ASKS,
  ASKS_END,
  INPUT,
  PADDING,
  SPARSE_FROM,
  SPARSE_THRESHOLD,
  THRESHOLD,
} from "../src/bytes/kernel-layout";

/** Spreads offsets evenly, so that a threshold takes a fixed share of the lines. */
const SAMPLE_MULTIPLIER: u32 = 0x9e3779b1;

let input: usize = 0;
let base: u32 = 0;
let threshold: u32 = 0;
/** From this place of the input on another threshold holds. */
let sparseFrom: usize = 0;
let sparseThreshold: u32 = 0;
let asked: usize = 0;
let askedEnd: usize = 0;
export let ruledOut: i32 = 0;
/** Whether the window holds a zero byte: then every line of it is looked at. */
export let zeroSeen: bool = false;

export function beginAccount(baseOffset: u32): void {
  input = load<u32>(INPUT);
  base = baseOffset - <u32>input;
  threshold = load<u32>(THRESHOLD);
  sparseFrom = input + <usize>load<u32>(SPARSE_FROM);
  sparseThreshold = load<u32>(SPARSE_THRESHOLD);
  asked = load<u32>(ASKS);
  askedEnd = load<u32>(ASKS_END);
  ruledOut = 0;
}

export function endAccount(): void {
  store<u32>(ASKED_END, <u32>asked);
}

export function noteZero(seen: bool): void {
  zeroSeen = seen;
}

/** Whether the buffer cannot take another line. */
export function isFull(): bool {
  return asked >= askedEnd;
}

/** Notes a line; its newline is not part of it. */
export function ask(start: usize, end: usize): void {
  store<u32>(asked, <u32>(start - input));
  store<u32>(asked, <u32>(end - input), 4);
  asked += 8;
}

/** Counts a line that no rule can match, unless it belongs to the sample or holds a zero byte. */
export function ruleOut(start: usize, end: usize): void {
  const limit = start < sparseFrom ? threshold : sparseThreshold;
  if ((base + <u32>start) * SAMPLE_MULTIPLIER < limit || (zeroSeen && holdsZero(start, end))) ask(start, end);
  else ruledOut++;
}

function holdsZero(start: usize, end: usize): bool {
  for (let at = start; at < end; at++) {
    if (load<u8>(at) == 0) return true;
  }
  return false;
}

/** Blanks after the last byte, so that no load past the end sees what an earlier chunk left there. */
export function padEnd(end: usize): void {
  const blanks = i8x16.splat(0x20);
  for (let at: usize = 0; at < <usize>PADDING; at += 16) v128.store(end + at, blanks);
}
