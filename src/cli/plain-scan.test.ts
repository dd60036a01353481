/** A plain scan's arguments are read as commander reads them, or left to it. */
import { Command } from "commander";
import fc from "fast-check";
import { expect, test } from "vitest";
import { OPTIONS, type OptionName } from "../options.ts";
import { addOptions } from "./flags.ts";
import { plainScan } from "./plain-scan.ts";

/** What commander makes of the arguments of `scan`; undefined where it refuses them. */
function byCommander(args: readonly string[]): { inputs: string[]; flags: object } | undefined {
  const command = new Command("scan").argument("[input...]").exitOverride();
  command.configureOutput({ writeOut: () => {}, writeErr: () => {} });
  addOptions(command, Object.keys(OPTIONS) as OptionName[]);
  try {
    command.parse(args, { from: "user" });
  } catch {
    return undefined;
  }
  return { inputs: command.args, flags: command.opts() };
}

test.each<[string, readonly string[]]>([
  ["without arguments", []],
  ["inputs", ["a.log", "-", "b c.log", ""]],
  ["a value that is chosen from a list", ["a.log", "-o", "json", "--emit", "matches"]],
  ["words without a value", ["--strict", "-q", "a.log", "--show-suppressed"]],
  ["a name of several words", ["--min-severity", "high", "--detail-limit", "5"]],
  ["flags that repeat", ["--internal", "10.0.0.0/8", "--internal", "11.0.0.0/8", "--format", "zeek-json"]],
  ["the last of two values", ["--tz", "UTC", "--tz", "Europe/Berlin"]],
])("%s: read as commander reads them", (_, args) => {
  expect(plainScan(["scan", ...args])).toEqual(byCommander(args));
});

test.each<[string, readonly string[]]>([
  ["another command", ["explain", "a.log"]],
  ["no command", []],
  ["help", ["scan", "--help"]],
  ["a flag that is not there", ["scan", "--strickt"]],
  ["a flag that is hidden", ["scan", "--no-fast-path"]],
  ["a value outside the list", ["scan", "-o", "xml"]],
  ["a value that is missing", ["scan", "a.log", "--out"]],
  ["a value that looks like a flag", ["scan", "--out", "-q"]],
  ["a value after an equals sign", ["scan", "--out=a.json"]],
  ["flags written as one", ["scan", "-qo", "json"]],
  ["the end of flags", ["scan", "--", "-a.log"]],
])("%s is left to commander", (_, args) => {
  expect(plainScan(args)).toBeUndefined();
});

test("whatever is read is what commander makes of it", () => {
  const words = Object.values(OPTIONS).flatMap(({ flag }) => flag.match(/(?<!\S)--?[\w-]+/g) ?? []);
  const word = fc.oneof(
    fc.constantFrom(...words),
    fc.constantFrom("json", "matches", "-", "high", "5"),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(word), (args) => {
      const plain = plainScan(["scan", ...args]);
      if (plain !== undefined) expect(plain).toEqual(byCommander(args));
    }),
    { numRuns: 500 },
  );
});
