/** What every sink must do, whatever it writes. */
import { parse } from "csv-parse/sync";
import { describe, expect, test } from "vitest";
import type { RunReport } from "../../src/findings/run.ts";
import { SINKS } from "../../src/sinks/index.ts";
import type { Row, Sink, Write } from "../../src/sinks/sink.ts";
import { summaryText } from "../../src/sinks/summary.ts";
import { textWidth } from "../../src/sinks/width.ts";
import {
  badReport,
  emptyReport,
  HOSTILE,
  hostileFinding,
  SAMPLE_FINDINGS,
  sampleEvent,
  sampleFinding,
  sampleMatch,
  sampleReport,
  sampleRun,
} from "./sample-report.ts";

type Kind = Row["kind"];

const EMIT = { finding: "findings", match: "matches", event: "events" } as const;
const CASES = SINKS.flatMap((sink) => sink.emits.map((kind) => ({ name: sink.name, kind, sink })));

const MANY: Readonly<Record<Kind, readonly Row[]>> = {
  finding: SAMPLE_FINDINGS.map((finding) => ({ kind: "finding", finding })),
  match: [
    { kind: "match", match: sampleMatch() },
    { kind: "match", match: sampleMatch("b.example") },
  ],
  event: [
    { kind: "event", event: sampleEvent() },
    { kind: "event", event: sampleEvent("b.example") },
  ],
};

const HOSTILE_ROWS: Readonly<Record<Kind, readonly Row[]>> = {
  finding: HOSTILE.map((value, at) => ({ kind: "finding", finding: hostileFinding(value, at) })),
  match: HOSTILE.map((value) => ({ kind: "match", match: sampleMatch(value) })),
  event: HOSTILE.map((value) => ({ kind: "event", event: sampleEvent(value) })),
};

interface Style {
  readonly width?: number;
  readonly color?: boolean;
}

async function output(
  sink: Sink,
  rows: readonly Row[],
  report: RunReport,
  kind: Kind,
  style: Style = {},
): Promise<string> {
  let text = "";
  const write: Write = (piece) => {
    text += piece;
  };
  await drive(sink, rows, report, kind, write, style);
  return text;
}

async function drive(
  sink: Sink,
  rows: readonly Row[],
  report: RunReport,
  kind: Kind,
  write: Write,
  style: Style = {},
): Promise<void> {
  const { width = Number.POSITIVE_INFINITY, color = false } = style;
  const writer = sink.open({ write, width, color, run: sampleRun(EMIT[kind]) });
  for (const row of rows) await writer.row(row);
  await writer.close(report);
}

function outputOf(
  name: string,
  rows: readonly Row[],
  report: RunReport,
  kind: Kind = "finding",
  style: Style = {},
): Promise<string> {
  const sink = SINKS.find((candidate) => candidate.name === name);
  if (sink === undefined) throw new Error(`no sink ${name}`);
  return output(sink, rows, report, kind, style);
}

/** Controls other than the line feed, and characters that reorder or hide text. */
const UNSEEN =
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\ud800-\udfff](?<![\ud800-\udbff][\udc00-\udfff])(?![\udc00-\udfff])/;
const OUR_COLOURS = /\u001b\[(1|2|22|3[1-6]|39)m/g;

test("names and media types are unique and complete", () => {
  expect(SINKS.map((sink) => sink.name)).toEqual(["table", "ndjson", "json", "csv", "markdown", "html"]);
  expect(new Set(SINKS.map((sink) => sink.mediaType)).size).toBe(SINKS.length);
});

describe.each(CASES)("$name, each row a $kind", ({ sink, kind }) => {
  test.each([0, 1, 2])("closes properly with %i rows", async (count) => {
    const text = await output(
      sink,
      MANY[kind].slice(0, count),
      count === 0 ? emptyReport() : sampleReport(),
      kind,
    );
    if (sink.name !== "ndjson" || count > 0) expect(text).toMatch(/\n$/);
    expect(text).not.toContain("undefined");
    expect(text).not.toContain("[object Object]");
  });

  test("closes properly where much went wrong", async () => {
    await expect(output(sink, MANY[kind], badReport(HOSTILE[0]), kind)).resolves.toBeTypeOf("string");
  });

  test("writes the same bytes for the same rows", async () => {
    const twice = [
      await output(sink, MANY[kind], sampleReport(), kind),
      await output(sink, MANY[kind], sampleReport(), kind),
    ];
    expect(twice[0]).toBe(twice[1]);
  });

  test.each([80, 160, Number.POSITIVE_INFINITY])(
    "shows no control or hidden character of a hostile log at width %d",
    async (width) => {
      const text = await output(sink, HOSTILE_ROWS[kind], sampleReport(), kind, { width });
      expect(text.match(UNSEEN)).toBeNull();
    },
  );

  test.each(HOSTILE)("shows no control or hidden character of a report with %j", async (value) => {
    const text = await output(sink, [], badReport(value), kind);
    expect(text.match(UNSEEN)).toBeNull();
  });

  test("paints with its own codes only", async () => {
    const text = await output(sink, HOSTILE_ROWS[kind], sampleReport(), kind, { width: 80, color: true });
    expect(text.replace(OUR_COLOURS, "").match(UNSEEN)).toBeNull();
  });

  test.each(["throws", "rejects"])("passes on what goes wrong when the writer %s", async (how) => {
    const full = new Error("disk full");
    const write: Write = () => {
      if (how === "throws") throw full;
      return Promise.reject(full);
    };
    const rows = sink.name === "ndjson" ? MANY[kind] : [];
    await expect(drive(sink, rows, emptyReport(), kind, write)).rejects.toBe(full);
  });

  test("waits for a slow reader", async () => {
    let [open, most] = [0, 0];
    const write: Write = async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 0));
      open--;
    };
    await drive(sink, MANY[kind], sampleReport(), kind, write);
    expect([open, most]).toEqual([0, 1]);
  });
});

