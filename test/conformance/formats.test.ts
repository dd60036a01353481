/** What every format must do, asked of each one with its own fixtures. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stripSyslog } from "../../src/bytes/syslog.ts";
import { PROBLEMS, type ProblemCode } from "../../src/errors.ts";
import type { NetworkEvent } from "../../src/event/event.ts";
import { FIELD_NAMES, FIELDS, isFieldName } from "../../src/event/fields.ts";
import { formatTimestamp, type Timestamp } from "../../src/event/timestamp.ts";
import { createRouter, type RoutedLine } from "../../src/formats/detect.ts";
import { type Format, Undecodable } from "../../src/formats/format.ts";
import { FORMATS } from "../../src/formats/index.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");

interface Fixture {
  readonly format: Format;
  readonly file: string;
  readonly text: string;
  readonly expected: readonly unknown[];
}

const fixtures = FORMATS.flatMap(fixturesOf);
const cases = fixtures.map((fixture) => [`${fixture.format.name}/${fixture.file}`, fixture] as const);

describe("the list of formats", () => {
  test.each(FORMATS.map((format) => [format.name, format] as const))("%s has fixtures", (_, format) => {
    expect(fixturesOf(format).length).toBeGreaterThan(0);
  });

  test("every fixture folder belongs to a format", () => {
    expect(FORMATS.map((format) => format.name)).toEqual(expect.arrayContaining(readdirSync(FIXTURES)));
  });

  test("names are unique and kebab-case", () => {
    const names = FORMATS.map((format) => format.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
  });

  test("formats that share a dataset share its row", () => {
    const rows = new Map<string, unknown>();
    for (const format of FORMATS) {
      for (const [name, row] of Object.entries(format.datasets)) {
        expect(rows.get(name) ?? row, name).toBe(row);
        rows.set(name, row);
      }
    }
  });
});

describe.each(cases)("%s", (_, fixture) => {
  const { format, file, text, expected } = fixture;

  test("gives the expected events", () => {
    expect(read(text, file).events).toEqual(expected);
  });

  test("gives the same events when the user names the format", () => {
    expect(read(text, file, [format]).events).toEqual(expected);
  });

  test("has no line that is broken", () => {
    expect(read(text, file).problems).toEqual([]);
  });

  test("is claimed by its format and by no other of the same rank or above", () => {
    for (const line of claimedLines(fixture)) {
      const claimants = FORMATS.filter(
        (other) => other.claims(line) && RANK[other.rank] >= RANK[format.rank],
      );
      expect(
        claimants.map((other) => other.name),
        line,
      ).toEqual([format.name]);
    }
  });

  test("sets only fields that its datasets say they carry", () => {
    for (const event of read(text, file).raw) {
      const dataset = format.datasets[event.dataset];
      expect(dataset, event.dataset).toBeDefined();
      const recorded = Object.keys(flatten(event)).filter(
        (name) => isFieldName(name) && FIELDS[name].origin === "recorded",
      );
      expect(dataset?.carries).toEqual(expect.arrayContaining(recorded));
    }
  });

  test.each([
    ["CRLF", (plain: string) => plain.replaceAll("\n", "\r\n")],
    ["a byte order mark", (plain: string) => `\uFEFF${plain}`],
    ["no final newline", (plain: string) => plain.replace(/\n$/, "")],
  ])("gives the same events with %s", (_variant, vary) => {
    const varied = read(vary(text), file);
    expect(varied.events).toEqual(expected);
    expect(varied.problems).toEqual([]);
  });

  test("gives the same events with blank lines before each record", () => {
    const varied = read(insertBeforeRecords(fixture, ""), file);
    expect(varied.events).toEqual(expected);
    expect(varied.problems).toEqual([]);
  });

  test("gives the events of the whole lines when it is cut short", () => {
    for (let part = 0; part < 40; part++) {
      const cut = text.slice(0, Math.floor((text.length * part) / 40));
      const whole = read(cut.slice(0, cut.lastIndexOf("\n") + 1), file).events;
      expect(whole).toEqual(expected.slice(0, whole.length));
      expect(() => read(cut, file)).not.toThrow();
    }
  });

  test("counts one problem for each line of garbage, and loses no event", () => {
    const result = read(insertBeforeRecords(fixture, "@@@ no log line @@@"), file);
    expect(result.events).toEqual(expected);
    expect(result.problems).toHaveLength(read(text, file).starts.length);
    for (const code of result.problems) expect(PROBLEMS[code].kind).toBe("rejected");
  });

  test("never throws for a line that is cut", () => {
    const lines = linesOf(text);
    for (let part = 0; part <= 24; part++) {
      const shorten = (line: string): string => line.slice(0, Math.floor((line.length * part) / 24));
      const isHeader = (line: string): boolean => format.binding === "header" && format.claims(line);
      expect(() => read(lines.map(shorten).join("\n"), file)).not.toThrow();
      expect(() =>
        read(lines.map((line) => (isHeader(line) ? line : shorten(line))).join("\n"), file),
      ).not.toThrow();
      expect(() => read(lines.map(shorten).join("\n"), file, [format])).not.toThrow();
    }
  });

  test("never throws and accounts for every record, whatever is done to the lines", () => {
    fc.assert(
      fc.property(fc.array(mutation(text.length), { minLength: 1, maxLength: 8 }), (mutations) => {
        const mutated = mutations.reduce((now, { at, remove, insert }) => {
          return now.slice(0, at) + insert + now.slice(at + remove);
        }, text);
        const result = read(mutated, file);
        expect(result.raw.length + result.problems.length + result.skipped).toBe(result.starts.length);
      }),
      { numRuns: 60 },
    );
  });
});

test.each([
  ["prose", ["# Read me", "", "This is a text, with commas, and 12,5 numbers."]],
  ["source code", ['{ "compilerOptions": {', '  "strict": true', "}}"]],
  ["a table of something else", ["name,colour", "apple,red"]],
])("%s is not recognised as a log", (_, lines) => {
  const { raw, skipped, problems } = read(lines.join("\n"), "file");
  expect({ raw, skipped, problems: new Set(problems) }).toEqual({
    raw: [],
    skipped: 0,
    problems: new Set(["unknown_format"]),
  });
});

const RANK = { vendor: 3, schema: 2, syntax: 1 } as const;

interface Reading {
  readonly events: readonly unknown[];
  readonly raw: readonly NetworkEvent[];
  /** Rejected and undecodable lines. */
  readonly problems: readonly ProblemCode[];
  readonly skipped: number;
  /** The lines, by index, that begin a record. */
  readonly starts: readonly number[];
}

