/** Text patterns on their way into a dialect: dashes spelt out, members of comma lists, tests on known words. */
import { DASHES, literalOf, type TextPart, type TextPattern } from "../sigma/text-pattern.ts";

const ANY: TextPart = { kind: "any" };

/** Dashes multiply by five each; more than this many texts would be no readable query. */
const MOST_TEXTS = 25;

/** Spells out dashes that stand for each other; undefined where that gives too many texts. */
export function withoutDashes(pattern: TextPattern): readonly TextPattern[] | undefined {
  let texts: TextPart[][] = [[]];
  for (const part of pattern) {
    const next =
      part.kind === "dash" ? Array.from(DASHES, (text): TextPart => ({ kind: "literal", text })) : [part];
    texts = texts.flatMap((text) => next.map((piece) => [...text, piece]));
    if (texts.length > MOST_TEXTS) return undefined;
  }
  return texts.map(joined);
}

/** Tells whether a word as a whole fits a pattern; both are lower case. */
export function patternMatches(pattern: TextPattern, word: string): boolean {
  const parts = pattern.map((part) => {
    if (part.kind === "literal") return part.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    if (part.kind === "dash") return `[${DASHES.replace("-", "\\-")}]`;
    return part.kind === "any" ? ".*" : ".";
  });
  return new RegExp(`^${parts.join("")}$`, "us").test(word);
}

/**
 * A member of a comma list such as gssapi,smb,ntlm: alone, first, last, or between others.
 * Shape: the pattern alone where it has a blank, which no such list holds.
 */
export function memberPatterns(pattern: TextPattern): readonly TextPattern[] {
  const isSpaced = pattern.some((part) => part.kind === "literal" && /\s/.test(part.text));
  if (isSpaced) return [pattern];
  const comma: TextPart = { kind: "literal", text: "," };
  // What ends in any text also ends in a comma and any text.
  const open = pattern.at(-1)?.kind === "any";
  const last = joined([ANY, comma, ...pattern]);
  return open
    ? [pattern, last]
    : [pattern, joined([...pattern, comma, ANY]), last, joined([ANY, comma, ...pattern, comma, ANY])];
}

/** Tells whether a pattern stands for one text only. */
export function isLiteral(pattern: TextPattern): boolean {
  return literalOf(pattern) !== undefined;
}

/** Neighbouring pieces of fixed text become one. */
function joined(parts: readonly TextPart[]): TextPattern {
  const pattern: TextPart[] = [];
  for (const part of parts) {
    const before = pattern.at(-1);
    if (part.kind === "literal" && before?.kind === "literal")
      pattern[pattern.length - 1] = { kind: "literal", text: before.text + part.text };
    else pattern.push(part);
  }
  return pattern;
}
