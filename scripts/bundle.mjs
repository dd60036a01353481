// Makes one program of the compiled command line and its packages, with chunks for what only some commands need: a
// start reads a few files instead of hundreds. Usage: node scripts/bundle.mjs
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** As deep as dist/cli and dist/node: modules find content and package.json from where they lie. */
const FOLDER = join(ROOT, "dist/bin");
const PROGRAM = join(ROOT, "dist/cli/program.js");
const SCAN = join(ROOT, "dist/cli/scan.js");
const ENTRIES = {
  sallyport: join(ROOT, "dist/cli/main.js"),
  "scan-worker": join(ROOT, "dist/node/scan-worker.js"),
};

/** Commander starts programs only for commands that lie in files of their own, and there are none. */
const withoutChildProcess = {
  name: "without-child-process",
  resolveId: (id) => (id === "node:child_process" ? "\0no-child-process" : null),
  load: (id) => (id === "\0no-child-process" ? "export default {};" : null),
};

// Chunks by what loads them; a module goes to the first that wants it.
const startGroup = chunkOf("start", ENTRIES.sallyport, 3);
const programGroup = chunkOf("program", PROGRAM, 2);
const scanGroup = chunkOf("scan", SCAN, 1);

rmSync(FOLDER, { recursive: true, force: true });
const bundle = await rolldown({ input: ENTRIES, platform: "node", plugins: [withoutChildProcess] });
const { output } = await bundle.write({
  dir: FOLDER,
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
  minify: true,
  codeSplitting: { groups: [startGroup, programGroup, scanGroup] },
});
await bundle.close();
const modules = output.flatMap((chunk) => ("moduleIds" in chunk ? chunk.moduleIds : []));
writeFileSync(join(FOLDER, "THIRD-PARTY-NOTICES.txt"), notices(modules));

/** A chunk for all that an entry imports; the entry stays outside, for it may wait for what it loads on demand. */
function chunkOf(chunk, entry, priority) {
  const name = (id, graph) => (id !== entry && reached(entry, graph).has(id) ? chunk : null);
  return { name, debugName: chunk, priority };
}

/** What a module imports, itself included, other than on demand. */
function reached(entry, graph) {
  const known = new Set([entry]);
  for (const id of known) for (const next of graph.getModuleInfo(id)?.importedIds ?? []) known.add(next);
  return known;
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
