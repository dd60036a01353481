/** Records: names with dots, nesting, rows, and what counts as absent. */
import { describe, expect, test } from "vitest";
import { getPath, jsonRecord, rowRecord } from "./record.ts";

test.each<[string, object, string, unknown]>([
  ["a plain key", { a: 1 }, "a", 1],
  ["a nested key", { id: { orig_h: "x" } }, "id.orig_h", "x"],
  ["a dotted key", { "id.orig_h": "x" }, "id.orig_h", "x"],
  ["a dotted key before a nested one", { "a.b": 1, a: { b: 2 } }, "a.b", 1],
  ["the longest dotted key first", { "a.b": { c: 1 }, a: { "b.c": 2 } }, "a.b.c", 1],
  ["a way back when the longest leads nowhere", { "a.b": { x: 1 }, a: { b: { c: 2 } } }, "a.b.c", 2],
  ["null as absent", { a: null }, "a", undefined],
  ["null on the way", { a: null }, "a.b", undefined],
  ["a list on the way", { a: [{ b: 1 }] }, "a.b", undefined],
  ["a text on the way", { a: "b" }, "a.length", undefined],
  ["an object as a value", { a: { b: 1 } }, "a", { b: 1 }],
  ["a missing key", {}, "a.b", undefined],
  ["false", { a: { b: false } }, "a.b", false],
])("a JSON record reads %s", (_, object, path, expected) => {
  expect(getPath(object as Record<string, unknown>, path)).toEqual(expected);
  expect(jsonRecord(object as Record<string, unknown>).get(path)).toEqual(expected);
});

test("a JSON record lists its fields flat, in its own order", () => {
  const record = jsonRecord({ z: 1, a: { y: { x: 2 }, w: [3] }, "b.c": 4, e: {} });
  expect([...record.entries()]).toEqual([
    ["z", 1],
    ["a.y.x", 2],
    ["a.w", [3]],
    ["b.c", 4],
  ]);
});

test("a record nested without end does not exhaust the stack", () => {
  const deep = `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`;
  const [[name, value] = []] = jsonRecord(JSON.parse(deep)).entries() as Iterable<[string, unknown]>;
  expect([name?.length, value]).toEqual([99_999, 1]);
});

describe("a row", () => {
  const columns = new Map([
    ["ts", 0],
    ["service", 1],
    ["note", 2],
    ["last", 3],
  ]);
  const row = rowRecord(columns, ["1.5", "-", ""], "-");

  test("reads by column", () => {
    expect(row.get("ts")).toBe("1.5");
  });

  test.each([
    ["service", "the unset mark"],
    ["note", "empty"],
    ["last", "cut off"],
    ["other", "no column"],
  ])("%s is absent: %s", (name) => {
    expect(row.get(name)).toBeUndefined();
  });

  test("lists what is there", () => {
    expect([...row.entries()]).toEqual([["ts", "1.5"]]);
  });

  test("without an unset mark a dash is a value", () => {
    expect(rowRecord(columns, ["1", "-"]).get("service")).toBe("-");
  });
});
