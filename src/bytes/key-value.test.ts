/** Lines of key=value pairs. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readKeyValues } from "./key-value.ts";

test.each<[string, string, Record<string, string>]>([
  ["bare values", "srcip=10.1.2.3 srcport=50000", { srcip: "10.1.2.3", srcport: "50000" }],
  ["quoted values", 'devname="fw 1" msg="a, b=c"', { devname: "fw 1", msg: "a, b=c" }],
  [
    "commas between pairs",
    'date=2026-03-02,devname="fw, 1",proto=6',
    { date: "2026-03-02", devname: "fw, 1", proto: "6" },
  ],
  ["several blanks, tabs, a carriage return", " a=1 \t b=2,, c=3\r", { a: "1", b: "2", c: "3" }],
  ["empty values, bare and quoted", 'srcip= user="" proto=6', { srcip: "", user: "", proto: "6" }],
  ["an empty value at the end", "a=1 b=", { a: "1", b: "" }],
  ["an equals sign in a bare value", "url=/?a=b c=1", { url: "/?a=b", c: "1" }],
  ["a quote in the middle of a bare value", 'a=5" b=1', { a: '5"', b: "1" }],
  ["hidden quotes and backslashes", String.raw`a="x \"y\" \\" b=1`, { a: 'x "y" \\', b: "1" }],
  [
    "a backslash before anything else",
    String.raw`user="CORP\alice" b=1`,
    { user: String.raw`CORP\alice`, b: "1" },
  ],
  ["a backslash in a bare value", String.raw`user=CORP\\alice`, { user: String.raw`CORP\\alice` }],
  ["of a key that comes twice the first", 'tz="+0100" a=1 tz="-0500"', { tz: "+0100", a: "1" }],
  ["of a key that comes twice the first, though it is empty", "tz= tz=1", { tz: "" }],
  ["text right behind a closing quote", 'a="1"x=2 b=3', { a: "1", b: "3" }],
  ["a quote that never closes", 'a=1 msg="cut off here b=2', { a: "1" }],
  ["a quote that only a hidden quote follows", String.raw`a=1 msg="cut \"`, { a: "1" }],
  ["quotes inside a quoted value that nothing hides", 'msg="say "hi" there" b=2', { msg: "say ", b: "2" }],
  ["a priority before the first key", "<189>date=2026-03-02 a=1", { date: "2026-03-02", a: "1" }],
  ["a syslog header", "<189>Mar  2 10:00:00 fw-1 date=2026-03-02", { date: "2026-03-02" }],
  ["words without an equals sign, and values without a key", "one =2 three a=1 |", { a: "1" }],
  ["an empty line", "", {}],
])("reads %s", (_, line, expected) => {
  expect(Object.fromEntries(readKeyValues(line))).toEqual(expected);
});

test("keeps the order of the line", () => {
  expect([...readKeyValues('b=1 a="2" c=3').keys()]).toEqual(["b", "a", "c"]);
});

const key = fc.stringMatching(/^[a-z_][a-z0-9_-]{0,9}$/);
const bare = fc.stringMatching(/^[^\s,"][^\s,]{0,11}$|^$/);
const pair = fc.oneof(
  fc.tuple(key, bare, fc.constant(false)),
  fc.tuple(key, fc.string({ maxLength: 12 }), fc.constant(true)),
);
const separator = fc.stringMatching(/^[ ,\t]{1,3}$/);

test("gives back what was written", () => {
  fc.assert(
    fc.property(fc.uniqueArray(pair, { selector: ([name]) => name }), separator, (pairs, between) => {
      const line = pairs
        .map(([name, value, quoted]) => `${name}=${quoted ? `"${value.replace(/["\\]/g, "\\$&")}"` : value}`)
        .join(between);
      expect([...readKeyValues(line)]).toEqual(pairs.map(([name, value]) => [name, value]));
    }),
  );
});

test("reads any line, and a longer line has at least the pairs of a whole part of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab=" ,\\<1>\t') }), fc.string(), (line, rest) => {
      const before = [...readKeyValues(line)].slice(0, -1);
      expect([...readKeyValues(line + rest)].slice(0, before.length)).toEqual(before);
    }),
  );
});
