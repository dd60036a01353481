/** The plain reader: what it reads is what a full parser makes of it, and all else it leaves alone. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { readPlainYaml } from "./site-plain-yaml.ts";

/** What a full parser makes of a text; undefined for what is not YAML. */
function byYaml(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false });
  return document.errors.length > 0 ? undefined : (document.toJS() as unknown);
}

const SITE = `---
# Ours
internal:
  - 11.22.33.0/24   # Berlin
  - "2001:67c::/32"
  - fd00::/8

internal_only: false
zones:
  panos-csv: Europe/Berlin
  "*.log": 'UTC'
exceptions:
- id: EX-1
  source: [10.0.0.1, 10.0.0.2-10.0.0.9]
  port: 445
  reason: Backup to a partner, agreed: no end #1
  created: 2026-01-01
-   id: EX-2
    domain:
    - files.example.com
`;

test.each([
  ["a site file", SITE.replace("agreed: no", "agreed; no")],
  ["line ends of Windows", "internal:\r\n  - 10.0.0.0/8\r\nnat64: []\r\n"],
  [
    "a text that looks like a date, an address or a version",
    "a: 2026-01-01\nb: 10.0.0.1\nc: 1.2.3\nd: fd00::1\n",
  ],
])("%s is read as a full parser reads it", (_, text) => {
  expect(readPlainYaml(text)).toEqual(byYaml(text));
  expect(byYaml(text)).toBeDefined();
});

test.each([
  ["nothing", ""],
  ["a list", "- a\n"],
  ["a text", "a\n"],
  ["a colon and a blank in a text", SITE],
  ["a tab", "a:\tb\n"],
  ["an alias", "a: &x b\nc: *x\n"],
  ["a tag", "a: !!str 1\n"],
  ["a folded text", "a: >\n  b\n"],
  ["a text that goes on", "a: b\n  c\n"],
  ["a quoted text that goes on", 'a: "b\n  c"\n'],
  ["an escape", 'a: "\\t"\n'],
  ["a flow mapping", "a: { b: c }\n"],
  ["a flow list over several lines", "a: [b,\n  c]\n"],
  ["a key without a value", "a:\n"],
  ["a key twice", "a: b\na: c\n"],
  ["a key that is no text", "true: b\n"],
  ["null", "a: null\n"],
  ["a number with a point", "a: 1.0\n"],
  ["a number of another base", "a: 0x10\n"],
  ["a number with zeros in front", "a: 007\n"],
  ["a second document", "a: b\n---\nc: d\n"],
  ["a line too far left", "a:\n    b: c\n  d: e\n"],
  ["a line too far right", "a: b\n  c: d\n"],
])("%s is left to a full parser", (_, text) => {
  expect(readPlainYaml(text)).toBeUndefined();
});

test("whatever is read is what a full parser makes of it", () => {
  const pieces = [
    ..."abz019 :-#,.[]{}'\"\n\n\n~|>&*!%@`?\\/+_=()é\t\r".split(""),
    ..."  |    |\n  |\n    |: |:\n|- |\n- |\n  - | #|---\n|null|true|0x1|1e3|.inf|a: b|key:|'a'|\"b\"|[a, 1]|445|-5|__proto__".split(
      "|",
    ),
  ];
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(""));
  const line = fc.tuple(
    fc.constantFrom("", "", "  ", "    ", "- ", "  - "),
    fc.constantFrom("a", "b", "'c'", '"d"', "e e", "1", "-"),
    fc.constantFrom(": ", ": ", ":", "", " :"),
    text,
  );
  const lines = fc.array(
    line.map((parts) => parts.join("")),
    { minLength: 1, maxLength: 6 },
  );
  let read = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        lines.map((all) => all.join("\n")),
        text.map((value) => `a: ${value}`),
      ),
      (yaml) => {
        const plain = readPlainYaml(yaml);
        if (plain === undefined) return;
        read++;
        expect(plain).toEqual(byYaml(yaml));
      },
    ),
    { numRuns: 20_000 },
  );
  expect(read).toBeGreaterThan(500);
});
