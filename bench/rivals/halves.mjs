// What the machine gives a second reader at its best: two processes at once, each with half of a log, sharing nothing.
import { spawn } from "node:child_process";
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  openSync,
  readSync,
  renameSync,
} from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { CLI } from "../measure.mjs";

/** How far a line's end is looked for. Units: bytes. */
const LONGEST_LINE = 1 << 20;

/** The two halves of a log, cut at a line's end; made once. */
export async function halvesOf({ path, bytes }) {
  const halves = [`${path}.half1`, `${path}.half2`];
  const middle = lineEndAfter(path, Math.floor(bytes / 2));
  await copy(path, halves[0], { start: 0, end: middle - 1 });
  await copy(path, halves[1], { start: middle });
  return halves;
}

async function copy(from, to, range) {
  if (existsSync(to)) return;
  await pipeline(createReadStream(from, range), createWriteStream(`${to}.part`));
  renameSync(`${to}.part`, to);
}

function lineEndAfter(path, at) {
  const file = openSync(path, "r");
  const bytes = Buffer.alloc(LONGEST_LINE);
  const length = readSync(file, bytes, 0, LONGEST_LINE, at);
  closeSync(file);
  return at + bytes.subarray(0, length).indexOf(10) + 1;
}

/** Scans files at once, each in a process of its own with one worker. Units: seconds until the last is done. */
export async function secondsAtOnce(paths, scratch) {
  const start = performance.now();
  await Promise.all(paths.map((path, at) => scan(path, join(scratch, `half${at}.json`))));
  return (performance.now() - start) / 1000;
}

function scan(path, out) {
  const args = [
    CLI,
    "scan",
    path,
    "-o",
    "json",
    "--out",
    out,
    "--now",
    "2026-03-03T00:00:00Z",
    "--workers",
    "1",
    "-q",
  ];
  return new Promise((resolve, reject) => {
    spawn(process.execPath, args, { stdio: "ignore" })
      .on("error", reject)
      .on("close", (code) =>
        code === 0 ? resolve() : reject(new Error(`${args.join(" ")} ended with ${code}`)),
      );
  });
}
