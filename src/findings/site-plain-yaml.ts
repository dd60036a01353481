/**
 * The plain part of YAML, read fast: mappings and lists in blocks, texts, numbers and flow lists on one line. A full
 * parser keeps the place of every character for its errors, and takes ten seconds for a hundred thousand exceptions.
 */

type PlainValue = string | number | boolean | readonly PlainValue[] | PlainMap;

/** A mapping, as a YAML parser would give it. */
export interface PlainMap {
  readonly [key: string]: PlainValue;
}

/** Tabs, other control characters and further line ends: a full parser knows what they mean where. */
const ODD_CHARACTER = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]/;

/** `key: value`, or `key:` with its value on the next lines. */
const ENTRY = /^(?:([A-Za-z_][\w-]{0,99})|"([^"\\]{1,99})"|'([^']{1,99})'):(?: +(.*))?$/;

/** Keys that are no text, and one that objects treat in their own way. */
const ODD_KEYS: ReadonlySet<string> = new Set(["null", "true", "false", "__proto__"]);

const DOUBLE_QUOTED = /^"([^"\\]*)"(?: +#.*| *)$/;
const SINGLE_QUOTED = /^'([^']*)'(?: +#.*| *)$/;
const FLOW_LIST = /^\[([^[\]{}]*)\](?: +#.*| *)$/;

/** How a text without quotes may begin, and what would end it: the colon of a key. */
const PLAIN_START = /^[\p{L}\p{N}_./+(]/u;
const KEY_END = /:(?: |$)/;

/** What a text without quotes is no text for: null, booleans and numbers. Source: YAML 1.2.2, section 10.3.2. */
const TYPED =
  /^(?:null|Null|NULL|true|True|TRUE|false|False|FALSE|0o[0-7]+|0x[\da-fA-F]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const PLAIN_INTEGER = /^(?:0|[1-9]\d{0,14})$/;

/**
 * Reads YAML that is a mapping written in the plainest way.
 * Errors: undefined for all else, valid or not; a full parser has to look then.
 */
export function readPlainYaml(text: string): PlainMap | undefined {
  const plain = text.includes("\r") ? text.replaceAll("\r\n", "\n") : text;
  if (ODD_CHARACTER.test(plain)) return undefined;
  const lines = new PlainLines(plain);
  if (lines.text === "---" && lines.indent === 0) lines.next();
  const map = lines.indent === 0 ? readMap(lines, 0) : undefined;
  return lines.indent === AT_END ? map : undefined;
}

const AT_END = -1;
const SPACE = 0x20;
const HASH = 0x23;

/** The lines that hold something, one at a time. */
class PlainLines {
  readonly #source: string;
  #at = 0;
  /** Spaces before the text; AT_END after the last line. */
  indent = AT_END;
  text = "";

  constructor(source: string) {
    this.#source = source;
    this.next();
  }

  next(): void {
    const source = this.#source;
    while (this.#at < source.length) {
      const start = this.#at;
      const newline = source.indexOf("\n", start);
      const end = newline < 0 ? source.length : newline;
      this.#at = end + 1;
      let from = start;
      while (source.charCodeAt(from) === SPACE) from++;
      if (from === end || source.charCodeAt(from) === HASH) continue;
      this.indent = from - start;
      this.text = source.slice(from, end);
      return;
    }
    this.indent = AT_END;
    this.text = "";
  }

  /** Goes on with what stands behind a list's dash, as a line of its own. */
  skip(length: number): void {
    this.indent += length;
    this.text = this.text.slice(length);
  }

  get isItem(): boolean {
    return this.text.startsWith("- ");
  }
}

function readMap(lines: PlainLines, indent: number): PlainMap | undefined {
  const map: Record<string, PlainValue> = {};
  while (lines.indent === indent && !lines.isItem) {
    const [, bare, double, single, rest = ""] = ENTRY.exec(lines.text) ?? [];
    const key = bare ?? double ?? single;
    if (key === undefined || ODD_KEYS.has(key.toLowerCase()) || Object.hasOwn(map, key)) return undefined;
    lines.next();
    const value = rest === "" || rest.startsWith("#") ? readBlock(lines, indent) : readValue(rest);
    if (value === undefined) return undefined;
    map[key] = value;
  }
  return lines.indent > indent ? undefined : map;
}

/** What stands below a key: it is indented, but for a list, which need not be. */
function readBlock(lines: PlainLines, outer: number): PlainValue | undefined {
  const { indent, isItem } = lines;
  if (isItem && indent >= outer) return readList(lines, indent);
  return indent > outer ? readMap(lines, indent) : undefined;
}

function readList(lines: PlainLines, indent: number): readonly PlainValue[] | undefined {
  const list: PlainValue[] = [];
  while (lines.indent === indent && lines.isItem) {
    const item = readItem(lines);
    if (item === undefined) return undefined;
    list.push(item);
  }
  return lines.indent > indent ? undefined : list;
}

function readItem(lines: PlainLines): PlainValue | undefined {
  lines.skip(/^- +/.exec(lines.text)?.[0].length ?? 0);
  if (ENTRY.test(lines.text)) return readMap(lines, lines.indent);
  const { text } = lines;
  lines.next();
  return readValue(text);
}

function readValue(text: string): PlainValue | undefined {
  switch (text[0]) {
    case '"':
      return DOUBLE_QUOTED.exec(text)?.[1];
    case "'":
      return SINGLE_QUOTED.exec(text)?.[1];
    case "[":
      return readFlowList(text);
    default:
      return readPlain(withoutComment(text));
  }
}

/** Without a comment and blanks at the end; most texts have neither, and a pattern takes longer than to see that. */
function withoutComment(text: string): string {
  return text.includes(" #") || text.endsWith(" ") ? text.replace(/ +#.*$| +$/, "") : text;
}

function readFlowList(source: string): readonly PlainValue[] | undefined {
  const inside = FLOW_LIST.exec(source)?.[1];
  if (inside === undefined) return undefined;
  if (/^ *$/.test(inside)) return [];
  const items: PlainValue[] = [];
  for (const text of inside.split(",")) {
    const item = readFlowItem(text.replace(/^ +| +$/g, ""));
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

/** A comment would run over the items behind it. */
function readFlowItem(text: string): PlainValue | undefined {
  return text.includes("#") ? undefined : readValue(text);
}

function readPlain(text: string): PlainValue | undefined {
  if (!PLAIN_START.test(text) || KEY_END.test(text)) return undefined;
  if (!TYPED.test(text)) return text;
  if (text === "true" || text === "false") return text === "true";
  return PLAIN_INTEGER.test(text) ? Number(text) : undefined;
}
