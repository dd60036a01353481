/** JSON lines: framing, and numbers whose spelling must not be lost. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isFramedObject, parseJsonObject } from "./json.ts";

test.each<[string, boolean]>([
  ["{}", true],
  ["  {\t} \r", true],
  ['{"a":1', false],
  ['"a":1}', false],
  ["{", false],
  ["}", false],
  ["", false],
  ["[{}]", false],
  ["{} trailing", false],
  ["{ not JSON, but framed }", true],
])("framing of %j: %s", (line, framed) => {
  expect(isFramedObject(line)).toBe(framed);
});

test.each<[string, unknown]>([
  ["445", 445],
  ["445.0", 445],
  ["445.00", "445.00"],
  ["445.000", "445.000"],
  ["0.00", "0.00"],
  ["445.001", 445.001],
  ["445.10", 445.1],
  ["4.45e2", "4.45e2"],
  ["445E0", "445E0"],
  ["-1.5e-06", "-1.5e-06"],
  ["1591367999.305988", 1591367999.305988],
  ['"4.45e2"', "4.45e2"],
  ['"x: 4.45e2, 445.00"', "x: 4.45e2, 445.00"],
  ['"a quote \\" : 1e5 \\\\"', 'a quote " : 1e5 \\'],
  ["[1,1e1,2.00]", [1, "1e1", "2.00"]],
  ['{"b": 1e1}', { b: "1e1" }],
  ["[ 1e1 ]", ["1e1"]],
  ["null", null],
])("the number %s is read as %j", (text, expected) => {
  expect(parseJsonObject(`{"a":${text}}`)?.["a"]).toEqual(expected);
  expect(parseJsonObject(`{"z":[ 1e0 ],"s":"1e5,\\"","a": ${text} }`)?.["a"]).toEqual(expected);
});

test.each([
  ["", "no text"],
  ["[1]", "a list"],
  ["1e5", "a number"],
  ["null", "null"],
  ['{"a":01e5}', "a leading zero"],
  ['{"a":1,1e5:2}', "a number as a key"],
  ['{"a":1e5,"b":"open}', "an open string"],
  ['{"a":1.e5}', "a dot without digits"],
  ["{'a':1}", "single quotes"],
])("%j is no JSON object: %s", (line) => {
  expect(parseJsonObject(line)).toBeUndefined();
});

test.each([
  ["a long string", `"${"x".repeat(4_000_000)}"`],
  ["a long string of escapes", `"${'\\"'.repeat(2_000_000)}"`],
  ["a long number", "1".repeat(2_000_000)],
])("%s beside an odd number takes time in proportion", (_, value) => {
  const began = Date.now();
  expect(parseJsonObject(`{"a":1e5,"b":${value}}`)?.["a"]).toBe("1e5");
  expect(Date.now() - began).toBeLessThan(2000);
});

test("any object without odd numbers is read as JSON.parse reads it", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ noUnicodeString: false })), (object) => {
      const line = JSON.stringify(object);
      fc.pre(!/[eE][+-]?\d/.test(line));
      expect(parseJsonObject(line)).toEqual(JSON.parse(line));
    }),
  );
});

test("any strings, whatever they hold, survive beside an odd number", () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[[:,"\\ 0-9.eE+-]*$/));
  fc.assert(
    fc.property(fc.array(text), (strings) => {
      const line = `{"odd":1e5,"strings":${JSON.stringify(strings)}}`;
      expect(parseJsonObject(line)).toEqual({ odd: "1e5", strings });
    }),
  );
});
