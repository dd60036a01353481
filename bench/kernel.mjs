// Throughput of the byte kernel alone, one thread. Usage: node bench/kernel.mjs FILE... [--rounds N] (after npm run build)
import { closeSync, openSync, readSync } from "node:fs";
import { createKernel } from "../dist/bytes/kernel.js";
import { KERNEL_PLANS, KERNEL_TABLE } from "./kernel-plans.mjs";

const args = process.argv.slice(2);
const roundsAt = args.indexOf("--rounds");
const rounds = roundsAt < 0 ? 5 : Number(args.splice(roundsAt, 2)[1]);

for (const file of args) {
  const format = Object.keys(KERNEL_PLANS).find((name) => file.includes(name)) ?? "zeek-json";
  const modes = KERNEL_PLANS[format].framing.kind === "json" ? ["prefilter", "walk"] : ["walk"];
  for (const mode of ["read", ...modes]) console.log(measure(file, format, mode));
}

function measure(file, format, mode) {
  const rates = [];
  let last;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    last = scan(file, KERNEL_PLANS[format], mode);
    rates.push(last.bytes / (performance.now() - start) / 1e6);
  }
  const [best, median] = [Math.max(...rates), rates.sort((a, b) => a - b)[rounds >> 1]];
  const share = mode === "read" ? "" : `, ${last.ruledOut} ruled out, ${last.asked} asked`;
  return `${format} ${mode.padEnd(9)} best ${best.toFixed(2)} GB/s, median ${median.toFixed(2)}${share}`;
}

function scan(file, plan, mode) {
  const kernel = createKernel(plan, KERNEL_TABLE, mode === "read" ? {} : { mode });
  const decide = mode === "read" ? (length) => length : decider(kernel);
  const fd = openSync(file, "r");
  const total = { bytes: 0, ruledOut: 0, asked: 0 };
  for (let held = 0; ; ) {
    const got = readSync(fd, kernel.input, held, kernel.input.length - held, null);
    const length = held + got;
    const decided = decide(length, total.bytes - held, got === 0, total);
    total.bytes += got;
    if (got === 0) break;
    held = kernel.carry(decided, length);
  }
  closeSync(fd);
  return total;
}

/** Runs the kernel until all whole lines are decided; directive lines are stepped over. */
function decider(kernel) {
  return (length, base, atEnd, total) => {
    for (let from = 0; ; ) {
      const result = kernel.run(length, base, atEnd, from);
      total.ruledOut += result.ruledOut;
      total.asked += result.asks.length / 2;
      from = result.consumed;
      if (result.status === "done") return from;
      if (result.status === "directive") from = kernel.input.indexOf(10, from) + 1;
    }
  };
}
