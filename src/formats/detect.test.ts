/** Routing: which format a line goes to. */
import { describe, expect, test } from "vitest";
import { createRouter, type Routed } from "./detect.ts";
import type { DecodeContext, Format } from "./format.ts";

const CONTEXT: DecodeContext = { file: "-", zone: (ms) => ms, year: 2026 };
const CONTEXT_FOR = (): DecodeContext => CONTEXT;

function format(
  name: string,
  rank: Format["rank"],
  binding: Format["binding"],
  claims: (line: string) => boolean,
): Format {
  return {
    name,
    title: name,
    reference: "https://example.net/",
    rank,
    binding,
    byteCounting: "ip",
    datasets: {},
    fields: {},
    claims,
    open: () => ({ frame: () => "record", decode: () => undefined }),
  };
}

const vendor = format("vendor", "vendor", "line", (line) => line.includes("vendor"));
const rival = format("rival", "vendor", "line", (line) => line.includes("rival"));
const schema = format("schema", "schema", "line", (line) => line.includes("schema"));
const syntax = format("syntax", "syntax", "line", (line) => line.startsWith("{"));
const table = format("table", "vendor", "header", (line) => line.startsWith("#table"));
const sheet = format("sheet", "syntax", "header", (line) => line.startsWith("#sheet"));
const ALL = [syntax, table, vendor, sheet, schema, rival];

const nameOf = (routed: Routed): string => (typeof routed === "string" ? routed : routed.format.name);

describe.each([
  ["as listed", ALL],
  ["the other way round", [...ALL].reverse()],
])("with the list %s", (_, formats) => {
  test.each([
    ["the highest rank wins", ["{vendor schema"], ["vendor"]],
    ["a schema wins over a syntax", ["{schema"], ["schema"]],
    ["a tie within a rank is ambiguous", ["{vendor rival"], ["ambiguous_format"]],
    ["a line that none claims is unknown", ["prose"], ["unknown_format"]],
    [
      "an unknown line does not forget the format",
      ["{schema", "prose", "{schema"],
      ["schema", "unknown_format", "schema"],
    ],
    ["formats may mix line by line", ["{", "vendor", "{"], ["syntax", "vendor", "syntax"]],
    ["the last format goes first within its rank", ["vendor", "vendor rival"], ["vendor", "vendor"]],
    [
      "the last format yields to a higher rank",
      ["{", "{schema", "{schema vendor", "{"],
      ["syntax", "schema", "vendor", "syntax"],
    ],
    [
      "rows follow their header, whatever they look like",
      ["#table", "{vendor", "prose"],
      ["table", "table", "table"],
    ],
    [
      "another header takes over",
      ["#table", "row", "#sheet", "row", "#table"],
      ["table", "table", "sheet", "sheet", "table"],
    ],
    ["a header may come after other lines", ["{vendor", "#table", "vendor"], ["vendor", "table", "table"]],
  ])("%s", (_case, lines, expected) => {
    const router = createRouter(formats, undefined, CONTEXT_FOR);
    expect(lines.map((line) => nameOf(router.route(line)))).toEqual(expected);
  });
});

test("one chosen format gets every line", () => {
  for (const chosen of [schema, table]) {
    const router = createRouter(ALL, [chosen], CONTEXT_FOR);
    expect(["prose", "{vendor", "#sheet"].map((line) => nameOf(router.route(line)))).toEqual(
      Array(3).fill(chosen.name),
    );
  }
});

test("several chosen formats are detected among themselves", () => {
  const router = createRouter(ALL, [schema, rival], CONTEXT_FOR);
  expect(["{schema vendor", "vendor", "rival"].map((line) => nameOf(router.route(line)))).toEqual([
    "schema",
    "unknown_format",
    "rival",
  ]);
});

test("the envelope comes off, and its host is kept", () => {
  const router = createRouter(ALL, undefined, CONTEXT_FOR);
  expect(router.route("<14>Mar  1 10:00:00 gw1 {vendor")).toMatchObject({
    text: "{vendor",
    envelope: { host: "gw1" },
  });
  expect(router.route("{vendor")).toMatchObject({ text: "{vendor", envelope: undefined });
});

test("a byte order mark on the first line and carriage returns are dropped", () => {
  const router = createRouter(ALL, undefined, CONTEXT_FOR);
  expect(router.route("\uFEFF#table\r")).toMatchObject({ format: table, text: "#table" });
  expect(router.route("\uFEFFrow\r")).toMatchObject({ text: "\uFEFFrow" });
});

test("a format keeps one decoder for the whole input", () => {
  const router = createRouter(ALL, undefined, CONTEXT_FOR);
  const [first, , second] = ["vendor", "{", "vendor"].map((line) => router.route(line));
  expect(first).toMatchObject({ format: vendor });
  expect(typeof first === "object" && typeof second === "object" && first.decoder === second.decoder).toBe(
    true,
  );
});

test("each format is opened with its own context", () => {
  const opened: string[] = [];
  const recording = (name: string): Format => {
    const claims = (line: string): boolean => line === name;
    return {
      ...format(name, "vendor", "line", claims),
      open: ({ file }) => {
        opened.push(file);
        return { frame: () => "record", decode: () => undefined };
      },
    };
  };
  const router = createRouter([recording("one"), recording("two")], undefined, ({ name }) => ({
    ...CONTEXT,
    file: `for ${name}`,
  }));
  for (const line of ["one", "two", "one"]) router.route(line);
  expect(opened).toEqual(["for one", "for two"]);
});
