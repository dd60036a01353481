/** Inert values: nothing from a log steers a terminal, a browser, a spreadsheet or a ticket. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  csvCell,
  htmlText,
  inertText,
  jsonText,
  markdownCode,
  markdownProse,
  markdownText,
} from "./inert.ts";

const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u;
const anyText = fc.string({ unit: "binary" });

describe("text for a terminal", () => {
  test.each([
    ["plain text stays", "10.1.2.3 → dns.google", "10.1.2.3 → dns.google"],
    ["an escape sequence is shown", "\u001b[31mred", "\\x1b[31mred"],
    ["the one-byte control sequence introducer is shown", "\u009b31m", "\\x9b31m"],
    ["line ends and tabs are shown", "a\r\nb\tc", "a\\r\\nb\\tc"],
    ["a right-to-left override is shown", "user\u202egpj.exe", "user\\u{202e}gpj.exe"],
    ["an isolate is shown", "\u2066x\u2069", "\\u{2066}x\\u{2069}"],
    ["zero-width characters are shown", "a\u200bb\ufeff", "a\\u{200b}b\\u{feff}"],
    ["a tag character beyond the first plane is shown", "a\u{e0041}", "a\\u{e0041}"],
    ["a lone surrogate is shown", "a\ud800", "a\\u{d800}"],
    ["letters of other scripts and combining marks stay", "日本 e\u0301", "日本 e\u0301"],
  ])("%s", (_, value, shown) => {
    expect(inertText(value)).toBe(shown);
  });

  test("no text leaves anything unseen", () => {
    fc.assert(fc.property(anyText, (text) => !UNSEEN.test(inertText(text))));
  });
});

describe("HTML", () => {
  test("markup and both kinds of quotes are escaped", () => {
    expect(htmlText(`<a href="x" b='y'>&`)).toBe("&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;");
  });

  test("no text can open a tag, leave an attribute or begin a reference of its own", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const html = htmlText(text);
        return !/[<>"']/.test(html) && !/&(?!(amp|lt|gt|quot|#39);)/.test(html);
      }),
    );
  });
});

describe("CSV cells", () => {
  test.each([
    ["=1+1", "'=1+1"],
    ["+cmd", "'+cmd"],
    ["-2+3", "'-2+3"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\\t=1"],
    ["\r=1", "'\\r=1"],
    ["＝1+1", "'＝1+1"],
    ["-5", "-5"],
    ["+4.5", "+4.5"],
    [-5, "-5"],
    [0, "0"],
    [null, ""],
    [undefined, ""],
    [true, "true"],
    ['say "hi", now', '"say ""hi"", now"'],
    ["a;b", '"a;b"'],
    ["two\nlines", "two\\nlines"],
  ])("%j is written %j", (value, cell) => {
    expect(csvCell(value)).toBe(cell);
  });

  test("no text becomes a formula or breaks its row", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const cell = csvCell(text);
        const content = cell.startsWith('"') ? cell.slice(1) : cell;
        return (!/^[=+\-@]/.test(content) || /^[+-]\d+(\.\d+)?$/.test(content)) && !/[\r\n]/.test(cell);
      }),
    );
  });
});

describe("JSON", () => {
  test("controls that JSON lets through are escaped", () => {
    expect(jsonText("\u009b\u202e\u{e0041}")).toBe('"\\u009b\\u202e\\udb40\\udc41"');
  });

  test("every value parses back equal, and nothing in it is unseen", () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const text = jsonText(value);
        expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value));
        expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe("Markdown", () => {
  test.each([
    [
      "plain words stay",
      "10.1.2.3 sent 9.0 kB to 8.8.8.8, then stopped.",
      "10.1.2.3 sent 9.0 kB to 8.8.8.8, then stopped.",
    ],
    ["a tag becomes code", "a <script> b", "a `<script>` b"],
    ["a mention becomes code", "ask @everyone", "ask `@everyone`"],
    ["an issue number becomes code", "see #12", "see `#12`"],
    ["a link becomes code", "at http://x.example/ now", "at `http://x.example/` now"],
    ["a www name becomes code", "www.example.com", "`www.example.com`"],
    ["emphasis becomes code", "a_b_ *c*", "`a_b_` `*c*`"],
    ["a list mark at the start becomes code", "1. first", "`1.` first"],
    ["backticks are fenced by more of them", "a`b", "`` a`b ``".replace(" a", "a").replace("b ", "b")],
  ])("%s", (_, value, shown) => {
    expect(markdownText(value)).toBe(shown);
  });

  test("a pipe in a table cell is escaped, also after a backslash", () => {
    expect(markdownCode("a|b", true)).toBe("`a\\|b`");
    expect(markdownCode("a\\|b", true)).toBe("`a\\\\u{7c}b`");
  });

  test("code that begins or ends with a backtick is set apart from its fence", () => {
    expect(markdownCode("`x`")).toBe("`` `x` ``");
  });

  test("backticks in a guide stay code", () => {
    expect(markdownProse("Run `Get-SmbConnection -x` (as <admin>).")).toBe(
      "Run `Get-SmbConnection -x` `(as` `<admin>).`".replace("`(as`", "(as"),
    );
  });
});
