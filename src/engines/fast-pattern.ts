/** Text patterns as closures: the usual shapes by string search, the others piece by piece between the stars. */
import { DASHES, type TextPart, type TextPattern } from "../sigma/text-pattern.ts";

export type TextTest = (text: string) => boolean;

/** Compiles a pattern that a text as a whole must fit. */
export function compilePattern(pattern: TextPattern): TextTest {
  const isPlain = pattern.every((part) => part.kind === "any" || part.kind === "literal");
  if (!isPlain) return compilePieces(pattern);
  const shape = pattern.map((part) => part.kind).join(" ");
  const texts = pattern.flatMap((part) => (part.kind === "literal" ? [part.text] : []));
  const [first = ""] = texts;
  switch (shape) {
    case "":
    case "literal":
      return (text) => text === first;
    case "any":
      return () => true;
    case "any literal any":
      return (text) => text.includes(first);
    case "literal any":
      return (text) => text.startsWith(first);
    case "any literal":
      return (text) => text.endsWith(first);
    default:
      return compilePieces(pattern);
  }
}

/** A character that must be there, or the set it must be in, or undefined for any. */
type Want = string | undefined;

/**
 * Between two stars the leftmost fit is as good as any other, so each piece is looked for once, in order;
 * the first is held to the beginning and the last to the end.
 */
function compilePieces(pattern: TextPattern): TextTest {
  const pieces = splitAtAny(pattern);
  const head = pieces[0] ?? [];
  const tail = pieces.at(-1) ?? [];
  const middle = pieces.slice(1, -1);
  if (pieces.length === 1) {
    return (text) => {
      const chars = Array.from(text);
      return chars.length === head.length && fitsAt(chars, 0, head);
    };
  }
  return (text) => {
    const chars = Array.from(text);
    const end = chars.length - tail.length;
    if (end < head.length || !fitsAt(chars, 0, head) || !fitsAt(chars, end, tail)) return false;
    let at = head.length;
    for (const piece of middle) {
      while (at + piece.length <= end && !fitsAt(chars, at, piece)) at++;
      if (at + piece.length > end) return false;
      at += piece.length;
    }
    return true;
  };
}

function splitAtAny(pattern: TextPattern): readonly (readonly Want[])[] {
  const pieces: Want[][] = [[]];
  for (const part of pattern) {
    if (part.kind === "any") pieces.push([]);
    else pieces.at(-1)?.push(...wantsOf(part));
  }
  return pieces;
}

function wantsOf(part: Exclude<TextPart, { kind: "any" }>): readonly Want[] {
  if (part.kind === "literal") return Array.from(part.text);
  return [part.kind === "dash" ? DASHES : undefined];
}

function fitsAt(chars: readonly string[], at: number, piece: readonly Want[]): boolean {
  return piece.every((want, place) => {
    const char = chars[at + place];
    if (char === undefined) return false;
    return want === undefined || want === char || (want === DASHES && DASHES.includes(char));
  });
}
