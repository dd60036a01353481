/** Duplicates among files and standard input, compared by their plain content. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { splitDuplicates } from "./duplicates.ts";
import { resolveSources } from "./sources.ts";

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sallyport-duplicates-")).replaceAll("\\", "/");
});

afterEach(() => rmSync(root, { recursive: true }));

const LONG = "10.1.2.3 8.8.8.8 445\n".repeat(60_000);

async function split(
  files: Readonly<Record<string, string | Uint8Array>>,
  stdin?: AsyncIterable<Uint8Array>,
) {
  for (const [name, content] of Object.entries(files)) writeFileSync(`${root}/${name}`, content);
  const inputs = stdin === undefined ? [root] : [root, "-"];
  const { sources } = await resolveSources(inputs, { now: 0, stdin: stdin ?? (async function* () {})() });
  const { unique, duplicates } = await splitDuplicates(sources);
  const short = (path: string) => path.replace(`${root}/`, "");
  return {
    unique: unique.map(({ path }) => short(path)),
    duplicates: duplicates.map(({ path, of }) => `${short(path)} = ${short(of)}`),
  };
}

test("a file and its compressed copy are one; the first by path is kept", async () => {
  expect(await split({ "x.log": "a\nb\n", "x.log.gz": gzipSync("a\nb\n"), "y.log": "a\nc\n" })).toEqual({
    unique: ["x.log", "y.log"],
    duplicates: ["x.log.gz = x.log"],
  });
});

test("several copies of several contents are each named with their original", async () => {
  expect(await split({ a: "1", b: "2", c: "1", d: "2", e: gzipSync("1") })).toEqual({
    unique: ["a", "b"],
    duplicates: ["c = a", "d = b", "e = a"],
  });
});

test("long files that differ only behind their first MiB are not duplicates", async () => {
  expect(await split({ a: `${LONG}a`, b: `${LONG}b`, c: gzipSync(`${LONG}b`), d: LONG })).toEqual({
    unique: ["a", "b", "d"],
    duplicates: ["c = b"],
  });
});

test("empty files are never duplicates, compressed or not", async () => {
  expect((await split({ a: "", b: "", c: gzipSync(""), d: gzipSync("") })).duplicates).toEqual([]);
});

test("files that cannot be read whole are never duplicates", async () => {
  const stored = gzipSync(LONG, { level: 0 });
  const cut = stored.subarray(0, -1);
  expect((await split({ a: cut, b: cut, c: LONG, d: gzipSync("x").subarray(0, -2) })).duplicates).toEqual([]);
});

test("standard input is left alone", async () => {
  let asked = false;
  async function* stdin(): AsyncGenerator<Uint8Array> {
    asked = true;
    yield Buffer.from("a");
  }
  expect(await split({ a: "a", b: "a" }, stdin())).toEqual({ unique: ["-", "a"], duplicates: ["b = a"] });
  expect(asked).toBe(false);
});
