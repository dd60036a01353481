// One measured run: a fresh process, its wall time, and where it can tell its peak memory.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The built command. */
export const CLI = fileURLToPath(new URL("../dist/bin/sallyport.js", import.meta.url));
const MEMORY = new URL("memory.mjs", import.meta.url).href;

/** Runs a command and writes the processor time of what it started to the end of standard error. */
const TIMES = '"$@"; code=$?; times >&2; exit $code';

/**
 * Runs a command in a fresh process.
 * Shape: `discard` throws its output away; `none` is a further exit code that means: nothing found.
 * Units: seconds; those of the processor are of all threads, in steps of 10 ms.
 * Errors: throws when it ends otherwise than with 0 or `none`.
 */
export function timed(command, args, { discard = false, none = 0, env = process.env } = {}) {
  const start = performance.now();
  const done = spawnSync("sh", ["-c", TIMES, "sh", command, ...args], {
    stdio: ["ignore", discard ? "ignore" : "pipe", "pipe"],
    encoding: "utf8",
    maxBuffer: 1 << 28,
    env,
  });
  const seconds = (performance.now() - start) / 1000;
  if (done.error !== undefined) throw done.error;
  if (done.status !== 0 && done.status !== none) {
    throw new Error(`${command} ${args.join(" ")} ended with ${done.status}:\n${done.stderr}`);
  }
  return { seconds, cpuSeconds: processorSeconds(done.stderr), stdout: done.stdout ?? "" };
}

// The last line is of the children, user and system, as 0m1.234s.
function processorSeconds(stderr) {
  const last = stderr.trimEnd().split("\n").at(-1) ?? "";
  return [...last.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, m, s]) => sum + 60 * Number(m) + Number(s),
    0,
  );
}

/** The same for a Node script, with its peak memory. Units: seconds, bytes. */
export function timedNode(args, folder) {
  const memory = join(folder, "memory.txt");
  rmSync(memory, { force: true });
  const env = { ...process.env, SALLYPORT_BENCH_MEMORY: memory };
  const run = timed(process.execPath, ["--import", MEMORY, ...args], { env });
  return { ...run, peakBytes: Number(readFileSync(memory, "utf8")) * 1024 };
}

/** Scans a file with the built command. Units: seconds, bytes. */
export function scanOnce(path, folder, extra = []) {
  const out = join(folder, "out.json");
  rmSync(out, { force: true });
  const fixed = ["-o", "json", "--out", out, "--now", "2026-03-03T00:00:00Z"];
  const run = timedNode([CLI, "scan", path, ...fixed, ...extra], folder);
  return { ...run, out };
}

/** How long an empty process takes, so that start-up can be told from work. */
export function nothingOnce() {
  return timed(process.execPath, ["-e", "0"]).seconds;
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
