/** HTML by template: every value put into a template is escaped, so that no log value can be markup. */
import { htmlText, proseParts } from "./inert.ts";

/** HTML that is safe to write. Made only by `markup`. */
export interface Markup {
  readonly html: string;
}

export type MarkupValue = string | number | null | undefined | false | Markup | readonly MarkupValue[];

/** A template of HTML. Lists are joined; null, undefined and false give nothing. Attributes must be in double quotes. */
export function markup(strings: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return { html: strings.reduce((html, text, at) => html + toHtml(values[at - 1]) + text) };
}

function toHtml(value: MarkupValue): string {
  if (value === null || value === undefined || value === false) return "";
  if (typeof value === "string") return htmlText(value);
  if (typeof value === "number") return String(value);
  return "html" in value ? value.html : value.map(toHtml).join("");
}

/** Several pieces, one after the other. */
export function joined(pieces: readonly Markup[], between: Markup = markup``): Markup {
  return { html: pieces.map((piece) => piece.html).join(between.html) };
}

/** Text of several lines, to stand in a pre element: within one value a newline would be made visible instead. */
export function linesMarkup(text: string): Markup {
  return joined(
    text.split("\n").map((line) => markup`${line}`),
    markup`\n`,
  );
}

/** A sentence of a guide; parts in backticks become code. */
export function prose(text: string): Markup {
  return joined(
    proseParts(text).map((part) => (part.code ? markup`<code>${part.text}</code>` : markup`${part.text}`)),
  );
}

/** A column of a table: its title, and whether it holds numbers. */
export interface Column {
  readonly title: string;
  readonly number?: boolean;
}

/** A table with a caption, in a box that scrolls sideways by itself; the first cell of each row is its header. */
export function tableMarkup(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly MarkupValue[])[],
): Markup {
  const cls = (at: number): Markup | false => columns[at]?.number === true && markup` class="n"`;
  const head = columns.map((column, at) => markup`<th scope="col"${cls(at)}>${column.title}</th>`);
  const body = rows.map(
    (row) =>
      markup`<tr>${row.map((cell, at) => (at === 0 ? markup`<th scope="row"${cls(at)}>${cell}</th>` : markup`<td${cls(at)}>${cell}</td>`))}</tr>\n`,
  );
  // Many columns need room of their own before they scroll; on paper they take what there is.
  const size = columns.length >= 8 ? "widest" : columns.length >= 5 ? "wide" : "narrow";
  return markup`<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table class="${size}"><caption>${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table></div>
`;
}
