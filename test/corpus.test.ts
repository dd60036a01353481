/**
 * Runs over logs of others, where a folder of them lies beside the repository: nothing of it is read into a test, and
 * without it nothing is tested. Every file is read or named with a reason, the accounts add up, and nothing is found,
 * since no file holds SMB to the Internet.
 */
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { runCli } from "./cli/run-cli.ts";

const REPOSITORY = join(import.meta.dirname, "..");
const CORPUS = join(REPOSITORY, "..", "shared", "corpus");
const isThere = existsSync(CORPUS);

if (!isThere) {
  // biome-ignore lint/suspicious/noConsole: tests that are not run must be seen.
  console.warn(`not tested: logs of others; ${relative(REPOSITORY, CORPUS)} is not there`);
}

/** Folders of which at least one file is in a format that is read. The others are skipped as a whole. */
const READ: Readonly<Record<string, readonly string[]>> = {
  fortinet: ["fortigate"],
  paloalto: ["panos"],
  suricata: ["suricata-eve"],
  "suricata-syslog": ["suricata-eve"],
  "windows-sysmon": ["sysmon"],
  "zeek-json": ["zeek-json"],
  "zeek-pcap-baseline": ["zeek-tsv"],
  "zeek-tsv": ["zeek-tsv"],
};

/**
 * Lines that are rejected for good reason, all looked at. In `fortinet` one is another vendor's; in `paloalto` two
 * lines are templates whose times were never filled in; in `zeek-pcap-baseline` each log begins with a comment of the
 * tool that compares such files.
 */
const REJECTED: Readonly<Record<string, number>> = { fortinet: 1, "zeek-pcap-baseline": 42 };

/** Lines framed as their neighbours are, but in no format that is known. */
const UNDECODABLE: Readonly<Record<string, number>> = { paloalto: 2 };

interface Account {
  readonly path: string;
  readonly status: string;
  readonly reason: string | null;
  readonly formats: Record<string, number>;
  readonly records: number;
  readonly ruled_out: number;
  readonly decoded: number;
  readonly rejected: number;
  readonly skipped: number;
  readonly undecodable: number;
  readonly events: number;
}

interface RunDocument {
  readonly findings: readonly { readonly reason: string }[];
  readonly coverage: { readonly inputs: readonly Account[]; readonly totals: Record<string, number> };
}

const folders = isThere ? readdirSync(CORPUS).sort() : [];

let document: RunDocument;

beforeAll(async () => {
  if (!isThere) return;
  const ran = await runCli(["scan", ".", "-o", "json", "--now", "2026-11-22T00:00:00Z"], { cwd: CORPUS });
  expect(ran.code, ran.stderr).toBe(0);
  document = JSON.parse(ran.stdout) as RunDocument;
});

function inputsOf(folder: string): readonly Account[] {
  return document.coverage.inputs.filter(({ path }) => path.startsWith(`${folder}/`));
}

describe.runIf(isThere).each(folders)("%s", (folder) => {
  test("is read in the formats that it holds", () => {
    const formats = new Set(inputsOf(folder).flatMap((input) => Object.keys(input.formats)));
    expect([...formats].sort()).toEqual(READ[folder] ?? []);
  });

  test("names every file, with a reason where it was not read", () => {
    const files = readdirSync(join(CORPUS, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(
      inputsOf(folder)
        .map(({ path }) => join(CORPUS, path))
        .sort(),
    ).toEqual(files.sort());
    for (const { path, status, reason } of inputsOf(folder)) {
      expect(["read", "skipped", "duplicate"], `${path}: ${reason}`).toContain(status);
      expect(reason === null, path).toBe(status === "read");
    }
  });

  test("adds up", () => {
    for (const input of inputsOf(folder)) {
      const { path, records, ruled_out, decoded, rejected, skipped, undecodable, events } = input;
      expect(records, path).toBe(ruled_out + decoded + rejected + skipped);
      expect(undecodable + events, path).toBeLessThanOrEqual(decoded);
    }
  });

  test("holds no line that cannot be read, beyond those that are known", () => {
    const sum = (pick: (input: Account) => number): number =>
      inputsOf(folder).reduce((all, input) => all + pick(input), 0);
    expect(sum(({ rejected }) => rejected)).toBe(REJECTED[folder] ?? 0);
    expect(sum(({ undecodable }) => undecodable)).toBe(UNDECODABLE[folder] ?? 0);
  });
});

test.runIf(isThere)("nothing is found, and the totals are the sums of the inputs", () => {
  expect(document.findings.map(({ reason }) => reason)).toEqual([]);
  const { inputs, totals } = document.coverage;
  for (const key of ["records", "decoded", "rejected", "skipped", "undecodable", "events"] as const) {
    expect(totals[key]).toBe(inputs.reduce((sum, input) => sum + input[key], 0));
  }
});
