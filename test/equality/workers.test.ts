/** The built command line gives the same output for any number of threads, and with every line decoded. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "../cli/run-cli.ts";
import { concat, generatedLog } from "./inputs.ts";
import { agreed, type Report } from "./paths.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-workers-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** More than threads are worth in all, and two files that are each cut into ranges. Units: bytes. */
const BIG = 34 * 1024 * 1024;

const ENCODER = new TextEncoder();

beforeAll(async () => {
  mkdirSync(join(folder, "logs", "more"), { recursive: true });
  // What a log's middle must not change: lines of others, and what is broken.
  const strange = ENCODER.encode('{"neither":"this"}\nnor that\n\n{"cut":"o\n\0\n');
  for (const format of ["zeek-json", "zeek-tsv"]) {
    const { bytes } = await generatedLog(format, 1, 5);
    const times = Math.ceil(BIG / bytes.length);
    const parts = Array.from({ length: times }, (_, at) => (at % 7 === 3 ? concat([bytes, strange]) : bytes));
    writeFileSync(join(folder, "logs", `${format}.log`), concat(parts));
  }
  for (const format of ["suricata", "panos", "ecs"]) {
    writeFileSync(join(folder, "logs", "more", `${format}.log`), (await generatedLog(format, 0.5, 9)).bytes);
  }
}, 120_000);

const NOW = ["--now", "2026-11-22T00:00:00Z"];
const COMMON = ["scan", "logs", ...NOW];
/** Files that are named: their threads start before the program is loaded. */
const NAMED = ["scan", "logs/zeek-json.log", "logs/zeek-tsv.log", ...NOW];
/** Decoding all of it takes long: the fuzz test's switch turns it on. */
const REFERENCE =
  process.env["SALLYPORT_FUZZ_RUNS"] === undefined ? [] : [["--workers", "1", "--no-fast-path"]];
const WAYS = [["--workers", "2"], ["--workers", "3"], ...REFERENCE];

function output(...args: readonly string[]): Promise<string> {
  return outputOf([...COMMON, ...args]);
}

async function outputOf(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, { cwd: folder });
  expect(code, stderr).toBe(0);
  return stdout;
}

test("the report and its findings", async () => {
  const read = async (way: readonly string[]): Promise<unknown> => {
    const { coverage, ...rest } = JSON.parse(await output("-o", "json", ...way)) as Report;
    const { ruled_out, decoded, records, rejected, skipped } = coverage.totals;
    expect(records).toBe(ruled_out + decoded + rejected + skipped);
    return agreed({ ...rest, coverage });
  };
  const wanted = await read(["--workers", "1"]);
  expect(wanted).toMatchObject({ coverage: { totals: { rejected: expect.any(Number) } } });
  for (const way of WAYS) expect(await read(way), way.join(" ")).toEqual(wanted);
}, 240_000);

test("rows of matches, byte for byte", async () => {
  const wanted = await output("--emit", "matches", "-o", "ndjson", "--workers", "1");
  expect(wanted.split("\n").length).toBeGreaterThan(15);
  expect((await output("--emit", "matches", "-o", "ndjson", "--workers", "2")) === wanted).toBe(true);
}, 240_000);

test("files that are named", async () => {
  const wanted = await outputOf([...NAMED, "--workers", "1"]);
  expect(wanted.split("\n").length).toBeGreaterThan(5);
  for (const count of ["2", "3"])
    expect((await outputOf([...NAMED, "--workers", count])) === wanted).toBe(true);
}, 240_000);

test("a run that fails before its threads have work ends", async () => {
  const { code, stderr } = await runCli([...NAMED, "--workers", "2", "--rules", "none.yml"], { cwd: folder });
  expect([code, stderr]).toEqual([2, expect.stringContaining("none.yml")]);
});
