/** The comparison over the sample company: who sees what, and why not. */
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { groupComparison } from "../../src/cli/compare-groups.ts";
import { compare } from "../../src/cli/compare-run.ts";
import { compareText } from "../../src/cli/compare-text.ts";
import type { Comparison, Seen } from "../../src/cli/comparison.ts";
import { chooseProfiles } from "../../src/cli/request.ts";
import { readText } from "../../src/node/content.ts";
import { resolveSources } from "../../src/node/sources.ts";
import { defaultRequest } from "../../src/pipeline/request.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");
const NOW = Date.parse("2026-03-03T00:00:00Z");
const ALL = "sallyport,elastic,elastic-2020,splunk-2020,splunk-14,sigma-generic,sigma-panos";

let comparison: Comparison;

beforeAll(async () => {
  async function* none(): AsyncGenerator<Uint8Array> {}
  const { sources } = await resolveSources([join(EXAMPLES, "logs")], { now: NOW, stdin: none() });
  comparison = await compare(
    sources,
    {
      ...defaultRequest([], NOW),
      ...(await chooseProfiles([ALL])),
      site: await readText(join(EXAMPLES, "sallyport.yml")),
      assets: await readText(join(EXAMPLES, "assets.csv")),
    },
    {},
  );
});

function seen(source: string, destination: string): Readonly<Record<string, Seen>> {
  return (
    comparison.connections.find((one) => one.source === source && one.destination === destination)?.seen ?? {}
  );
}

function reason(source: string, destination: string, profile: string): string {
  for (const { parts } of groupComparison(comparison)) {
    for (const { connections, reasons } of parts) {
      if (!connections.some((one) => one.source === source && one.destination === destination)) continue;
      return reasons.find(({ profiles }) => profiles.includes(profile))?.text ?? "";
    }
  }
  return "";
}

describe("who sees what", () => {
  test("SMB over QUIC is seen by ours alone", () => {
    const levels = Object.entries(seen("10.20.12.31", "1.1.1.1")).map(
      ([name, { level }]) => `${name} ${level}`,
    );
    expect(levels.filter((text) => text.endsWith("finding"))).toEqual(["sallyport finding"]);
  });

  test("the infected laptop's later destinations raise nothing with new terms", () => {
    expect(seen("10.20.11.84", "94.140.14.14")["elastic"]?.level).toBe("finding");
    expect(seen("10.20.11.84", "9.9.9.10")["elastic"]?.level).toBe("met");
    expect(reason("10.20.11.84", "9.9.9.10", "elastic")).toContain("reported before");
  });

  test("what an exception hides is met, and named", () => {
    expect(reason("10.20.1.21", "149.112.112.10", "sallyport")).toBe("hidden by the exception EX-7");
  });

  test("the counts are those of scans with each profile", () => {
    const counts = Object.fromEntries(comparison.profiles.map(({ name, findings }) => [name, findings]));
    expect(counts["sallyport"]).toBe(39);
    expect(comparison.profiles.every(({ findings, connections }) => findings > 0 && connections > 0)).toBe(
      true,
    );
  });

  test("ours misses nothing of what got out by its own outcome", () => {
    expect(comparison.profiles[0]).toMatchObject({ name: "sallyport", missed: 0, extra: 0 });
    expect(comparison.profiles.slice(1).every(({ missed }) => (missed ?? 0) > 0)).toBe(true);
  });
});

describe("why not", () => {
  test.each([
    ["10.20.65.41", "149.112.112.112", "elastic", "needs port 139 or 445 (here 8445)"],
    ["10.20.65.41", "149.112.112.112", "splunk-2020", "or application smb (here gssapi,smb,ntlm)"],
    ["10.20.97.44", "76.76.10.1", "splunk-2020", "leaves out action blocked (here blocked)"],
    ["10.20.12.24", "11.22.33.44", "splunk-2020", "leaves out asset category internal"],
    ["10.20.11.21", "100.70.1.5", "elastic", "leaves out destination in 100.64.0.0/10 (here 100.70.1.5)"],
    ["10.20.97.12", "94.140.14.15", "sigma-panos", "needs a log of paloalto firewall"],
    [
      "192.168.1.23",
      "208.67.220.123",
      "splunk-14",
      "source (src) in a list of 24 networks (here lap-director-01",
    ],
    ["11.22.33.20", "1.1.1.1", "sallyport", "backscatter: the client sent nothing"],
  ])("%s → %s, %s: %s", (source, destination, profile, text) => {
    expect(reason(source, destination, profile)).toContain(text);
  });
});

describe("printed", () => {
  test("the table begins with the profiles and groups what only one sees first", () => {
    const text = compareText(comparison, "table");
    expect(text.indexOf("PROFILE")).toBeLessThan(text.indexOf("ONLY sallyport sees"));
    expect(text.indexOf("ONLY sallyport sees")).toBeLessThan(text.indexOf("ALL see"));
    expect(text).toContain("10.20.1.30 → 208.67.222.222 port 445");
  });

  test("JSON holds every connection, Markdown the same groups", () => {
    const document = JSON.parse(compareText(comparison, "json")) as {
      connections: unknown[];
      schema: string;
    };
    expect(document.schema).toBe("sallyport.compare/1");
    expect(document.connections).toHaveLength(comparison.connections.length);
    expect(compareText(comparison, "markdown")).toContain("## ONLY sallyport sees");
  });
});
