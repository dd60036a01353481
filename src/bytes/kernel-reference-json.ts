/** How the byte kernel's reference takes a JSON line apart: the values of the wanted keys, as they are written. */
import { MOST_LEVELS } from "./kernel-layout.ts";
import type { KernelSlot } from "./kernel-plan.ts";

/** A value as written. Shape: `quoted` is true for JSON strings and for columns. */
export interface RawValue {
  readonly text: string;
  readonly quoted: boolean;
}

/** A slot's value: "odd" may be anything; a port, the classes of an address, a text. */
export type SlotValue = RawValue | "odd" | undefined;

/** The values of the slots' keys; undefined when the line is not one whole object with plain keys. */
export function membersOf(slots: readonly KernelSlot[], text: string): readonly SlotValue[] | undefined {
  const found = slots.map((): string[] => []);
  const names = slots.flatMap(({ keys }, slot) =>
    [...new Set(keys)].map((key) => ({ name: latin1(new TextEncoder().encode(key)), slot })),
  );
  if (levelsOf(text) >= MOST_LEVELS || !gather(text, names, found)) return undefined;
  return found.map(([value, ...more]) => {
    if (value === undefined) return undefined;
    if (more.length > 0) return "odd";
    if (value.startsWith('"')) return { text: value.slice(1, -1), quoted: true };
    return /^\d/.test(value) ? { text: value, quoted: false } : "odd";
  });
}

/** A name, or the rest of one, that leads to a slot. */
interface Lead {
  readonly name: string;
  readonly slot: number;
}

/** Gathers the values that an object has for names; false where it is not plain who has what. */
function gather(text: string, names: readonly Lead[], found: readonly string[][]): boolean {
  const members = readMembers(text);
  if (members === undefined || members.some(({ key }) => key.includes("\\"))) return false;
  const entered = new Set<string>();
  for (const { key, value } of members) {
    for (const { name, slot } of names) if (name === key) found[slot]?.push(value);
    const inner = names
      .filter(({ name }) => key !== "" && name.startsWith(`${key}.`))
      .map(({ name, slot }) => ({ name: name.slice(key.length + 1), slot }));
    if (inner.length === 0) continue;
    if (entered.has(key) || (value.startsWith("{") && !gather(value, inner, found))) return false;
    entered.add(key);
  }
  return true;
}

/** How many brackets are open at the most. */
function levelsOf(text: string): number {
  let [depth, most] = [0, 0];
  for (const bracket of text.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/[{}[\]]/g) ?? []) {
    depth += "{[".includes(bracket) ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}

const BLANKS = /[ \t\r]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /[^ \t\r,:"{}[\]]+/y;

/** Reads the top level of an object; values are raw text. */
function readMembers(text: string): { readonly key: string; readonly value: string }[] | undefined {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  const sign = (): string => {
    take(BLANKS);
    return text[at++] ?? "";
  };
  const value = (): string | undefined => {
    take(BLANKS);
    const first = text[at];
    if (first === '"') return take(STRING);
    return first === "{" || first === "[" ? nested() : take(SCALAR);
  };
  const nested = (): string | undefined => {
    const from = at;
    for (let depth = 0; at < text.length; ) {
      const part = take(STRING) ?? text[at++] ?? "";
      if ("{[".includes(part)) depth++;
      else if ("}]".includes(part)) depth--;
      if (depth === 0) return text.slice(from, at);
    }
    return undefined;
  };
  const members: { key: string; value: string }[] = [];
  if (sign() !== "{") return undefined;
  take(BLANKS);
  let next = text[at] === "}" ? sign() : ",";
  while (next === ",") {
    take(BLANKS);
    const key = take(STRING);
    if (key === undefined || sign() !== ":") return undefined;
    const found = value();
    if (found === undefined) return undefined;
    members.push({ key: key.slice(1, -1), value: found });
    next = sign();
  }
  take(BLANKS);
  return next === "}" && at === text.length ? members : undefined;
}

/** One character a byte: offsets stay bytes, and nothing is lost. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
