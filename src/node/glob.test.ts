/** File patterns, against names and against a small tree on disk. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expandBraces, expandGlob, isGlob, segmentPattern } from "./glob.ts";

let root = "";

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "sallyport-glob-")).replaceAll("\\", "/");
  const files = [
    "a.log",
    "b.log",
    "b.txt",
    ".hidden.log",
    "x/a.log",
    "x/y/c.log",
    "x/.git/d.log",
    "z[1]/e.log",
  ];
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), "");
  }
  symlinkSync(root, join(root, "x", "loop"), "junction");
});

afterAll(() => rmSync(root, { recursive: true }));

test.each([
  ["*.log", "conn.log", true],
  ["*.log", ".log", false],
  [".*", ".log", true],
  ["*", ".hidden", false],
  ["conn.??.log", "conn.07.log", true],
  ["conn.??.log", "conn.7.log", false],
  ["?onn", ".onn", false],
  ["[abc].log", "b.log", true],
  ["[!abc].log", "b.log", false],
  ["[^abc].log", "d.log", true],
  ["[0-9]*", "7.log", true],
  ["[]x]", "]", true],
  ["[a-]", "-", true],
  ["[z-a]", "b", false],
  ["a[b", "a[b", true],
  ["a\\*b", "a*b", true],
  ["a\\*b", "axb", false],
  ["a.b", "axb", false],
  ["a+(b)|c", "a+(b)|c", true],
  ["*", "two\nlines", true],
  ["[\\\\]", "\\", true],
])("the pattern %j matches the name %j: %s", (pattern, name, expected) => {
  expect(segmentPattern(pattern).test(name)).toBe(expected);
});

test.each([
  ["a{b,c}d", ["abd", "acd"]],
  ["{a,b}{1,2}", ["a1", "a2", "b1", "b2"]],
  ["{a,{b,c}}", ["a", "b", "c"]],
  ["a{,b}", ["a", "ab"]],
  ["{a}", ["{a}"]],
  ["{a,b", ["{a,b"]],
  ["\\{a,b}", ["\\{a,b}"]],
  ["x/{y/z,w}", ["x/w", "x/y/z"]],
])("the braces of %j are written out", (pattern, expected) => {
  expect(expandBraces(pattern)).toEqual(expected);
});

test("braces that would make too many patterns are left as they are", () => {
  const pattern = "{a,b}".repeat(12);
  expect(expandBraces(pattern)).toEqual([pattern]);
});

test.each([
  ["*.log", ["a.log", "b.log"]],
  ["{a,b}.*", ["a.log", "b.log", "b.txt"]],
  [".*.log", [".hidden.log"]],
  ["*/a.log", ["x/a.log"]],
  ["x/*/c.log", ["x/y/c.log"]],
  ["**/*.log", ["a.log", "b.log", "x/a.log", "x/y/c.log", "z[1]/e.log"]],
  ["x/**", ["x/a.log", "x/loop", "x/y/c.log"]],
  ["**/y/*", ["x/y/c.log"]],
  ["z\\[1\\]/*", ["z[1]/e.log"]],
  ["?", ["x"]],
  ["nothing*", []],
  ["nothing/*.log", []],
])("%j finds its files, without links below ** and without hidden ones", async (pattern, expected) => {
  const found = await expandGlob(`${root}/${pattern}`);
  expect(found).toEqual(expected.map((path) => `${root}/${path}`));
});

test.each([
  ["a.log", false],
  ["a*", true],
  ["a?", true],
  ["a[1]", true],
  ["{a,b}", true],
])("%j is a pattern: %s", (path, expected) => {
  expect(isGlob(path)).toBe(expected);
});
