/** Reading advisories: what is taken, and that each mistake is named with its line. */
import { expect, test } from "vitest";
import { SallyportError } from "../errors.ts";
import { pointsOf, tacticsOf } from "./advisory.ts";
import { parseAdvisory } from "./parse-advisory.ts";
import { plainText } from "./prose.ts";

const TEXT = `---
id: test-advisory
title: A test
severity: high
published: 2026-11-20
updated: 2026-11-21
summary: One sentence.
techniques:
  - {id: T1187, name: Forced Authentication, tactics: [credential-access]}
  - {id: T1557.001, name: Relay, tactics: [credential-access, collection]}
detections:
  - {rule: SP-01, name: Outbound SMB, sees: the connection}
references:
  - {title: ATT&CK, url: 'https://attack.mitre.org/'}
---

## Summary

What it is.

## Attack chain

1. First.
2. Second.

## Impact

Bad.

## Recommendations

- Shut \`445\`.
`;

test("an advisory is read with its sections", () => {
  const advisory = parseAdvisory(TEXT, "a.md");
  expect(advisory).toMatchObject({
    id: "test-advisory",
    severity: "high",
    cves: [],
    sources: [],
    file: "a.md",
  });
  expect(pointsOf(advisory, "Attack chain").map(plainText)).toEqual(["First.", "Second."]);
  expect(pointsOf(advisory, "Recommendations").map(plainText)).toEqual(["Shut 445."]);
  expect(tacticsOf(advisory)).toEqual(["credential-access", "collection"]);
});

test("a byte order mark and Windows line ends do not matter", () => {
  expect(parseAdvisory(`\uFEFF${TEXT.replaceAll("\n", "\r\n")}`, "a.md").title).toBe("A test");
});

test.each([
  ["no front matter", TEXT.slice(4), 1, /front matter/],
  ["an unknown severity", TEXT.replace("severity: high", "severity: urgent"), 4, /severity/],
  ["an unknown key", TEXT.replace("severity: high", "severity: high\nlevel: 3"), 2, /level/],
  ["an impossible day", TEXT.replace("2026-11-20", "2026-02-30"), 5, /published/],
  [
    "an update before the publishing",
    TEXT.replace("updated: 2026-11-21", "updated: 2026-11-19"),
    6,
    /before/,
  ],
  ["a technique that is none", TEXT.replace("T1187", "1187"), 9, /techniques\.0\.id/],
  [
    "a reference to a script",
    TEXT.replace("https://attack.mitre.org/", "javascript:1"),
    14,
    /references\.0\.url/,
  ],
  ["broken YAML", TEXT.replace("severity: high", "severity: [high"), 5, /./],
  ["an unknown section", TEXT.replace("## Impact", "## Consequences"), 26, /Consequences/],
  ["a section twice", `${TEXT}\n## Impact\n\nAgain.\n`, 34, /twice/],
  ["an empty section", TEXT.replace("Bad.\n", ""), undefined, /Impact/],
  [
    "an attack chain without numbers",
    TEXT.replace("1. First.\n2. Second.", "First, second."),
    23,
    /numbered/,
  ],
  ["recommendations without points", TEXT.replace("- Shut", "Shut"), 32, /points/],
  ["text before the first section", TEXT.replace("\n## Summary", "\nHello.\n\n## Summary"), 17, /before/],
])("%s is refused, with its line", (_, text, line, message) => {
  expect(text).not.toBe(TEXT);
  const error = failureOf(() => parseAdvisory(text, "a.md"));
  expect(error).toMatchObject({ code: "content_invalid", at: { file: "a.md" } });
  expect(error.message).toMatch(message);
  if (line !== undefined) expect(error.at?.line).toBe(line);
});

function failureOf(run: () => unknown): SallyportError {
  try {
    run();
  } catch (error) {
    if (error instanceof SallyportError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
