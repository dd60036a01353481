/** The published schemas: everything that is read or written here must be valid under them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { rowsOf, runCli } from "../cli/run-cli.ts";
import { SAMPLE_SCAN } from "../sample-scan.ts";
import { faultsOf } from "./json-schema.ts";

const ROOT = join(import.meta.dirname, "..", "..");

function schema(name: string): Readonly<Record<string, unknown>> {
  return JSON.parse(text(`schemas/${name}.schema.json`)) as Record<string, unknown>;
}

function text(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

async function run(args: readonly string[]): Promise<string> {
  const { stdout, stderr, code } = await runCli(args, { cwd: ROOT });
  expect(code, stderr).toBe(0);
  return stdout;
}

const folder = mkdtempSync(join(tmpdir(), "schemas-"));
const baseline = join(folder, "findings.ndjson");
let findings: Record<string, unknown>[] = [];

beforeAll(async () => {
  const stdout = await run([...SAMPLE_SCAN, "-o", "ndjson"]);
  writeFileSync(baseline, stdout.slice(stdout.indexOf("\n") + 1));
  findings = rowsOf(stdout);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("what a scan of the sample logs writes", () => {
  test.each([
    ["findings", "finding", ["--show-suppressed", "--profile", "sallyport,elastic,splunk-14,sigma-generic"]],
    ["matches", "match", ["--show-suppressed"]],
    ["events", "event", ["--original"]],
  ])("%s as NDJSON are valid under %s.schema.json, with %o", async (emit, name, more) => {
    const rows = rowsOf(await run([...SAMPLE_SCAN, ...more, "-e", emit, "-o", "ndjson"]));
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.flatMap((row) => faultsOf(row, schema(name)))).toEqual([]);
  });

  test.each([
    ["findings", ["--detail-limit", "2"]],
    ["findings", ["--baseline"]],
    ["matches", []],
    ["events", []],
  ])("%s as one document are valid under run.schema.json, with %o", async (emit, more) => {
    const args = more.flatMap((word) => (word === "--baseline" ? [word, baseline] : [word]));
    const document: unknown = JSON.parse(await run([...SAMPLE_SCAN, ...args, "-e", emit, "-o", "json"]));
    expect(document).toHaveProperty(emit);
    expect(faultsOf(document, schema("run"))).toEqual([]);
  });
});

test.each(["edge.panos.xml", "groups.aws.json", "office.iptables", "router.nft.json"])(
  "the review of %s is valid under firewall-review.schema.json",
  async (file) => {
    const stdout = await run(["audit", "firewall", `test/audit/fixtures/${file}`, "-o", "json"]);
    expect(faultsOf(JSON.parse(stdout), schema("firewall-review"))).toEqual([]);
  },
);

describe("what we ship", () => {
  const rules = readdirSync(join(ROOT, "content/rules"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yml"))
    .sort();
  const tests = rules.filter((path) => path.endsWith(".tests.yml"));

  test.each(rules.filter((path) => !tests.includes(path)))("%s has a valid sallyport key", (path) => {
    const rule = parse(text(`content/rules/${path}`)) as { readonly sallyport: unknown };
    expect(rule.sallyport).toBeDefined();
    expect(faultsOf(rule.sallyport, schema("rule-extension"))).toEqual([]);
  });

  test.each(tests)("%s is valid under rule-tests.schema.json", (path) => {
    expect(faultsOf(parse(text(`content/rules/${path}`)), schema("rule-tests"))).toEqual([]);
  });

  test("the sample site file is valid under site.schema.json", () => {
    expect(faultsOf(parse(text("examples/sallyport.yml")), schema("site"))).toEqual([]);
  });
});

describe("a document that is not as it should be is refused", () => {
  test.each([
    ["a member that no schema knows", (row: Record<string, unknown>) => ({ ...row, extra: 1 })],
    ["a member that is missing", ({ reason: _, ...row }: Record<string, unknown>) => row],
    ["a word that is none of the outcomes", (row: Record<string, unknown>) => ({ ...row, outcome: "lost" })],
    ["a number instead of a text", (row: Record<string, unknown>) => ({ ...row, id: 7 })],
  ])("%s", (_, spoil) => {
    expect(findings).not.toEqual([]);
    for (const row of findings) {
      expect(faultsOf(row, schema("finding"))).toEqual([]);
      expect(faultsOf(spoil(row), schema("finding"))).toHaveLength(1);
    }
  });

  test("a keyword that the validator does not know is an error", () => {
    expect(() => faultsOf(1, { multipleOf: 2 })).toThrow("multipleOf");
  });
});
