/** The scan from end to end, over sources in memory. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SAMPLE_RULE_TEXT, shuffled } from "../test/sample-observation.ts";
import { type RawProgress, type Source, SourceError } from "./bytes/source.ts";
import type { Finding } from "./findings/finding.ts";
import type { RunReport } from "./findings/run.ts";
import { defaultRequest, type ScanRequest } from "./pipeline/request.ts";
import { type ScanHooks, scan } from "./scan.ts";
import type { Row } from "./sinks/sink.ts";

const NOW = Date.UTC(2026, 2, 2);
const START = Date.UTC(2026, 2, 1, 10) / 1000;

interface Storage {
  readonly chunk?: number;
  readonly named?: boolean;
  /** Thrown once all bytes are out. */
  readonly damage?: SourceError;
}

/** A source in memory; it overwrites its chunks as real ones may. */
function memory(
  path: string,
  content: string | Uint8Array,
  { chunk = 65_536, named = true, damage }: Storage = {},
): Source {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    path,
    named,
    year: 2026,
    size: bytes.length,
    compression: null,
    async *open(onRaw?: RawProgress) {
      const buffer = new Uint8Array(chunk);
      for (let at = 0; at < bytes.length; at += chunk) {
        const part = bytes.subarray(at, at + chunk);
        buffer.fill(0x0a);
        buffer.set(part);
        yield buffer.subarray(0, part.length);
        onRaw?.(at + part.length);
      }
      if (damage !== undefined) throw damage;
    },
  };
}

interface Ran {
  readonly rows: readonly Row[];
  readonly findings: readonly Finding[];
  readonly report: RunReport;
  readonly closed: number;
}

async function run(
  sources: readonly Source[],
  over: Partial<ScanRequest> = {},
  hooks: Partial<ScanHooks> = {},
): Promise<Ran> {
  const rows: Row[] = [];
  let closed = 0;
  const openSink = () => ({
    row: (row: Row) => {
      rows.push(row);
    },
    close: () => {
      closed++;
    },
  });
  const request = { ...defaultRequest([SAMPLE_RULE_TEXT], NOW), ...over };
  const result = await scan(sources, request, { openSink, ...hooks });
  const findings = rows.flatMap((row) => (row.kind === "finding" ? [row.finding] : []));
  return { ...result, findings, rows, closed };
}

interface Conn {
  readonly at?: number;
  readonly from?: string;
  readonly to?: string;
  readonly port?: number;
  readonly state?: string;
  readonly out?: number;
  readonly in?: number;
}

let uid = 0;

/** One row of Zeek's conn.log as JSON. Units: `at` in seconds after START. */
function conn({
  at = 0,
  from = "10.1.2.3",
  to = "8.8.8.8",
  port = 445,
  state = "SF",
  ...bytes
}: Conn = {}): string {
  return JSON.stringify({
    _path: "conn",
    ts: START + at,
    uid: `C${uid++}`,
    "id.orig_h": from,
    "id.orig_p": 50_000 + (uid % 1000),
    "id.resp_h": to,
    "id.resp_p": port,
    proto: "tcp",
    conn_state: state,
    orig_bytes: bytes.out ?? 900,
    resp_bytes: bytes.in ?? 600,
  });
}

const lines = (...rows: string[]): string => rows.map((row) => `${row}\n`).join("");

describe("what a run says", () => {
  test("an outbound session is a finding, at its place in the log", async () => {
    const before = conn({ port: 443 });
    const { rows, findings, report, closed } = await run([memory("conn.log", lines(before, conn()))]);
    expect(rows).toEqual([{ kind: "finding", finding: findings[0] }]);
    expect(findings[0]).toMatchObject({
      rule: { id: "SP-01" },
      severity: "high",
      outcome: "established",
      reason: "10.1.2.3 completed an SMB session to 8.8.8.8 port 445: 900 B out, 600 B in",
      evidence: [{ file: "conn.log", offset: before.length + 1 }],
    });
    expect(report.verdict).toMatchObject({ findings: 1, hosts: { established: 1 } });
    expect(report.run).toMatchObject({
      now: "2026-03-02T00:00:00.000Z",
      emit: "findings",
      inputs: ["conn.log"],
    });
    expect(report.coverage.inputs).toMatchObject([
      { path: "conn.log", status: "read", records: 2, decoded: 2, events: 2 },
    ]);
    expect(closed).toBe(1);
  });

  test("without any input the answer says that nothing could have shown it", async () => {
    const { report } = await run([]);
    expect(report.verdict.sentence).toBe(
      "No SMB to the Internet was found in what was read. Nothing that was read could have shown it.",
    );
  });

  test("inputs that are not read stand in the account with their reason", async () => {
    const unread = [{ path: "b.log", status: "duplicate", reason: "the same content as a.log" }] as const;
    const { report } = await run([memory("a.log", lines(conn()))], {}, { unread });
    expect(report.coverage.inputs.map(({ path, status }) => [path, status])).toEqual([
      ["a.log", "read"],
      ["b.log", "duplicate"],
    ]);
    expect(report.run.inputs).toEqual(["a.log", "b.log"]);
  });
});

