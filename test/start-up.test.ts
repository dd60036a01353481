/** What a start loads: a plain scan with the shipped rules needs no commander, YAML, schemas or decompressor. */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, test } from "vitest";

const SOURCE = join(import.meta.dirname, "..", "src");

test.each([
  ["cli/main.ts", ["node:fs"]],
  ["cli/run.ts", ["node:fs", "node:fs/promises", "node:os"]],
  ["cli/program.ts", ["commander", "node:fs"]],
  ["cli/scan.ts", ["node:fs", "node:fs/promises", "node:os", "node:path", "node:v8"]],
])("%s loads these packages, and others only when they are needed", (entry, packages) => {
  expect([...loadedBy(entry)].filter((name) => !name.endsWith(".ts")).sort()).toEqual(packages);
});

test("no output for people is loaded before it is asked for", () => {
  const loaded = loadedBy("cli/scan.ts");
  expect(["sinks/html.ts", "sinks/markdown.ts"].filter((file) => loaded.has(file))).toEqual([]);
});

/** Files and packages that are loaded with a file, directly or through others; imports of types load nothing. */
function loadedBy(entry: string): ReadonlySet<string> {
  const known = new Set([entry]);
  for (const file of known) {
    if (!file.endsWith(".ts")) continue;
    for (const name of importsOf(readFileSync(join(SOURCE, file), "utf8"))) {
      known.add(name.startsWith(".") ? posix.join(posix.dirname(file), name) : name);
    }
  }
  return known;
}

function importsOf(text: string): string[] {
  const found = text.matchAll(/^(?:import|export) (?!type )(?:([^;"']*?) from )?"([^"]+)"/gm);
  return [...found].flatMap(([, names, from = ""]) => (loadsSomething(names) ? [from] : []));
}

/** `{ type A, type B }` loads nothing. */
function loadsSomething(names: string | undefined): boolean {
  const inside = /^\{([^}]*)\}$/s.exec(names?.trim() ?? "")?.[1];
  return inside === undefined || inside.split(",").some((name) => !/^\s*(?:type\s|$)/.test(name));
}
