/** Golden cases: small logs through the whole program, each with the rows that are expected of it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rowsOf, runCli } from "../cli/run-cli.ts";

const CASES = join(import.meta.dirname, "cases");
const cases = readdirSync(CASES).sort();

/** A case has to be read in a minute. */
const MOST_ROWS = 30;

/** What every finding of a rule repeats word for word. The rules' own tests and `rules show` have it. */
const REPEATED = ["schema", "guide", "threat", "frameworks", "advisories"];

describe("every case", () => {
  test.concurrent.for(cases)("%s gives the rows that are expected", async (name, { expect: expectHere }) => {
    const folder = join(CASES, name);
    const args = readFileSync(join(folder, "args.txt"), "utf8").trim().split(/\s+/);
    const { code, stdout, stderr } = await runCli(args, { cwd: folder });
    expectHere(code, stderr).toBe(0);
    const rows = rowsOf(stdout).map((row) => `${JSON.stringify(withoutRepeated(row))}\n`);
    expectHere(rows.length).toBeLessThanOrEqual(MOST_ROWS);
    await expectHere(rows.join("")).toMatchFileSnapshot(join(folder, "expected.ndjson"));
  });

  test.each(cases)("%s says what it shows", (name) => {
    expect(readFileSync(join(CASES, name, "README.md"), "utf8")).toMatch(/^# .+\n\n.+/);
  });
});

function withoutRepeated(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !REPEATED.includes(key)));
}
