/** Profiles in a scan: scores, rows, the recorded view, several at once, and what a reader is told. */
import { describe, expect, test } from "vitest";
import type { Source } from "../../src/bytes/source.ts";
import { chooseProfiles } from "../../src/cli/request.ts";
import type { Finding } from "../../src/findings/finding.ts";
import { defaultRequest, type ScanRequest } from "../../src/pipeline/request.ts";
import { scan } from "../../src/scan.ts";
import type { Row } from "../../src/sinks/sink.ts";

const NOW = Date.parse("2026-03-10T00:00:00Z");
const REFERENCES = ["elastic", "elastic-2020", "splunk-2020", "splunk-14", "sigma-generic", "sigma-panos"];

function sourceOf(text: string): Source {
  const bytes = new TextEncoder().encode(text);
  return {
    path: "log",
    named: true,
    year: 2026,
    size: bytes.length,
    compression: null,
    async *open() {
      yield bytes;
    },
  };
}

interface Ends {
  readonly minute?: number;
  readonly from?: string;
  readonly to?: string;
  readonly sport?: number;
  readonly dport?: number;
  readonly more?: Record<string, unknown>;
}

function ecs({
  minute = 0,
  from = "10.1.2.3",
  to = "8.8.8.8",
  sport = 50000,
  dport = 445,
  more = {},
}: Ends): string {
  const time = new Date(Date.parse("2026-03-01T08:00:00Z") + minute * 60_000).toISOString();
  return JSON.stringify({
    "@timestamp": time,
    event: {
      id: `e${minute}`,
      category: ["network"],
      dataset: "panw.panos",
      action: "allowed",
      provider_action: "allow",
    },
    source: { ip: from, port: sport, bytes: 900 },
    destination: { ip: to, port: dport, bytes: 400 },
    network: { transport: "tcp" },
    ...more,
  });
}

async function run(lines: readonly string[], names: readonly string[], more: Partial<ScanRequest> = {}) {
  const request = { ...defaultRequest([], NOW), ...(await chooseProfiles(names)), ...more };
  const rows: Row[] = [];
  const result = await scan([sourceOf(lines.join("\n"))], request, {
    openSink: () => ({ row: (row) => void rows.push(row), close: () => {} }),
  });
  const findings = rows.flatMap((row) => (row.kind === "finding" ? [row.finding] : []));
  return { ...result, findings, rows };
}

test.each([
  ["elastic", "medium", 47, ["T1190", "T1048"]],
  ["elastic-2020", "high", 73, ["T1190", "T1048"]],
  ["splunk-2020", "medium", 25, ["T1071.002", "T1071"]],
  ["splunk-14", "medium", 50, ["T1071.002"]],
  ["sigma-generic", "medium", 25, ["T1048", "T1190"]],
  ["sigma-panos", "medium", 25, ["T1048", "T1190"]],
])("%s gives severity %s, score %d and its techniques", async (name, severity, score, techniques) => {
  const { findings } = await run([ecs({})], [name]);
  expect(findings).toHaveLength(1);
  const [finding] = findings as [Finding];
  expect(finding.profile).toBe(name);
  expect(finding.severity).toBe(severity);
  expect(finding.risk.score).toBe(score);
  expect(finding.threat.map(({ technique }) => technique).sort()).toEqual([...techniques].sort());
});

describe("rows", () => {
  test("splunk-2020 has one row per source, with what the data model fills in and the search's annotations", async () => {
    const { findings } = await run(
      [ecs({ minute: 1 }), ecs({ minute: 0, to: "1.1.1.1", more: { event: { category: ["network"] } } })],
      ["splunk-2020"],
    );
    expect(findings.map(({ row }) => row)).toEqual([
      {
        start_time: "2026-03-01T08:00:00",
        end_time: "2026-03-01T08:01:00",
        count: 2,
        src_ip: "10.1.2.3",
        action: ["allow", "unknown"],
        app: [],
        dest_ip: ["1.1.1.1", "8.8.8.8"],
        dest_port: ["445"],
        sourcetype: ["ecs", "panw.panos"],
        annotations: expect.objectContaining({
          type: "TTP",
          cis20: ["CIS 13"],
          nist: ["DE.CM"],
          kill_chain_phases: ["Command and Control"],
          analytic_story: expect.arrayContaining(["Hidden Cobra Malware"]),
        }),
      },
    ]);
  });

  test("times are shown in the zone that is asked for", async () => {
    const { findings } = await run([ecs({})], ["splunk-2020"], { timeZone: "Europe/Berlin" });
    expect(findings[0]?.row?.["start_time"]).toBe("2026-03-01T09:00:00");
  });

  test("splunk-14 fills what the model fills, leaves the rest empty, and puts dest over dest_ip", async () => {
    const named = ecs({ more: { destination: { ip: "8.8.8.8", port: 445, address: "files.example" } } });
    const { findings } = await run([named], ["splunk-14"]);
    expect(findings[0]?.row).toMatchObject({
      user: "unknown",
      rule: "unknown",
      dvc: "unknown",
      app: null,
      bytes_in: null,
      dest_ip: "files.example",
      risk_object: { field: "src_ip", value: "10.1.2.3" },
      threat_object: { field: "dest_ip", value: "files.example" },
    });
    expect(findings[0]?.row).not.toHaveProperty("dest");
  });

  test("the required fields that no event has are named", async () => {
    const { report } = await run([ecs({})], ["splunk-2020"]);
    expect(report.coverage.notes).toContain(
      "splunk-2020: of the 8 fields that it requires the input lacks app, dest_category",
    );
  });

  test("the asset list gives dest_category, and suppresses", async () => {
    const assets = { file: "assets.csv", text: "ip,category\n8.8.8.0/24,Internal|dmz\n" };
    const { findings } = await run([ecs({}), ecs({ to: "1.1.1.1" })], ["splunk-2020"], { assets });
    expect(findings.map(({ row }) => row?.["dest_ip"])).toEqual([["1.1.1.1"]]);
  });
});

