/** Writes a kernel plan into the kernel's memory. In: plan, table. Out: where the input goes. */
import { createHeap, type Heap, place } from "./kernel-heap.ts";
import * as at from "./kernel-layout.ts";
import { lowerBytes, writeLiterals, writeNeedles } from "./kernel-needles.ts";
import type { KernelPlan, KernelSlot, KernelTable, KernelTest } from "./kernel-plan.ts";

/** Lines that one call can ask for; then it stops, and is called again. */
const MOST_ASKS = 16_384;
const MOST_KEYS = 255;
const NONE = -1;
const [BLANK, QUOTE, COMMA, EQUALS, BACKSLASH] = [0x20, 0x22, 0x2c, 0x3d, 0x5c];
const ENCODER = new TextEncoder();

/** What a kernel keeps of its memory. Units: `input` and `asks` are addresses in bytes. */
export interface KernelMemory {
  readonly input: number;
  readonly asks: number;
  /** Whether an alternative has no test at all: a walk can rule nothing out, only the literals can. */
  readonly always: boolean;
  readonly prefilter: boolean;
}

/**
 * Lays out the memory for a plan and makes it large enough.
 * Errors: RangeError for a plan that is larger than the kernel's tables; no plan that is made from rules is.
 */
export function layOut(
  memory: WebAssembly.Memory,
  plan: KernelPlan,
  table: KernelTable,
  options: { readonly capacity: number; readonly threshold: number; readonly sparseThreshold: number },
): KernelMemory {
  const heap = createHeap(memory);
  const always = plan.alternatives.some((tests) => tests.length === 0);
  writeFraming(heap, plan);
  writeSlots(heap, plan.slots);
  if (plan.framing.kind === "json") writeKeys(heap, keysOfJson(plan.slots), { open: '"', close: QUOTE });
  if (plan.framing.kind === "key-value")
    writeKeys(heap, keysOfPairs(plan.slots), { open: "", close: EQUALS });
  writeTests(heap, plan);
  writeTable(heap, table);
  const prefilter = plan.framing.kind === "json" && writeLiterals(heap, plan.literals);
  heap.word(at.ALWAYS, always ? 1 : 0);
  heap.word(at.THRESHOLD, options.threshold);
  heap.word(at.SPARSE_THRESHOLD, options.sparseThreshold);
  heap.word(at.EVENTS, heap.take((at.LONGEST_WALKED + 2 * at.PADDING) * 4));
  heap.word(at.NEWLINES, heap.take((at.LONGEST_WALKED + at.PADDING) * 4));
  const asks = heap.take(MOST_ASKS * 8);
  heap.word(at.ASKS, asks);
  heap.word(at.ASKS_END, asks + MOST_ASKS * 8);
  const input = heap.take(at.PADDING) + at.PADDING;
  heap.take(options.capacity + 2 * at.PADDING);
  heap.word(at.INPUT, input);
  return { input, asks, always, prefilter };
}

function writeFraming(heap: Heap, { framing, slots }: KernelPlan): void {
  switch (framing.kind) {
    case "json":
      heap.word(at.FRAMING, at.JSON_LINES);
      return;
    case "csv":
      writeQuoted(heap, { framing: at.CSV, separator: COMMA, assignment: COMMA, escape: NONE });
      heap.word(at.COLUMNS, framing.columns);
      return;
    case "key-value":
      writeQuoted(heap, { framing: at.KEY_VALUE, separator: BLANK, assignment: EQUALS, escape: BACKSLASH });
      return;
    case "delimited":
      writeDelimited(heap, framing, Math.max(0, ...slots.map(({ column }) => column)));
  }
}

function writeQuoted(
  heap: Heap,
  bytes: Record<"framing" | "separator" | "assignment" | "escape", number>,
): void {
  heap.word(at.FRAMING, bytes.framing);
  heap.word(at.SEPARATOR, bytes.separator);
  heap.word(at.ASSIGNMENT, bytes.assignment);
  heap.word(at.ESCAPE, bytes.escape);
}

function writeDelimited(
  heap: Heap,
  framing: Extract<KernelPlan["framing"], { kind: "delimited" }>,
  lastWanted: number,
): void {
  heap.word(at.FRAMING, at.DELIMITED);
  heap.word(at.SEPARATOR, framing.separator);
  heap.word(at.COLUMNS, framing.columns);
  heap.word(at.SCANNED_COLUMNS, Math.max(framing.columns, lastWanted + 1));
  heap.word(at.DIRECTIVE, framing.directive ?? NONE);
  heap.word(at.QUOTE, framing.quote ?? NONE);
  const unset = ENCODER.encode(framing.unset ?? "");
  heap.word(at.UNSET, place(heap, unset));
  heap.word(at.UNSET_LENGTH, unset.length);
}

