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
  paloalto: ["panos"],
  suricata: ["suricata-eve"],
  "suricata-syslog": ["suricata-eve"],
  "windows-sysmon": ["sysmon"],
  "zeek-json": ["zeek-json"],
  "zeek-pcap-baseline": ["zeek-tsv"],
  "zeek-tsv": ["zeek-tsv"],
};

/**
 * Lines that are rejected for good reason, all looked at. In `paloalto` two lines are templates whose times were
 * never filled in; in `zeek-pcap-baseline` each log begins with a comment of the tool that compares such files.
 */
const REJECTED: Readonly<Record<string, number>> = { paloalto: 2, "zeek-pcap-baseline": 42 };

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
  readonly coverage: { readonly inputs: readonly Account[]; readonly problems: readonly unknown[] };
}

describe.runIf(isThere).each(isThere ? readdirSync(CORPUS).sort() : [])("%s", (folder) => {
  let code: number | null;
  let stderr = "";
  let document: RunDocument;
  let inputs: readonly Account[] = [];

  beforeAll(async () => {
    const ran = await runCli(["scan", folder, "-o", "json", "--now", "2026-11-22T00:00:00Z"], {
      cwd: CORPUS,
    });
    ({ code, stderr } = ran);
    document = JSON.parse(ran.stdout) as RunDocument;
    inputs = document.coverage.inputs;
  });

  test("is read, or ends with 3 where there was nothing to read", () => {
    expect(code, stderr).toBe(READ[folder] === undefined ? 3 : 0);
    const formats = new Set(inputs.flatMap((input) => Object.keys(input.formats)));
    expect([...formats].sort()).toEqual(READ[folder] ?? []);
  });

  test("names every file, with a reason where it was not read", () => {
    const files = readdirSync(join(CORPUS, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map((entry) => join(entry.parentPath, entry.name));
    expect(inputs.map(({ path }) => join(CORPUS, path)).sort()).toEqual(files.sort());
    for (const { path, status, reason } of inputs) {
      expect(["read", "skipped", "duplicate"], `${path}: ${reason}`).toContain(status);
      expect(reason === null, path).toBe(status === "read");
    }
  });

  test("adds up", () => {
    for (const { path, records, ruled_out, decoded, rejected, skipped, undecodable, events } of inputs) {
      expect(records, path).toBe(ruled_out + decoded + rejected + skipped);
      expect(undecodable + events, path).toBeLessThanOrEqual(decoded);
    }
  });

  test("holds no line that cannot be read, beyond those that are known", () => {
    const sum = (pick: (input: Account) => number): number =>
      inputs.reduce((all, input) => all + pick(input), 0);
    expect(
      sum(({ rejected }) => rejected),
      stderr,
    ).toBe(REJECTED[folder] ?? 0);
    expect(
      sum(({ undecodable }) => undecodable),
      stderr,
    ).toBe(0);
  });

  test("holds no SMB to the Internet", () => {
    expect(document.findings.map(({ reason }) => reason)).toEqual([]);
  });
});
