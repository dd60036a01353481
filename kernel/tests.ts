// Tests: whether any alternative may hold for the line whose slots are set.
import {
  CLASS_IN,
  FIRST_TEST,
  FRAMING,
  HOLDS,
  JSON_LINES,
  PORT_ABOVE,
  PORT_IN,
  TEST_COUNT,
  TEST_DATA,
  TEST_KIND,
  TEST_NEXT,
  TEST_OR_ABSENT,
  TEST_SIZE,
  TEST_SLOT,
  TEST_VALUE,
  TEXT_HAS,
} from "../src/bytes/kernel-layout";
import { typeJsonValue } from "./json-values";
import { holdsAny } from "./needles";
import { fromOf, isFilled, isOdd, isTyped, toOf, typeSlot, valueOf } from "./slots";

/** False only when every alternative has a test that surely fails. */
export function mayMatch(): bool {
  let test: usize = load<u32>(FIRST_TEST);
  while (test != 0) {
    if (load<i32>(test, TEST_KIND) == HOLDS) return true;
    test = mayHold(test) ? test + TEST_SIZE : <usize>load<u32>(test, TEST_NEXT);
  }
  return false;
}

function mayHold(test: usize): bool {
  const kind = load<i32>(test, TEST_KIND);
  const slot: usize = load<u32>(test, TEST_SLOT);
  if (!isFilled(slot)) return load<u32>(test, TEST_OR_ABSENT) != 0;
  if (!isTyped(slot)) typeRaw(slot);
  if (isOdd(slot)) return true;
  if (kind == PORT_IN) return isPortIn(valueOf(slot), load<u32>(test, TEST_DATA), load<u32>(test, TEST_COUNT));
  if (kind == PORT_ABOVE) return valueOf(slot) > load<u32>(test, TEST_VALUE);
  if (kind == CLASS_IN) return (valueOf(slot) & load<u32>(test, TEST_VALUE)) != 0;
  const needles: usize = load<u32>(test, TEST_DATA);
  const has = holdsAny(fromOf(slot), toOf(slot), needles, load<u32>(test, TEST_COUNT), load<u32>(test, TEST_VALUE));
  return has == (kind == TEXT_HAS);
}

function typeRaw(slot: usize): void {
  if (load<i32>(FRAMING) == JSON_LINES) typeJsonValue(slot, fromOf(slot));
  else typeSlot(slot, fromOf(slot), toOf(slot), true);
}

/** Compares with eight ports at a time; the list is filled up with its first. */
function isPortIn(port: u32, list: usize, count: u32): bool {
  const wanted = i16x8.splat(<i16>port);
  const end = list + (<usize>count << 1);
  for (let at = list; at < end; at += 16) {
    if (v128.any_true(i16x8.eq(v128.load(at), wanted))) return true;
  }
  return false;
}
