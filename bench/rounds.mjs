// Interleaved rounds: every round runs every tool once, so that a busy minute of the machine falls on all alike.
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  openSync,
  readSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { loadavg } from "node:os";
import { pipeline } from "node:stream/promises";
import { createGzip, gunzipSync, gzipSync } from "node:zlib";
import { verify } from "./rivals/own.mjs";

/** What is taken for start-up: the time on the first lines of the same file. Units: bytes. */
const HEAD = 64 * 1024;

/** Below it the difference of two runs says nothing. */
const LEAST_SECONDS = 0.01;

/** A log's first lines as a log of its own. */
export function headOf(log) {
  const path = log.path.replace(/(\.gz)?$/, ".head$1");
  const gzip = path.endsWith(".gz");
  if (!existsSync(path)) {
    const text = firstLines(gzip ? log.path.slice(0, -".gz".length) : log.path);
    writeFileSync(path, gzip ? gzipSync(text) : text);
  }
  return { ...log, path, bytes: gzip ? gunzipSync(firstBytes(path)).length : firstBytes(path).length };
}

/** The same log compressed; its size stays that of the plain text. */
export async function gzipOf(log) {
  const path = `${log.path}.gz`;
  if (!existsSync(path)) {
    await pipeline(createReadStream(log.path), createGzip(), createWriteStream(`${path}.part`));
    renameSync(`${path}.part`, path);
  }
  return { ...log, path };
}

/**
 * Runs cells of tool and log for some rounds; a cell whose tool is not installed is named aloud and left out.
 * Shape: by key, a sample per round: what the tool said, and its net rate by the clock and by processor time.
 * Units: MB per second.
 * Errors: throws when a tool that decides finds other than what the generator put in, or a count differs between rounds.
 */
export async function inRounds(cells, rounds, scratch, perRound = async () => {}) {
  const present = cells.filter(({ key, tool, log }) => {
    const why = tool.missing(log);
    if (why !== undefined) console.error(`SKIPPED ${key}: ${why}`);
    return why === undefined;
  });
  const samples = new Map(present.map(({ key }) => [key, []]));
  for (let round = 0; round < rounds; round++) {
    await perRound(round);
    for (const cell of present)
      samples.get(cell.key).push(await sampleOf(cell, samples.get(cell.key), scratch));
    console.error(
      `round ${round + 1} of ${rounds}, load ${loadavg()[0].toFixed(1)}: ${lastRates(present, samples)}`,
    );
  }
  return samples;
}

async function sampleOf({ key, tool, log }, earlier, scratch) {
  const head = headOf(log);
  const start = await tool.run(head, scratch);
  readThrough(log.path);
  const whole = await tool.run(log, scratch);
  if (whole.found !== undefined) verify(log, whole.found);
  const expected = tool.decides ? log.leaks : earlier[0]?.count;
  if (expected !== undefined && whole.count !== expected) {
    throw new Error(`${key}: counted ${whole.count}, not ${expected}`);
  }
  const bytes = log.bytes - head.bytes;
  const rate = rateOf(key, bytes, whole.seconds - start.seconds);
  const cpuRate = rateOf(key, bytes, whole.cpuSeconds - start.cpuSeconds);
  return { ...whole, startSeconds: start.seconds, rate, cpuRate };
}

// Whichever tool comes first must not pay for what the system let go of: all find the file in the page cache.
export function readThrough(path) {
  const file = openSync(path, "r");
  const bytes = Buffer.allocUnsafe(1 << 20);
  while (readSync(file, bytes) > 0);
  closeSync(file);
}

// The rate is of the bytes that the time is of.
function rateOf(key, bytes, seconds) {
  if (seconds >= LEAST_SECONDS) return bytes / 1e6 / seconds;
  console.error(`${key}: the file takes no longer than its first 64 KB; a larger --size is needed`);
  return Number.NaN;
}

function lastRates(cells, samples) {
  return cells.map(({ key }) => `${key} ${samples.get(key).at(-1).rate.toFixed(0)}`).join(", ");
}

function firstLines(path) {
  const bytes = firstBytes(path);
  return bytes.subarray(0, bytes.lastIndexOf(10) + 1);
}

function firstBytes(path) {
  const file = openSync(path, "r");
  const bytes = Buffer.alloc(HEAD);
  const length = readSync(file, bytes, 0, HEAD, 0);
  closeSync(file);
  return bytes.subarray(0, length);
}
