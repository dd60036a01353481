// Preloaded into a measured process: writes its peak memory to the file that SALLYPORT_BENCH_MEMORY names.
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const path = process.env.SALLYPORT_BENCH_MEMORY;

if (isMainThread && path !== undefined) {
  process.on("exit", () => writeFileSync(path, String(process.resourceUsage().maxRSS)));
}
