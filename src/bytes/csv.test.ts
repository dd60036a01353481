/** Rows of comma-separated values, against an independent reader. */
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { quotesClosed, splitCsv } from "./csv.ts";

test.each<[string, readonly string[]]>([
  ["", [""]],
  ["a", ["a"]],
  ["a,,b", ["a", "", "b"]],
  [",", ["", ""]],
  ['"a,b",c', ["a,b", "c"]],
  ['"a ""quoted"" word",c', ['a "quoted" word', "c"]],
  ['"",""', ["", ""]],
  ['"a",', ["a", ""]],
  ["DOMAIN\\user,x", ["DOMAIN\\user", "x"]],
  ['"C:\\dir\\","x"', ["C:\\dir\\", "x"]],
  ['"two\nlines",x', ["two\nlines", "x"]],
  ['"never closed,x', ["never closed,x"]],
  ['"a"b,c', ["ab", "c"]],
])("splits %j", (row, fields) => {
  expect(splitCsv(row)).toEqual(fields);
});

test("another separator may be used", () => {
  expect(splitCsv('a;"b;c";d', ";")).toEqual(["a", "b;c", "d"]);
});

test.each<[string, boolean]>([
  ["a,b", true],
  ['"a"', true],
  ['"a""b"', true],
  ['"a', false],
  ['"a""', false],
  ['"a\\"', true],
])("the quotes of %j are closed: %s", (row, closed) => {
  expect(quotesClosed(row)).toBe(closed);
});

const field = fc.oneof(fc.stringMatching(/^[ab,"\\\n\t ]{0,8}$/), fc.string());
const spelled = fc.tuple(field, fc.boolean()).map(([text, quote]) => {
  const must = /[",\n\r]/.test(text) || quote;
  return must ? `"${text.replaceAll('"', '""')}"` : text;
});

test("well-formed rows are split as another reader splits them, and their quotes are closed", () => {
  fc.assert(
    fc.property(fc.array(spelled, { minLength: 1, maxLength: 6 }), (fields) => {
      const row = fields.join(",");
      fc.pre(row !== "");
      const [expected] = parse(row, { record_delimiter: "\u0000\u0000", bom: false }) as string[][];
      expect(splitCsv(row)).toEqual(expected);
      expect(quotesClosed(row)).toBe(true);
    }),
  );
});
