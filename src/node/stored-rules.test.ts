/** Stored rules: what a build has parsed is what parsing gives now, and a changed file is never taken for the stored one. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseDocuments } from "../sigma/parse-rule.ts";
import { shippedRules } from "./content.ts";
import { readStoredRules, storeRules } from "./stored-rules.ts";

const RULES = await shippedRules();
let folder = "";
let place = "";
const paths = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stored-rules-"));
  place = join(folder, "rules.json");
  for (const [at, { file, text }] of RULES.entries()) {
    const path = join(folder, `${at}.yml`);
    await writeFile(path, text);
    paths.set(file, path);
  }
  await writeFile(place, await storeRules(RULES));
});

afterAll(() => rm(folder, { recursive: true }));

test.each(RULES.map(({ file, text }, at) => [file, text, at] as const))(
  "%s is restored as it is parsed",
  (file, text, at) => {
    const restored = readStoredRules(paths, place)?.[at];
    expect(restored?.file).toBe(file);
    expect(restored?.documents).toEqual(parseDocuments(text, file));
  },
);

test("nothing is read where only the compiler has run", () => {
  expect(readStoredRules(paths, join(folder, "absent.json"))).toBeUndefined();
});

test.each<[string, (known: ReadonlyMap<string, string>) => ReadonlyMap<string, string>]>([
  ["is there beside them", (known) => new Map([...known, ["new.yml", place]])],
  ["is missing", (known) => new Map([...known].slice(1))],
  ["has another name", (known) => new Map([...known].map(([file, path]) => [`x/${file}`, path]))],
  ["holds another text", (known) => new Map([...known].map(([file]) => [file, place]))],
])("the stored rules are left alone when a file %s", (_, change) => {
  expect(readStoredRules(change(paths), place)).toBeUndefined();
});
