/** The truth table: the program against the `best` column, row by row. README.md says what rows and columns are. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Ran, rowsOf, runCli } from "../../cli/run-cli.ts";

const FOLDER = import.meta.dirname;

interface Best {
  readonly verdict: "alert" | "none" | "merge" | "quality";
  readonly rule: string | null;
  readonly also: readonly string[];
  readonly outcome: string | null;
  readonly severity: string | null;
  readonly into?: string;
  readonly note: string;
}

interface Expected {
  readonly id: string;
  readonly event_id: string;
  readonly best: Best;
}

interface Match {
  readonly rule: { readonly id: string };
  readonly severity: string;
  readonly event: {
    readonly event: { readonly id: string };
    readonly sallyport: { readonly outcome: string };
  };
}

interface RunDocument {
  readonly matches: readonly Match[];
  readonly coverage: {
    readonly totals: Record<string, number>;
    readonly problems: readonly { readonly code: string; readonly count: number }[];
    readonly suppressed: Record<string, number>;
    readonly dropped: Record<string, number>;
  };
}

const table = rowsOf(readFileSync(join(FOLDER, "expected.ndjson"), "utf8")) as unknown as Expected[];
const ruled = table.filter(({ best }) => best.rule !== null);
const silent = table.filter(({ best }) => best.rule === null);

let ran: Ran;
let document: RunDocument;

beforeAll(async () => {
  const input = ["--format", "ecs", "events.ndjson", "--site", "site.yml"];
  const args = ["scan", ...input, "--emit", "matches", "-o", "json", "--now", "2026-03-02T00:00:00Z"];
  ran = await runCli(args, { cwd: FOLDER });
  document = JSON.parse(ran.stdout) as RunDocument;
});

function matchesOf(eventId: string): readonly Match[] {
  return document.matches.filter(({ event }) => event.event.id === eventId);
}

test("the table is whole", () => {
  expect(table.map(({ id }) => Number(id))).toEqual(Array.from({ length: 86 }, (_, at) => at + 1));
  expect(ran.code, ran.stderr).toBe(0);
  expect(document.coverage.totals).toMatchObject({ records: 86, decoded: 86, rejected: 0, undecodable: 0 });
});

describe("a row that alerts", () => {
  test.each(ruled.map((row) => [row.id, row.best.rule, row.best.note, row] as const))(
    "row %s: %s (%s)",
    (_, rule, __, { event_id, best }) => {
      const found = matchesOf(event_id);
      expect(found.map((match) => match.rule.id).sort()).toEqual([rule, ...best.also].sort());
      const match = found.find((one) => one.rule.id === rule);
      if (best.outcome !== null) expect(match?.event.sallyport.outcome).toBe(best.outcome);
      if (best.severity !== null) expect(match?.severity).toBe(best.severity);
    },
  );
});

describe("a row that does not", () => {
  test.each(silent.map((row) => [row.id, row.best.verdict, row.best.note, row] as const))(
    "row %s: %s (%s)",
    (_, __, ___, { event_id }) => expect(matchesOf(event_id)).toEqual([]),
  );

  test("half of a session goes into the whole", () => {
    const halves = table.filter(({ best }) => best.verdict === "merge");
    expect(halves.map(({ id, best }) => [id, best.into])).toEqual([["67", "21"]]);
    const [whole] = matchesOf("truth-021");
    expect(whole?.event.sallyport.outcome).toBe("established");
  });

  test("bad data is counted as what it is", () => {
    const counts = Object.fromEntries(document.coverage.problems.map(({ code, count }) => [code, count]));
    const quality = table.filter(({ best }) => best.verdict === "quality").map(({ best }) => best.note);
    expect(quality).toEqual(["quality error: no destination", "quality error: no source"]);
    expect(counts).toMatchObject({ missing_destination: 1, missing_source: 1 });
  });

  test("the exception and the backscatter are counted, not lost", () => {
    expect(document.coverage.suppressed).toEqual({ "remote-office-1": 1 });
    const backscatter = Object.entries(document.coverage.dropped).filter(([why]) =>
      why.startsWith("backscatter"),
    );
    expect(backscatter.map(([, count]) => count)).toEqual([1]);
  });
});

test("nothing but what the table names matches", () => {
  const known = new Set(ruled.map(({ event_id }) => event_id));
  expect(document.matches.map(({ event }) => event.event.id).filter((id) => !known.has(id))).toEqual([]);
});
