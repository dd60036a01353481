/** Kernels for a run: the rules composed with a format's raw shape, and the address model as an interval table. */
import { createKernel, type Kernel } from "../bytes/kernel.ts";
import type { KernelPlan, KernelTable } from "../bytes/kernel-plan.ts";
import { composeKernel, scopeBit } from "../engines/compose-kernel.ts";
import type { RawShape } from "../event/raw-shape.ts";
import { SAMPLE_ONE_IN } from "../findings/account.ts";
import { FORMATS } from "../formats/index.ts";
import { REGISTRY } from "../net/iana.ts";
import type { AddressModel } from "../net/model.ts";
import { ipv4 } from "../net/parse-ip.ts";
import { knownPrefix } from "../net/prefix.ts";
import type { Plan } from "../sigma/plan.ts";
import type { Tuning } from "./request.ts";

/** Makes a function that gives a kernel for a raw shape; undefined where it could rule nothing out. */
export function kernelMaker(
  plans: readonly Plan[],
  model: AddressModel,
  { mode, capacity }: Tuning = {},
): (shape: RawShape) => Kernel | undefined {
  const options = {
    sampleRate: 1 / SAMPLE_ONE_IN,
    ...(mode === undefined ? {} : { mode }),
    ...(capacity === undefined ? {} : { capacity }),
  };
  const kernels = new Map<string, Kernel | undefined>();
  let table: KernelTable | undefined;
  return (shape) => {
    // Header-bound formats make their shape anew for each header.
    const key = JSON.stringify(shape);
    if (!kernels.has(key)) {
      const plan = composeKernel(plans, shape, neighbourTexts());
      table ??= classTable(model);
      kernels.set(key, canRuleOut(plan) ? createKernel(plan, table, options) : undefined);
    }
    return kernels.get(key);
  };
}

/** Without literals, an alternative that asks for nothing lets every line through. */
function canRuleOut({ literals, alternatives }: KernelPlan): boolean {
  return literals !== null || alternatives.every((tests) => tests.length > 0);
}

/** Texts of the formats that may share an input line by line. */
function neighbourTexts(): readonly string[] {
  return FORMATS.flatMap((format) => format.literals ?? []);
}

/** The scope of every IPv4 address, as sorted intervals. */
export function classTable(model: AddressModel): KernelTable {
  const borders = new Set<number>([0]);
  const ranges = [...REGISTRY.map(({ prefix }) => knownPrefix(prefix)), ...model.internal];
  for (const { first, last } of ranges) {
    if (first.family !== 4) continue;
    borders.add(first.w3);
    if (last.w3 !== 0xffff_ffff) borders.add(last.w3 + 1);
  }
  const starts = [...borders].sort((a, b) => a - b);
  const classes = starts.map((start) => scopeBit(model.classify(ipv4(start)).scope));
  return { starts: Uint32Array.from(starts), classes: Uint32Array.from(classes) };
}