describe("the recorded view", () => {
  const reverse = ecs({ from: "8.8.8.8", to: "10.1.2.3", sport: 445, dport: 51515 });

  test.each(REFERENCES)("%s sees a reverse half with its ends as recorded", async (name) => {
    expect((await run([reverse], [name])).findings).toEqual([]);
  });

  test("our own profile turns it round", async () => {
    const { findings } = await run([reverse], ["sallyport"]);
    expect(findings.map(({ source }) => source.ip)).toEqual(["10.1.2.3"]);
  });

  test.each([
    ["elastic", 1],
    ["elastic-2020", 1],
    ["sigma-generic", 0],
    ["splunk-14", 0],
  ])("%s finds %d of an IPv4-mapped pair", async (name, count) => {
    const { findings } = await run([ecs({ from: "::ffff:10.1.2.3", to: "::ffff:8.8.8.8" })], [name]);
    expect(findings).toHaveLength(count);
  });

  test("of several source addresses in one document each is a new term", async () => {
    const several = ecs({ more: { source: { ip: ["10.1.2.3", "10.1.2.4", "8.8.4.4"], port: 50000 } } });
    const { findings } = await run([several], ["elastic"]);
    expect(findings.map(({ row }) => row?.["source_ip"]).sort()).toEqual(["10.1.2.3", "10.1.2.4", "8.8.4.4"]);
  });

  test("the time of storing counts for new terms", async () => {
    const late = JSON.parse(ecs({})) as { event: Record<string, unknown> };
    late.event["ingested"] = "2026-03-01T11:31:00Z";
    const { findings } = await run([JSON.stringify(late)], ["elastic"]);
    expect(findings[0]?.row?.["run"]).toBe("2026-03-01T11:35:00Z");
  });
});

describe("several profiles", () => {
  const lines = [
    ecs({}),
    ecs({ minute: 1, sport: 50001, to: "1.1.1.1" }),
    ecs({ minute: 2, to: "10.9.9.9" }),
  ];

  test("give what each gives alone", async () => {
    const names = ["sallyport", ...REFERENCES];
    const together = await run(lines, [names.join(",")]);
    const alone = await Promise.all(names.map(async (name) => (await run(lines, [name])).findings));
    expect(together.findings).toEqual(alone.flat());
    expect(together.report.run.profile).toBe(names.join(","));
  });

  test("the verdict is ours where ours is asked for", async () => {
    const alone = await run(lines, ["sallyport"]);
    const together = await run(lines, ["sallyport", "elastic-2020"]);
    expect(together.report.verdict.findings).toBe(alone.report.verdict.findings);
  });

  test("matches carry their profile's name", async () => {
    const { rows } = await run(lines, ["elastic", "splunk-2020"], { emit: "matches" });
    const profiles = rows.map((row) => (row.kind === "match" ? row.match.profile : ""));
    expect(profiles).toEqual(["elastic", "splunk-2020", "elastic", "splunk-2020"]);
  });

  test("a name that is none is refused", async () => {
    await expect(chooseProfiles(["elastc"])).rejects.toThrow("no such profile");
  });
});

test("ids stay the same when the same logs are read again", async () => {
  const read = async () =>
    (await run([ecs({}), ecs({ minute: 1 })], REFERENCES)).findings.map(({ id }) => id);
  const ids = await read();
  expect(await read()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test("what is beyond the limit is counted and said", async () => {
  const lines = [0, 1, 2, 3].map((minute) => ecs({ minute, sport: 50000 + minute }));
  const { report } = await run(lines, ["splunk-2020"], { detailLimit: 2 });
  expect(report.coverage.notes.join()).toMatch(
    /\d matches of the reference profiles beyond --detail-limit 2/,
  );
});