describe("accounting", () => {
  const MIXED: readonly (readonly [string, keyof RunReport["coverage"]["totals"] | "undecodable"])[] = [
    [conn(), "decoded"],
    ["", "skipped"],
    [`${conn().slice(0, -1)},"x":}`, "undecodable"],
    [conn().slice(0, -1), "rejected"],
    ["Mar  1 10:00:00 host something happened", "rejected"],
    [`${conn()}\0`, "rejected"],
    ['{"_path":"dns","ts":1,"id.orig_h":"10.1.2.3"}', "decoded"],
    [conn({ to: "1.1.1.1" }), "decoded"],
    ["   ", "skipped"],
  ];

  function expectExact({ totals, inputs }: RunReport["coverage"]): void {
    for (const account of [totals, ...inputs]) {
      expect(account.records).toBe(account.ruled_out + account.decoded + account.rejected + account.skipped);
      expect(account.undecodable + account.events).toBeLessThanOrEqual(account.decoded);
    }
  }

  test("of mixed garbage every line is counted, as what it is", async () => {
    const { report, findings } = await run([memory("conn.log", lines(...MIXED.map(([line]) => line)))]);
    expectExact(report.coverage);
    expect(report.coverage.totals).toMatchObject({
      records: 9,
      decoded: 4,
      rejected: 3,
      skipped: 2,
      undecodable: 1,
      events: 2,
    });
    expect(report.coverage.problems.map(({ code, count }) => [code, count])).toEqual([
      ["json_invalid", 1],
      ["json_not_closed", 1],
      ["not_text", 1],
      ["unknown_format", 1],
    ]);
    expect(findings).toHaveLength(2);
  });

  test("for any mixture the account adds up, for any chunks", async () => {
    const file = fc.array(fc.constantFrom(...MIXED.map(([line]) => line)), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 300 }), fc.boolean(), async (rows, chunk, named) => {
        const { report } = await run([memory("x.log", lines(...rows), { chunk, named })]);
        expectExact(report.coverage);
        expect(report.coverage.totals.records).toBe(rows.length);
        expect(report.coverage.totals.bytes).toBe(lines(...rows).length);
      }),
      { numRuns: 60 },
    );
  });

  test("a line over 16 MiB is rejected at its place, and the next one is read", async () => {
    const long = "x".repeat(16 * 1024 * 1024 + 1);
    const { report, findings } = await run([memory("conn.log", lines(long, conn()), { chunk: 1 << 20 })]);
    expect(report.coverage.totals).toMatchObject({ records: 2, decoded: 1, rejected: 1 });
    expect(report.coverage.problems).toMatchObject([{ code: "line_too_long", samples: [{ offset: 0 }] }]);
    expect(findings[0]?.evidence[0]?.offset).toBe(long.length + 1);
  });

  test("an over-long line ends a record whose quotes are open", async () => {
    const header = "_time,src_ip,dest_ip,dest_port,transport,action,app";
    const begun = '2026-03-01T10:00:00Z,10.1.2.3,8.8.8.8,445,tcp,allowed,"smb';
    const text = lines(header, begun, "x".repeat(16 * 1024 * 1024 + 1), 'ntlm"');
    const { report } = await run([memory("s.csv", text)]);
    expect(report.coverage.totals).toMatchObject({ records: 4, decoded: 0, rejected: 3, skipped: 1 });
  });

  test("a CSV cell over several lines is one record; one that never closes is rejected, and nothing else", async () => {
    const row = (app: string): string => `2026-03-01T10:00:00Z,10.1.2.3,8.8.8.8,445,tcp,allowed,${app}`;
    const open = row('"never closed');
    const text = lines(
      "_time,src_ip,dest_ip,dest_port,transport,action,app",
      row('"smb\nntlm"'),
      open,
      row("smb"),
      row("ssh"),
    );
    for (const chunk of [7, 65_536]) {
      const { report } = await run([memory("s.csv", text, { chunk })]);
      expectExact(report.coverage);
      expect(report.coverage.totals).toMatchObject({
        records: 5,
        decoded: 3,
        rejected: 1,
        skipped: 1,
        events: 3,
      });
      expect(report.coverage.problems.map(({ code }) => code)).toContain("csv_invalid");
    }
  });
});

