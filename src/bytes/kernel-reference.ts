/** The byte kernel's reference: the same verdicts, one line at a time, in plain JavaScript. Slow, and plainly right. */
import { LONGEST_WALKED } from "./kernel-layout.ts";
import type { KernelFraming, KernelPlan, KernelSlot, KernelTable, KernelTest } from "./kernel-plan.ts";
import { latin1, membersOf, type RawValue, type SlotValue } from "./kernel-reference-json.ts";

/**
 * "no": no rule can match the line. "ask": the full decoder has to see it. "stop": so do the lines after it, until it
 * is known where a record begins.
 */
export type KernelVerdict = "no" | "ask" | "stop";

type Delimited = Extract<KernelFraming, { kind: "delimited" }>;

/** Says what the kernel has to say of one line, its newline taken off. */
export function referenceVerdict(
  plan: KernelPlan,
  table: KernelTable,
  line: Uint8Array,
  prefilter: boolean,
): KernelVerdict {
  const text = latin1(line);
  const { framing, literals } = plan;
  if (framing.kind === "csv") return csvVerdict(plan, table, text);
  if (line.length + 1 > LONGEST_WALKED) return "ask";
  if (framing.kind === "delimited" && line[0] !== undefined && line[0] === framing.directive) return "stop";
  if (text.includes("\0")) return "ask";
  if (framing.kind === "key-value") return verdictOf(plan, table, pairsOf(plan.slots, text));
  if (framing.kind === "delimited") return verdictOf(plan, table, columnsOf(framing, plan.slots, text));
  if (!/^[ \t\r]*\{.*\}[ \t\r]*$/s.test(text)) return "ask";
  if (prefilter && literals !== null && !holdsLiteral(literals, text)) return "no";
  return verdictOf(plan, table, membersOf(plan.slots, text));
}

function verdictOf(
  plan: KernelPlan,
  table: KernelTable,
  values: readonly SlotValue[] | undefined,
): KernelVerdict {
  if (values === undefined) return "ask";
  if (plan.slots.some((slot, index) => slot.required && values[index] === undefined)) return "ask";
  const mayHold = (test: KernelTest): boolean => testMayHold(test, plan.slots, values, table);
  return plan.alternatives.some((tests) => tests.every(mayHold)) ? "ask" : "no";
}

function testMayHold(
  test: KernelTest,
  slots: readonly KernelSlot[],
  values: readonly SlotValue[],
  table: KernelTable,
): boolean {
  const value = values[test.slot];
  if (value === undefined) return test.kind === "text-lacks" || test.orAbsent;
  const type = slots[test.slot]?.type;
  if (value === "odd" || (type !== "port" && !value.quoted)) return true;
  switch (test.kind) {
    case "port-in":
    case "port-above": {
      const port = portOf(value.text);
      if (port === undefined) return true;
      return test.kind === "port-in" ? test.values.includes(port) : port > test.value;
    }
    case "class-in": {
      const classes = classesOf(table, value.text);
      return classes === undefined || (classes & test.mask) !== 0;
    }
    default: {
      if (/[^\0-\x7f]|\\/.test(value.text)) return true;
      const lower = value.text.toLowerCase();
      return (
        test.needles.some((needle) => lower.includes(lowerLatin1(needle))) === (test.kind === "text-has")
      );
    }
  }
}

function portOf(text: string): number | undefined {
  if (!/^(?:0|[1-9]\d{0,4})(?:\.0)?$/.test(text)) return undefined;
  const port = Number.parseInt(text, 10);
  return port > 65_535 ? undefined : port;
}

/** The classes of an address; undefined for what is none. */
function classesOf({ ipv4, ipv6 }: KernelTable, text: string): number | undefined {
  const short = ipv4Of(text);
  if (short !== undefined) return ipv4.classes[ipv4.starts.findLastIndex((start) => start <= short)];
  const long = ipv6Of(text);
  if (long === undefined) return undefined;
  const startOf = (place: number): bigint =>
    ((ipv6.starts[2 * place] ?? 0n) << 64n) | (ipv6.starts[2 * place + 1] ?? 0n);
  return ipv6.classes.findLast((_, place) => startOf(place) <= long);
}