/** Reads a text as the pipeline does, in memory. */
function read(text: string, file: string, chosen?: readonly Format[]): Reading {
  const router = createRouter(FORMATS, chosen, () => ({ file, zone: (ms) => ms, year: 2026 }));
  const lines = linesOf(text);
  const raw: NetworkEvent[] = [];
  const problems: ProblemCode[] = [];
  const starts: number[] = [];
  let skipped = 0;
  for (let index = 0; index < lines.length; index++) {
    if ((lines[index] ?? "").trim() === "") continue;
    starts.push(index);
    const routed = router.route(lines[index] ?? "");
    const { result, last } =
      typeof routed === "string" ? { result: routed, last: index } : decode(routed, lines, index);
    index = last;
    if (result === undefined) skipped++;
    else if (typeof result === "string") problems.push(result);
    else raw.push(result);
  }
  return { events: raw.map(flatten), raw, problems, skipped, starts };
}

interface Decoded {
  readonly result: NetworkEvent | ProblemCode | undefined;
  /** The last line of the record. */
  readonly last: number;
}

/** Frames a record, over several lines if need be, and decodes it. */
function decode({ decoder, text, envelope }: RoutedLine, lines: readonly string[], first: number): Decoded {
  let last = first;
  let record = text;
  let framed = decoder.frame(record);
  while (framed === "incomplete" && last + 1 < lines.length) {
    record += `\n${lines[++last] ?? ""}`;
    framed = decoder.frame(record);
  }
  if (framed === "incomplete") return { result: "csv_invalid", last };
  if (framed === "skip") return { result: undefined, last };
  if (framed !== "record") return { result: framed, last };
  const event = decoder.decode(record, envelope);
  return { result: event instanceof Undecodable ? event.code : event, last };
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** The text with a line put in before each record, so that records of several lines stay whole. */
function insertBeforeRecords({ text, file }: Fixture, inserted: string): string {
  const starts = new Set(read(text, file).starts);
  return linesOf(text)
    .flatMap((line, index) => (starts.has(index) ? [inserted, line] : [line]))
    .join("\n");
}

/** The lines by which the format is known: every record of a line-bound format, the headers of the others. */
function claimedLines({ format, file, text }: Fixture): string[] {
  const lines = linesOf(text);
  const records = read(text, file).starts.map((start) => lines[start] ?? "");
  const bare = records.map((line) => stripSyslog(line)?.message ?? line);
  if (format.binding === "line") return bare;
  const headers = bare.filter((line) => format.claims(line));
  expect(headers).not.toEqual([]);
  return headers;
}

/** An event as flat JSON by field name. */
function flatten(event: NetworkEvent): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const name of FIELD_NAMES) {
    const value = event[name];
    if (value === undefined) continue;
    const { type } = FIELDS[name];
    if (type === "ip") flat[name] = (value as { readonly text: string }).text;
    else flat[name] = type === "time" ? formatTimestamp(value as Timestamp) : value;
  }
  return flat;
}

function fixturesOf(format: Format): Fixture[] {
  const folder = join(FIXTURES, format.name);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => !name.endsWith(".expected.ndjson"))
    .sort()
    .map((name) => {
      const expected = join(folder, `${basename(name).replace(/\.[^.]+$/, "")}.expected.ndjson`);
      return {
        format,
        file: name,
        text: readFileSync(join(folder, name), "utf8"),
        expected: linesOf(readFileSync(expected, "utf8")).map((line): unknown => JSON.parse(line)),
      };
    });
}

interface Mutation {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

/** Replaces a stretch anywhere by some characters that formats give a meaning to. */
function mutation(length: number): fc.Arbitrary<Mutation> {
  const piece = fc.constantFrom(
    "",
    " ",
    "\t",
    ",",
    '"',
    "\\",
    "\\x",
    "{",
    "}",
    "[",
    "#",
    "\n",
    "-",
    "0",
    ":",
    "=",
    "é",
    "\u0000",
    "null",
  );
  return fc.record({
    at: fc.nat({ max: length }),
    remove: fc.nat({ max: 12 }),
    insert: fc.array(piece, { maxLength: 3 }).map((pieces) => pieces.join("")),
  });
}