const SLOT_TYPES = { port: at.PORT, address: at.ADDRESS, text: at.TEXT } as const;

function writeSlots(heap: Heap, slots: readonly KernelSlot[]): void {
  if (slots.length > at.MAX_SLOTS) throw new RangeError(`${slots.length} slots`);
  heap.word(at.SLOT_COUNT, slots.length);
  heap.word(
    at.REQUIRED,
    slots.reduce((bits, { required }, index) => (required ? bits | (1 << index) : bits), 0),
  );
  for (const [index, slot] of slots.entries()) {
    heap.byte(at.SLOT_TYPE + index, SLOT_TYPES[slot.type]);
    heap.word(at.SLOT_COLUMN + index * 4, slot.column);
  }
}

/** A key of an object, by number: it leads to a slot's value, or to another object. */
interface Key {
  readonly node: number;
  readonly text: string;
  readonly slot: number;
  readonly child: number;
}

function keysOfPairs(slots: readonly KernelSlot[]): readonly Key[] {
  return slots.flatMap(({ keys }, slot) =>
    [...new Set(keys)].map((text) => ({ node: at.ROOT, text, slot, child: 0 })),
  );
}

/** Every way to a slot's names: as one key, and as a key in an object for each dot where a name can be parted. */
function keysOfJson(slots: readonly KernelSlot[]): readonly Key[] {
  const keys: Key[] = [];
  let last = at.ROOT;
  const childAt = (node: number, text: string): number => {
    const known = keys.find((key) => key.node === node && key.text === text && key.child > 0);
    if (known !== undefined) return known.child;
    last++;
    keys.push({ node, text, slot: at.NO_SLOT, child: last });
    return last;
  };
  const add = (node: number, name: string, slot: number): void => {
    keys.push({ node, text: name, slot, child: 0 });
    for (let dot = name.indexOf("."); dot > 0; dot = name.indexOf(".", dot + 1)) {
      add(childAt(node, name.slice(0, dot)), name.slice(dot + 1), slot);
    }
  };
  for (const [slot, { keys: names }] of slots.entries()) {
    for (const name of new Set(names)) add(at.ROOT, name, slot);
  }
  if (last > at.LAST_NODE) throw new RangeError(`${last} objects`);
  return keys;
}

/**
 * A key is written with what it opens with. The hash is of its last three bytes and what closes it, as far as every
 * wanted key has so many.
 */
function writeKeys(
  heap: Heap,
  wanted: readonly Key[],
  { open, close }: { readonly open: string; readonly close: number },
): void {
  const keys = wanted.map((key) => ({ ...key, text: ENCODER.encode(`${open}${key.text}`) }));
  if (keys.length > MOST_KEYS) throw new RangeError(`${keys.length} keys`);
  const shortest = Math.min(...keys.map(({ text }) => text.length));
  const mask = shortest >= 3 ? 0xffffffff : shortest === 2 ? 0xffffff00 : 0xffff0000;
  const entries = heap.take(keys.length * at.KEY_SIZE);
  heap.word(at.KEYS, entries);
  heap.word(at.KEY_MASK, mask);
  const firsts = new Uint8Array(1 << at.KEY_HASH_BITS);
  for (const [index, { node, slot, child, text }] of keys.entries()) {
    const entry = entries + index * at.KEY_SIZE;
    const hash = keyHash(text, mask, close);
    heap.word(entry + at.KEY_LENGTH, text.length);
    heap.word(entry + at.KEY_SLOT, slot);
    heap.word(entry + at.KEY_NODE, node);
    heap.word(entry + at.KEY_CHILD, child);
    heap.word(entry + at.KEY_NEXT, firsts[hash] ?? 0);
    heap.word(entry + at.KEY_TEXT, place(heap, text));
    const tail = text.subarray(-16);
    heap.bytes(entry + at.KEY_TAIL + 16 - tail.length, tail);
    heap.bytes(entry + at.KEY_TAIL_MASK + 16 - tail.length, new Uint8Array(tail.length).fill(0xff));
    firsts[hash] = index + 1;
  }
  heap.bytes(at.KEY_INDEX, firsts);
}

function keyHash(key: Uint8Array, mask: number, close: number): number {
  const padded = new Uint8Array(4 + key.length);
  padded.set(key, 3);
  padded[padded.length - 1] = close;
  const end = new DataView(padded.buffer).getUint32(padded.length - 4, true);
  return Math.imul(end & mask, at.KEY_MULTIPLIER) >>> (32 - at.KEY_HASH_BITS);
}

