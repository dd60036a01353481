/** A strict reader of the XML that feeds are written in: elements, attributes, text, the five entities. Refuses the rest. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The element's own text. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const PIECE = /<\?xml[^?]*\?>|<\/([\w:]+)>|<([\w:]+)((?:\s+[\w:]+="[^"<]*")*)\s*(\/?)>|[^<]+/y;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Reads a document. Errors: Error for anything that is not well-formed, or that this reader does not know. */
export function readXml(text: string): XmlElement {
  const root: Open = { name: "", attributes: {}, children: [], text: "" };
  const stack = [root];
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < text.length) {
    const at = PIECE.lastIndex;
    const piece = PIECE.exec(text);
    if (piece === null) throw new Error(`not well-formed at ${at}: ${text.slice(at, at + 40)}`);
    take(piece, stack);
  }
  const [document] = root.children;
  if (stack.length !== 1 || root.children.length !== 1 || document === undefined || root.text.trim() !== "") {
    throw new Error("not one closed document element");
  }
  return document;
}

function take([whole, close, open, attributes = "", empty]: RegExpExecArray, stack: Open[]): void {
  const top = stack.at(-1) as Open;
  if (close !== undefined) {
    if (close !== top.name) throw new Error(`</${close}> closes <${top.name}>`);
    stack.pop();
    stack.at(-1)?.children.push(top);
  } else if (open !== undefined) {
    const element: Open = { name: open, attributes: readAttributes(attributes), children: [], text: "" };
    if (empty === "/") top.children.push(element);
    else stack.push(element);
  } else if (!whole.startsWith("<?")) top.text += decoded(whole);
}

function readAttributes(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, name, value = ""]) => [name, decoded(value)]),
  );
}

function decoded(text: string): string {
  return text.replace(/&(#?\w*)(;?)/g, (whole, name: string, end: string) => {
    const value = name.startsWith("#") ? String.fromCodePoint(Number(name.slice(1))) : ENTITIES[name];
    if (value === undefined || end === "") throw new Error(`no such entity: ${whole}`);
    return value;
  });
}

/** The only child of a name. Errors: Error where there is none, or more than one. */
export function only(element: XmlElement, name: string): XmlElement {
  const found = element.children.filter((child) => child.name === name);
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Error(`${found.length} <${name}> in <${element.name}>`);
  return first;
}
