/** Markdown of our own content → blocks. A small subset, no HTML: what is not understood stays text. */

/** A piece of a line. A link leads to http or https only. */
export type Inline =
  | { readonly kind: "text" | "code" | "strong" | "emphasis"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string };

/** A line of text with its place, so that an error can show it. */
export interface ProseLine {
  readonly content: readonly Inline[];
  readonly line: number;
}

export type Block =
  | {
      readonly kind: "heading";
      readonly level: number;
      readonly content: readonly Inline[];
      readonly line: number;
    }
  | { readonly kind: "paragraph"; readonly content: readonly Inline[]; readonly line: number }
  | {
      readonly kind: "list";
      readonly ordered: boolean;
      readonly items: readonly ProseLine[];
      readonly line: number;
    }
  | { readonly kind: "code"; readonly text: string; readonly line: number };

const HEADING = /^(#{1,6}) +(.+?) *#*$/;
const ITEM = /^(?:([-*])|(\d{1,3})[.)]) +(.*)$/;
const FENCE = /^```/;

/**
 * Reads Markdown: headings, paragraphs, flat lists, fenced code, code spans, strong, emphasis, links.
 * Units: `firstLine` is the one-based number of the text's first line in its file.
 */
export function parseProse(text: string, firstLine = 1): readonly Block[] {
  const blocks: Block[] = [];
  const lines = text.split(/\r?\n/);
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    if (line.trim() === "") {
      at++;
      continue;
    }
    const [block, next] = blockAt(lines, at, firstLine + at);
    blocks.push(block);
    at = next;
  }
  return blocks;
}

function blockAt(lines: readonly string[], at: number, line: number): [Block, number] {
  const first = lines[at] ?? "";
  const heading = HEADING.exec(first);
  if (heading !== null) {
    const [, marks = "", title = ""] = heading;
    return [{ kind: "heading", level: marks.length, content: parseInline(title), line }, at + 1];
  }
  if (FENCE.test(first)) return codeAt(lines, at, line);
  if (ITEM.test(first)) return listAt(lines, at, line);
  const end = endOf(lines, at + 1, (text) => HEADING.test(text) || FENCE.test(text) || ITEM.test(text));
  return [{ kind: "paragraph", content: parseInline(joinLines(lines.slice(at, end))), line }, end];
}

function codeAt(lines: readonly string[], at: number, line: number): [Block, number] {
  const close = lines.findIndex((text, index) => index > at && FENCE.test(text));
  const end = close < 0 ? lines.length : close;
  return [{ kind: "code", text: lines.slice(at + 1, end).join("\n"), line }, end + 1];
}

function listAt(lines: readonly string[], start: number, line: number): [Block, number] {
  const ordered = ITEM.exec(lines[start] ?? "")?.[2] !== undefined;
  const items: ProseLine[] = [];
  let at = start;
  for (;;) {
    const item = ITEM.exec(lines[at] ?? "");
    if (item === null || (item[2] !== undefined) !== ordered) break;
    const end = endOf(lines, at + 1, (text) => HEADING.test(text) || FENCE.test(text) || ITEM.test(text));
    const text = joinLines([item[3] ?? "", ...lines.slice(at + 1, end)]);
    items.push({ content: parseInline(text), line: line + at - start });
    at = end;
    while (lines[at]?.trim() === "" && ITEM.test(lines[at + 1] ?? "")) at++;
  }
  return [{ kind: "list", ordered, items, line }, at];
}

/** The first line from `at` on that is blank or begins another block. */
function endOf(lines: readonly string[], at: number, begins: (text: string) => boolean): number {
  let end = at;
  while (end < lines.length && (lines[end] ?? "").trim() !== "" && !begins(lines[end] ?? "")) end++;
  return end;
}

function joinLines(lines: readonly string[]): string {
  return lines.map((line) => line.trim()).join(" ");
}

// Every branch takes at least one mark and stops at the next one, so that the search stays linear.
const MARKED =
  /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*\s][^*]*)\*|\[([^[\]]+)\]\(([^()\s]+)\)|<(https?:\/\/[^<>\s]+)>/g;

/** Reads the marks within a line. */
export function parseInline(text: string): readonly Inline[] {
  const pieces: Inline[] = [];
  const say = (plain: string): void => {
    if (plain !== "") pieces.push({ kind: "text", text: plain });
  };
  let last = 0;
  for (const match of text.matchAll(MARKED)) {
    const piece = marked(match);
    if (piece === undefined) continue;
    say(text.slice(last, match.index));
    pieces.push(piece);
    last = match.index + match[0].length;
  }
  say(text.slice(last));
  return pieces;
}

function marked([, code, strong, emphasis, label, target, address]: RegExpMatchArray): Inline | undefined {
  if (code !== undefined) return { kind: "code", text: code };
  if (strong !== undefined) return { kind: "strong", text: strong };
  if (emphasis !== undefined) return { kind: "emphasis", text: emphasis };
  const href = webAddress(address ?? target ?? "");
  return href === undefined ? undefined : { kind: "link", text: label ?? href, href };
}

/** An address that is safe to link to: absolute, http or https, without a user name; undefined for any other. */
export function webAddress(text: string): string | undefined {
  if (!/^https?:\/\/[^\s<>"'`\\]+$/i.test(text) || !URL.canParse(text)) return undefined;
  const { username, password } = new URL(text);
  return username === "" && password === "" ? text : undefined;
}

/** The words of a line without its marks. */
export function plainText(content: readonly Inline[]): string {
  return content.map(({ text }) => text).join("");
}
