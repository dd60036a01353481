// Every format against every rival that is installed, and what our own cost hangs on.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./measure.mjs";
import { table } from "./report.mjs";
import { duckdb } from "./rivals/duckdb.mjs";
import { FAST, FAST_2, own, REFERENCE } from "./rivals/own.mjs";
import { cat, ripgrep } from "./rivals/plain.mjs";
import { inRounds } from "./rounds.mjs";

const RULES = new URL("../content/rules/network/", import.meta.url);
const SP_01 = fileURLToPath(new URL("net_connection_outbound_smb_to_internet.yml", RULES));
/** Ports that the generated logs do not use, so that further rules find nothing more. */
const FIRST_OTHER_PORT = 2101;
const SHARES = [0, 0.05, 0.2, 0.5, 0.95];
const LEAKS = [10, 100, 1000, 10_000];
/** So few that what is measured is the reading, not the findings. */
const FEW = 10;
const COUNTS = [1, 2, 4, 8, 16, 32];

/** All tools on all formats; the reference path reads a smaller file of its own. Units: MB. */
export async function compareRivals({ formats, make, size, referenceSize, rounds, scratch }) {
  const cells = formats.flatMap((format) => {
    const log = make({ format, size });
    const small = make({ format, size: Math.min(size, referenceSize) });
    return [
      ...[cat, ripgrep, duckdb(1), duckdb(2), FAST, FAST_2].map((tool) => cell(format, tool, log)),
      cell(format, REFERENCE, small),
    ];
  });
  const samples = await inRounds(cells, rounds, scratch);
  const head = ["format", "tool", "file MB", "MB/s", "records/s", "peak MB", "start-up ms", "decides"];
  return table(
    head,
    cells.filter(({ key }) => samples.has(key)).map((one) => rivalRow(one, samples.get(one.key))),
  );
}

function rivalRow({ tool, log }, list) {
  const rate = median(list.map((sample) => sample.rate));
  return [
    log.format,
    tool.name,
    (log.bytes / 1e6).toFixed(0),
    whole(rate),
    whole((rate * 1e6 * log.records) / log.bytes),
    list[0].peakBytes === undefined ? "–" : Math.max(...list.map((s) => s.peakBytes / 1e6)).toFixed(0),
    median(list.map((sample) => sample.startSeconds * 1000)).toFixed(0),
    tool.decides ? `yes: ${list[0].count} leaks` : "no",
  ];
}

/** Our rate by share of SMB, number of leaks, number of rules, and number of literals, on Zeek NDJSON. Units: MB. */
export async function costCurves({ make, size, rounds, scratch }) {
  const log = make({ format: "zeek-json", size, leaks: FEW });
  const cells = [
    ...SHARES.map((smb) =>
      cell(`SMB ${100 * smb} %`, FAST, make({ format: "zeek-json", size, smb, leaks: FEW })),
    ),
    ...LEAKS.map((leaks) => cell(`${leaks} leaks`, FAST, make({ format: "zeek-json", size, leaks }))),
    ...COUNTS.map((count) => cell(`${count} rules`, ruled(rulesOf(count, scratch)), log)),
    ...COUNTS.map((count) => cell(`1 rule, ${count + 1} ports`, ruled(portsOf(count, scratch)), log)),
  ];
  const samples = await inRounds(cells, rounds, scratch);
  return table(
    ["what", "file MB", "MB/s", "MB per processor second", "records/s", "decoded", "peak MB"],
    cells.map(({ key, log: { bytes, records } }) => {
      const list = samples.get(key);
      const rate = median(list.map((sample) => sample.rate));
      const share = 1 - list[0].found.ruledOut / records;
      const peak = Math.max(...list.map((sample) => sample.peakBytes / 1e6));
      const perSecond = whole((rate * 1e6 * records) / bytes);
      return [
        key.split(": ")[0],
        (bytes / 1e6).toFixed(0),
        whole(rate),
        whole(median(list.map((sample) => sample.cpuRate))),
        perSecond,
        percent(share),
        peak.toFixed(0),
      ];
    }),
  );
}

function cell(name, tool, log) {
  return { key: `${name}: ${tool.name}`, tool, log };
}

function ruled(rules) {
  return own({ name: "sallyport, one worker", rules });
}

/** SP-01, and copies of it for other ports. */
function rulesOf(count, scratch) {
  return written(
    join(scratch, `rules-${count}`),
    (at) => (at === 0 ? [139, 445] : [FIRST_OTHER_PORT + 101 * at, FIRST_OTHER_PORT + 101 * at + 1]),
    count,
  );
}

/** SP-01 with more ports: every one is a literal to search. */
function portsOf(count, scratch) {
  const others = Array.from({ length: count - 1 }, (_, at) => FIRST_OTHER_PORT + 101 * (at + 1));
  return written(join(scratch, `ports-${count}`), () => [139, 445, ...others], 1);
}

function written(folder, portsAt, count) {
  mkdirSync(folder, { recursive: true });
  const rule = readFileSync(SP_01, "utf8");
  for (let at = 0; at < count; at++) {
    const text = rule
      .replace(/^id: .{8}/m, `id: ${(0x10000000 + at).toString(16)}`)
      .replace("id: SP-01", at === 0 ? "id: SP-01" : `id: BM-${String(at).padStart(2, "0")}`)
      .replace(
        /- 139\n +- 445/,
        portsAt(at)
          .map((port) => `- ${port}`)
          .join("\n            "),
      );
    writeFileSync(join(folder, `rule-${at}.yml`), text);
  }
  return folder;
}

// A rate that could not be measured is a dash.
function whole(number) {
  return Number.isNaN(number) ? "–" : number.toFixed(0);
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
