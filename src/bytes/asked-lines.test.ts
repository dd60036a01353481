import { expect, test } from "vitest";
import { readAskedLines } from "./asked-lines.ts";
import { createKernel } from "./kernel.ts";
import type { KernelPlan, KernelTable } from "./kernel-plan.ts";

/** Lines of a hundred bytes, of which every tenth holds what the kernel looks for. */
const LINES = Array.from({ length: 100 }, (_, at) =>
  `{"port":${at % 10 === 0 ? 445 : 443},"pad":"`.padEnd(97, "x").concat('"}\n'),
);
const LINE_BYTES = 100;

const PLAN: KernelPlan = {
  framing: { kind: "json" },
  slots: [{ type: "port", keys: ["port"], column: 0, required: false }],
  alternatives: [[{ kind: "port-in", slot: 0, values: [445], orAbsent: false }]],
  literals: ["445"],
};
const TABLE: KernelTable = {
  ipv4: { starts: Uint32Array.of(0), classes: Uint32Array.of(1) },
  ipv6: { starts: BigUint64Array.of(0n, 0n), classes: Uint32Array.of(1) },
};

async function asked(chunkBytes: number, head: number, retry: number, from = 0) {
  const whole = new TextEncoder().encode(LINES.join(""));
  const kernel = createKernel(PLAN, TABLE);
  const places: number[] = [];
  let ruledOut = 0;
  let asks = 0;
  const steering = {
    // There is a kernel from some ask on.
    kernel: () => (asks++ < from ? undefined : kernel),
    ruledOut: (lines: number) => {
      ruledOut += lines;
    },
  };
  const chunks = async function* () {
    for (let at = 0; at < whole.length; at += chunkBytes) yield whole.subarray(at, at + chunkBytes);
  };
  const batches = readAskedLines(chunks, steering, 1000, { start: 0, head, retry });
  for await (const { offsets } of batches) places.push(...offsets.map((offset) => offset / LINE_BYTES));
  return { places, ruledOut };
}

const tenthsFrom = (first: number): readonly number[] =>
  Array.from({ length: 100 }, (_, at) => at).filter((at) => at < first || at % 10 === 0);

test.each([
  ["one chunk", 20_000],
  ["chunks of lines", 500],
  ["chunks that cut lines", 333],
  ["chunks of a byte", 1],
])("just the lines that begin in the head come out whole, in %s", async (_, chunkBytes) => {
  const wanted = tenthsFrom(25);
  expect(await asked(chunkBytes, 2401, 64)).toEqual({ places: wanted, ruledOut: 100 - wanted.length });
});

test.each([
  ["at a line's beginning", 2400, 24],
  ["one byte into a line", 2401, 25],
  ["at the beginning of the file", 0, 0],
])("a head that ends %s", async (_, head, first) => {
  expect((await asked(20_000, head, 64)).places).toEqual(tenthsFrom(first));
});

test("where no kernel is to be had, it is asked for again after a stretch, in one chunk too", async () => {
  expect((await asked(20_000, 1000, 1500, 2)).places).toEqual(tenthsFrom(40));
  expect((await asked(20_000, 1000, 1500, 1000)).places).toEqual(tenthsFrom(100));
});
