/** The bundled program, which is what is installed: it does what the compiled files do. */
import { execFile } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { MAIN, type Ran } from "./run-cli.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const MANIFEST = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly version: string;
  readonly bin: { readonly sallyport: string };
  readonly dependencies: Readonly<Record<string, string>>;
};
const BUNDLE = join(ROOT, MANIFEST.bin.sallyport);
const MOST_BYTES = 64 * 1024 * 1024;
const NOW = ["--now", "2026-03-05T00:00:00Z"];

/** What a program writes, and its exit code. */
async function run(program: string, args: readonly string[]) {
  const child = promisify(execFile)(process.execPath, [program, ...args], {
    cwd: ROOT,
    maxBuffer: MOST_BYTES,
  });
  const { stdout, stderr, code = 0 } = (await child.catch((error: unknown) => error)) as Partial<Ran>;
  return { stdout, stderr, code };
}

// The compiler may have run since: the bundle is made of what it made.
beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(ROOT, "scripts/bundle.mjs")]);
});

test("it knows its version", async () => {
  expect(await run(BUNDLE, ["--version"])).toEqual({ stdout: `${MANIFEST.version}\n`, stderr: "", code: 0 });
});

test.each([
  ["a scan", ["scan", "content/datasets", "-o", "json", ...NOW]],
  ["a report, with advisories and block rules", ["scan", "content/datasets", "-o", "html", ...NOW]],
  ["rules of the user's own", ["scan", "content/datasets", "--rules", "content/rules", ...NOW]],
  ["reference profiles", ["scan", "content/datasets", "--profile", "elastic,splunk-14", ...NOW]],
  ["the rules' tests", ["rules", "test"]],
  ["shipped data sets", ["replay"]],
  ["an address", ["classify", "64:ff9b::808:808"]],
  ["help for a command", ["help", "rules", "convert"]],
  ["help", ["--help"]],
  ["a command that is not there", ["scna"]],
])("%s: the same words, rows and exit code as the compiled files", async (_, args) => {
  expect(await run(BUNDLE, args)).toEqual(await run(MAIN, args));
});

const SAMPLE = "content/datasets";

/** Runs a scan, and gives the chunks by name for which V8 took what was compiled before, or did not. */
const REPORT = `
  const { load, scripts } = require("./dist/bin/load.js");
  process.argv = [process.execPath, "sallyport", "scan", "${SAMPLE}", "-q", "--out", "/dev/null"];
  process.on("exit", () => {
    const taken = [...scripts].map(([file, script]) => [file.replace(/^.*[/\\\\]|-.*/g, ""), !script.cachedDataRejected]);
    process.stdout.write(JSON.stringify(Object.fromEntries(taken)));
  });
  load("main.js");`;

test("V8 takes what it compiled of the large chunk when the bundle was made", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", REPORT], { cwd: ROOT });
  expect(JSON.parse(stdout)).toMatchObject({ scan: true });
});

test.each([
  ["is empty", () => Buffer.alloc(0)],
  ["is cut", (bytes: Buffer) => bytes.subarray(0, 100)],
  ["is of another version", (bytes: Buffer) => bytes.fill(1, 4, 8)],
])("where what was compiled before %s, the program compiles", async (_, spoil) => {
  const folder = join(BUNDLE, "..");
  const [name = ""] = readdirSync(folder).filter((file) => /^scan-.*\.js\.v8-/.test(file));
  const file = join(folder, name);
  const whole = readFileSync(file);
  const args = ["scan", SAMPLE, "-o", "json", ...NOW];
  const wanted = await run(BUNDLE, args);
  writeFileSync(file, spoil(Buffer.from(whole)));
  try {
    expect(await run(BUNDLE, args)).toEqual(wanted);
  } finally {
    writeFileSync(file, whole);
  }
});

test("the licence of every package in it lies beside it", () => {
  const notices = readFileSync(join(BUNDLE, "..", "THIRD-PARTY-NOTICES.txt"), "utf8");
  for (const name of Object.keys(MANIFEST.dependencies)) {
    expect(notices).toMatch(
      new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\((?:MIT|ISC)\\)\\n\\n.*copyright`, "ims"),
    );
  }
});