describe("files that are no log of ours", () => {
  const PROSE = lines("one", "two", "three");

  test("named by the user: not recognised", async () => {
    const { report } = await run([memory("notes.txt", PROSE)]);
    expect(report.coverage.inputs).toMatchObject([{ status: "not-recognised", records: 3, rejected: 3 }]);
  });

  test("met while walking a folder: skipped, without problems", async () => {
    const { report } = await run([memory("notes.txt", PROSE, { named: false })]);
    expect(report.coverage.inputs).toMatchObject([
      { status: "skipped", records: 3, skipped: 3, rejected: 0 },
    ]);
    expect(report.coverage.problems).toEqual([]);
  });

  test.each([1, 3, 65_536])("a capture is told by its first bytes, in chunks of %d", async (chunk) => {
    const bytes = Uint8Array.from([0xd4, 0xc3, 0xb2, 0xa1, ...new Array<number>(5000).fill(0)]);
    const { report } = await run([memory("x.pcap", bytes, { chunk })]);
    expect(report.coverage.inputs).toMatchObject([
      {
        status: "not-recognised",
        reason: "a packet capture (pcap), which is not read",
        records: 1,
        rejected: 1,
        bytes: 1024,
      },
    ]);
  });

  test.each([1, 2, 65_536])("UTF-16, as Windows writes it, is read in chunks of %d", async (chunk) => {
    const text = `\uFEFF${lines(conn(), conn({ to: "1.1.1.1" }))}`;
    const bytes = new Uint8Array(Uint16Array.from(text, (letter) => letter.charCodeAt(0)).buffer);
    const { findings } = await run([memory("conn.log", bytes, { chunk })]);
    expect(findings).toHaveLength(2);
  });

  test("an empty file is read", async () => {
    expect((await run([memory("conn.log", "")])).report.coverage.inputs).toMatchObject([
      { status: "read", records: 0 },
    ]);
  });
});

describe("damage", () => {
  const TEXT = lines(conn(), conn({ to: "1.1.1.1" })) + conn({ to: "9.9.9.9" }).slice(0, 50);

  test.each([
    ["cut", "incomplete"],
    ["corrupt", "incomplete"],
    ["unreadable", "unreadable"],
  ] as const)("a file that is %s is %s; what came before counts, in any chunks", async (kind, status) => {
    for (const chunk of [10, 300, 65_536]) {
      const damage = new SourceError(kind, "it ends too early");
      const { report, findings, closed } = await run([
        memory("conn.log", TEXT, { chunk, damage }),
        memory("z.log", lines(conn())),
      ]);
      expect(report.coverage.inputs).toMatchObject([
        { path: "conn.log", status, reason: "it ends too early", decoded: 2 },
        { path: "z.log", status: "read" },
      ]);
      expect(findings.map(({ destination }) => destination.ip).sort()).toEqual(["1.1.1.1", "8.8.8.8"]);
      expect(report.verdict.sentence).toMatch(/1 input could not be read whole\.$/);
      expect(closed).toBe(1);
    }
  });

  test("damage before the first kilobyte does not lose the lines before it", async () => {
    const damage = new SourceError("cut", "it ends too early");
    const { findings } = await run([memory("conn.log", lines(conn()), { chunk: 50, damage })]);
    expect(findings).toHaveLength(1);
  });

  test("any other failure is thrown, and the output is closed", async () => {
    let closed = 0;
    const openSink = () => ({ row: () => undefined, close: () => void closed++ });
    const bad: Source = { ...memory("x.log", ""), open: () => failing() };
    await expect(run([bad], {}, { openSink })).rejects.toThrow("a bug");
    expect(closed).toBe(1);
  });
});

// biome-ignore lint/correctness/useYield: it fails before its first chunk.
async function* failing(): AsyncGenerator<Uint8Array> {
  throw new Error("a bug");
}

