/**
 * Scopes and address classes as networks: what the address model answers, written as lists of prefixes.
 * Addresses that hold an IPv4 address are not unwrapped here; docs/guide/convert.md says what becomes of them.
 */
import { LOCAL_USE_NAT64 } from "../net/embedded.ts";
import { REGISTRY, type RegistryRow } from "../net/iana.ts";
import type { AddressModel } from "../net/model.ts";
import { inRange, knownPrefix, type Prefix, prefixOf } from "../net/prefix.ts";
import { prefixesOf } from "../net/prefix-index.ts";
import type { Scope } from "../net/scope.ts";

/** What is known of the operator's networks. */
export interface NetworkFacts {
  readonly model: AddressModel;
  /** Prefixes of the operator's own NAT64 translators. */
  readonly nat64: readonly Prefix[];
}

/** A block, and what an address in it is unless a longer block holds it. */
interface Block {
  readonly prefix: Prefix;
  /** null: nothing can be said without unwrapping. */
  readonly scope: Scope | null;
  readonly addressClass: string | null;
}

/** The rest of the address space: registries have no row for it. */
const GLOBAL: readonly Block[] = ["0.0.0.0/0", "2000::/3"].map((text) => ({
  prefix: knownPrefix(text),
  scope: "internet",
  addressClass: "global",
}));

/** Blocks of transition addresses that may only hold addresses of the Internet. Source: RFC 6052, 3056, 4380. */
const OUTWARD: ReadonlySet<string> = new Set(["64:ff9b::/96", "2002::/16", "2001::/32"]);

/**
 * The networks whose scope is accepted, in layers: an address is accepted when it lies in the first list, but
 * not in the second, unless in the third, and so on. Each list lies within the one before it.
 */
export function scopeLayers(facts: NetworkFacts, accepts: (scope: Scope) => boolean): readonly Prefix[][] {
  return layersOf(blocksOf(facts), ({ scope }) => scope !== null && accepts(scope));
}

/** The networks whose address class is accepted, in layers as those of `scopeLayers`. */
export function classLayers(accepts: (addressClass: string) => boolean): readonly Prefix[][] {
  return layersOf([...GLOBAL, ...REGISTRY.map((row) => blockOf(row, row.scope))], ({ addressClass }) => {
    return addressClass !== null && accepts(addressClass);
  });
}

/** The operator's blocks win over every registry row inside them, whatever their lengths. */
function blocksOf({ model, nat64 }: NetworkFacts): readonly Block[] {
  const translators = nat64.map((prefix): Block => ({ prefix, scope: "internet", addressClass: null }));
  const ours = model.internal
    .flatMap(prefixesOf)
    .map((prefix): Block => ({ prefix, scope: "internal", addressClass: null }));
  const operator = [...translators, ...ours];
  const registry = REGISTRY.map((row) => blockOf(row, registryScope(row, model)));
  const isCovered = ({ prefix }: Block): boolean => operator.some((block) => contains(block.prefix, prefix));
  return [...operator, ...[...GLOBAL, ...registry].filter((block) => !isCovered(block))];
}

/** Shared address space is what the operator says it is. */
function registryScope(row: RegistryRow, model: AddressModel): Scope {
  if (row.name !== "shared-address-space") return row.scope;
  return model.classify(knownPrefix(row.prefix).ip).scope;
}

function blockOf(row: RegistryRow, scope: Scope): Block {
  const prefix = knownPrefix(row.prefix);
  if (OUTWARD.has(row.prefix)) return { prefix, scope: "internet", addressClass: "global" };
  const isWrapped = scope === "transition" && row.prefix !== LOCAL_USE_NAT64.text;
  return isWrapped ? { prefix, scope: null, addressClass: null } : { prefix, scope, addressClass: row.name };
}

/**
 * Lays blocks out by nesting. Of two blocks either one holds the other or they are apart, so in order of
 * their first address, larger first, the holders of a block are those still open before it.
 */
function layersOf(blocks: readonly Block[], accepts: (block: Block) => boolean): readonly Prefix[][] {
  const layers: Prefix[][] = [];
  const open: { readonly prefix: Prefix; readonly depth: number }[] = [];
  for (const block of distinct(blocks).sort(byPlace)) {
    let holder = open.at(-1);
    while (holder !== undefined && !contains(holder.prefix, block.prefix)) {
      open.pop();
      holder = open.at(-1);
    }
    const depth = holder?.depth ?? 0;
    // An odd depth is accepted; a block that says what its holder says is not written.
    const isTurn = accepts(block) !== (depth % 2 === 1);
    if (isTurn) {
      const layer = layers[depth] ?? [];
      layer.push(...halves(block.prefix));
      layers[depth] = layer;
    }
    open.push({ prefix: block.prefix, depth: isTurn ? depth + 1 : depth });
  }
  return layers;
}

/** A whole address family is written as two halves: not every system takes a prefix of length 0 for a network. */
function halves(prefix: Prefix): readonly Prefix[] {
  if (prefix.length > 0) return [prefix];
  const upper = prefix.ip.family === 4 ? "128.0.0.0/1" : "8000::/1";
  return [prefixOf(prefix.ip, 1), knownPrefix(upper)];
}

/** Of equal blocks the first counts. */
function distinct(blocks: readonly Block[]): Block[] {
  const seen = new Map<string, Block>();
  for (const block of blocks) if (!seen.has(block.prefix.text)) seen.set(block.prefix.text, block);
  return [...seen.values()];
}

function byPlace({ prefix: a }: Block, { prefix: b }: Block): number {
  return (
    a.ip.family - b.ip.family ||
    a.ip.w0 - b.ip.w0 ||
    a.ip.w1 - b.ip.w1 ||
    a.ip.w2 - b.ip.w2 ||
    a.ip.w3 - b.ip.w3 ||
    a.length - b.length
  );
}

function contains(outer: Prefix, inner: Prefix): boolean {
  return inRange(outer, inner.ip) && inner.length >= outer.length;
}
