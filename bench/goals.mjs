// The goals, each a ratio of one interleaved run, with what was measured.
import { median } from "./measure.mjs";
import { table } from "./report.mjs";
import { busyGain } from "./rivals/busy.mjs";
import { duckdb } from "./rivals/duckdb.mjs";
import { halvesOf, secondsAtOnce } from "./rivals/halves.mjs";
import { FAST, FAST_2 } from "./rivals/own.mjs";
import { ripgrep, zcatRipgrep } from "./rivals/plain.mjs";
import { gzipOf, headOf, inRounds, readThrough } from "./rounds.mjs";

/** Shape: `reach` and `aim` are least ratios, and for memory the most MB. */
const GOALS = [
  { row: "json-duckdb", what: "Zeek NDJSON, one worker / DuckDB, one thread", reach: 2, aim: 3 },
  {
    row: "json-ripgrep",
    what: "Zeek NDJSON, one worker / ripgrep, anchored on the key",
    reach: 0.8,
    aim: 1.2,
  },
  { row: "panos-duckdb", what: "PAN-OS syslog, one worker / DuckDB, one thread", reach: 3.5, aim: 6 },
  { row: "tsv-duckdb", what: "Zeek TSV, one worker / DuckDB, one thread", reach: 4, aim: 8 },
  { row: "workers", what: "two workers / one, over what two busy loops gain", reach: 0.8, aim: 0.95 },
  { row: "gzip", what: "gzip Zeek NDJSON, one worker / zcat piped into ripgrep", reach: 1.8, aim: 2.2 },
  { row: "smb", what: "file with 50 % SMB / file with 5 % SMB, one worker", reach: 0.35, aim: 0.8 },
  { row: "memory", what: "peak memory, most of all runs, MB", reach: 200, aim: 100, least: true },
];

/** The names of the rows, in the table's order. */
export const GOAL_ROWS = GOALS.map(({ row }) => row);

/**
 * Measures goals and makes their table.
 * Shape: `make` finds or generates a log; `size` is for most rows, `big` for those of the large file.
 * Units: MB.
 */
export async function measureGoals({ rows, make, size, big, rounds, scratch }) {
  const logs = await logsFor(rows, make, size, big);
  const cells = rows.flatMap((row) => cellsOf(row, logs));
  const unique = [...new Map(cells.map((cell) => [cell.key, cell])).values()];
  const busy = [];
  const apart = [];
  const samples = await inRounds(unique, rounds, scratch, async () => {
    if (!rows.includes("workers")) return;
    busy.push(await busyGain());
    apart.push(await rateOfHalves(logs.big, scratch));
  });
  const goals = GOALS.filter(({ row }) => rows.includes(row));
  const text = table(
    ["goal", "reach", "then aim for", "measured", "rounds", "by processor time", "ok", "again with"],
    goals.map((goal) => goalRow(goal, samples, busy, { size, big, rounds })),
  );
  return { text: `${text}\n${cellTable(unique, samples)}${machineText(samples, busy, apart)}`, logs };
}

// Two processes start twice, at once: that is no work either.
async function rateOfHalves(log, scratch) {
  const halves = await halvesOf(log);
  const head = headOf(log);
  const start = await secondsAtOnce([head.path, head.path], scratch);
  for (const half of halves) readThrough(half);
  return (log.bytes - 2 * head.bytes) / 1e6 / ((await secondsAtOnce(halves, scratch)) - start);
}

/** What the machine gives to a second reader, beside which the gain of a second worker is to be seen. */
function machineText(samples, busy, apart) {
  if (busy.length === 0) return "";
  const rates = (tool) => samples.get(keyOf("big", tool)).map(({ rate }) => rate);
  const over = (above, below) => median(above.map((rate, round) => rate / below[round])).toFixed(2);
  const [one, two] = [rates(FAST), rates(FAST_2)];
  const lines = [
    ["two busy loops over one", median(busy).toFixed(2)],
    [
      "two processes that share nothing, each with half of the file, over one with all of it",
      over(apart, one),
    ],
    ["two workers over one", over(two, one)],
    ["two workers over two processes", over(two, apart)],
  ];
  return `\n${lines.map(([what, gain]) => `- ${what}: ×${gain}\n`).join("")}`;
}

async function logsFor(rows, make, size, big) {
  const wants = (...names) => names.some((name) => rows.includes(name));
  const logs = {};
  if (wants("json-duckdb", "json-ripgrep", "smb", "gzip")) logs.json = make({ format: "zeek-json", size });
  if (wants("panos-duckdb")) logs.panos = make({ format: "panos", size });
  if (wants("tsv-duckdb")) logs.tsv = make({ format: "zeek-tsv", size });
  if (wants("smb")) logs.half = make({ format: "zeek-json", size, smb: 0.5 });
  if (wants("gzip")) logs.gzip = await gzipOf(logs.json);
  if (wants("workers", "memory")) logs.big = make({ format: "zeek-json", size: big });
  return logs;
}

