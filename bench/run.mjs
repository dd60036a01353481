// Measures the built command on generated logs whose contents are known, against rivals and against its goals.
// Usage: npm run bench -- [--size MB] [--formats a,b] [--rounds N] [--leaks N] [--ipv6 SHARE] [--folder PATH] [--save]
//   --goals [--rows a,b] [--big MB]     the goals table; --big is the file of the rows on workers and memory
//   --start-up                          what a start costs, against an empty Node process
//   --curves                            cost by share of SMB, number of rules and number of ports
//   --sources N,N [--detail-limit N]    growth of memory with the number of findings; without a limit each keeps its detail
//   --decode [--records N]              what one record costs on its way to an event
//   otherwise                           every tool on every format; --reference-size MB is the reference path's file
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { compareRivals, costCurves } from "./compare.mjs";
import { decodeTable } from "./decode.mjs";
import { makeLog } from "./generate.mjs";
import { GOAL_ROWS, measureGoals } from "./goals.mjs";
import { SHAPES } from "./lines.mjs";
import { median, nothingOnce } from "./measure.mjs";
import { document, machineLines, stateTable } from "./report.mjs";
import { own } from "./rivals/own.mjs";
import { inRounds } from "./rounds.mjs";
import { measureStartUp } from "./start-up.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

const { values: options } = parseArgs({
  options: {
    size: { type: "string" },
    big: { type: "string", default: "1200" },
    "reference-size": { type: "string", default: "20" },
    formats: { type: "string" },
    rounds: { type: "string", default: "5" },
    leaks: { type: "string", default: "1000" },
    ipv6: { type: "string", default: "0.05" },
    sources: { type: "string" },
    "detail-limit": { type: "string", default: "10000000" },
    goals: { type: "boolean", default: false },
    rows: { type: "string", default: GOAL_ROWS.join(",") },
    curves: { type: "boolean", default: false },
    decode: { type: "boolean", default: false },
    records: { type: "string", default: "20000" },
    "start-up": { type: "boolean", default: false },
    folder: { type: "string", default: join(ROOT, ".tmp", "bench") },
    save: { type: "boolean", default: false },
  },
});

const rounds = Number(options.rounds);
// Goals are about large logs: on small ones what each finding costs hides the rate.
const size = Number(options.size ?? (options.goals ? options.big : "200"));
const LOAD_BEFORE = loadavg()[0];
mkdirSync(options.folder, { recursive: true });
const scratch = mkdtempSync(join(options.folder, "run-"));
try {
  await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function main() {
  for (const line of machineLines()) console.log(line);
  console.log(`- load before: ${LOAD_BEFORE.toFixed(1)}`);
  const [title, text] = await measured();
  console.log(`\n${text}`);
  if (options.save) save(title, text);
}

async function measured() {
  const given = { make, size, rounds, scratch };
  if (options.goals) {
    const { text } = await measureGoals({ ...given, rows: rows(), big: Number(options.big) });
    return ["Goals", text];
  }
  if (options["start-up"]) return ["Start-up", measureStartUp(given)];
  if (options.curves) return ["Cost", await costCurves(given)];
  if (options.sources !== undefined) return ["State growth", await stateGrowth()];
  if (options.decode) {
    return [
      "Decoding",
      await decodeTable({ ...given, formats: formats(), records: Number(options.records) }),
    ];
  }
  const referenceSize = Number(options["reference-size"]);
  return ["Comparison", await compareRivals({ ...given, formats: formats(), referenceSize })];
}

function make({
  format,
  size: mega,
  leaks = Number(options.leaks),
  sources = Math.ceil(leaks * 0.8),
  ...plan
}) {
  console.error(`makes or finds: ${format}, ${mega.toFixed(0)} MB, ${leaks} leaks`);
  return makeLog({
    folder: options.folder,
    format,
    size: mega,
    leaks,
    sources,
    ipv6: Number(options.ipv6),
    ...plan,
  });
}

// Every source leaks once, and every leak is followed by one ordinary record.
async function stateGrowth() {
  const tool = own({ name: "sallyport, one worker", detailLimit: Number(options["detail-limit"]) });
  const cells = formats().flatMap((format) =>
    options.sources.split(",").map((text) => {
      const count = Number(text);
      const mega = (2 * count * SHAPES[format].bytes) / 1e6;
      const log = make({ format, size: mega, leaks: count, sources: count });
      return { key: `${format} ${count}`, tool, log };
    }),
  );
  const samples = await inRounds(cells, rounds, scratch);
  return stateTable(
    cells.map(({ key, log }) => {
      const list = samples.get(key);
      const seconds = median(list.map((sample) => sample.seconds));
      return {
        ...log,
        ...list[0].found,
        seconds,
        peakBytes: Math.max(...list.map((sample) => sample.peakBytes)),
      };
    }),
  );
}

function save(title, text) {
  const date = new Date().toISOString().slice(0, 10);
  const kind = title.toLowerCase().replaceAll(" ", "-");
  const folder = join(ROOT, "bench", "results");
  mkdirSync(folder, { recursive: true });
  let path = join(folder, `${date}-${kind}.md`);
  for (let next = 2; existsSync(path); next++) path = join(folder, `${date}-${kind}-${next}.md`);
  writeFileSync(path, document({ date, title, method: method(), text }));
  console.log(`saved: ${path}`);
}

function method() {
  const startup = Array.from({ length: 5 }, nothingOnce);
  return [
    `\`npm run bench -- ${process.argv.slice(2).join(" ")}\``,
    `generated logs (\`bench/generate.mjs\`): 5 % internal SMB where nothing else is said, ${options.ipv6} IPv6, 0.002 traps, ${options.leaks} leaks`,
    `${rounds} interleaved rounds, a fresh process for each tool and round; files in the page cache; figures are medians, ratios are taken within a round, peak memory is the highest of all rounds`,
    `rates are net of start-up: time on the file less time on its first 64 KB; an empty Node process takes ${(median(startup) * 1000).toFixed(0)} ms here`,
    `load average: ${LOAD_BEFORE.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after`,
    "every tool that decides found exactly the leaks that the generator put in, in every round, or the run fails; DuckDB decides SP-01 and SP-02 in SQL (`bench/rivals/sql.mjs`), Sallyport all of its shipped rules; ripgrep only counts lines with an SMB port",
    ...["rg", "zcat"].map(versionOf),
  ];
}

function versionOf(command) {
  try {
    return execFileSync(command, ["--version"], { encoding: "utf8" }).split("\n")[0];
  } catch {
    return `${command}: not installed`;
  }
}

function rows() {
  const wanted = options.rows.split(",");
  const unknown = wanted.filter((row) => !GOAL_ROWS.includes(row));
  if (unknown.length > 0)
    throw new Error(`no such row: ${unknown.join(", ")}; there are ${GOAL_ROWS.join(", ")}`);
  return wanted;
}

function formats() {
  return (options.formats ?? Object.keys(SHAPES).join(",")).split(",");
}
