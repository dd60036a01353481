/** The library in a browser: bundled for one, and run where there is nothing of Node's. */
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { type OutputChunk, rolldown } from "rolldown";
import { beforeAll, describe, expect, test } from "vitest";
import type * as library from "../src/index.ts";

const ROOT = join(import.meta.dirname, "..");
const RULE = "content/rules/network/net_connection_outbound_smb_to_internet.yml";

/** What a worker in a browser has beside the language itself, as far as the library uses it. */
const WORKER_GLOBALS = { TextEncoder, TextDecoder, atob, URL };

let chunk: OutputChunk;
let sallyport: typeof library;

beforeAll(async () => {
  const build = await rolldown({ input: join(ROOT, "src/index.ts"), platform: "browser" });
  const { output } = await build.generate({ format: "iife", name: "sallyport" });
  await build.close();
  [chunk] = output;
  sallyport = runInContext(`${chunk.code}; sallyport`, createContext({ ...WORKER_GLOBALS }));
});

describe("a bundle of the library for a browser", () => {
  test("imports nothing", () => {
    // What is imported when it is needed lies in the same file.
    expect([...chunk.imports, ...chunk.dynamicImports].filter((name) => name !== chunk.fileName)).toEqual([]);
    expect(chunk.moduleIds.filter((id) => id.startsWith("node:") || isBuiltin(id))).toEqual([]);
    expect(chunk.code).not.toMatch(/\b(from|require\(|import\() *["']node:/);
  });

  test("classifies an address", () => {
    const { createAddressModel, parseIp } = sallyport;
    const model = createAddressModel({ internal: [] });
    const scopes = ["10.1.2.3", "8.8.8.8", "2606:4700:4700::1111", "192.0.2.1"].map((text) => {
      const ip = parseIp(text);
      return ip === undefined ? undefined : model.classify(ip).scope;
    });
    expect(scopes).toEqual(["internal", "internet", "internet", "reserved"]);
  });

  test.each([
    [true, 50_000],
    [false, 2],
  ])("scans a log in memory, with the byte kernel: %s", async (fastPath, lines) => {
    const { collectFindings, defaultRequest, memorySource, scan } = sallyport;
    const rules = [{ file: "rule.yml", text: readFileSync(join(ROOT, RULE), "utf8") }];
    const request = { ...defaultRequest(rules, Date.UTC(2026, 2, 2)), fastPath };
    const quiet = `${JSON.stringify({ ...CONNECTION, "id.resp_h": "10.9.9.9" })}\n`.repeat(lines);
    const source = memorySource("conn.log", `${quiet}${JSON.stringify(CONNECTION)}\n`);
    const { findings, sink } = collectFindings();
    const { report } = await scan([source], request, { openSink: () => sink });
    expect(findings.map(({ outcome, destination }) => [outcome, destination.ip])).toEqual([
      ["established", "8.8.8.8"],
    ]);
    expect(report.coverage.totals.records).toBe(lines + 1);
    expect(report.coverage.totals.ruled_out > 0).toBe(fastPath);
  });
});

const CONNECTION = {
  _path: "conn",
  ts: 1_772_359_200.5,
  uid: "C1",
  "id.orig_h": "10.1.2.3",
  "id.orig_p": 50_000,
  "id.resp_h": "8.8.8.8",
  "id.resp_p": 445,
  proto: "tcp",
  conn_state: "SF",
  orig_bytes: 900,
  resp_bytes: 400,
};
