/** Phrases: a query spelt in a dialect's own words, and how it is laid out in lines. */
import type { Rule } from "../sigma/rule.ts";
import { refuse } from "./dialect.ts";
import type { Query, QueryTest } from "./query.ts";

/** A piece of a dialect's text. A list may be broken between its items. */
export type Phrase =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "list";
      readonly head: string;
      readonly items: readonly string[];
      readonly separator: string;
      readonly tail: string;
    }
  | { readonly kind: "and" | "or"; readonly items: readonly Phrase[] }
  | { readonly kind: "not"; readonly item: Phrase };

/** How a dialect spells what cannot be taken apart further. */
export interface Spelling {
  readonly words: Readonly<Record<"and" | "or" | "not", string>>;
  test(test: QueryTest): Phrase;
  /** A field that is not there. */
  absent(field: QueryTest["field"]): Phrase;
}

/** Spells a query. Errors: rule_unsupported for one that is met by everything or by nothing. */
export function spell(query: Query, spelling: Spelling, rule: Rule): Phrase {
  switch (query.kind) {
    case "always":
      return refuse(rule, "every record would meet it");
    case "never":
      return refuse(rule, "no record could meet it");
    case "and":
    case "or":
      return joinPhrases(
        query.kind,
        query.items.map((item) => spell(item, spelling, rule)),
      );
    case "not":
      if (query.item.kind === "present") return spelling.absent(query.item.field);
      return { kind: "not", item: spell(query.item, spelling, rule) };
    default:
      return spelling.test(query);
  }
}

/** Joins phrases; one alone stays as it is, and groups of the same kind become one. */
export function joinPhrases(kind: "and" | "or", items: readonly Phrase[]): Phrase {
  const flat = items.flatMap((item) => (item.kind === kind ? item.items : [item]));
  const [only] = flat;
  return flat.length === 1 && only !== undefined ? only : { kind, items: flat };
}

/** Fixed words as a phrase. */
export function words(text: string): Phrase {
  return { kind: "text", text };
}

const WIDTH = 110;

/**
 * Lays a phrase out: one line where it fits, else one item a line. Every group inside another stands in
 * brackets, so that no reader needs to know which operator binds tighter.
 */
export function layOut(phrase: Phrase, spelling: Spelling, indent: number): string {
  return new Layout(spelling.words).block(phrase, indent);
}

/** A phrase on one line. */
export function inOneLine(phrase: Phrase, spelling: Spelling): string {
  return new Layout(spelling.words).line(phrase);
}

class Layout {
  private readonly words: Spelling["words"];

  constructor(spelled: Spelling["words"]) {
    this.words = spelled;
  }

  line(phrase: Phrase): string {
    switch (phrase.kind) {
      case "text":
        return phrase.text;
      case "list":
        return `${phrase.head}${phrase.items.join(phrase.separator)}${phrase.tail}`;
      case "not":
        return `${this.words.not} ${this.bracketed(phrase.item)}`;
      default:
        return phrase.items.map((item) => this.bracketed(item)).join(` ${this.words[phrase.kind]} `);
    }
  }

  block(phrase: Phrase, indent: number): string {
    const short = this.line(phrase);
    if (indent + short.length <= WIDTH) return short;
    switch (phrase.kind) {
      case "text":
        return short;
      case "list":
        return this.list(phrase, indent);
      case "not":
        return `${this.words.not} ${this.bracketedBlock(phrase.item, indent)}`;
      default: {
        const items = phrase.items.map((item) => this.bracketedBlock(item, indent));
        return items.join(`\n${" ".repeat(indent)}${this.words[phrase.kind]} `);
      }
    }
  }

  private bracketed(phrase: Phrase): string {
    return isGroup(phrase) ? `(${this.line(phrase)})` : this.line(phrase);
  }

  private bracketedBlock(phrase: Phrase, indent: number): string {
    if (!isGroup(phrase)) return this.block(phrase, indent);
    const short = this.bracketed(phrase);
    if (indent + short.length <= WIDTH) return short;
    const inner = indent + 2;
    return `(\n${" ".repeat(inner)}${this.block(phrase, inner)}\n${" ".repeat(indent)})`;
  }

  private list({ head, items, separator, tail }: Extract<Phrase, { kind: "list" }>, indent: number): string {
    const pad = " ".repeat(indent + 2);
    const lines: string[] = [];
    let line = "";
    items.forEach((item, at) => {
      const piece = at === items.length - 1 ? item : `${item}${separator}`;
      if (line !== "" && pad.length + line.length + piece.trimEnd().length > WIDTH) {
        lines.push(line.trimEnd());
        line = "";
      }
      line += piece;
    });
    lines.push(line);
    return `${head}\n${lines.map((text) => `${pad}${text}`).join("\n")}\n${" ".repeat(indent)}${tail}`;
  }
}

function isGroup({ kind }: Phrase): boolean {
  return kind === "and" || kind === "or";
}
