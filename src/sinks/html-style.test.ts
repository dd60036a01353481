/** The colours of the HTML report: readable in light and in dark. */
import { describe, expect, test } from "vitest";
import { STYLE } from "./html-style.ts";

const BLOCKS = [...STYLE.html.matchAll(/:root \{([^}]*--bg[^}]*)\}/g)].map((match) => match[1] ?? "");
const SCHEMES = ["light", "dark"].map((scheme, at) => ({
  scheme,
  colors: new Map(
    [...(BLOCKS[at] ?? "").matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [
      name ?? "",
      value ?? "",
    ]),
  ),
}));

/** Source: WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const TEXTS = [
  "text",
  "dim",
  "link",
  "transferred",
  "authenticated",
  "established",
  "attempted",
  "blocked",
  "unknown",
  "critical",
  "high",
  "medium",
  "low",
  "info",
];

describe.each(SCHEMES)("in $scheme", ({ colors }) => {
  const color = (name: string): string => colors.get(name) ?? "#000000";

  test("every colour is declared", () => {
    expect(TEXTS.filter((name) => !colors.has(name))).toEqual([]);
  });

  test.each(TEXTS)("%s is readable on the page and on a panel", (name) => {
    expect(contrast(color(name), color("bg"))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(color(name), color("panel"))).toBeGreaterThanOrEqual(4.5);
  });

  test("a warning is readable on its ground", () => {
    expect(contrast(color("warn"), color("warn-bg"))).toBeGreaterThanOrEqual(4.5);
  });
});

test("nothing is loaded from elsewhere", () => {
  expect(STYLE.html).not.toMatch(/url\(|@import|@font-face|https?:/);
});
