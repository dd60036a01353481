/** A reader of the where clause of tstats, small and plain, to run what the converter writes. */
import { parseIp } from "../../src/net/parse-ip.ts";
import { inRange, parsePrefix } from "../../src/net/prefix.ts";
import type { Row } from "./kql-reader.ts";

type Test = (row: Row) => boolean;

/** Compiles the where clause of a search over All_Traffic; fields lose the dataset's name. */
export function compileSplWhere(search: string): Test {
  const clause = /\n {2}where\n(.*?)\n {2}by /s.exec(search)?.[1];
  if (clause === undefined) throw new Error("SPL: no where clause");
  const reader = new SplReader(clause);
  const test = reader.and();
  reader.end();
  return test;
}

const TOKEN = /\s*(?:(AND\b|OR\b|NOT\b|IN\b|[(),]|>=|<=|=|>|<)|"((?:[^"\\]|\\.)*)"|([^\s(),=<>"]+))/y;

interface Token {
  readonly kind: "word" | "quoted" | "mark";
  readonly text: string;
}

/** In a search expression OR binds tighter than AND. */
class SplReader {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(text: string) {
    this.tokens = tokensOf(text.trimEnd());
  }

  end(): void {
    if (this.at < this.tokens.length) throw new Error(`SPL: ${this.tokens[this.at]?.text} is out of place`);
  }

  and(): Test {
    const items = [this.or()];
    while (this.mark("AND")) items.push(this.or());
    return (row) => items.every((item) => item(row));
  }

  private or(): Test {
    const items = [this.not()];
    while (this.mark("OR")) items.push(this.not());
    return (row) => items.some((item) => item(row));
  }

  private not(): Test {
    if (!this.mark("NOT")) return this.primary();
    const item = this.not();
    return (row) => !item(row);
  }

  private primary(): Test {
    if (this.mark("(")) {
      const inner = this.and();
      this.need(")");
      return inner;
    }
    const field = this.take().text.replace(/^All_Traffic\./, "");
    if (this.mark("IN")) return this.list(field);
    const operator = this.take().text;
    const value = this.take().text;
    if (operator === "=") return equals(field, value);
    return compares(field, operator, Number(value));
  }

  private list(field: string): Test {
    this.need("(");
    const items = [equals(field, this.take().text)];
    while (this.mark(",")) items.push(equals(field, this.take().text));
    this.need(")");
    return (row) => items.some((item) => item(row));
  }

  private need(text: string): void {
    if (!this.mark(text)) throw new Error(`SPL: ${text} is wanted, not ${this.tokens[this.at]?.text}`);
  }

  private mark(text: string): boolean {
    const token = this.tokens[this.at];
    if (token?.kind !== "mark" || token.text !== text) return false;
    this.at++;
    return true;
  }

  private take(): Token {
    const token = this.tokens[this.at];
    if (token === undefined) throw new Error("SPL: the clause ends too early");
    this.at++;
    return token;
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new Error(`SPL: cannot be read: ${text.slice(from, from + 40)}`);
    const [, mark, quoted, word] = match;
    if (mark !== undefined) tokens.push({ kind: "mark", text: mark });
    else if (quoted !== undefined) tokens.push({ kind: "quoted", text: quoted.replace(/\\(["\\])/g, "$1") });
    else tokens.push({ kind: "word", text: word ?? "" });
  }
  return tokens;
}

function valuesOf(row: Row, field: string): readonly string[] {
  const value = row[field];
  if (value === undefined || value === null || value === "") return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

/** A network where the text is one, else the whole value without its case, `*` being any text. */
function equals(field: string, text: string): Test {
  const network = text.includes("/") ? parsePrefix(text) : undefined;
  const pattern = new RegExp(
    `^${text
      .split("*")
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
    "isu",
  );
  return (row) =>
    valuesOf(row, field).some((value) => {
      const ip = network === undefined ? undefined : parseIp(value);
      return network === undefined ? pattern.test(value) : ip !== undefined && inRange(network, ip);
    });
}

function compares(field: string, operator: string, bound: number): Test {
  return (row) =>
    valuesOf(row, field).some((text) => {
      const value = Number(text);
      if (operator === ">") return value > bound;
      if (operator === ">=") return value >= bound;
      return operator === "<" ? value < bound : value <= bound;
    });
}
