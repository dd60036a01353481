/** The sample logs: what is committed is what the generator writes, and each line keeps to its format's reference. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const COMMITTED = join(import.meta.dirname, "..", "examples", "logs");
const GENERATOR = join(import.meta.dirname, "..", "examples", "generate", "main.mjs");

const files = filesUnder(COMMITTED);
const withExtension = (...ends: string[]) => files.filter((file) => ends.some((end) => file.endsWith(end)));

describe("generation", () => {
  let fresh = "";

  beforeAll(() => {
    fresh = mkdtempSync(join(tmpdir(), "sallyport-examples-"));
    execFileSync(process.execPath, [GENERATOR, "--out", fresh], { stdio: "pipe" });
  });

  afterAll(() => rmSync(fresh, { recursive: true, force: true }));

  test("the generator writes exactly the files that are committed", () => {
    expect(filesUnder(fresh)).toEqual(files);
  });

  test.each(files)("%s is what the generator writes", (file) => {
    expect(textOf(join(fresh, file)) === textOf(join(COMMITTED, file))).toBe(true);
  });

  test("--check finds nothing to do", () => {
    expect(() => execFileSync(process.execPath, [GENERATOR, "--check"], { stdio: "pipe" })).not.toThrow();
  });
});

describe("size", () => {
  test.each(files)("%s stays under 150 kB", (file) => {
    expect(statSync(join(COMMITTED, file)).size).toBeLessThan(150_000);
  });

  test("all together stay under 600 kB", () => {
    const total = files.reduce((sum, file) => sum + statSync(join(COMMITTED, file)).size, 0);
    expect(total).toBeLessThan(600_000);
  });
});

describe("shape", () => {
  test.each(withExtension(".json", ".jsonl", ".ndjson"))("every line of %s is one JSON object", (file) => {
    for (const line of linesOf(file)) expect(JSON.parse(line)).toBeTypeOf("object");
  });

  test.each(files.filter((file) => file.startsWith("zeek/")))(
    "every row of %s has the columns of its header",
    (file) => {
      const lines = linesOf(file);
      const columnsAfter = (name: string) =>
        lines
          .find((line) => line.startsWith(`${name}\t`))
          ?.split("\t")
          .slice(1);
      const fields = columnsAfter("#fields") ?? [];
      expect(fields.slice(0, 3)).toEqual(["ts", "uid", "id.orig_h"]);
      expect(columnsAfter("#types")).toHaveLength(fields.length);
      const rows = lines.filter((line) => !line.startsWith("#"));
      expect(rows.length).toBeGreaterThan(10);
      for (const row of rows) expect(row.split("\t")).toHaveLength(fields.length);
    },
  );

  test("every PAN-OS row by syslog has 114 columns, with link switches in braces counted as one", () => {
    const lines = linesOf("panos/traffic.log");
    expect(lines.filter((line) => line.includes("{"))).toHaveLength(1);
    for (const line of lines) expect(panColumns(line)).toBe(114);
  });

  test("the PAN-OS export has one header row and 54 columns", () => {
    const [header = "", ...rows] = linesOf("panos/traffic-export.csv");
    expect(header.startsWith("Domain,Receive Time,Serial #,Type,")).toBe(true);
    for (const row of [header, ...rows]) expect(row.split(",")).toHaveLength(54);
  });

  test("all events lie on the one day", () => {
    const days = new Set(linesOf("suricata/eve.json").map((line) => /"start":"([\d-]+)/.exec(line)?.[1]));
    days.delete(undefined);
    expect([...days]).toEqual(["2026-03-02"]);
  });
});

function panColumns(line: string): number {
  const row = line.slice(line.indexOf(" 1,") + 1);
  return row.replaceAll(/\{[^}]*\}|"[^"]*"/g, "one").split(",").length;
}

function linesOf(file: string): string[] {
  return textOf(join(COMMITTED, file)).trimEnd().split("\n");
}

function textOf(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
