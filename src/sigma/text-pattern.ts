/** Text patterns: what Sigma's wildcards, dashes and encodings turn a value into. */

/** A piece of a pattern: fixed text, any text (`*`), one character (`?`), or one of the dashes. */
export type TextPart =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "any" }
  | { readonly kind: "one" }
  | { readonly kind: "dash" };

export type TextPattern = readonly TextPart[];

/** The characters that `windash` makes one. Source: Sigma modifiers appendix 2.1.0. */
export const DASHES = "-/\u2013\u2014\u2015";

const ANY: TextPart = { kind: "any" };

/** Reads a value with `*`, `?` and backslash escapes. A backslash before anything else is a backslash. */
export function parsePattern(text: string): TextPattern {
  const parts: TextPart[] = [];
  let literal = "";
  const close = (): void => {
    if (literal !== "") parts.push({ kind: "literal", text: literal });
    literal = "";
  };
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (char === "\\" && next !== "" && "\\*?".includes(next)) {
      literal += next;
      at++;
    } else if (char === "*" || char === "?") {
      close();
      if (char === "?") parts.push({ kind: "one" });
      else if (parts.at(-1)?.kind !== "any") parts.push(ANY);
    } else literal += char;
  }
  close();
  return parts;
}

/** The fixed text of a pattern without wildcards; undefined for one that has some. */
export function literalOf(pattern: TextPattern): string | undefined {
  if (pattern.length === 0) return "";
  const [only] = pattern;
  return pattern.length === 1 && only?.kind === "literal" ? only.text : undefined;
}

/** Makes a pattern of fixed text. */
export function literalPattern(text: string): TextPattern {
  return text === "" ? [] : [{ kind: "literal", text }];
}

/** Puts "any text" before, behind, or around a pattern. */
export function placed(pattern: TextPattern, place: "contains" | "startswith" | "endswith"): TextPattern {
  const before = place !== "startswith" && pattern[0]?.kind !== "any" ? [ANY] : [];
  const behind = place !== "endswith" && pattern.at(-1)?.kind !== "any" ? [ANY] : [];
  return pattern.length === 0 ? [ANY] : [...before, ...pattern, ...behind];
}

/** Lets each dash that does not follow a letter or digit stand for all of them. */
export function withDashes(pattern: TextPattern): TextPattern {
  const parts: TextPart[] = [];
  for (const part of pattern) {
    if (part.kind === "literal") parts.push(...splitAtDashes(part.text));
    else parts.push(part);
  }
  return parts;
}

function splitAtDashes(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (!DASHES.includes(text.charAt(at)) || /\w/.test(text.charAt(at - 1))) continue;
    if (at > from) parts.push({ kind: "literal", text: text.slice(from, at) });
    parts.push({ kind: "dash" });
    from = at + 1;
  }
  if (from < text.length) parts.push({ kind: "literal", text: text.slice(from) });
  return parts;
}

/** The ways UTF-16 bytes can be asked for; `wide` is `utf16le`, `utf16` has a byte order mark. */
export type Utf16Form = "wide" | "utf16" | "utf16le" | "utf16be";

/** The bytes of a text: UTF-8, or a form of UTF-16. */
export function bytesOf(text: string, form?: Utf16Form): Uint8Array {
  if (form === undefined) return new TextEncoder().encode(text);
  const marked = form === "utf16" ? `\uFEFF${text}` : text;
  const view = new DataView(new ArrayBuffer(marked.length * 2));
  for (let at = 0; at < marked.length; at++)
    view.setUint16(at * 2, marked.charCodeAt(at), form !== "utf16be");
  return new Uint8Array(view.buffer);
}

/** Base64 of bytes. */
export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/**
 * The three texts that bytes can become inside longer Base64, by their place modulo three; the characters
 * that depend on the neighbours are cut off.
 */
export function base64Offsets(bytes: Uint8Array): readonly string[] {
  return [0, 1, 2].map((shift) => {
    const shifted = new Uint8Array(shift + bytes.length);
    shifted.set(bytes, shift);
    const text = base64(shifted).replace(/=+$/, "");
    const from = Math.ceil((shift * 8) / 6);
    const whole = Math.floor((shifted.length * 8) / 6);
    return text.slice(from, whole);
  });
}
