// Runs the bundled program on sample logs, and keeps what V8 compiled of it beside each chunk. A step of the build.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import v8 from "node:v8";

const LOGS = fileURLToPath(new URL("../examples/logs", import.meta.url));
/** Long enough, when repeated, that the byte kernel runs too. Shape: path under the folder of logs. */
const SAMPLES = ["zeek-json/conn.json", "panos/traffic.log", "zeek/conn.log"];
const REPEATED = 6;

const { load, scripts, compiledFile } = createRequire(import.meta.url)("../dist/bin/load.js");
const folder = mkdtempSync(join(tmpdir(), "sallyport-build-"));
const logs = SAMPLES.map((sample, at) => {
  const log = join(folder, `${at}.log`);
  writeFileSync(log, readFileSync(join(LOGS, sample), "utf8").repeat(REPEATED));
  return log;
});
const out = join(folder, "out.json");
process.argv = [
  process.execPath,
  "sallyport",
  "scan",
  ...logs,
  "-o",
  "json",
  "--out",
  out,
  "--workers",
  "1",
  "-q",
];
process.on("exit", () => {
  rmSync(folder, { recursive: true });
  for (const [file, script] of scripts) writeFileSync(compiledFile(file), script.createCachedData());
});
// What is compiled is taken under the setting of V8's flags that it was compiled under: its own.
v8.setFlagsFromString = () => {};
load("main.js");
