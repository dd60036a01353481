/** YAML text → a plain tree in which every node knows its place, so that errors can show it. */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseAllDocuments,
} from "yaml";
import { type ErrorCode, type ErrorPlace, SallyportError } from "../errors.ts";

export interface SourceScalar {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** The scalar as written, which keeps the digits of numbers too long for a float. */
  readonly text: string;
  readonly offset: number;
}

export interface SourceList {
  readonly kind: "list";
  readonly items: readonly SourceNode[];
  readonly offset: number;
}

export interface SourceEntry {
  readonly key: string;
  readonly keyOffset: number;
  readonly value: SourceNode;
}

export interface SourceMap {
  readonly kind: "map";
  readonly entries: readonly SourceEntry[];
  readonly offset: number;
}

export type SourceNode = SourceScalar | SourceList | SourceMap;

/** A YAML text, read; `at` turns an offset into a place with its line. */
export interface SourceFile {
  readonly file: string;
  readonly documents: readonly SourceNode[];
  at(offset: number): ErrorPlace;
  fail(code: ErrorCode, offset: number, detail: string, hint?: string): never;
}

/** Aliases may repeat a node; a file that unfolds to more nodes than this is refused. */
const MAX_NODES = 100_000;

/**
 * Reads every document of a YAML text; empty documents are left out.
 * Errors: SallyportError rule_syntax at the first fault.
 */
export function readSource(text: string, file: string, syntaxCode: ErrorCode = "rule_syntax"): SourceFile {
  const lineCounter = new LineCounter();
  const at = (offset: number): ErrorPlace => placeOf(text, file, lineCounter, offset);
  const fail = (code: ErrorCode, offset: number, detail: string, hint?: string): never => {
    throw new SallyportError(code, { detail, at: at(offset), ...(hint === undefined ? {} : { hint }) });
  };
  const parsed = parseAllDocuments(text, { lineCounter, prettyErrors: false });
  const documents: SourceNode[] = [];
  const build = new TreeBuilder((offset, detail) => fail(syntaxCode, offset, detail));
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const [error] = document.errors;
    if (error !== undefined) fail(syntaxCode, error.pos[0], firstLine(error.message));
    if (!isEmpty(document.contents)) documents.push(build.node(document.contents, document));
  }
  return { file, documents, at, fail };
}

/** The value under a key of a map. */
export function childOf(node: SourceNode | undefined, key: string): SourceNode | undefined {
  return entryOf(node, key)?.value;
}

/** The entry of a key of a map. */
export function entryOf(node: SourceNode | undefined, key: string): SourceEntry | undefined {
  return node?.kind === "map" ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** Plain JavaScript values of a tree. */
export function toPlain(node: SourceNode): unknown {
  switch (node.kind) {
    case "scalar":
      return node.value;
    case "list":
      return node.items.map(toPlain);
    case "map":
      return Object.fromEntries(node.entries.map((entry) => [entry.key, toPlain(entry.value)]));
    default:
      return node satisfies never;
  }
}

/** The node, or key, that a path of keys and places leads to; the nearest one above where it ends early. */
export function offsetOfPath(root: SourceNode, path: readonly PropertyKey[]): number {
  let node = root;
  let offset = root.offset;
  for (const step of path) {
    if (node.kind === "list" && typeof step === "number") {
      const item = node.items[step];
      if (item === undefined) return offset;
      node = item;
      offset = item.offset;
    } else {
      const entry = entryOf(node, String(step));
      if (entry === undefined) return offset;
      node = entry.value;
      offset = entry.keyOffset;
    }
  }
  return offset;
}

function placeOf(text: string, file: string, lineCounter: LineCounter, offset: number): ErrorPlace {
  const { line, col } = lineCounter.linePos(Math.min(offset, text.length));
  return { file, line, column: col, source: text.split(/\r?\n/, line)[line - 1] };
}

function isEmpty(contents: ParsedNode | null): boolean {
  return contents === null || (isScalar(contents) && contents.value === null);
}

function firstLine(message: string): string {
  return (message.split("\n", 1)[0] ?? message).replace(/[.:]$/, "");
}

/** Turns YAML nodes into the tree, following aliases within a bound. */
class TreeBuilder {
  private readonly refuse: (offset: number, detail: string) => never;
  private count = 0;

  constructor(refuse: (offset: number, detail: string) => never) {
    this.refuse = refuse;
  }

  node(node: unknown, document: Document): SourceNode {
    const offset = (node as Node | null)?.range?.[0] ?? 0;
    if (++this.count > MAX_NODES) this.refuse(offset, "The file unfolds to too many values");
    if (isAlias(node)) {
      const target = node.resolve(document as Document<Node>);
      return target === undefined
        ? this.refuse(offset, `The alias "${node.source}" has no anchor`)
        : this.node(target, document);
    }
    if (isMap(node)) return { kind: "map", offset, entries: this.entries(node.items, document) };
    if (isSeq(node)) {
      return { kind: "list", offset, items: node.items.map((item) => this.node(item, document)) };
    }
    return { kind: "scalar", offset, ...scalarOf(node) };
  }

  private entries(
    items: readonly { readonly key: unknown; readonly value: unknown }[],
    document: Document,
  ): SourceEntry[] {
    return items.map(({ key, value }) => {
      const keyOffset = (key as Node | null)?.range?.[0] ?? 0;
      const name = isScalar(key) ? String(key.value) : this.refuse(keyOffset, "A key is not plain text");
      const child = value === null ? nullAt(keyOffset) : this.node(value, document);
      return { key: name, keyOffset, value: child };
    });
  }
}

function nullAt(offset: number): SourceScalar {
  return { kind: "scalar", value: null, text: "", offset };
}

function scalarOf(node: unknown): Pick<SourceScalar, "value" | "text"> {
  if (!isScalar(node)) return { value: null, text: "" };
  const value: unknown = node.value;
  if (typeof value === "number" || typeof value === "boolean") {
    return { value, text: node.source ?? String(value) };
  }
  if (value === null || value === undefined) return { value: null, text: "" };
  return { value: String(value), text: String(value) };
}
