/** Our subset of Markdown: what it knows, and that everything else stays text. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseInline, parseProse, plainText, webAddress } from "./prose.ts";

describe("blocks", () => {
  test("headings, paragraphs, lists and code are told apart, with their lines", () => {
    const text = [
      "## Title",
      "",
      "Two lines",
      "of one paragraph.",
      "- a",
      "  goes on",
      "- b",
      "",
      "1. one",
      "2. two",
      "```",
      "x < 1",
      "",
      "y",
      "```",
    ].join("\n");
    expect(parseProse(text, 10)).toEqual([
      { kind: "heading", level: 2, content: [{ kind: "text", text: "Title" }], line: 10 },
      { kind: "paragraph", content: [{ kind: "text", text: "Two lines of one paragraph." }], line: 12 },
      {
        kind: "list",
        ordered: false,
        line: 14,
        items: [
          { content: [{ kind: "text", text: "a goes on" }], line: 14 },
          { content: [{ kind: "text", text: "b" }], line: 16 },
        ],
      },
      {
        kind: "list",
        ordered: true,
        line: 18,
        items: [
          { content: [{ kind: "text", text: "one" }], line: 18 },
          { content: [{ kind: "text", text: "two" }], line: 19 },
        ],
      },
      { kind: "code", text: "x < 1\n\ny", line: 20 },
    ]);
  });

  test("a fence that is never closed ends with the text", () => {
    expect(parseProse("```\na\nb")).toEqual([{ kind: "code", text: "a\nb", line: 1 }]);
  });

  test("blank lines between items keep one list, and its numbers keep its kind", () => {
    expect(
      parseProse("1. a\n\n2. b\n\n- c").map((block) => block.kind === "list" && block.items.length),
    ).toEqual([2, 1]);
  });
});

describe("marks within a line", () => {
  test.each([
    [
      "`a *b*` c",
      [
        { kind: "code", text: "a *b*" },
        { kind: "text", text: " c" },
      ],
    ],
    [
      "**a** and *b*",
      [
        { kind: "strong", text: "a" },
        { kind: "text", text: " and " },
        { kind: "emphasis", text: "b" },
      ],
    ],
    ["2 * 3 * 4", [{ kind: "text", text: "2 * 3 * 4" }]],
    ["[T](https://a.example/x)", [{ kind: "link", text: "T", href: "https://a.example/x" }]],
    ["<https://a.example/>", [{ kind: "link", text: "https://a.example/", href: "https://a.example/" }]],
    ["\\\\host\\share", [{ kind: "text", text: "\\\\host\\share" }]],
  ])("%s", (text, pieces) => {
    expect(parseInline(text)).toEqual(pieces);
  });

  test.each([
    "javascript:alert(1)",
    "JAVASCRIPT:alert`1`",
    "data:text/html,x",
    "//a.example/",
    "file:///etc/passwd",
    "https://user:pw@a.example/",
    "https://a.example/<b>",
    "http://",
    "vbscript:x",
    "https:a.example",
    " https://a.example/",
  ])("%s is no link", (target) => {
    expect(webAddress(target)).toBeUndefined();
    const pieces = parseInline(`[x](${target})`);
    expect(pieces.filter(({ kind }) => kind === "link")).toEqual([]);
  });

  test("text without marks is kept as it is", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        fc.pre(!/[`*[\]<>]/.test(text));
        expect(plainText(parseInline(text))).toBe(text);
      }),
    );
  });

  test("a long line of marks is read in linear time", () => {
    for (const mark of ["[", "*a", "`", "**", "[a](", "<https://"]) {
      const start = performance.now();
      parseInline(mark.repeat(20_000));
      expect(performance.now() - start, mark).toBeLessThan(2000);
    }
  });
});
