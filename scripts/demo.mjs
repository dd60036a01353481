// Scans the sample logs: prints the command, then runs it.
import { run } from "./run.mjs";

const SCAN = [
  "scan",
  "examples/logs",
  "--site",
  "examples/sallyport.yml",
  "--assets",
  "examples/assets.csv",
  "--now",
  "2026-03-03T00:00:00Z",
  "-o",
  "table",
];

console.error(`$ sallyport ${SCAN.join(" ")}\n`);
process.exitCode = run(process.execPath, ["dist/cli/main.js", ...SCAN, ...process.argv.slice(2)]).code;