function ipv4Of(text: string): number | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** Groups of hex digits with at most one gap; dotted decimal at the end, zones and brackets are not read. */
function ipv6Of(text: string): bigint | undefined {
  const parts = text.split("::").map(groupsOf);
  const [head, tail] = parts;
  if (parts.length > 2 || head === undefined) return undefined;
  if (parts.length === 1) return head.length === 8 ? numberOf(head) : undefined;
  if (tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? undefined : numberOf([...head, ...new Array<string>(missing).fill("0"), ...tail]);
}

function groupsOf(text: string): readonly string[] | undefined {
  const groups = text === "" ? [] : text.split(":");
  return groups.every((group) => /^[\da-f]{1,4}$/i.test(group)) ? groups : undefined;
}

function numberOf(groups: readonly string[]): bigint {
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** The columns of the slots; undefined when the line is not understood. */
function columnsOf(
  framing: Delimited,
  slots: readonly KernelSlot[],
  text: string,
): readonly SlotValue[] | undefined {
  const all = text.split(String.fromCharCode(framing.separator));
  if (all.length < framing.columns || !/^[\x21-\x7f]/.test(text)) return undefined;
  const scanned = Math.max(framing.columns, ...slots.map(({ column }) => column + 1));
  const quote = framing.quote === undefined ? undefined : String.fromCharCode(framing.quote);
  if (quote !== undefined && all.slice(0, scanned).some((column) => column.includes(quote))) return undefined;
  const last = all.length - 1;
  all[last] = (all[last] ?? "").replace(/\r$/, "");
  return slots.map(({ column }) => {
    const value = all[column] ?? "";
    return value === "" || value === framing.unset ? undefined : { text: value, quoted: true };
  });
}

function csvVerdict(plan: KernelPlan, table: KernelTable, text: string): KernelVerdict {
  const fields = text.length + 1 > LONGEST_WALKED ? undefined : csvFields(text);
  const least = plan.framing.kind === "csv" ? plan.framing.columns : 0;
  if (fields === undefined || fields.length < least) return "stop";
  const values = plan.slots.map(({ column }): SlotValue => {
    const field = fields[column] ?? "";
    const value = field.startsWith('"') ? field.slice(1, -1) : field;
    if (value.includes('"')) return "odd";
    return value === "" ? undefined : { text: value, quoted: true };
  });
  const ends = plan.slots.flatMap(({ type }, index) => {
    const value = values[index];
    return type === "text" || value === undefined ? [] : [isNamed(type, value, table)];
  });
  if (ends.length === 0 || !ends.every(Boolean)) return "stop";
  return text.includes("\0") ? "ask" : verdictOf(plan, table, values);
}

function isNamed(type: "port" | "address", value: RawValue | "odd", table: KernelTable): boolean {
  if (value === "odd") return false;
  return type === "port" ? portOf(value.text) !== undefined : classesOf(table, value.text) !== undefined;
}

/** The fields of a row, still in their quotes; undefined when it is none. */
function csvFields(text: string): readonly string[] | undefined {
  const field = /("(?:[^"]|"")*"|[^",]*)(,|$)/y;
  const row = text.replace(/\r$/, "");
  const fields: string[] = [];
  for (;;) {
    const found = field.exec(row);
    if (found === null) return undefined;
    fields.push(found[1] ?? "");
    if (found[2] === "") return fields;
  }
}

/** The values of the slots' keys; undefined when the line is not pairs behind a header's words. */
function pairsOf(slots: readonly KernelSlot[], text: string): readonly SlotValue[] | undefined {
  const token = / |([^ ="\\,\0-\x1f]+)=(?:"((?:[^"\\]|\\.)*)"|([^ ="\\]*))(?: |$)|([^ ="\\]+)(?: |$)/sy;
  const line = text.replace(/^<\d{1,3}>/, "").replace(/\r$/, "");
  const pairs: { key: string; value: string }[] = [];
  while (token.lastIndex < line.length) {
    const [, key, quoted, bare = "", word] = token.exec(line) ?? ["", "", "", "", ""];
    if (key === "" || (word !== undefined && pairs.length > 0)) return undefined;
    if (key !== undefined) pairs.push({ key, value: quoted ?? bare });
  }
  return slots.map(({ keys }) => {
    const names = keys.map((key) => latin1(new TextEncoder().encode(key)));
    const values = pairs.flatMap(({ key, value }) => (names.includes(key) ? [value] : []));
    const text = values.find((value) => value !== "");
    if (text === undefined) return undefined;
    return values.length > 1 ? "odd" : { text, quoted: true };
  });
}

function holdsLiteral(literals: readonly string[], text: string): boolean {
  const lower = lowerAscii(text);
  return literals.some((literal) => {
    const wanted = lowerLatin1(literal);
    if (!/^\d+$/.test(wanted)) return lower.includes(wanted);
    return new RegExp(`(?<![\\d.])${wanted}(?!\\d)`).test(lower);
  });
}

function lowerLatin1(text: string): string {
  return lowerAscii(latin1(new TextEncoder().encode(text)));
}

function lowerAscii(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
