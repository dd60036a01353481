// Preloaded into a measured process: writes its peak memory to the file that SALLYPORT_BENCH_MEMORY names.
// Units: kilobytes.
import { readFileSync, writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const path = process.env.SALLYPORT_BENCH_MEMORY;

if (isMainThread && path !== undefined) {
  process.on("exit", () => writeFileSync(path, String(peakKilobytes())));
}

// The kernel's maxRSS survives exec, so it may be the peak of the process that started this one; VmHWM does not.
function peakKilobytes() {
  try {
    const [, peak] = /^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "latin1")) ?? [];
    if (peak !== undefined) return Number(peak);
  } catch {
    // No /proc on this system.
  }
  return process.resourceUsage().maxRSS;
}
