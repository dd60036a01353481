// Makes sure that what a command needs is there. Usage: node scripts/ensure.mjs build
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.mjs";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CONFIGS = [
  "package.json",
  "scripts/bundle.mjs",
  "scripts/keep-compiled.mjs",
  "scripts/load-chunks.cjs",
  "tsconfig.base.json",
  "tsconfig.core.json",
  "tsconfig.node.json",
];
/** What a build makes last, and the compiled kernel, which lies among the sources. */
const MADE = [
  "dist/cli/main.js",
  "dist/bin/sallyport.js",
  "dist/content/rules.json",
  "src/bytes/kernel-module.ts",
];
/** Written after a build without errors: the compiler's own files are there after a failed one too. */
const STAMP = inRoot("dist/ensure.tsbuildinfo");

if (process.argv[2] !== "build") {
  console.error("usage: node scripts/ensure.mjs build");
  process.exit(2);
}
install();
build();

function install() {
  // npm writes this file last, so that its age is the age of the installation.
  const installed = ageOf(inRoot("node_modules/.package-lock.json"));
  if (installed >= ageOf(inRoot("package-lock.json"))) return;
  pass("node_modules is missing or older than package-lock.json: npm ci", ["ci", "--no-audit", "--no-fund"]);
}

function build() {
  const folders = ["src", "kernel", "content/rules"].map((folder) => newestUnder(inRoot(folder)));
  const sources = Math.max(...folders, ...CONFIGS.map((file) => ageOf(inRoot(file))));
  const built = MADE.every((file) => existsSync(inRoot(file)));
  if (built && ageOf(STAMP) >= sources) return;
  const begun = new Date();
  pass("dist is missing or older than its sources: npm run build", ["run", "--silent", "build"]);
  writeFileSync(STAMP, "");
  // What is saved while the compiler runs is newer than the stamp.
  utimesSync(STAMP, begun, begun);
}

function pass(message, args) {
  console.error(message);
  const { code } = run("npm", args);
  if (code !== 0) process.exit(code);
}

function inRoot(path) {
  return join(ROOT, path);
}

function ageOf(path) {
  return existsSync(path) ? statSync(path).mtimeMs : 0;
}

// Folders count too: their time changes when a file is deleted.
function newestUnder(folder) {
  let newest = ageOf(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    newest = Math.max(newest, entry.isDirectory() ? newestUnder(path) : ageOf(path));
  }
  return newest;
}
