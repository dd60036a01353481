/** What a user tunes: filters, exceptions and their check, and what was never seen before; as processes. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rowsOf, runCli } from "./run-cli.ts";
import { connLine } from "./sample-lines.ts";

const NOW = ["--now", "2026-03-20T00:00:00Z"];
const DAY = 86_400;
const LOG =
  connLine({ uid: "C1" }) +
  connLine({ uid: "C2", source: "10.1.2.4", sourcePort: 50_002, after: 60 }) +
  connLine({
    uid: "C3",
    source: "8.8.8.8",
    sourcePort: 50_003,
    destination: "10.1.2.3",
    after: 120,
    state: "S0",
  });

const FILTER = `title: Not that one
logsource: {category: network, service: connection}
filter:
  rules: [SP-01]
  selection: {source.ip: 10.1.2.4}
  condition: not selection
`;

const SITE = `exceptions:
  - {id: OLD, source: 10.1.2.9, destination: 1.1.1.1, port: 445, reason: r, owner: me, created: 2025-01-01, expires: 2026-01-01}
  - {id: WIDE, destination: 8.8.8.8, port: 445, reason: r, owner: me, created: 2026-01-01, expires: 2027-01-01}
`;

let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "sallyport-tuning-"));
  const files = {
    "conn.log": LOG,
    "filter.yml": FILTER,
    "site.yml": SITE,
    "broken.yml": FILTER.replace("source.ip", "src"),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

const run = (...args: string[]) => runCli(args, { cwd: root });

interface Told {
  readonly rule: { readonly id: string };
  readonly source: { readonly ip: string };
  readonly severity: string;
  readonly suppressed_by: string | null;
  readonly risk: { readonly modifiers: readonly { readonly name: string }[] };
}

const told = (stdout: string) => rowsOf(stdout) as unknown as Told[];

describe.concurrent("a filter", () => {
  test("hides what it names, beside the shipped rules, and is counted", async ({ expect: here }) => {
    const { code, stdout, stderr } = await run(
      "scan",
      "conn.log",
      "--rules",
      "filter.yml",
      ...NOW,
      "-o",
      "ndjson",
    );
    here(code).toBe(0);
    here(told(stdout).map(({ rule, source }) => `${rule.id} ${source.ip}`)).toEqual([
      "SP-01 10.1.2.3",
      "SP-09 8.8.8.8",
    ]);
    here(stderr.replace(/\s+/g, " ")).toContain("filter Not that one (1)");
  });

  test("shows what it hid where that is asked for", async ({ expect: here }) => {
    const { stdout } = await run(
      "scan",
      "conn.log",
      "--rules",
      "filter.yml",
      "--show-suppressed",
      ...NOW,
      "-o",
      "ndjson",
    );
    here(
      told(stdout).flatMap(({ suppressed_by: by, source }) => (by === null ? [] : [`${source.ip} ${by}`])),
    ).toEqual(["10.1.2.4 filter Not that one"]);
  });

  test("is listed, checked, and refused at its place", async ({ expect: here }) => {
    const [list, check, broken] = await Promise.all([
      run("rules", "list", "filter.yml"),
      run("rules", "check", "filter.yml"),
      run("rules", "check", "broken.yml"),
    ]);
    here(list.stdout).toMatch(/Not that one +SP-01 +not selection/);
    here([check.code, check.stdout]).toEqual([
      0,
      "0 rules and 1 filter loaded from 1 file, 0 refused, 0 warnings\n",
    ]);
    here([broken.code, broken.stdout]).toEqual([2, here.stringMatching(/^broken\.yml:5:15: error: .*"src"/)]);
  });
});

describe.concurrent("exceptions check", () => {
  test("against logs: who hid what, and what is wrong", async ({ expect: here }) => {
    const { code, stdout } = await run(
      "exceptions",
      "check",
      "conn.log",
      "--site",
      "site.yml",
      ...NOW,
      "-o",
      "json",
    );
    here(code).toBe(0);
    const { exceptions } = JSON.parse(stdout) as {
      exceptions: { id: string; hid: number; outcomes: object; problems: { code: string }[] }[];
    };
    here(
      exceptions.map(({ id, hid, outcomes, problems }) => [
        id,
        hid,
        outcomes,
        problems.map((one) => one.code),
      ]),
    ).toEqual([
      ["OLD", 0, {}, ["expired"]],
      ["WIDE", 2, { established: 2 }, ["any-source", "hides-session"]],
    ]);
  });

  test("without logs it reads none, and says what it did not check", async ({ expect: here }) => {
    const { code, stdout } = await run(
      "exceptions",
      "check",
      "--site",
      "site.yml",
      ...NOW,
      "--fail-on-problem",
    );
    here(code).toBe(1);
    here(stdout).toContain("Note: No logs were read");
    here(stdout).toMatch(/^OLD {2}expired on 2026-01-01; not checked against logs; me$/m);
    here(stdout).toMatch(/2 exceptions in site\.yml, 2 with a problem\n$/);
  });

  test("as Markdown it is a page for a ticket", async ({ expect: here }) => {
    const { stdout } = await run(
      "exceptions",
      "check",
      "conn.log",
      "--site",
      "site.yml",
      ...NOW,
      "-o",
      "markdown",
    );
    here(stdout).toMatch(/^# Exceptions of site\.yml, 2026-03-20\n/);
    here(stdout).toContain("| WIDE | me |");
  });

  test("without a site file there is nothing to check: 2", async ({ expect: here }) => {
    const { code, stderr } = await run("exceptions", "check", "conn.log");
    here([code, stderr]).toEqual([2, here.stringMatching(/^sallyport: There is no site file/)]);
  });

  test("a log that is not there: 3, named, and the rest is told", async ({ expect: here }) => {
    const { code, stdout, stderr } = await run(
      "exceptions",
      "check",
      "gone.log",
      "conn.log",
      "--site",
      "site.yml",
      ...NOW,
    );
    here([code, stderr]).toEqual([3, here.stringContaining("gone.log")]);
    here(stdout).toContain("hid 2 sessions");
  });
});

describe.concurrent("first seen", () => {
  const week = Array.from({ length: 8 }, (_, day) =>
    connLine({
      uid: `D${day}`,
      destination: day === 7 ? "9.9.9.9" : "1.1.1.1",
      sourcePort: 40_000 + day,
      after: day * DAY,
      state: "S0",
    }),
  );

  test("a destination that a week of logs does not know is raised", async ({ expect: here }) => {
    writeFileSync(
      join(root, "week.log"),
      connLine({ uid: "W", source: "10.9.9.9", destination: "10.1.1.1", after: -DAY }) + week.join(""),
    );
    const { stdout } = await run("scan", "week.log", ...NOW, "-o", "ndjson");
    const raised = told(stdout).filter(({ risk }) =>
      risk.modifiers.some(({ name }) => name === "first-seen destination"),
    );
    here(raised.map(({ severity }) => severity)).toEqual(["high"]);
  });

  test("a day of logs judges nothing, and the account says so", async ({ expect: here }) => {
    const { stdout, stderr } = await run("scan", "conn.log", ...NOW, "-o", "ndjson");
    here(told(stdout).flatMap(({ risk }) => risk.modifiers.map(({ name }) => name))).not.toContain(
      "first-seen destination",
    );
    here(stderr).toContain("First seen not judged");
  });
});

test("a finding from the Internet is told apart in the verdict", async () => {
  const { stderr } = await run("scan", "conn.log", ...NOW, "-o", "ndjson");
  const verdict = stderr.replace(/\s+/g, " ");
  expect(verdict).toContain(
    "2 hosts completed SMB sessions to the Internet, 3.8 kB out; 1 inbound scan from the Internet, none known to be blocked.",
  );
});