describe("strict", () => {
  test("a rejected line is fatal, with its place; the output is closed", async () => {
    let report: RunReport | undefined;
    const openSink = () => ({
      row: () => undefined,
      close: (last: RunReport) => {
        report = last;
      },
    });
    const scanning = run([memory("conn.log", lines(conn(), "garbage"))], { strict: true }, { openSink });
    await expect(scanning).rejects.toMatchObject({
      code: "line_rejected",
      exitCode: 3,
      message: expect.stringMatching(/^conn\.log, byte \d+: .*: garbage$/),
    });
    expect(report?.coverage.incomplete).toBe(true);
  });

  test("what is merely undecodable or blank is not", async () => {
    const { findings } = await run([memory("conn.log", lines(conn(), "", `${conn().slice(0, -1)},"x":}`))], {
      strict: true,
    });
    expect(findings).toHaveLength(1);
  });

  test("the first bad line is told, whatever is further on", async () => {
    const text = lines("garbage", "x".repeat(16 * 1024 * 1024 + 1));
    for (const chunk of [1 << 16, 1 << 25]) {
      await expect(run([memory("a.log", text, { chunk })], { strict: true })).rejects.toThrow(
        /byte 0: .*garbage/,
      );
    }
  });
});

describe("time bounds", () => {
  const sources = () => [
    memory(
      "conn.log",
      lines(conn({ at: 0 }), conn({ at: 10, to: "1.1.1.1" }), conn({ at: 20, to: "9.9.9.9" })),
    ),
  ];
  const found = async (over: Partial<ScanRequest>) => {
    const { findings, report } = await run(sources(), over);
    return [findings.map(({ destination }) => destination.ip).sort(), report.coverage.dropped];
  };
  const OUTSIDE = "outside the time bounds";

  test("the beginning is part of them, the end is not; what is outside is counted", async () => {
    expect(await found({ sinceMs: (START + 10) * 1000 })).toEqual([["1.1.1.1", "9.9.9.9"], { [OUTSIDE]: 1 }]);
    expect(await found({ untilMs: (START + 10) * 1000 })).toEqual([["8.8.8.8"], { [OUTSIDE]: 2 }]);
    expect(await found({ sinceMs: (START + 10) * 1000, untilMs: (START + 11) * 1000 })).toEqual([
      ["1.1.1.1"],
      { [OUTSIDE]: 2 },
    ]);
  });

  test("a record without a time is never outside", async () => {
    const untimed = conn().replace(/"ts":[\d.]+/, '"ts":null');
    const { findings } = await run([memory("conn.log", lines(untimed))], { sinceMs: NOW });
    expect(findings).toHaveLength(1);
  });
});

describe("what is emitted", () => {
  const START_ROW = conn({ state: "S0", in: 0, out: 0 });
  const END_ROW = START_ROW.replace('"S0"', '"SF"').replace(
    '"orig_bytes":0,"resp_bytes":0',
    '"orig_bytes":900,"resp_bytes":600',
  );
  const sources = () => [
    memory("b.log", lines(conn({ port: 443 }), START_ROW, END_ROW)),
    memory("a.log", lines(conn({ to: "1.1.1.1" }))),
  ];

  test("events: every one, in the order of the input, with its own outcome", async () => {
    const { rows } = await run(sources(), { emit: "events" });
    expect(
      rows.map((row) => row.kind === "event" && [row.event["log"], row.event["sallyport"]]),
    ).toMatchObject([
      [{ file: { path: "b.log" }, offset: 0 }, { outcome: "established" }],
      [{ file: { path: "b.log" } }, { outcome: "attempted" }],
      [{ file: { path: "b.log" } }, { outcome: "established" }],
      [{ file: { path: "a.log" }, offset: 0 }, { outcome: "established" }],
    ]);
  });

  test("events: the verdict is that of the findings all the same", async () => {
    const { report, findings } = await run(sources(), { emit: "events" });
    expect(findings).toEqual([]);
    expect(report.verdict.findings).toBe(2);
  });

  test("matches: one per session and rule, by path and place, with the session's outcome", async () => {
    const { rows } = await run(sources(), { emit: "matches" });
    const seen = rows.map(
      (row) =>
        row.kind === "match" && [row.match.rule.id, row.match.event["log"], row.match.event["sallyport"]],
    );
    expect(seen.filter((row) => row && row[0] === "SP-01")).toMatchObject([
      ["SP-01", { file: { path: "a.log" }, offset: 0 }, { outcome: "established" }],
      ["SP-01", { file: { path: "b.log" } }, { outcome: "established" }],
    ]);
  });

  test("the record itself, where it is asked for", async () => {
    const { rows } = await run(sources(), { emit: "events", original: true });
    expect(rows[1]).toMatchObject({ event: { event: { original: START_ROW } } });
  });
});

