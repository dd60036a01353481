// Writes examples/logs. Usage: node examples/generate/main.mjs [--out FOLDER] [--check]
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import { ecsText } from "./ecs.mjs";
import { harwichFiles } from "./harwich.mjs";
import { mixedText, zeekJsonText } from "./leith.mjs";
import { splunkFiles } from "./splunk.mjs";
import { evtxText, winlogbeatText } from "./sysmon.mjs";

const check = process.argv.includes("--check");
const at = process.argv.indexOf("--out");
const folder = at > 0 ? process.argv[at + 1] : join(dirname(fileURLToPath(import.meta.url)), "..", "logs");

const stale = Object.entries(exampleFiles()).filter(([path, text]) => readText(join(folder, path)) !== text);
for (const [path, text] of stale) {
  console.error(`${check ? "differs" : "writes"}: ${join(folder, path)}`);
  if (!check) write(join(folder, path), text);
}
if (check && stale.length > 0) process.exitCode = 1;

function exampleFiles() {
  const splunk = splunkFiles();
  return {
    ...harwichFiles(),
    "zeek-json/conn.json": zeekJsonText(),
    "syslog/mixed.log": mixedText(),
    "ecs/events.ndjson": ecsText(),
    "splunk/export.json": splunk.json,
    "splunk/export.csv": splunk.csv,
    "sysmon/winlogbeat.ndjson": winlogbeatText(),
    "sysmon/evtx.jsonl": evtxText(),
  };
}

// Compressed bytes differ between zlib builds; what counts is the text inside. The file stays as it is while that is equal.
function readText(path) {
  try {
    const bytes = readFileSync(path);
    return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  } catch {
    return undefined;
  }
}

function write(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, path.endsWith(".gz") ? gzip(text) : text);
}

// No name, no time, operating system "unknown" (RFC 1952, section 2.3).
function gzip(text) {
  const bytes = gzipSync(text, { level: 9 });
  bytes.writeUInt32LE(0, 4);
  bytes[9] = 255;
  return bytes;
}