describe.each(["finding", "match", "event"] as const)("programs read back every %s", (kind) => {
  const rows = [...MANY[kind], ...HOSTILE_ROWS[kind]];
  const documents = rows.map((row) =>
    row.kind === "finding" ? row.finding : row.kind === "match" ? row.match : row.event,
  );

  test("from NDJSON", async () => {
    const text = await outputOf("ndjson", rows, sampleReport(), kind);
    expect(
      text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(documents);
  });

  test("from the JSON document, with the whole report", async () => {
    const report = badReport(HOSTILE[4]);
    const read = JSON.parse(await outputOf("json", rows, report, kind));
    expect(read).toEqual({ schema: "sallyport.run/1", ...report, [EMIT[kind]]: documents });
  });

  test("from CSV, one line each, without formulas", async () => {
    const text = await outputOf("csv", rows, sampleReport(), kind);
    const read: string[][] = parse(text);
    expect(text.split("\n")).toHaveLength(rows.length + 2);
    expect(read).toHaveLength(rows.length + 1);
    for (const cell of read.slice(1).flat())
      if (!/^[+-]?\d+(\.\d+)?$/.test(cell)) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
  });
});

describe("CSV", () => {
  test("prints its header also without rows", async () => {
    expect(await outputOf("csv", [], emptyReport())).toMatch(/^id,severity,outcome,rule_id,[\w,]+\n$/);
  });

  test("keeps the firewall's rule apart from the rule that matched", async () => {
    const text = await outputOf(
      "csv",
      [{ kind: "match", match: sampleMatch("allow-any") }],
      sampleReport(),
      "match",
    );
    const [row]: Record<string, string>[] = parse(text, { columns: true });
    expect(row).toMatchObject({
      "matched.rule.id": "SP-01",
      "rule.name": "allow-any",
      "network.application": "gssapi smb ntlm",
      "log.offset": "1234",
    });
  });

  test("counts sessions by outcome", async () => {
    const [row]: Record<string, string>[] = parse(
      await outputOf("csv", MANY.finding.slice(0, 1), sampleReport()),
      { columns: true },
    );
    expect(row).toMatchObject({
      transferred: "14",
      blocked: "2",
      established: "0",
      destination_port: "139 445",
      auth_user: "j.doe",
    });
  });
});

describe("the table", () => {
  test.each([80, 100, 160])("fits %i columns", async (width) => {
    const text = await outputOf(
      "table",
      [...MANY.finding, ...HOSTILE_ROWS.finding],
      sampleReport(),
      "finding",
      { width },
    );
    for (const line of text.split("\n"))
      if (!/\S{40}/.test(line)) expect(textWidth(line), line).toBeLessThanOrEqual(width);
  });

  test("says the outcome by a symbol and a word, before anything else of a host", async () => {
    const text = await outputOf("table", MANY.finding, sampleReport(), "finding", { width: 80 });
    const heads = text.split("\n").filter((line) => /^(!!?|~|x|\?) /.test(line));
    expect(heads.map((line) => line.split(/ {2,}/).slice(0, 3).join(" | "))).toEqual([
      "!! TRANSFERRED | critical | 10.1.2.3",
      "!! AUTHENTICATED | high | 10.1.2.9",
      "~ attempted | medium | fd12:3456::5",
      "x blocked | low | 10.20.0.44",
      "? unknown | info | 10.20.0.45",
    ]);
  });

  test("names the policy, the exception and what to do", async () => {
    const text = await outputOf("table", MANY.finding, sampleReport());
    expect(text).toContain('let out by fw1 policy "allow-any" (trust → untrust)');
    expect(text).toContain("hidden by exception EX-2026-01");
    expect(text).toContain("What to do, first for 10.1.2.3");
    expect(text).toContain("-o html --out report.html");
  });

  test("shows five destinations of a host and says how many more there are", async () => {
    const rows = Array.from({ length: 9 }, (_, at): Row => {
      const destination = `8.8.8.${at}`;
      return {
        kind: "finding",
        finding: sampleFinding({
          id: `f${at}`,
          host: "10.1.2.3",
          destination,
          outcome: "blocked",
          severity: "low",
        }),
      };
    });
    const text = await outputOf("table", rows, sampleReport());
    expect(text.match(/→ 8\.8\.8\.\d/g)).toHaveLength(5);
    expect(text).toContain("and 4 more of 10.1.2.3; -o csv lists them all");
  });

  test("does not let an excepted finding decide how bad a host is", async () => {
    const spec = { host: "10.1.2.3", destination: "8.8.8.8" } as const;
    const rows: Row[] = [
      {
        kind: "finding",
        finding: sampleFinding(
          { ...spec, id: "a", outcome: "transferred", severity: "critical" },
          { suppressed_by: "EX-1" },
        ),
      },
      { kind: "finding", finding: sampleFinding({ ...spec, id: "b", outcome: "blocked", severity: "low" }) },
    ];
    expect(await outputOf("table", rows, sampleReport())).toMatch(/^x blocked +low +10\.1\.2\.3$/m);
  });

  test("says what an empty answer rests on", async () => {
    const text = await outputOf("table", [], { ...badReport(), ...{ verdict: emptyReport().verdict } });
    expect(text).toMatch(/^No outbound SMB found\.\n/);
    expect(text).toContain("INCOMPLETE");
    expect(text).toContain("No log that was read can feed SP-06.");
    expect(text).toContain("no IPv6 was seen");
  });

  test("does not call a hidden finding nothing", async () => {
    expect(await outputOf("table", [], sampleReport())).toMatch(/^No finding is shown, of 6 findings\./);
  });
});

describe("Markdown", () => {
  test("leaves no hostile value outside code", async () => {
    const text = await outputOf("markdown", HOSTILE_ROWS.finding, badReport(HOSTILE[16]));
    for (const line of text.split("\n")) {
      const bare = line
        .replace(/(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, "")
        .replace(/^(#+ |- \[ \] |- |\*\*(?=.*\*\*$))/, "")
        .replace(/\*\*$/, "")
        .replace(/^ATT&CK: /, "");
      const cells = bare.startsWith("|") ? bare.replaceAll("|", "").replace(/^[-: ]+$/, "") : bare;
      expect(cells, line).not.toMatch(/[<>@|*_[\]~$&\\`{}]|:\/\/|www\.|(^| )#(?! \w)/);
    }
  });

  test("gives every row of a table the same number of cells", async () => {
    const text = await outputOf("markdown", HOSTILE_ROWS.finding, sampleReport());
    const rows = text.split("\n").filter((line) => line.startsWith("| "));
    const cells = rows.map((row) => row.replace(/\\[\\|]/g, "").split("|").length - 2);
    expect([...new Set(cells)].sort()).toEqual([4, 8]);
  });

  test("gives the guide as a list of tasks", async () => {
    const text = await outputOf("markdown", MANY.finding.slice(0, 1), sampleReport());
    expect(text).toContain("### Respond\n\n- [ ] Block TCP 139 and 445");
    expect(text).toContain("`logs/conn.log:1234`");
  });
});

describe("the summary", () => {
  const style = { color: false, width: 100 };

  test("is short when all is well", () => {
    expect(summaryText(sampleReport(), style).split("\n").length).toBeLessThanOrEqual(12);
  });

  test("says the account, adding up, and that shares are of a sample", () => {
    const text = summaryText(sampleReport(), style);
    expect(text).toContain("1,203,000 = 1,190,000 ruled out + 13,000 decoded + 0 rejected + 0 skipped");
    expect(text).toMatch(/^Sample +of 10,000 events: /m);
  });

  test.each([
    "INCOMPLETE",
    "FOLDED",
    "logs/secret.log: could not be read: permission denied",
    "logs/torn.log.gz: read in part: the gzip stream ends early",
    "5 × the row has fewer columns",
    "logs/torn.log.gz:8123  excerpt",
    "no source here: SP-06",
    "partly fed: SP-03 by zeek.conn; zeek.conn lacks event.action",
    "backscatter (3)",
    "EX-2026-01 (7)",
    "exception excerpt ended on 2026-01-01",
    "2 new, 1 changed, 3 known, 1 gone",
    "nothing at all 2026-03-01 03:00:00 – 05:30:00 UTC",
    "2 of the decoded are undecodable",
    "no sampled event says allowed or blocked",
  ])("says where it went wrong: %s", (said) => {
    expect(summaryText(badReport("excerpt"), { color: false, width: Number.POSITIVE_INFINITY })).toContain(
      said,
    );
  });

  test.each(HOSTILE)("shows no control or hidden character of %j", (value) => {
    const text = summaryText(badReport(value), { color: true, width: 80 });
    expect(text.replace(OUR_COLOURS, "").match(UNSEEN)).toBeNull();
  });

  test("leaves the verdict out when the table has said it", () => {
    expect(summaryText(sampleReport(), { ...style, verdict: false })).toMatch(/^Read /);
  });
});
