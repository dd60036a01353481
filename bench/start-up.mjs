// What a start costs, against an empty Node process: the version, the help, and a scan of a small file of each kind.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CLI, median } from "./measure.mjs";
import { table } from "./report.mjs";

/** Fewer rounds say nothing of differences of a few milliseconds. */
const LEAST_ROUNDS = 15;

/** Units: MB. */
const SMALL = 64 / 1000;

/** The most that a start may take, as a multiple of an empty process. */
const GOALS = { version: 1.3, scan: 1.8 };

/** Writes the processor time of a process when it ends; what measures from outside knows it to 10 ms only. */
const USAGE = `process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  require("fs").writeFileSync(process.env.SALLYPORT_BENCH_USAGE, String((user + system) / 1000));
});`;

/**
 * Measures starts in interleaved rounds and makes their table.
 * Shape: `make` finds or generates a log.
 */
export function measureStartUp({ make, rounds, scratch }) {
  const files = { hook: join(scratch, "usage.cjs"), usage: join(scratch, "usage.txt") };
  writeFileSync(files.hook, USAGE);
  const cells = startsOf(make, scratch).map((cell) => ({ ...cell, samples: [] }));
  for (let round = 0; round < Math.max(LEAST_ROUNDS, rounds); round++)
    for (const { args, samples } of cells) samples.push(once(args, files));
  return table(
    ["start", "median ms", "best ms", "processor ms", "over node -e 0", "by processor", "goal", "ok"],
    cells.map((cell) => rowOf(cell, cells[0])),
  );
}

function startsOf(make, scratch) {
  const scans = ["zeek-json", "zeek-tsv", "panos"].map((format) => {
    const { path } = make({ format, size: SMALL, leaks: 1, sources: 1 });
    const out = ["-o", "json", "--out", join(scratch, "out.json"), "--now", "2026-03-03T00:00:00Z"];
    return { name: `scan of 64 KB, ${format}`, args: [CLI, "scan", path, ...out], goal: GOALS.scan };
  });
  return [
    { name: "node -e 0", args: ["-e", "0"] },
    { name: "--version", args: [CLI, "--version"], goal: GOALS.version },
    { name: "--help", args: [CLI, "--help"] },
    ...scans,
  ];
}

/** Units: milliseconds. */
function once(args, { hook, usage }) {
  const start = performance.now();
  const done = spawnSync(process.execPath, ["--require", hook, ...args], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, SALLYPORT_BENCH_USAGE: usage },
  });
  const wall = performance.now() - start;
  if (done.status !== 0) throw new Error(`${args.join(" ")} ended with ${done.status}:\n${done.stderr}`);
  return { wall, processor: Number(readFileSync(usage, "utf8")) };
}

// The quotient within a round, not of medians: both then had the same machine.
function rowOf({ name, goal, samples }, empty) {
  const over = (of) => median(samples.map((sample, round) => sample[of] / empty.samples[round][of]));
  const walls = samples.map(({ wall }) => wall);
  const ratio = over("wall");
  return [
    name,
    median(walls).toFixed(0),
    Math.min(...walls).toFixed(0),
    median(samples.map(({ processor }) => processor)).toFixed(0),
    ratio.toFixed(2),
    over("processor").toFixed(2),
    goal ?? "–",
    goal === undefined ? "–" : ratio <= goal ? "yes" : "MISSED",
  ];
}
