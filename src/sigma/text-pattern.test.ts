import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { base64, base64Offsets, bytesOf, parsePattern, placed, withDashes } from "./text-pattern.ts";

const lit = (text: string): { kind: "literal"; text: string } => ({ kind: "literal", text });
const any = { kind: "any" };
const one = { kind: "one" };

describe("parsePattern", () => {
  test.each([
    ["plain", [lit("plain")]],
    ["", []],
    ["a*b", [lit("a"), any, lit("b")]],
    ["a?b", [lit("a"), one, lit("b")]],
    ["**", [any]],
    ["\\*", [lit("*")]],
    ["\\?", [lit("?")]],
    ["\\\\*", [lit("\\"), any]],
    ["\\\\\\*", [lit("\\*")]],
    ["C:\\Windows\\x", [lit("C:\\Windows\\x")]],
    ["a\\\\b", [lit("a\\b")]],
    ["a\\\\\\\\b", [lit("a\\\\b")]],
    ["a\\\\\\b", [lit("a\\\\b")]],
    ["end\\", [lit("end\\")]],
  ])("%j", (text, parts) => {
    expect(parsePattern(text)).toEqual(parts);
  });
});

test.each([
  ["contains", [any, lit("x"), any]],
  ["startswith", [lit("x"), any]],
  ["endswith", [any, lit("x")]],
] as const)("%s puts stars where text may stand", (place, parts) => {
  expect(placed([lit("x")], place)).toEqual(parts);
});

test("windash frees the dash that begins an option, not the one inside a word", () => {
  expect(withDashes([lit("run -no-exit")])).toEqual([lit("run "), { kind: "dash" }, lit("no-exit")]);
});

// Source: RFC 4648 section 10.
test.each([
  ["", ""],
  ["f", "Zg=="],
  ["foobar", "Zm9vYmFy"],
])("Base64 of %j is %j", (text, encoded) => {
  expect(base64(bytesOf(text))).toBe(encoded);
});

test.each([
  ["wide", [0x63, 0, 0x6d, 0]],
  ["utf16le", [0x63, 0, 0x6d, 0]],
  ["utf16be", [0, 0x63, 0, 0x6d]],
  ["utf16", [0xff, 0xfe, 0x63, 0, 0x6d, 0]],
] as const)("%s of 'cm'", (form, bytes) => {
  expect([...bytesOf("cm", form)]).toEqual(bytes);
});

test("one of the three offset forms stands in the Base64 of any text that holds the value", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 3 }), fc.string(), (before, value, after) => {
      const whole = base64(bytesOf(before + value + after));
      const forms = base64Offsets(bytesOf(value));
      expect(forms[bytesOf(before).length % 3]).not.toBe("");
      expect(whole).toContain(forms[bytesOf(before).length % 3]);
    }),
  );
});
