/** JSON with line numbers: each value knows where it began, so that an answer can point at it. */
import { SallyportError } from "../errors.ts";

export type JsonNode = { readonly line: number } & (
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, JsonNode> }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "null" }
);

/** Deeper than any program writes, and shallow enough to walk. */
const DEEPEST = 100;

const WORDS: Readonly<Record<string, true | false | null>> = { true: true, false: false, null: null };

interface Scanner {
  readonly text: string;
  readonly file: string;
  at: number;
  line: number;
}

/** Parses a text as one JSON value. Errors: config_unrecognised, with the line, for anything else. */
export function parseJsonTree(text: string, file: string): JsonNode {
  const scanner: Scanner = { text: text.replace(/^\uFEFF/, ""), file, at: 0, line: 1 };
  const node = readValue(scanner, 0);
  skipBlanks(scanner);
  if (scanner.at < scanner.text.length) throw broken(scanner, "something follows the JSON value");
  return node;
}

function broken({ file, line }: Scanner, detail: string): SallyportError {
  return new SallyportError("config_unrecognised", {
    detail: `No valid JSON: ${detail}`,
    at: { file, line },
  });
}

function skipBlanks(scanner: Scanner): void {
  for (; scanner.at < scanner.text.length; scanner.at++) {
    const character = scanner.text[scanner.at];
    if (character === "\n") scanner.line++;
    else if (character !== " " && character !== "\t" && character !== "\r") return;
  }
}

function readValue(scanner: Scanner, depth: number): JsonNode {
  if (depth > DEEPEST) throw broken(scanner, "it is nested too deep");
  skipBlanks(scanner);
  const { line } = scanner;
  const character = scanner.text[scanner.at];
  if (character === "{") return { line, kind: "object", entries: readObject(scanner, depth) };
  if (character === "[") return { line, kind: "array", items: readArray(scanner, depth) };
  if (character === '"') return { line, kind: "text", value: readText(scanner) };
  return readPlain(scanner, line);
}

function readObject(scanner: Scanner, depth: number): ReadonlyMap<string, JsonNode> {
  const entries = new Map<string, JsonNode>();
  readList(scanner, "}", () => {
    if (scanner.text[scanner.at] !== '"') throw broken(scanner, "a name in quotes is missing");
    const name = readText(scanner);
    skipBlanks(scanner);
    if (scanner.text[scanner.at] !== ":") throw broken(scanner, "a colon is missing");
    scanner.at++;
    entries.set(name, readValue(scanner, depth + 1));
  });
  return entries;
}

function readArray(scanner: Scanner, depth: number): readonly JsonNode[] {
  const items: JsonNode[] = [];
  readList(scanner, "]", () => items.push(readValue(scanner, depth + 1)));
  return items;
}

/** Reads what stands between two brackets, commas between. */
function readList(scanner: Scanner, end: "}" | "]", readOne: () => void): void {
  scanner.at++;
  skipBlanks(scanner);
  if (scanner.text[scanner.at] === end) {
    scanner.at++;
    return;
  }
  for (;;) {
    skipBlanks(scanner);
    readOne();
    skipBlanks(scanner);
    const character = scanner.text[scanner.at++];
    if (character === end) return;
    if (character !== ",") throw broken(scanner, `a comma or ${end} is missing`);
  }
}

const QUOTED = /"(?:[^"\\\n]|\\.)*"/y;

function readText(scanner: Scanner): string {
  QUOTED.lastIndex = scanner.at;
  const raw = QUOTED.exec(scanner.text)?.[0];
  if (raw === undefined) throw broken(scanner, "a text does not end");
  scanner.at += raw.length;
  try {
    return String(JSON.parse(raw));
  } catch {
    throw broken(scanner, "a text holds a wrong escape");
  }
}

const PLAIN = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

function readPlain(scanner: Scanner, line: number): JsonNode {
  PLAIN.lastIndex = scanner.at;
  const raw = PLAIN.exec(scanner.text)?.[0];
  if (raw === undefined) throw broken(scanner, "a value is missing");
  scanner.at += raw.length;
  const word = WORDS[raw];
  if (word === null) return { line, kind: "null" };
  return word === undefined
    ? { line, kind: "number", value: Number(raw) }
    : { line, kind: "boolean", value: word };
}

/** A member of an object; undefined where it is absent or the node is no object. */
export function memberOf(node: JsonNode | undefined, name: string): JsonNode | undefined {
  return node?.kind === "object" ? node.entries.get(name) : undefined;
}

/** The items of an array; none for anything else. */
export function itemsOf(node: JsonNode | undefined): readonly JsonNode[] {
  return node?.kind === "array" ? node.items : [];
}

/** The only member of an object, as nftables writes its expressions. */
export function onlyMemberOf(
  node: JsonNode | undefined,
): readonly [name: string, value: JsonNode] | undefined {
  return node?.kind === "object" && node.entries.size === 1 ? [...node.entries][0] : undefined;
}

/** A text, or a number as text; undefined for anything else. */
export function textOf(node: JsonNode | undefined): string | undefined {
  return node?.kind === "text" || node?.kind === "number" ? String(node.value) : undefined;
}

/** A whole number; undefined for anything else. */
export function numberOf(node: JsonNode | undefined): number | undefined {
  return node?.kind === "number" && Number.isInteger(node.value) ? node.value : undefined;
}
