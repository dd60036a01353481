/**
 * A reader of KQL, small and plain, to run what the converter writes.
 * Source: Kibana's documentation and published grammar of KQL.
 */
import { parseIp } from "../../src/net/parse-ip.ts";
import { inRange, parsePrefix } from "../../src/net/prefix.ts";

/** A document with flat names; a list holds several values. */
export type Row = Readonly<Record<string, unknown>>;

type Test = (document: Row) => boolean;

/** Compiles a query. Throws for what is not KQL. */
export function compileKql(text: string): Test {
  const reader = new KqlReader(text);
  const test = reader.or();
  reader.end();
  return test;
}

const SPECIAL = '\\():<>"*{}';

interface Value {
  /** Literal pieces, with `null` for a wildcard. */
  readonly pieces: readonly (string | null)[];
  readonly isQuoted: boolean;
}

class KqlReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  end(): void {
    this.blanks();
    if (this.at < this.text.length) this.fail("the end");
  }

  or(): Test {
    const items = [this.and()];
    while (this.keyword("or")) items.push(this.and());
    return (document) => items.some((item) => item(document));
  }

  private and(): Test {
    const items = [this.not()];
    while (this.keyword("and")) items.push(this.not());
    return (document) => items.every((item) => item(document));
  }

  private not(): Test {
    if (!this.keyword("not")) return this.primary();
    const item = this.primary();
    return (document) => !item(document);
  }

  private primary(): Test {
    if (this.take("(")) {
      const inner = this.or();
      if (!this.take(")")) this.fail(")");
      return inner;
    }
    const field = this.field();
    if (this.take(":")) return this.list(field);
    for (const operator of [">=", "<=", ">", "<"]) {
      if (this.take(operator)) return range(field, operator, Number(this.value().pieces.join("")));
    }
    return this.fail("a colon");
  }

  private list(field: string): Test {
    if (!this.take("(")) return isValue(field, this.value());
    const values = [this.value()];
    while (this.keyword("or")) values.push(this.value());
    if (!this.take(")")) this.fail(")");
    return (document) => values.some((value) => isValue(field, value)(document));
  }

  private field(): string {
    this.blanks();
    const [name = ""] = /^[\w.@]+/.exec(this.text.slice(this.at)) ?? [];
    if (name === "") this.fail("a field");
    this.at += name.length;
    return name;
  }

  private value(): Value {
    this.blanks();
    return this.text.charAt(this.at) === '"' ? this.quoted() : this.bare();
  }

  private quoted(): Value {
    let text = "";
    for (this.at++; this.text.charAt(this.at) !== '"'; this.at++) {
      if (this.at >= this.text.length) this.fail("a closing quote");
      if (this.text.charAt(this.at) === "\\" && '\\"'.includes(this.text.charAt(this.at + 1))) this.at++;
      text += this.text.charAt(this.at);
    }
    this.at++;
    return { pieces: [text], isQuoted: true };
  }

  private bare(): Value {
    const pieces: (string | null)[] = [];
    for (; this.at < this.text.length; this.at++) {
      const char = this.text.charAt(this.at);
      if (/^(?:\s+(?:or|and)|not)\s/i.test(this.text.slice(this.at))) break;
      if (char === "\\") pieces.push(this.text.charAt(++this.at));
      else if (char === "*") pieces.push(null);
      else if (SPECIAL.includes(char) || char === "\n") break;
      else pieces.push(char);
    }
    if (pieces.length === 0) this.fail("a value");
    return { pieces, isQuoted: false };
  }

  private keyword(word: string): boolean {
    const found = new RegExp(`^\\s*${word}(?=[\\s(])`, "i").exec(this.text.slice(this.at));
    if (found === null) return false;
    this.at += found[0].length;
    return true;
  }

  private take(text: string): boolean {
    this.blanks();
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private blanks(): void {
    while (/\s/.test(this.text.charAt(this.at))) this.at++;
  }

  private fail(wanted: string): never {
    throw new Error(`KQL: ${wanted} is wanted at ${this.at}: ${this.text.slice(this.at, this.at + 40)}`);
  }
}

function valuesOf(document: Row, field: string): readonly unknown[] {
  const value = document[field];
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function isValue(field: string, { pieces, isQuoted }: Value): Test {
  if (!isQuoted && pieces.length === 1 && pieces[0] === null)
    return (document) => valuesOf(document, field).length > 0;
  const literal = pieces.join("");
  const network = field.endsWith(".ip") ? parsePrefix(literal) : undefined;
  const pattern = new RegExp(
    `^${pieces.map((piece) => (piece === null ? ".*" : piece.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))).join("")}$`,
    "su",
  );
  return (document) =>
    valuesOf(document, field).some((value) => {
      if (field.endsWith(".ip")) {
        const ip = parseIp(String(value));
        return ip !== undefined && network !== undefined && inRange(network, ip);
      }
      return typeof value === "number" ? value === Number(literal) : pattern.test(String(value));
    });
}

function range(field: string, operator: string, bound: number): Test {
  const holds = {
    ">": (value: number) => value > bound,
    ">=": (value: number) => value >= bound,
    "<": (value: number) => value < bound,
    "<=": (value: number) => value <= bound,
  }[operator];
  return (document) => valuesOf(document, field).some((value) => holds?.(Number(value)) === true);
}
