// Slots: the raw values of one line, found first and typed only when a test asks for one.
// Their states are bit sets, one bit a slot: wide loads of what narrow stores just wrote would wait for memory.
import { ADDRESS, PORT, REQUIRED, SLOT_FROM, SLOT_TO, SLOT_TYPE, SLOT_VALUE } from "../src/bytes/kernel-layout";
import { classesOf, NO_ADDRESS, parseIpv4 } from "./ipv4";
import { classesOfIpv6, parseIpv6 } from "./ipv6";

const NO_PORT: u32 = 0xffffffff;
const LAST_PORT: u32 = 65535;

/** Slots with something in them; of these, the typed ones and the odd ones. */
let filled: u32 = 0;
/** Slots whose key had an empty value. */
let emptied: u32 = 0;
let typed: u32 = 0;
let odd: u32 = 0;

/** Forgets the line before. */
@inline
export function clearSlots(): void {
  filled = 0;
  emptied = 0;
  typed = 0;
  odd = 0;
}

/** Whether every required slot has something in it. */
@inline
export function hasRequired(): bool {
  return (load<u32>(REQUIRED) & ~filled) == 0;
}

@inline
export function isFilled(slot: usize): bool {
  return (filled & bitOf(slot)) != 0;
}

@inline
export function isTyped(slot: usize): bool {
  return ((typed | odd) & bitOf(slot)) != 0;
}

@inline
export function isOdd(slot: usize): bool {
  return (odd & bitOf(slot)) != 0;
}

@inline
export function setOdd(slot: usize): void {
  odd |= bitOf(slot);
}

@inline
function bitOf(slot: usize): u32 {
  return <u32>1 << <u32>slot;
}

/** Notes an empty value, which is none; beside another one it makes the slot odd. */
export function setEmpty(slot: usize): void {
  if (isFilled(slot)) setOdd(slot);
  emptied |= bitOf(slot);
}

/** Notes one of several values: two make the slot odd. */
export function addRaw(slot: usize, from: usize, to: usize): void {
  if (((filled | emptied) & bitOf(slot)) != 0) setOdd(slot);
  setRaw(slot, from, to);
}

@inline
export function fromOf(slot: usize): usize {
  return load<u32>(SLOT_FROM + (slot << 2));
}

@inline
export function toOf(slot: usize): usize {
  return load<u32>(SLOT_TO + (slot << 2));
}

@inline
export function valueOf(slot: usize): u32 {
  return load<u32>(SLOT_VALUE + (slot << 2));
}

@inline
function setValue(slot: usize, value: u32): void {
  store<u32>(SLOT_VALUE + (slot << 2), value);
  typed |= bitOf(slot);
}

/** Notes where a value is: for JSON its colon, for columns the first byte and the one after the last. */
@inline
export function setRaw(slot: usize, from: usize, to: usize): void {
  filled |= bitOf(slot);
  store<u32>(SLOT_FROM + (slot << 2), <u32>from);
  store<u32>(SLOT_TO + (slot << 2), <u32>to);
}

/** Types the text of a slot; `quoted` says whether it was a string, which an address and a text have to be. */
export function typeSlot(slot: usize, from: usize, to: usize, quoted: bool): void {
  const type = load<u8>(SLOT_TYPE + slot);
  if (type == PORT) {
    const port = parsePort(from, to);
    if (port == NO_PORT) setOdd(slot);
    else setValue(slot, port);
  } else if (!quoted) {
    setOdd(slot);
  } else if (type == ADDRESS) {
    const address = parseIpv4(from, to);
    if (address != NO_ADDRESS) setValue(slot, classesOf(<u32>address));
    else if (parseIpv6(from, to)) setValue(slot, classesOfIpv6());
    else setOdd(slot);
  } else if (isPlainText(from, to)) {
    setRaw(slot, from, to);
    typed |= bitOf(slot);
  } else {
    setOdd(slot);
  }
}

/** A plain integer without leading zeros, with an optional ".0". */
function parsePort(from: usize, to: usize): u32 {
  let end = to;
  if (end - from > 2 && load<u16>(end - 2) == 0x302e) end -= 2;
  const digits = end - from;
  // All digits at once: their number differs from line to line, and a loop would be mispredicted.
  const bytes = load<u64>(from) ^ 0x3030303030303030;
  const others = ((bytes + 0x7676767676767676) | bytes) & 0x8080808080808080;
  if (digits - 1 > 4 || <usize>(ctz(others) >> 3) < digits) return NO_PORT;
  if (digits > 1 && (bytes & 0xff) == 0) return NO_PORT;
  const value = eightDigits(bytes << (64 - (<u64>digits << 3)));
  return value > LAST_PORT ? NO_PORT : value;
}

/** The number written by eight bytes from 0 to 9: pairs, then fours, then all of them. */
@inline
function eightDigits(bytes: u64): u32 {
  const pairs = bytes * 10 + (bytes >> 8);
  const even = (pairs & 0x000000ff000000ff) * 0x000f424000000064;
  const odd = ((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001;
  return <u32>((even + odd) >> 32);
}

/** ASCII without backslashes: what else there is may be an escape, or fold to an ASCII letter. */
function isPlainText(from: usize, to: usize): bool {
  const backslash = i8x16.splat(0x5c);
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const odd = i8x16.bitmask(v128.or(bytes, i8x16.eq(bytes, backslash)));
    const left = to - at;
    if ((left < 16 ? odd & ((1 << <i32>left) - 1) : odd) != 0) return false;
  }
  return true;
}
