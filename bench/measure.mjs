// One measured run: a fresh process, its wall time, its peak memory, and what it found.
import { spawnSync } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CLI = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const MEMORY = new URL("memory.mjs", import.meta.url).href;

/** Scans a file in a fresh process. Units: seconds, bytes. */
export function scanOnce(path, folder, extra = []) {
  const out = join(folder, "out.json");
  const memory = join(folder, "memory.txt");
  rmSync(out, { force: true });
  rmSync(memory, { force: true });
  const args = [
    "--import",
    MEMORY,
    CLI,
    "scan",
    path,
    "-o",
    "json",
    "--out",
    out,
    "--now",
    "2026-03-03T00:00:00Z",
    ...extra,
  ];
  const start = performance.now();
  const done = spawnSync(process.execPath, args, {
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env: { ...process.env, SALLYPORT_BENCH_MEMORY: memory },
  });
  const seconds = (performance.now() - start) / 1000;
  if (done.status !== 0) throw new Error(`scan of ${path} ended with ${done.status}:\n${done.stderr}`);
  return { seconds, peakBytes: Number(readFileSync(memory, "utf8")) * 1024, out };
}

/** Reads a file with cat, which is the floor; undefined where there is no cat. */
export function catOnce(path) {
  const sink = openSync(devNull, "w");
  const start = performance.now();
  const done = spawnSync("cat", [path], { stdio: ["ignore", sink, "ignore"] });
  closeSync(sink);
  return done.status === 0 ? (performance.now() - start) / 1000 : undefined;
}

/** How long an empty process takes, so that start-up can be told from work. */
export function nothingOnce() {
  const start = performance.now();
  spawnSync(process.execPath, ["-e", "0"], { stdio: "ignore" });
  return (performance.now() - start) / 1000;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