describe("choices", () => {
  const source = () => [memory("conn.log", lines(conn({ state: "S0", in: 0 }), conn({ to: "1.1.1.1" })))];
  const SITE = {
    file: "sallyport.yml",
    text: "exceptions:\n  - {id: EX-1, destination: 1.1.1.1, reason: r, owner: o, created: 2026-01-01, expires: 2026-12-31}\n",
  };

  test("findings below the minimum severity are left out, and counted", async () => {
    const { findings, report } = await run(source(), { minSeverity: "high" });
    expect(findings.map(({ severity }) => severity)).toEqual(["high"]);
    expect(report.coverage.dropped).toEqual({ "findings below the minimum severity": 1 });
  });

  test("what an exception covers is hidden and counted, or shown with its id", async () => {
    const hidden = await run(source(), { site: SITE });
    expect(hidden.findings.map(({ destination }) => destination.ip)).toEqual(["8.8.8.8"]);
    expect(hidden.report.coverage.suppressed).toEqual({ "EX-1": 1 });
    expect(hidden.report.exceptions).toEqual([
      { id: "EX-1", state: "active", expires: "2026-12-31", hid: 1 },
    ]);
    const shown = await run(source(), { site: SITE, showSuppressed: true });
    expect(shown.findings.map(({ suppressed_by }) => suppressed_by)).toEqual(["EX-1", null]);
    expect(shown.report.verdict.findings).toBe(1);
  });

  test("an exception that has expired, or is not yet valid, hides nothing, and is reported", async () => {
    const text = (created: string, expires: string): string =>
      SITE.text.replace("2026-01-01", created).replace("2026-12-31", expires);
    for (const [state, created, expires] of [
      ["expired", "2026-01-01", "2026-02-01"],
      ["not yet", "2026-03-05", "2026-12-31"],
    ] as const) {
      const site = { file: "sallyport.yml", text: text(created, expires) };
      const { findings, report } = await run(source(), { site });
      expect(findings).toHaveLength(2);
      expect(report.exceptions).toEqual([{ id: "EX-1", state, expires, hid: 0 }]);
    }
  });

  test("one more internal network changes what is leaving", async () => {
    expect(
      (await run(source(), { internal: ["1.1.1.0/24", "8.8.8.0/24"] })).findings.map(({ rule }) => rule.id),
    ).not.toContain("SP-01");
  });

  test("an earlier output marks what is new", async () => {
    const before = await run([memory("conn.log", lines(conn({ to: "1.1.1.1" })))]);
    const baseline = { file: "before.json", text: JSON.stringify({ findings: before.findings }) };
    const { findings, report } = await run(source(), { baseline });
    expect(findings.map(({ destination, baseline: mark }) => [destination.ip, mark])).toEqual([
      ["1.1.1.1", "known"],
      ["8.8.8.8", "new"],
    ]);
    expect(report.baseline).toMatchObject({ new: 1, known: 1, changed: 0, gone: [] });
  });

  test("beyond the detail limit findings are fewer, and the verdict says so", async () => {
    const many = Array.from({ length: 50 }, (_, n) =>
      conn({ at: n, from: `10.0.0.${n}`, state: "S0", in: 0 }),
    );
    const { report, findings } = await run([memory("conn.log", lines(...many))], { detailLimit: 10 });
    expect(findings).toHaveLength(10);
    expect(report.coverage.folded).toMatchObject({ limit: 10, observations: 40, sources: 40 });
    expect(report.verdict.sentence).toMatch(/40 records kept only as totals/);
  });

  test.each<[string, Partial<ScanRequest>, string]>([
    ["a rule that cannot be read", { rules: [{ file: "r.yml", text: "title: [" }] }, "rule_syntax"],
    ["two rules of one id", { rules: [SAMPLE_RULE_TEXT, SAMPLE_RULE_TEXT] }, "rule_invalid"],
    ["a site file that is wrong", { site: { file: "s.yml", text: "internal: 5" } }, "site_invalid"],
    ["a network that is none", { internal: ["10.1.2.3/33"] }, "option_invalid"],
    ["a format that is none", { formats: [{ name: "nonsense" }] }, "format_unknown"],
    ["a baseline that is none", { baseline: { file: "b.json", text: "oops" } }, "baseline_invalid"],
  ])("%s is told before anything is read", async (_, over, code) => {
    let opened = false;
    const source: Source = {
      ...memory("conn.log", ""),
      open: () => {
        opened = true;
        return failing();
      },
    };
    await expect(run([source], over)).rejects.toMatchObject({ code });
    expect(opened).toBe(false);
  });
});

