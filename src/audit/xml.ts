/** A small XML reader with line numbers: elements, attributes, text. Nothing that a document could reach out with. */
import { SallyportError } from "../errors.ts";

export interface XmlElement {
  readonly name: string;
  readonly line: number;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly inside, without the blanks around it. */
  readonly text: string;
}

interface OpenElement extends XmlElement {
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const DEEPEST = 200;

const TOKEN =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>|<\/[^>]*>|<(?:[^<>"']|"[^"]*"|'[^']*')*>|[^<]+/y;

/** What is being read: the elements that are open, the outermost first, and the line. */
interface Reading {
  readonly file: string;
  readonly open: OpenElement[];
  line: number;
}

/** Reads a document. Errors: config_unrecognised for a document type, an own entity, or tags that do not match. */
export function parseXml(text: string, file: string): XmlElement {
  const root: OpenElement = { name: "", line: 1, attributes: new Map(), children: [], text: "" };
  const reading: Reading = { file, open: [root], line: 1 };
  const fail: Fail = (detail) =>
    new SallyportError("config_unrecognised", {
      detail: `No XML that can be read: ${detail}`,
      at: { file, line: reading.line },
    });
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) throw fail("a tag does not end");
    take(reading, token, reading.open.at(-1) ?? root, fail);
    reading.line += token.split("\n").length - 1;
  }
  if (reading.open.length > 1) throw fail(`<${reading.open.at(-1)?.name}> does not end`);
  const [first] = root.children;
  if (first === undefined || root.children.length > 1 || root.text.trim() !== "") {
    throw fail("there must be one root element");
  }
  return first;
}

function take({ open, line }: Reading, token: string, parent: OpenElement, fail: Fail): void {
  if (!token.startsWith("<")) {
    parent.text += decode(token, fail);
  } else if (token.startsWith("<![CDATA[")) {
    parent.text += token.slice(9, -3);
  } else if (token.startsWith("</")) {
    const name = token.slice(2, -1).trim();
    if (open.length === 1 || parent.name !== name) throw fail(`</${name}> closes nothing`);
    open.pop();
  } else if (/^<[!?]/.test(token)) {
    if (!/^<(!--|\?)/.test(token)) throw fail("a document type is not accepted");
  } else {
    const element = elementOf(token, line, fail);
    parent.children.push(element);
    if (open.length > DEEPEST) throw fail("it is nested too deep");
    if (!token.endsWith("/>")) open.push(element);
  }
}

type Fail = (detail: string) => SallyportError;

function elementOf(token: string, line: number, fail: Fail): OpenElement {
  const [, name, rest = ""] = /^<([A-Za-z_][\w.:-]*)((?:\s[\s\S]*)?)\/?>$/.exec(token) ?? [];
  if (name === undefined) throw fail("a tag is not well formed");
  const attributes = new Map<string, string>();
  for (const [, key = "", double, single] of rest.matchAll(/([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
    attributes.set(key, decode(double ?? single ?? "", fail));
  }
  return { name, line, attributes, children: [], text: "" };
}

const ENTITIES = new Map(Object.entries({ amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }));

function decode(text: string, fail: Fail): string {
  if (!text.includes("&")) return text;
  return text.replace(/&([^;&\s]{0,20});?/g, (whole, name: string) => {
    const known = ENTITIES.get(name);
    if (known !== undefined && whole.endsWith(";")) return known;
    const [, hex, decimal] = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name) ?? [];
    const code = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16);
    if (!(code <= 0x10_ffff)) throw fail(`the entity &${name}; is not accepted`);
    return String.fromCodePoint(code);
  });
}

/** The first child of a name. */
export function childOf(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let found = element;
  for (const name of path) found = found?.children.find((child) => child.name === name);
  return found;
}

/** The children of a name, along a path. */
export function childrenOf(
  element: XmlElement | undefined,
  ...path: readonly string[]
): readonly XmlElement[] {
  const last = path.at(-1);
  return childOf(element, ...path.slice(0, -1))?.children.filter((child) => child.name === last) ?? [];
}

/** The `member` texts under a path. */
export function membersOf(element: XmlElement | undefined, ...path: readonly string[]): readonly string[] {
  return childrenOf(element, ...path, "member").map(({ text }) => text.trim());
}

/** The text under a path, without the blanks around it; undefined where there is none. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  return childOf(element, ...path)?.text.trim();
}
