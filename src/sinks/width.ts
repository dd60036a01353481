/** How wide text is on a terminal, and how to make it fit. Text must be inert already. */

/** Characters that take two columns. Source: Unicode UAX #11, East Asian Wide and Fullwidth, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
/** Characters that take none: combining marks. */
const ZERO = /\p{M}/u;
const ASCII = /^[\x20-\x7e]*$/;

function columnsOf(character: string): number {
  if (ZERO.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** The columns that a text takes. */
export function textWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += columnsOf(character);
  return columns;
}

/** Cuts a text to at most `width` columns; what was cut is marked by …. */
export function truncate(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let [kept, columns] = ["", 0];
  for (const character of text) {
    columns += columnsOf(character);
    if (columns > width - 1) break;
    kept += character;
  }
  return width < 1 ? "" : `${kept}…`;
}

/** Fills a text with blanks up to `width` columns; longer text stays. */
export function pad(text: string, width: number, side: "left" | "right" = "right"): string {
  const blanks = " ".repeat(Math.max(0, width - textWidth(text)));
  return side === "right" ? text + blanks : blanks + text;
}

/** Breaks a text into lines of at most `width` columns, at blanks; a longer word keeps its own line whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  return lines;
}

/** Breaks a text like `wrap`; the first line begins with `label`, the others are indented as far. */
export function hang(label: string, text: string, width: number): string[] {
  const indent = textWidth(label);
  return wrap(text, Math.max(20, width - indent)).map(
    (line, at) => (at === 0 ? label : " ".repeat(indent)) + line,
  );
}
