/** nftables matches and verdict maps as conditions: values, sets, ranges, and sets by name. */
import type { ConnectionFacts } from "./connection.ts";
import { itemsOf, type JsonNode, memberOf, numberOf, onlyMemberOf, textOf } from "./json-tree.ts";
import { type NftKey, nftKey } from "./nft-key.ts";
import { ALWAYS, all, anyOfMany, type Condition, NEVER, not, protocol, unknown } from "./ruleset.ts";

/** A set or map as listed: its elements, and whether packets change it. */
export interface NftSet {
  readonly elements: readonly JsonNode[];
  readonly isDynamic: boolean;
}

/** What a table and the whole ruleset say. */
export interface NftFacts extends ConnectionFacts {
  /** By name. */
  readonly sets: ReadonlyMap<string, NftSet>;
}

/** The condition of a `match` statement. */
export function nftMatch(body: JsonNode, facts: NftFacts): Condition {
  const left = memberOf(body, "left");
  const right = memberOf(body, "right");
  const op = textOf(memberOf(body, "op")) ?? "==";
  if (left === undefined || right === undefined) return unknown("a match that is not complete");
  const masked = onlyMemberOf(left);
  if (masked?.[0] === "&") return flagsMatch(itemsOf(masked[1]), right, op);
  const key = nftKey(left, facts);
  const held = Object.hasOwn(BOUNDS, op) ? compared(key, op, right) : valuesHold(key, right, facts);
  return all(key.implied, op === "!=" ? not(held) : held);
}

/** `<` and its like as ranges of ports. */
const BOUNDS = {
  "<": (value: number) => [0, value - 1] as const,
  "<=": (value: number) => [0, value] as const,
  ">": (value: number) => [value + 1, 65_535] as const,
  ">=": (value: number) => [value, 65_535] as const,
};

function compared(key: NftKey, op: string, right: JsonNode): Condition {
  const value = numberOf(right);
  const bounds = value === undefined ? undefined : BOUNDS[op as keyof typeof BOUNDS](value);
  if (bounds === undefined) return unknown(`a comparison with ${op}`);
  const { line } = right;
  const items = bounds.map((bound): JsonNode => ({ line, kind: "number", value: bound }));
  return key.is({ line, kind: "object", entries: new Map([["range", { line, kind: "array", items }]]) });
}

function valuesHold(key: NftKey, right: JsonNode, facts: NftFacts): Condition {
  const values = valuesOf(right, facts);
  return typeof values === "string" ? unknown(values) : anyOfMany(values.map((value) => valueIs(key, value)));
}

function valueIs(key: NftKey, value: JsonNode): Condition {
  return textOf(value) === "*" ? ALWAYS : key.is(value);
}

/** The values of a right side; a text says why they are not known. */
function valuesOf(right: JsonNode, facts: NftFacts): readonly JsonNode[] | string {
  const inline = memberOf(right, "set");
  if (inline !== undefined) return (inline.kind === "array" ? inline.items : [inline]).map(bare);
  if (right.kind === "array") return right.items.map(bare);
  const name = textOf(right);
  if (name === undefined || !name.startsWith("@")) return [right];
  const set = facts.sets.get(name.slice(1));
  if (set === undefined) return `set ${name} is not in the file`;
  return set.isDynamic ? `set ${name} is filled by packets` : set.elements.map(bare);
}

/** An element without its timeout and comment. */
function bare(element: JsonNode): JsonNode {
  return memberOf(memberOf(element, "elem"), "val") ?? element;
}

/** One way through a verdict map. */
export interface MapWay {
  readonly when: Condition;
  readonly verdict: JsonNode;
}

/** The ways of a `vmap` statement; the wildcard is for all that no other key takes. A text says why they are not known. */
export function nftMapWays(body: JsonNode, facts: NftFacts): readonly MapWay[] | string {
  const keyNode = memberOf(body, "key");
  const data = memberOf(body, "data");
  if (keyNode === undefined || data === undefined) return "a verdict map that is not complete";
  const pairs = valuesOf(data, facts);
  if (typeof pairs === "string") return pairs;
  const key = nftKey(keyNode, facts);
  const rows = pairs.map((pair) => ({
    value: bare(itemsOf(pair)[0] ?? pair),
    verdict: itemsOf(pair)[1] ?? pair,
  }));
  const plain = rows.filter(({ value }) => textOf(value) !== "*");
  const others = not(anyOfMany(plain.map(({ value }) => key.is(value))));
  return rows.map(({ value, verdict }) => ({
    when: all(key.implied, textOf(value) === "*" ? others : key.is(value)),
    verdict,
  }));
}

/** `tcp flags & (fin | syn …) == syn`: the first packet carries SYN alone. */
function flagsMatch([left, mask]: readonly JsonNode[], right: JsonNode, op: string): Condition {
  const payload = memberOf(left, "payload");
  const isFlags =
    textOf(memberOf(payload, "protocol")) === "tcp" && textOf(memberOf(payload, "field")) === "flags";
  const [looked, wanted] = [flagNames(mask), flagNames(right)];
  if (!isFlags || looked === undefined || wanted === undefined || (op !== "==" && op !== "!=")) {
    return unknown("a match on bits");
  }
  const seen = looked.includes("syn") ? "syn" : "";
  const holds = wanted.join() === seen ? ALWAYS : NEVER;
  return all(protocol(6), op === "==" ? holds : not(holds));
}

function flagNames(node: JsonNode | undefined): readonly string[] | undefined {
  const text = textOf(node);
  if (text !== undefined)
    return text === "0" || text === "0x0" ? [] : /^[a-z]+$/.test(text) ? [text] : undefined;
  const parts = node?.kind === "array" ? node.items : itemsOf(memberOf(node, "|"));
  const names = parts.map(flagNames);
  return parts.length === 0 || names.includes(undefined) ? undefined : names.flatMap((name) => name ?? []);
}
