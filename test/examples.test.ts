/** The sample logs: what is committed is what the generator writes, and each line keeps to its format's reference. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SAMPLE_SCAN } from "./sample-scan.ts";

const ROOT = join(import.meta.dirname, "..");
const COMMITTED = join(ROOT, "examples", "logs");
const GENERATOR = join(ROOT, "examples", "generate", "main.mjs");
const CLI = join(ROOT, "dist", "cli", "main.js");

const PROBED = [
  "94.140.14.14",
  "94.140.15.15",
  "76.76.2.0",
  "76.76.10.0",
  "64.6.65.6",
  "9.9.9.10",
  "9.9.9.11",
];
const PROBED_TOO = ["149.112.112.11", "1.1.1.2", "1.0.0.2", "1.1.1.3", "1.0.0.3"];

/** The table of examples/README.md, for the rules that are shipped. */
const TRUTH = [
  "SP-01 10.20.1.30 → 208.67.222.222 transferred",
  "SP-01 10.20.10.27 → 9.9.9.9 authenticated",
  "SP-01 10.20.66.14 → 9.9.9.9 authenticated",
  "SP-02 10.20.65.41 → 149.112.112.112 authenticated",
  "SP-02 10.20.97.18 → 76.76.2.2 established",
  "SP-01 10.20.97.12 → 94.140.14.15 established",
  "SP-01 10.20.97.18 → 94.140.15.16 established",
  "SP-01 10.20.1.21 → 64.6.64.6 established",
  "SP-01 fd20:4c1d:77aa:10::25 → 2606:4700:4700::1111 established",
  "SP-01 fd20:4c1d:77aa:20::77 → 64:ff9b::808:808 established",
  "SP-01 2a00:1234:5:33::14 → 2002:d043:dcdc::1 established",
  "SP-01 192.168.1.23 → 208.67.220.123 established",
  "SP-01 10.20.12.29 → 8.8.8.8 established",
  "SP-01 10.20.33.20 → 8.8.4.4 established",
  "SP-04 10.20.12.31 → 1.1.1.1 established",
  "SP-01 10.20.13.22 → 1.0.0.1 attempted",
  "SP-01 10.20.13.30 → 8.8.8.8 attempted",
  "SP-01 2a00:1234:5:10::41 → 2620:fe::fe attempted",
  "SP-01 10.20.97.30 → 9.9.9.12 unknown",
  "SP-01 10.20.97.44 → 76.76.10.1 blocked",
  "SP-01 10.20.33.41 → 76.76.2.1 blocked",
  ...[...PROBED, ...PROBED_TOO].map((ip) => `SP-01 10.20.11.84 → ${ip} blocked`),
  "SP-03 10.20.65.30 → 8.8.8.8 attempted",
  ...[10, 11, 12, 44, 45].map((last) => `SP-09 208.67.222.123 → 11.22.33.${last} blocked`),
];

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

describe("ground truth", () => {
  interface Told {
    readonly rule: { readonly id: string };
    readonly source: { readonly ip: string };
    readonly destination: { readonly ip: string; readonly effective_ip: string };
    readonly outcome: string;
  }
  let findings: readonly Told[] = [];
  let shipped: ReadonlySet<string> = new Set();

  beforeAll(() => {
    const all = [CLI, ...SAMPLE_SCAN, "-o", "json"];
    const text = execFileSync(process.execPath, all, { cwd: ROOT, encoding: "utf8", maxBuffer: 1 << 26 });
    const document = JSON.parse(text) as { findings: Told[]; run: { rules: { id: string }[] } };
    findings = document.findings;
    shipped = new Set(document.run.rules.map(({ id }) => id));
  });

  test("the scan finds what examples/README.md says happened, and nothing else", () => {
    const told = findings.map(
      (one) => `${one.rule.id} ${one.source.ip} → ${one.destination.ip} ${one.outcome}`,
    );
    const expected = TRUTH.filter((row) => shipped.has(row.slice(0, 5)));
    expect(expected.length).toBeGreaterThan(30);
    expect(told.sort()).toEqual(expected.sort());
  });

  test("NAT64 and 6to4 addresses are seen through", () => {
    const through = findings.filter((one) => one.destination.ip !== one.destination.effective_ip);
    expect(through.map((one) => one.destination.effective_ip).sort()).toEqual(["208.67.220.220", "8.8.8.8"]);
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
