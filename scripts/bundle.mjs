// Makes one program of the compiled command line and its packages, with chunks for what only some commands need: a
// start reads a few files instead of hundreds. Usage: node scripts/bundle.mjs
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** As deep as dist/cli and dist/node: modules find content and package.json from where they lie. */
const FOLDER = join(ROOT, "dist/bin");
const ENTRIES = {
  main: join(ROOT, "dist/cli/main.js"),
  thread: join(ROOT, "dist/node/scan-worker.js"),
};
/** The files that Node is given, and the chunk that each loads. */
const STARTS = {
  "sallyport.js": '#!/usr/bin/env node\nrequire("./load.js").load("main.js");\n',
  "scan-worker.js": 'require("./load.js").load("thread.js");\n',
};
const VERSION = join(ROOT, "dist/cli/version.js");
const RUN = join(ROOT, "dist/cli/run.js");
const WORK = join(ROOT, "dist/node/work.js");
const PROGRAM = join(ROOT, "dist/cli/program.js");
const SCAN = join(ROOT, "dist/cli/scan.js");
/** Outputs so small that a file for each takes longer to find than to read. */
const SMALL_SINKS = ["json", "ndjson"].map((name) => join(ROOT, `dist/sinks/${name}.js`));

/** Modules that stand in for others. */
const SUBSTITUTES = {
  // Commander starts programs only for commands that lie in files of their own, and there are none.
  "node:child_process": "export default {};",
  // To read package.json takes longer than to print the version.
  [VERSION]: `export const version = () => ${JSON.stringify(ownVersion())};`,
};
const substitutes = {
  name: "substitutes",
  resolveId: (id) => (id === "node:child_process" ? id : null),
  load: (id) => SUBSTITUTES[id] ?? null,
};

// Chunks by what loads them; a module goes to the first that wants it.
const groups = [
  chunkOf("version", [VERSION], 4),
  chunkOf("run", [RUN], 3),
  chunkOf("reading", [WORK], 2),
  chunkOf("program", [PROGRAM], 2),
  chunkOf("scan", [SCAN, ...SMALL_SINKS], 1),
];

rmSync(FOLDER, { recursive: true, force: true });
const bundle = await rolldown({
  input: ENTRIES,
  platform: "node",
  plugins: [substitutes],
  // The small sinks are loaded on demand among the compiled files, and lie in one chunk here.
  checks: { ineffectiveDynamicImport: false },
});
// CommonJS: Node's loader of modules takes some 10 ms more for the same files.
const { output } = await bundle.write({
  dir: FOLDER,
  format: "cjs",
  dynamicImportInCjs: false,
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
  minify: true,
  codeSplitting: { groups },
});
await bundle.close();
for (const { fileName, code } of output)
  if (code !== undefined) writeFileSync(join(FOLDER, fileName), inAscii(code));
writeFileSync(join(FOLDER, "package.json"), '{ "type": "commonjs" }\n');
cpSync(join(ROOT, "scripts/load-chunks.cjs"), join(FOLDER, "load.js"));
for (const [name, code] of Object.entries(STARTS)) writeFileSync(join(FOLDER, name), code);
execFileSync(process.execPath, [join(ROOT, "scripts/keep-compiled.mjs")], { stdio: "inherit" });
const modules = output.flatMap((chunk) => ("moduleIds" in chunk ? chunk.moduleIds : []));
writeFileSync(join(FOLDER, "THIRD-PARTY-NOTICES.txt"), notices(modules));

function ownVersion() {
  return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).version;
}

/** A chunk for some modules and all that they import. */
function chunkOf(name, entries, priority) {
  return { name: (id, graph) => (reached(entries, graph).has(id) ? name : null), debugName: name, priority };
}

/** What modules import, themselves included, other than on demand. */
function reached(entries, graph) {
  const known = new Set(entries);
  for (const id of known) for (const next of graph.getModuleInfo(id)?.importedIds ?? []) known.add(next);
  return known;
}

/** Code of one byte a character, which is read without decoding; other characters stand in strings alone. */
function inAscii(code) {
  return code.replace(
    /[^\0-\x7f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The licence of every package that is in the bundle, as its terms ask. */
function notices(ids) {
  const folders = new Set(ids.flatMap((id) => packageFolder(id) ?? []));
  const texts = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
  return `The program in this folder contains these packages.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

function packageFolder(id) {
  const [, folder] = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll("\\", "/")) ?? [];
  return folder;
}