describe("gaps", () => {
  const DAY = 86_400;

  test("of an hour or more are named, in a span of a day or more", async () => {
    const rows = [0, 1800, 3600, 4 * 3600, DAY, DAY + 3600].map((at) => conn({ at }));
    const { report } = await run([
      memory("a.log", lines(...rows.slice(0, 4))),
      memory("b.log", lines(...rows.slice(4))),
    ]);
    const hour = (n: number): string => new Date((START + n * 3600) * 1000).toISOString();
    expect(report.coverage.gaps).toEqual([
      { from: hour(2), to: hour(4) },
      { from: hour(5), to: hour(24) },
    ]);
    expect(report.coverage).toMatchObject({ first_seen: hour(0), last_seen: hour(25) });
  });

  test("in a shorter span there are none", async () => {
    const { report } = await run([memory("a.log", lines(conn(), conn({ at: 10 * 3600 })))]);
    expect(report.coverage.gaps).toEqual([]);
  });
});

describe("interruption", () => {
  test("before the first input: nothing is read, and every input is accounted for", async () => {
    const { report, rows, closed } = await run(
      [memory("a.log", lines(conn()))],
      {},
      { signal: AbortSignal.abort() },
    );
    expect(rows).toEqual([]);
    expect(report.coverage.incomplete).toBe(true);
    expect(report.coverage.inputs.map(({ path }) => path)).toEqual(["a.log"]);
    expect(report.coverage.inputs[0]?.status).not.toBe("read");
    expect(closed).toBe(1);
  });

  test("in the middle: what was found by then is reported, and the rest is named", async () => {
    const controller = new AbortController();
    const rows = Array.from({ length: 100 }, (_, n) => conn({ to: `8.8.8.${n}` }));
    const { report, findings } = await run(
      [memory("a.log", lines(...rows), { chunk: 2000 }), memory("b.log", lines(conn()))],
      {},
      { signal: controller.signal, onRaw: (_, bytes) => bytes > 4000 && controller.abort() },
    );
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.length).toBeLessThan(100);
    expect(report.coverage.incomplete).toBe(true);
    expect(report.coverage.inputs.map(({ path, status }) => [path, status === "read"])).toEqual([
      ["a.log", false],
      ["b.log", false],
    ]);
    expect(report.verdict.sentence).toMatch(/the run was interrupted\.$/i);
  });

  test("garbage without a single event can be interrupted too", async () => {
    const controller = new AbortController();
    const { report } = await run(
      [memory("a.log", "garbage\n".repeat(10_000), { chunk: 1000 })],
      {},
      { signal: controller.signal, onRaw: () => controller.abort() },
    );
    expect(report.coverage.totals.records).toBeLessThan(2000);
  });
});

test("the output is the same for every size of chunks and any order of the sources", async () => {
  const contents = [
    ["a.log", lines(conn(), conn({ at: 5, state: "S0", in: 0 }), "garbage", conn({ from: "10.1.2.4" }))],
    ["b.log", lines(conn({ at: 90_000 }), "", conn({ from: "10.1.2.4", at: 3 })).replaceAll("\n", "\r\n")],
    [
      "c.csv",
      lines(
        "_time,src_ip,dest_ip,dest_port,transport,action,app",
        '2026-03-01T10:00:00Z,10.1.2.3,8.8.8.8,445,tcp,blocked,"smb\nntlm"',
      ),
    ],
    ["d.log", `\uFEFF${conn({ to: "2606:4700:4700::1111", from: "fd12:3456::1" })}`],
  ] as const;
  const emits = fc.constantFrom("findings", "matches");
  const outputOf = async (sources: readonly Source[], emit: "findings" | "matches", detailLimit: number) => {
    const { rows, report } = await run(sources, { emit, detailLimit });
    return { rows, report };
  };
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 400 }),
      fc.array(fc.nat(), { maxLength: 4 }),
      emits,
      fc.integer({ min: 1, max: 8 }),
      async (chunk, dice, emit, limit) => {
        const whole = contents.map(([path, text]) => memory(path, text));
        const cut = shuffled(contents, dice).map(([path, text]) => memory(path, text, { chunk }));
        expect(await outputOf(cut, emit, limit)).toEqual(await outputOf(whole, emit, limit));
      },
    ),
    { numRuns: 60 },
  );
});