function cellsOf(row, { json, panos, tsv, half, gzip, big }) {
  const cells = {
    "json-duckdb": () => [cell("json", FAST, json), cell("json", duckdb(1), json)],
    "json-ripgrep": () => [cell("json", FAST, json), cell("json", ripgrep, json)],
    "panos-duckdb": () => [cell("panos", FAST, panos), cell("panos", duckdb(1), panos)],
    "tsv-duckdb": () => [cell("tsv", FAST, tsv), cell("tsv", duckdb(1), tsv)],
    workers: () => [cell("big", FAST, big), cell("big", FAST_2, big)],
    gzip: () => [cell("gzip", FAST, gzip), cell("gzip", zcatRipgrep, gzip)],
    smb: () => [cell("json", FAST, json), cell("50 % SMB", FAST, half)],
    memory: () => [cell("big", FAST, big)],
  };
  return cells[row]();
}

function cell(name, tool, log) {
  return { key: keyOf(name, tool), tool, log };
}

function keyOf(name, tool) {
  return `${name}: ${tool.name}`;
}

function goalRow({ row, what, reach, aim, least = false }, samples, busy, { size, big, rounds }) {
  const again = `\`npm run bench -- --goals --rows ${row} --size ${size} --big ${big} --rounds ${rounds}\``;
  const measured = least ? [peakOf(samples)] : ratiosOf(row, samples, busy, "rate");
  if (measured.length === 0 || measured.some(Number.isNaN))
    return [what, reach, aim, "–", "–", "–", "not measured", again];
  const value = median(measured);
  const meets = (goal) => (least ? value <= goal : value >= goal);
  const digits = least ? 0 : 2;
  const spread = `${Math.min(...measured).toFixed(digits)}–${Math.max(...measured).toFixed(digits)}`;
  // Threads do not save processor time.
  const byProcessor =
    least || row === "workers" ? "–" : median(ratiosOf(row, samples, busy, "cpuRate")).toFixed(2);
  const verdict = meets(aim) ? "aim" : meets(reach) ? "reach" : "MISSED";
  return [what, reach, aim, value.toFixed(digits), spread, byProcessor, verdict, again];
}

// The quotient within a round, not of medians: both then had the same machine.
function ratiosOf(row, samples, busy, of) {
  const over = (above, below, [nameAbove, nameBelow]) => {
    const [one, two] = [samples.get(keyOf(nameAbove, above)), samples.get(keyOf(nameBelow, below))];
    if (one === undefined || two === undefined) return [];
    return one.map((sample, round) => sample[of] / two[round][of]);
  };
  const both = (name) => [name, name];
  const ratios = {
    "json-duckdb": () => over(FAST, duckdb(1), both("json")),
    "json-ripgrep": () => over(FAST, ripgrep, both("json")),
    "panos-duckdb": () => over(FAST, duckdb(1), both("panos")),
    "tsv-duckdb": () => over(FAST, duckdb(1), both("tsv")),
    workers: () => over(FAST_2, FAST, both("big")).map((gain, round) => gain / busy[round]),
    gzip: () => over(FAST, zcatRipgrep, both("gzip")),
    smb: () => over(FAST, FAST, ["50 % SMB", "json"]),
  };
  return ratios[row]();
}

function peakOf(samples) {
  const own = [...samples].filter(([key]) => key.includes("sallyport"));
  return Math.max(...own.flatMap(([, list]) => list.map(({ peakBytes }) => peakBytes))) / 1e6;
}

function cellTable(cells, samples) {
  const rows = cells
    .filter(({ key }) => samples.has(key))
    .map(({ key, tool, log }) => {
      const list = samples.get(key);
      const peak =
        list[0].peakBytes === undefined ? "–" : Math.max(...list.map((s) => s.peakBytes / 1e6)).toFixed(0);
      return [
        key,
        (log.bytes / 1e6).toFixed(0),
        median(list.map(({ rate }) => rate)).toFixed(0),
        median(list.map(({ cpuRate }) => cpuRate)).toFixed(0),
        median(list.map(({ startSeconds }) => startSeconds * 1000)).toFixed(0),
        peak,
        tool.decides ? `${list[0].count} leaks` : `${list[0].count} lines`,
      ];
    });
  return table(
    ["run", "file MB", "MB/s, net", "MB per processor second", "start-up ms", "peak MB", "count"],
    rows,
  );
}
