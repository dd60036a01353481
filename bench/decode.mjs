// What one record costs on its way to an event. Usage: node bench/decode.mjs [--records N] [--formats a,b] [--rounds N]
// (after npm run build). Units: microseconds of processor time a record, all threads.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { SHAPES } from "./lines.mjs";

const SELF = fileURLToPath(import.meta.url);
const DIST = new URL("../dist/", import.meta.url);

/** The formats by the names of their generated logs. What has no decoder is not here. */
const DECODERS = {
  "zeek-json": "zeek-json",
  "zeek-tsv": "zeek-tsv",
  suricata: "suricata-eve",
  panos: "panos",
  "panos-csv": "panos-csv",
  fortigate: "fortigate",
  ecs: "ecs",
  sysmon: "sysmon",
  "splunk-json": "splunk-json",
  "splunk-csv": "splunk-csv",
};

/** Each step does all that the step before it does; `split` is JSON.parse or a split alone, the yardstick. */
const STEPS = ["split", "route", "decode", "derive", "document"];
const TITLES = ["JSON.parse or split", "route, frame", "+ decode", "+ derive", "+ document, stringify"];

/** Records of a fresh process that count as cold; after them come passes over the whole log. */
const COLD = 2000;
const PASSES = 6;

/** Measures in fresh processes and gives a Markdown table. Shape: `make` is `makeLog` with its folder. */
export async function decodeTable({ make, formats = Object.keys(DECODERS), records = 20_000, rounds = 3 }) {
  const { median } = await import("./measure.mjs");
  const { table } = await import("./report.mjs");
  const known = formats.filter((format) => format in DECODERS);
  const logs = known.map((format) => make({ format, size: (records * SHAPES[format].bytes) / 1e6 }));
  const cells = logs.flatMap((log) => STEPS.map((step) => ({ ...log, step, runs: [] })));
  for (let round = 0; round < rounds; round++) for (const cell of cells) cell.runs.push(once(cell));
  const row = (format, temperature) => {
    const own = cells.filter((cell) => cell.format === format);
    const figures = own.map(({ runs }) => median(runs.map((run) => run[temperature])).toFixed(1));
    return [format, temperature, ...figures];
  };
  return table(
    ["format", "process", ...TITLES],
    known.flatMap((format) => [row(format, "cold"), row(format, "warm")]),
  );
}

function once({ format, path, step }) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SELF, "--one", format, step, path], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${format} ${step} ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout);
}

/** In the fresh process: the first records cold, then passes over all of them, of which the best counts. */
async function measureOne(format, step, path) {
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  const work = await workOf(DECODERS[format], step, path);
  const cold = costOf(lines.slice(0, COLD), work);
  const passes = Array.from({ length: PASSES }, () => costOf(lines, work));
  return { cold, warm: Math.min(...passes) };
}

function costOf(lines, work) {
  const before = process.cpuUsage();
  let made = 0;
  for (const line of lines) made += work(line);
  const { user, system } = process.cpuUsage(before);
  if (made < lines.length * 0.9) throw new Error(`only ${made} of ${lines.length} lines gave something`);
  return (user + system) / lines.length;
}

/** One record's work. Shape: gives 1 for a record, 0 for a header, so that nothing is done for nothing. */
async function workOf(name, step, file) {
  if (step === "split") return yardstick(name);
  const load = (path) => import(new URL(path, DIST));
  const [{ FORMATS }, { createRouter }] = await Promise.all([
    load("formats/index.js"),
    load("formats/detect.js"),
  ]);
  const { createAddressModel } = await load("net/model.js");
  const { deriveFields } = await load("event/derive.js");
  const { toDocument } = await load("event/document.js");
  const { byteCounting } = FORMATS.find((format) => format.name === name);
  const router = createRouter(FORMATS, undefined, () => ({ file, zone: (ms) => ms, year: 2026 }));
  const context = { model: createAddressModel(), byteCounting };
  const last = STEPS.indexOf(step);
  return (line) => {
    const { decoder, text, envelope } = router.route(line);
    if (decoder.frame(text) !== "record") return 0;
    if (last < 2) return 1;
    const event = decoder.decode(text, envelope);
    if (last > 2) deriveFields(event, context);
    if (last > 3) return JSON.stringify(toDocument(event, file)).length > 0 ? 1 : 0;
    return event.record === undefined ? 0 : 1;
  };
}

function yardstick(name) {
  if (name === "zeek-tsv") return (line) => (line.split("\t").length > 0 ? 1 : 0);
  if (name === "fortigate") return (line) => (line.split(" ").length > 0 ? 1 : 0);
  if (name.startsWith("panos") || name.endsWith("csv")) return (line) => (line.split(",").length > 0 ? 1 : 0);
  return (line) => (JSON.parse(line) === null ? 0 : 1);
}

async function main() {
  const { values } = parseArgs({
    options: {
      records: { type: "string", default: "20000" },
      formats: { type: "string", default: Object.keys(DECODERS).join(",") },
      rounds: { type: "string", default: "3" },
      folder: { type: "string", default: fileURLToPath(new URL("../.tmp/bench", import.meta.url)) },
    },
  });
  const { makeLog } = await import("./generate.mjs");
  const { folder } = values;
  mkdirSync(folder, { recursive: true });
  const make = (log) => makeLog({ folder, leaks: 20, sources: 16, ...log });
  const [records, rounds] = [Number(values.records), Number(values.rounds)];
  console.log(await decodeTable({ make, formats: values.formats.split(","), records, rounds }));
}

if (process.argv[1] === SELF) {
  const [first, ...rest] = process.argv.slice(2);
  if (first === "--one") console.log(JSON.stringify(await measureOne(...rest)));
  else await main();
}
