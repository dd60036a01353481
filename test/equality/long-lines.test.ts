/** Lines that are longer than a window, than the kernel's input, and than the limit. */
import { expect, test } from "vitest";
import { generatedLog, linesOf } from "./inputs.ts";
import { toBytes, toCharacters } from "./mutations.ts";
import { expectEqual } from "./paths.ts";

const MB = 1_000_000;

/** A line made longer by what its format passes over. */
function lengthened(line: string, length: number): string {
  const text = line.trimEnd();
  if (text.startsWith("{")) return `${text.slice(0, -1)},"x":"${"x".repeat(length)}"}\n`;
  return `${text}${text.includes("\t") ? "\t" : ","}${"x".repeat(length)}\n`;
}

test.each(["zeek-json", "zeek-tsv", "panos"])("%s", async (format) => {
  const log = await generatedLog(format, 0.08, 12);
  const lines = linesOf(log.bytes).map(toCharacters);
  const body = lines.filter((line) => !line.startsWith("#"));
  const leak = body.find((line) => /\b8\.0\.\d+\.8\b/.test(line)) ?? "";
  const made = [
    ...lines.slice(0, 40),
    lengthened(leak, 15_000),
    ...lines.slice(40, 50),
    lengthened(leak, 70_000),
    lengthened(body[5] ?? "", 140_000),
    lengthened(leak, 0.6 * MB),
    ...lines.slice(50, 60),
    lengthened(body[5] ?? "", 20 * MB),
    ...lines.slice(60, 90),
    lengthened(leak, 17 * MB),
    lengthened(body[6] ?? "", 0.6 * MB),
    ...lines.slice(90),
  ];
  const seen = await expectEqual(
    [{ path: log.path, bytes: toBytes(made.join("")) }],
    [
      { mode: "prefilter", chunk: 65_536 },
      { mode: "walk", chunk: MB },
    ],
  );
  for (const { report, rows } of seen) {
    expect(report).toMatch(/"rejected": 2/);
    expect(rows.length).toBeGreaterThan(5);
  }
});