const KINDS = {
  "port-in": at.PORT_IN,
  "port-above": at.PORT_ABOVE,
  "text-has": at.TEXT_HAS,
  "text-lacks": at.TEXT_LACKS,
  "class-in": at.CLASS_IN,
} as const;

const SLOT_OF_KIND = {
  "port-in": "port",
  "port-above": "port",
  "class-in": "address",
  "text-has": "text",
  "text-lacks": "text",
} as const;

/** The cheap tests first, and those that fail most; addresses are the dearest to read. */
const ORDER = Object.keys(KINDS);

/** Alternatives that begin alike stand together, so that a test that fails for one is not asked again for the next. */
function writeTests(heap: Heap, { alternatives, slots }: KernelPlan): void {
  const lists = alternatives
    .map((tests) => [...tests].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind)))
    .map((tests) => ({ tests, keys: tests.map((test) => JSON.stringify(test)) }))
    .sort((a, b) => (a.keys.join() < b.keys.join() ? -1 : 1));
  const total = lists.reduce((sum, { tests }) => sum + tests.length + 1, 0);
  let free = heap.take(total * at.TEST_SIZE);
  const placed = lists.map((list) => {
    const address = free;
    free += (list.tests.length + 1) * at.TEST_SIZE;
    return { ...list, address };
  });
  heap.word(at.FIRST_TEST, placed[0]?.address ?? 0);
  for (const [index, { tests, keys, address }] of placed.entries()) {
    for (const [step, test] of tests.entries()) {
      if (slots[test.slot]?.type !== SLOT_OF_KIND[test.kind])
        throw new RangeError(`${test.kind} on a slot of another type`);
      const next = placed
        .slice(index + 1)
        .find((other) => keys.slice(0, step + 1).some((key, place) => other.keys[place] !== key));
      writeTest(heap, address + step * at.TEST_SIZE, test);
      heap.word(address + step * at.TEST_SIZE + at.TEST_NEXT, next?.address ?? 0);
    }
    heap.word(address + tests.length * at.TEST_SIZE + at.TEST_KIND, at.HOLDS);
  }
}

function writeTest(heap: Heap, address: number, test: KernelTest): void {
  heap.word(address + at.TEST_KIND, KINDS[test.kind]);
  heap.word(address + at.TEST_SLOT, test.slot);
  heap.word(address + at.TEST_OR_ABSENT, test.kind === "text-lacks" || test.orAbsent ? 1 : 0);
  if (test.kind === "port-above") heap.word(address + at.TEST_VALUE, test.value);
  else if (test.kind === "class-in") heap.word(address + at.TEST_VALUE, test.mask);
  else if (test.kind === "port-in") {
    const ports = eightfold(test.values);
    heap.word(address + at.TEST_DATA, place(heap, new Uint8Array(ports.buffer)));
    heap.word(address + at.TEST_COUNT, ports.length);
  } else {
    const needles = test.needles.map(lowerBytes);
    heap.word(address + at.TEST_DATA, writeNeedles(heap, needles));
    heap.word(address + at.TEST_COUNT, needles.length);
    heap.word(address + at.TEST_VALUE, Math.min(...needles.map(({ length }) => length), 0xffffffff));
  }
}

/** A list of ports, filled up to a multiple of eight by its first. */
function eightfold(values: readonly number[]): Uint16Array {
  const ports = values.filter((value) => value >= 0 && value <= 0xffff);
  const list = new Uint16Array(Math.ceil(ports.length / 8) * 8).fill(ports[0] ?? 0);
  list.set(ports);
  return list;
}

function writeTable(heap: Heap, { ipv4, ipv6 }: KernelTable): void {
  heap.word(at.STARTS_6, place(heap, bytesOf(ipv6.starts)));
  heap.word(at.CLASSES_6, place(heap, bytesOf(ipv6.classes)));
  heap.word(at.COUNT_6, ipv6.classes.length);
  const { starts, classes } = ipv4;
  heap.word(at.STARTS, place(heap, bytesOf(starts)));
  heap.word(at.CLASSES, place(heap, bytesOf(classes)));
  let last = 0;
  for (let byte = 0; byte < 256; byte++) {
    while ((starts[last + 1] ?? Number.POSITIVE_INFINITY) <= byte * 2 ** 24) last++;
    heap.word(at.FIRST_OF_SLASH_8 + byte * 4, last);
  }
  heap.word(at.FIRST_OF_SLASH_8 + 1024, Math.max(0, starts.length - 1));
}

function bytesOf(list: Uint32Array | BigUint64Array): Uint8Array {
  return new Uint8Array(list.buffer, list.byteOffset, list.byteLength);
}
