/** Kernels for a run: the rules composed with a format's raw shape, and the address model as an interval table. */
import { createKernel, type Kernel } from "../bytes/kernel.ts";
import type { KernelPlan, KernelTable } from "../bytes/kernel-plan.ts";
import { composeKernel, rulesWithoutText, scopeBit } from "../engines/compose-kernel.ts";
import type { RawShape } from "../event/raw-shape.ts";
import { SAMPLE_ONE_IN, SPARSE_FROM, SPARSE_ONE_IN } from "../findings/account.ts";
import type { ReadingPath } from "../findings/coverage.ts";
import { FORMATS } from "../formats/index.ts";
import { bigintOf, ipOf } from "../net/big.ts";
import { GLOBAL_UNICAST, REGISTRY } from "../net/iana.ts";
import type { AddressModel } from "../net/model.ts";
import { type IpRange, inRange, knownPrefix } from "../net/prefix.ts";
import type { Plan } from "../sigma/plan.ts";
import type { Tuning } from "./request.ts";

/** How the lines of a shape are looked at. Shape: no kernel where it could rule nothing out. */
export interface KernelChoice extends Omit<ReadingPath, "format"> {
  readonly kernel: Kernel | undefined;
}

/** Makes a function that chooses the kernel for a raw shape. */
export function kernelMaker(
  plans: readonly Plan[],
  model: AddressModel,
  { mode, capacity }: Tuning = {},
): (shape: RawShape) => KernelChoice {
  const options = {
    sampleRate: 1 / SAMPLE_ONE_IN,
    sparse: { from: SPARSE_FROM, rate: 1 / SPARSE_ONE_IN },
    ...(mode === undefined ? {} : { mode }),
    ...(capacity === undefined ? {} : { capacity }),
  };
  const choices = new Map<string, KernelChoice>();
  // Asked for after every chunk: a shape that is the same object is not looked at again.
  const byShape = new WeakMap<RawShape, KernelChoice>();
  let table: KernelTable | undefined;
  const choose = (shape: RawShape): KernelChoice => {
    const plan = composeKernel(plans, shape, neighbourTexts());
    const because = whyNoSearch(plan, plans);
    if (!canRuleOut(plan)) return { kernel: undefined, way: "decoder", because };
    table ??= classTable(model);
    const walkFirst = because !== null;
    const kernel = createKernel(plan, table, { ...options, walkFirst });
    if (plan.framing.kind !== "json") return { kernel, way: "walk", because: null };
    if (walkFirst) return { kernel, way: "walk", because };
    return { kernel, way: "literals", because: canWalk(plan) ? null : WHY_DECODED };
  };
  return (shape) => {
    const known = byShape.get(shape);
    if (known !== undefined) return known;
    // Header-bound formats make their shape anew for each header.
    const key = JSON.stringify(shape);
    const choice = choices.get(key) ?? choose(shape);
    choices.set(key, choice);
    byShape.set(shape, choice);
    return choice;
  };
}

/** More texts than the search tells apart: to walk every line is faster then. Source: bench/results, cost. */
const MOST_TEXTS = 28;

/** Why lines are not searched for texts first; null where they are. */
function whyNoSearch(plan: KernelPlan, plans: readonly Plan[]): string | null {
  const { literals } = plan;
  const broad = rulesWithoutText(plans);
  if (broad.length > 0) return `${broad.join(", ")}: no text that every match must hold`;
  if (literals === null || literals.length <= MOST_TEXTS || !canWalk(plan)) return null;
  return `${literals.length} texts to look for: more than a search is good for`;
}

const WHY_DECODED = "where their values stand is only known then";

function canRuleOut(plan: KernelPlan): boolean {
  return plan.literals !== null || canWalk(plan);
}

/** An alternative that asks for nothing lets every line through. */
function canWalk({ alternatives }: KernelPlan): boolean {
  return alternatives.every((tests) => tests.length > 0);
}

/** Texts of the formats that may share an input line by line. */
function neighbourTexts(): readonly string[] {
  return FORMATS.flatMap((format) => format.literals ?? []);
}

/** The class of an address whose scope hangs on what it holds: it may be any. */
const ANY_SCOPE = 0xffff_ffff;

/** The scope of every address, as sorted intervals. */
export function classTable(model: AddressModel): KernelTable {
  const registries = [GLOBAL_UNICAST, ...REGISTRY.map(({ prefix }) => prefix)].map(knownPrefix);
  const blocks = [...registries, ...model.internal];
  const scopeAt = (start: bigint, family: 4 | 6): number =>
    scopeBit(model.classify(ipOf(start, family)).scope);
  const short = bordersOf(blocks, 4);
  const long = bordersOf([...blocks, ...model.embedding], 6);
  return {
    ipv4: {
      starts: Uint32Array.from(short, Number),
      classes: Uint32Array.from(short, (start) => scopeAt(start, 4)),
    },
    ipv6: {
      starts: BigUint64Array.from(long.flatMap((start) => [start >> 64n, start & 0xffff_ffff_ffff_ffffn])),
      classes: Uint32Array.from(long, (start) =>
        model.embedding.some((block) => inRange(block, ipOf(start, 6))) ? ANY_SCOPE : scopeAt(start, 6),
      ),
    },
  };
}

/** Where blocks of a family begin, and what follows them, in order, from the first address on. */
function bordersOf(blocks: readonly IpRange[], family: 4 | 6): readonly bigint[] {
  const end = 1n << (family === 4 ? 32n : 128n);
  const borders = new Set([0n]);
  for (const { first, last } of blocks) {
    if (first.family === family) borders.add(bigintOf(first)).add(bigintOf(last) + 1n);
  }
  return [...borders].filter((border) => border < end).sort((a, b) => (a < b ? -1 : 1));
}
