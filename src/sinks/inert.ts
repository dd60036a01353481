/**
 * Makes values from logs inert: whoever writes the log must not steer a terminal, a browser, a spreadsheet or a
 * ticket system. What is taken out stays visible, as an escape.
 */

const PLAIN = /^[\x20-\x7e]*$/;

/**
 * What a reader cannot see, or what moves other text: controls (C0, C1, and so every terminal escape sequence),
 * bidirectional overrides, zero-width and other ignorable characters, line separators, lone surrogates.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return SHORT[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`);
}

/**
 * A value on one line, without anything unseen.
 * Shape: a newline becomes `\n`, ESC `\x1b`, U+202E `\u{202e}`.
 */
export function inertText(value: string): string {
  return PLAIN.test(value) ? value : value.replace(UNSEEN, visible);
}

/** A value as HTML text, and as the content of a double-quoted attribute. */
export function htmlText(value: string): string {
  return inertText(value)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Characters that begin a formula in a spreadsheet, their full-width forms included. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/**
 * One cell of a CSV row (RFC 4180).
 * Shape: text that a spreadsheet would run as a formula gets a leading apostrophe; plain numbers stay.
 * Source: OWASP, "CSV Injection".
 */
export function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? value : String(value);
  const safe = inertText(FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text);
  return /[",;]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What JSON allows in a string as it is, but a terminal may obey or a reader cannot see. */
const JSON_UNSEEN =
  /[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g;

/** A value as JSON that parses back equal, with everything unseen escaped. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(JSON_UNSEEN, (found) =>
    Array.from(
      { length: found.length },
      (_, at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/**
 * A value as a Markdown code span, where neither markup, nor links, nor mentions work.
 * Shape: `inTable` also keeps `|` from ending the cell. Empty values give a dash.
 */
export function markdownCode(value: string, inTable = false): string {
  const text = inTable ? escapePipes(inertText(value)) : inertText(value);
  if (text === "") return "–";
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = /^[` ]|[` ]$/.test(text) ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

// GFM reads `\\|` as an escaped backslash and a cell border, so a pipe after a backslash cannot be escaped.
function escapePipes(text: string): string {
  return text.replace(/(\\?)\|/g, (_, slash: string) => (slash === "" ? "\\|" : "\\\\u{7c}"));
}

/** A word of prose that no Markdown dialect reads as markup, link or mention. */
const PROSE_WORD = /^["'(]*[\p{L}\p{N}][\p{L}\p{M}\p{N}.,:;%()'’"–×=→…!?+/-]*$/u;
const LINK_LIKE = /\/\/|^["'(]*www\./i;
const PROSE_MARK = /^([-–—/→×=(]|[.,:;)?!]+)$/;
const LIST_MARK = /^(\d{1,9}[.)]|[-+=]+)$/;

/** A sentence as Markdown: plain words stay, every word that could be markup becomes a code span. */
export function markdownText(value: string, inTable = false): string {
  return inertText(value).replace(/[^ ]+/g, (word, offset: number) =>
    isProse(word, offset === 0) ? word : markdownCode(word, inTable),
  );
}

function isProse(word: string, first: boolean): boolean {
  if (first && LIST_MARK.test(word)) return false;
  return PROSE_MARK.test(word) || (PROSE_WORD.test(word) && !LINK_LIKE.test(word));
}

/** A sentence of a guide as its plain parts and its parts in backticks. */
export function proseParts(value: string): { readonly text: string; readonly code: boolean }[] {
  return value
    .split(/`([^`]+)`/)
    .map((text, at) => ({ text, code: at % 2 === 1 }))
    .filter(({ text }) => text !== "");
}

/** A sentence of a guide as Markdown; parts in backticks stay code. */
export function markdownProse(value: string): string {
  return proseParts(value)
    .map(({ text, code }) => (code ? markdownCode(text) : markdownText(text)))
    .reduce((before, part) => before + (before.endsWith("`") && part.startsWith("`") ? " " : "") + part, "")
    .trim();
}
