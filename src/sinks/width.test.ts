/** Terminal width: what fits, and what is cut. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hang, pad, textWidth, truncate, wrap } from "./width.ts";

describe("width", () => {
  test.each([
    ["abc", 3],
    ["日本", 4],
    ["e\u0301", 1],
    ["ｘ", 2],
    ["🔥", 2],
    ["→…–", 3],
    ["", 0],
  ])("%s takes %i columns", (text, columns) => {
    expect(textWidth(text)).toBe(columns);
  });
});

describe("truncation", () => {
  test.each([
    ["abcdef", 6, "abcdef"],
    ["abcdef", 5, "abcd…"],
    ["日本語", 5, "日本…"],
    ["日本語", 4, "日…"],
    ["abc", 0, ""],
    ["abc", Number.POSITIVE_INFINITY, "abc"],
  ])("%s in %i columns is %s", (text, width, cut) => {
    expect(truncate(text, width)).toBe(cut);
  });

  test("nothing is ever wider than asked", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.nat(40),
        (text, width) => textWidth(truncate(text, width)) <= width,
      ),
    );
  });
});

test("padding counts columns, not characters", () => {
  expect(pad("日", 4)).toBe("日  ");
  expect(pad("7", 3, "left")).toBe("  7");
});

test("wrapping keeps every word, and long words whole", () => {
  expect(wrap("one two three", 7)).toEqual(["one two", "three"]);
  expect(wrap("2606:4700:4700::1111 x", 8)).toEqual(["2606:4700:4700::1111", "x"]);
});

test("a hanging indent is as wide as its label", () => {
  expect(hang("1. ", "aaaa bbbb cccc dddd eeee", 23)).toEqual(["1. aaaa bbbb cccc dddd", "   eeee"]);
});
