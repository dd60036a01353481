/** The shape of the source tree: what may import what, what the core may lean on, what a folder may be called. */
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, posix, sep } from "node:path";
import { describe, expect, test } from "vitest";

/** From the inside out. A file imports from its own folder, or from a layer before its own. */
const LAYERS = [
  ["errors.ts", "options.ts"],
  ["bytes", "net"],
  ["event"],
  ["formats", "sigma"],
  ["engines", "convert"],
  ["findings", "audit"],
  ["advisories"],
  ["sinks"],
  ["pipeline"],
  ["scan.ts"],
  ["index.ts"],
  ["node"],
  ["cli"],
];

/** Pairs that the layers alone would allow. */
const FORBIDDEN = [["engines", "formats"]];

/** Packages that the core may use: they run in a browser as they are. */
const BROWSER_SAFE = ["fzstd", "re2js", "yaml", "zod"];

const BANNED_FOLDERS = ["utils", "util", "helpers", "common", "shared", "lib", "core", "misc", "types"];

const SOURCE = join(import.meta.dirname, "..", "src");
const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
  .map((path) => path.split(sep).join("/"))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
  .sort();

describe("import direction", () => {
  test.each(files)("%s imports only from its own folder or an inner layer", (file) => {
    for (const target of importsOf(file).filter((name) => name.startsWith("."))) {
      expect(mayImport(file, resolve(file, target)), `${file} → ${target}`).toBe(true);
    }
  });

  test("formats and sigma never see each other, and engines never import a format", () => {
    expect(mayImport("formats/zeek-tsv.ts", "sigma/plan.ts")).toBe(false);
    expect(mayImport("sigma/plan.ts", "formats/format.ts")).toBe(false);
    expect(mayImport("engines/fast.ts", "formats/format.ts")).toBe(false);
    expect(mayImport("engines/fast.ts", "sigma/plan.ts")).toBe(true);
  });

  test("an outer layer is out of reach, and so is a folder that no layer names", () => {
    expect(mayImport("net/scope.ts", "event/event.ts")).toBe(false);
    expect(mayImport("sinks/table.ts", "node/files.ts")).toBe(false);
    expect(mayImport("node/files.ts", "elsewhere/file.ts")).toBe(false);
  });

  test.each(files)("%s writes its imports with their extension", (file) => {
    for (const target of importsOf(file).filter((name) => name.startsWith("."))) {
      expect(files, `${file} → ${target}`).toContain(resolve(file, target));
    }
  });
});

describe("the core runs in a browser", () => {
  const core = files.filter((file) => !["node", "cli"].includes(folderOf(file)));

  test.each(core)("%s imports nothing of Node's", (file) => {
    expect(importsOf(file).filter((name) => isBuiltin(name))).toEqual([]);
  });

  test.each(core)("%s uses only packages that run in a browser", (file) => {
    const packages = importsOf(file).filter((name) => !name.startsWith(".") && !isBuiltin(name));
    expect(packages.filter((name) => !BROWSER_SAFE.includes(folderOf(name)))).toEqual([]);
  });
});

describe("names", () => {
  test("no folder is named after nothing in particular", () => {
    const folders = new Set(files.flatMap((file) => file.split("/").slice(0, -1)));
    expect([...folders].filter((folder) => BANNED_FOLDERS.includes(folder))).toEqual([]);
  });

  test("every folder and file at the top is in a layer", () => {
    expect([...new Set(files.map(folderOf))].filter((folder) => layerOf(folder) < 0)).toEqual([]);
  });
});

function mayImport(file: string, target: string): boolean {
  const [from, to] = [folderOf(file), folderOf(target)];
  if (from === to) return true;
  if (FORBIDDEN.some(([inner, outer]) => inner === from && outer === to)) return false;
  return layerOf(to) >= 0 && layerOf(to) < layerOf(from);
}

/** What a file imports: static and dynamic imports, and re-exports. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), "utf8");
  const found = text.matchAll(
    /^\s*(?:import|export)\b[^;"']*?from "([^"]+)"|^import "([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...found].map(([, ...names]) => names.find((name) => name !== undefined) ?? "");
}

function resolve(file: string, target: string): string {
  return posix.normalize(posix.join(posix.dirname(file), target));
}

function folderOf(path: string): string {
  return path.split("/")[0] ?? "";
}

function layerOf(folder: string): number {
  return LAYERS.findIndex((layer) => layer.includes(folder));
}
