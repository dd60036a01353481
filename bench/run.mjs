// Measures throughput and memory of the built command on generated logs whose contents are known.
// Usage: npm run bench -- [--size MB] [--formats a,b] [--rounds N] [--leaks N] [--smb SHARE] [--ipv6 SHARE]
//                         [--sources N,N] [--workers N] [--save]
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { foundIn } from "./found.mjs";
import { makeLog } from "./generate.mjs";
import { SHAPES } from "./lines.mjs";
import { catOnce, median, nothingOnce, scanOnce } from "./measure.mjs";
import { document, machineLines, stateTable, throughputTable } from "./report.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const LOGS = join(ROOT, ".tmp", "bench");

const { values: options } = parseArgs({
  options: {
    size: { type: "string", default: "200" },
    formats: { type: "string", default: Object.keys(SHAPES).join(",") },
    rounds: { type: "string", default: "3" },
    leaks: { type: "string", default: "1000" },
    smb: { type: "string", default: "0.05" },
    ipv6: { type: "string", default: "0.05" },
    sources: { type: "string" },
    workers: { type: "string" },
    save: { type: "boolean", default: false },
  },
});

const rounds = Number(options.rounds);
const workers = options.workers === undefined ? [] : ["--workers", options.workers];
mkdirSync(LOGS, { recursive: true });
const scratch = mkdtempSync(join(LOGS, "run-"));
try {
  await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function main() {
  for (const line of machineLines()) console.log(line);
  const growing = options.sources !== undefined;
  const logs = growing ? stateLogs() : throughputLogs();
  const rows = await measureAll(logs);
  const text = growing ? stateTable(rows) : throughputTable(rows);
  console.log(`\n${text}`);
  if (options.save) save(growing ? "State growth" : "Throughput", text, logs);
}

function throughputLogs() {
  const leaks = Number(options.leaks);
  return formats().map((format) =>
    make({ format, size: Number(options.size), leaks, sources: Math.ceil(leaks * 0.8) }),
  );
}

// Every source leaks once, and every leak is followed by one ordinary record.
function stateLogs() {
  return formats().flatMap((format) =>
    options.sources.split(",").map((text) => {
      const count = Number(text);
      return make({ format, size: (2 * count * SHAPES[format].bytes) / 1e6, leaks: count, sources: count });
    }),
  );
}

function make(plan) {
  console.error(`makes or finds: ${plan.format}, ${plan.size.toFixed(0)} MB, ${plan.leaks} leaks`);
  return makeLog({ folder: LOGS, smb: Number(options.smb), ipv6: Number(options.ipv6), ...plan });
}

// Rounds are interleaved, so that a busy minute of the machine falls on all formats alike.
async function measureAll(logs) {
  const samples = logs.map(() => ({ seconds: [], cat: [], peak: [], found: undefined }));
  for (let round = 0; round < rounds; round++) {
    for (const [index, log] of logs.entries()) await measure(log, samples[index], round);
  }
  return logs.map((log, index) => {
    const { seconds, cat, peak, found } = samples[index];
    return {
      ...log,
      ...found,
      sources: log.sources,
      seconds: median(seconds),
      peakBytes: Math.max(...peak),
      catSeconds: cat.length === 0 ? undefined : median(cat),
    };
  });
}

async function measure(log, sample, round) {
  const cat = catOnce(log.path);
  if (cat !== undefined) sample.cat.push(cat);
  const { seconds, peakBytes, out } = scanOnce(log.path, scratch, workers);
  sample.seconds.push(seconds);
  sample.peak.push(peakBytes);
  sample.found = await foundIn(out);
  verify(log, sample.found);
  console.error(
    `round ${round + 1}: ${log.format} ${seconds.toFixed(2)} s, ${(log.bytes / 1e6 / seconds).toFixed(0)} MB/s`,
  );
}

// A fast wrong answer is no result.
function verify(log, found) {
  const wrong = [];
  if (found.records !== log.records) wrong.push(`records: ${found.records}, not ${log.records}`);
  if (found.folded === 0 && found.findings !== log.sources)
    wrong.push(`findings: ${found.findings}, not ${log.sources}`);
  if (found.sessions + found.folded !== log.leaks) {
    wrong.push(`sessions: ${found.sessions} and ${found.folded} folded, not ${log.leaks}`);
  }
  if (wrong.length > 0) throw new Error(`${log.path}: wrong answer\n  ${wrong.join("\n  ")}`);
}

function save(title, text, logs) {
  const date = new Date().toISOString().slice(0, 10);
  const kind = title.toLowerCase().replaceAll(" ", "-");
  const folder = join(ROOT, "bench", "results");
  mkdirSync(folder, { recursive: true });
  let path = join(folder, `${date}-${kind}.md`);
  for (let next = 2; existsSync(path); next++) path = join(folder, `${date}-${kind}-${next}.md`);
  writeFileSync(path, document({ date, title, method: method(logs), text }));
  console.log(`saved: ${path}`);
}

function method(logs) {
  const startup = Array.from({ length: 5 }, nothingOnce);
  return [
    `generated logs (\`bench/generate.mjs\`): ${options.smb} internal SMB, ${options.ipv6} IPv6, 0.002 traps, ${logs[0]?.leaks ?? 0} leaks in the first`,
    `median of ${rounds} interleaved rounds, a fresh process each; files in the page cache; peak memory is the highest of all rounds`,
    `times include starting the process; an empty Node process takes ${(median(startup) * 1000).toFixed(0)} ms here`,
    `workers: ${options.workers ?? "default"}`,
    "records, findings and sessions of every round equal what the generator put in, or the run fails",
  ];
}

function formats() {
  return options.formats.split(",");
}
