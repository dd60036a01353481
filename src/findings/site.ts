/** Reads the site file. What needs no YAML is in site-facts.ts, so that a run without a site file loads none. */
import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { type ErrorPlace, SallyportError } from "../errors.ts";
import { type IpRange, type Prefix, parseNetwork, parsePrefix } from "../net/prefix.ts";
import { nearestName } from "../sigma/nearest-name.ts";
import type { Exception, Site } from "./site-facts.ts";
import { readPlainYaml } from "./site-plain-yaml.ts";
import { SITE_KEYS, SITE_SCHEMA, type SiteInput } from "./site-schema.ts";

/**
 * Reads a site file.
 * Errors: site_syntax for what is not YAML, site_invalid for what is not a site; both say where.
 */
export function parseSite(text: string, file: string): Site {
  const bare = text.replace(/^\uFEFF/, "");
  const plain = readPlainYaml(bare);
  const checked = plain === undefined ? undefined : SITE_SCHEMA.safeParse(plain);
  return checked?.success ? siteOf(checked.data, file) : parseWithPlaces(bare, file);
}

/** Knows the place of every node, which takes ten times as long. Errors: as parseSite. */
function parseWithPlaces(text: string, file: string): Site {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const page: Page = { file, lines: text.split(/\r?\n/), counter };
  const broken = document.errors[0];
  if (broken !== undefined) {
    throw new SallyportError("site_syntax", {
      detail: oneLine(broken.message),
      at: placeOf(page, broken.pos[0]),
      cause: broken,
    });
  }
  const checked = SITE_SCHEMA.safeParse(contentOf(document, page), { reportInput: true });
  if (checked.success) return siteOf(checked.data, file);
  throw invalid(checked.error.issues, document, page);
}

/** What is needed to point at a place in the file. */
interface Page {
  readonly file: string;
  readonly lines: readonly string[];
  readonly counter: LineCounter;
}

type Issue = z.core.$ZodIssue;

function contentOf(document: Document, page: Page): unknown {
  try {
    return document.toJS() ?? {};
  } catch (cause) {
    // An alias without its anchor, or aliases that multiply without end.
    throw new SallyportError("site_syntax", {
      detail: oneLine(String(cause)),
      at: { file: page.file },
      cause,
    });
  }
}

function siteOf(input: SiteInput, file: string): Site {
  const internalOnly = input.internal_only ?? false;
  return {
    file,
    internal: networks(input.internal ?? []),
    internalOnly,
    nat64: (input.nat64 ?? []).flatMap((text): Prefix[] => definite(parsePrefix(text))),
    sharedAddressSpace: input.shared_address_space ?? (internalOnly ? "reserved" : "internal"),
    zones: Object.entries(input.zones ?? {}).map(([match, zone]) => ({ match, zone })),
    exceptions: (input.exceptions ?? []).map(exceptionOf),
  };
}

function exceptionOf(input: NonNullable<SiteInput["exceptions"]>[number]): Exception {
  const { id, reason, owner, created, expires } = input;
  return {
    id,
    reason,
    owner,
    created,
    expires,
    rule: listOf(input.rule),
    source: input.source === undefined ? undefined : networks(listOf(input.source) ?? []),
    destination: input.destination === undefined ? undefined : networks(listOf(input.destination) ?? []),
    domain: listOf(input.domain)?.map((name) => name.toLowerCase()),
    port: listOf(input.port),
    application: listOf(input.application)?.map((name) => name.toLowerCase()),
  };
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] | undefined {
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value : [value as T];
}

/** The schema has refused what is no network, so nothing is lost here. */
function networks(texts: readonly string[]): readonly IpRange[] {
  return texts.flatMap((text) => definite(parseNetwork(text)));
}

function definite<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

/** The first issue in the order of the file, with its place. */
function invalid(issues: readonly Issue[], document: Document, page: Page): SallyportError {
  const located = issues
    .map((issue) => innermost(issue))
    .map((issue) => ({ issue, offset: offsetOf(document, issue) }))
    .sort((a, b) => a.offset - b.offset);
  const first = located[0];
  if (first === undefined) return new SallyportError("site_invalid", { at: { file: page.file } });
  const more = located.length > 1 ? ` (and ${located.length - 1} more)` : "";
  const suggestion = suggestionOf(first.issue);
  return new SallyportError("site_invalid", {
    detail: `${sentenceOf(first.issue)}${more}`,
    at: placeOf(page, first.offset),
    ...(suggestion === undefined ? {} : { hint: suggestion }),
  });
}

/** Of "one or a list", the branch that was meant: the list where the problem lies inside one. */
function innermost(issue: Issue): Issue {
  if (issue.code !== "invalid_union") return issue;
  const deepest = issue.errors.flat().sort((a, b) => b.path.length - a.path.length)[0];
  return deepest === undefined ? issue : innermost({ ...deepest, path: [...issue.path, ...deepest.path] });
}

function offsetOf(document: Document, issue: Issue): number {
  const path = [...issue.path] as (string | number)[];
  if (issue.code === "unrecognized_keys")
    return keyNode(document, path, issue.keys[0] ?? "")?.range?.[0] ?? 0;
  // What is missing is reported at the mapping that lacks it.
  for (; path.length > 0; path.pop()) {
    const node = document.getIn(path, true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return document.contents?.range?.[0] ?? 0;
}

function keyNode(document: Document, path: readonly (string | number)[], key: string): Node | undefined {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(map)) return undefined;
  const pair = map.items.find(({ key: node }) => isScalar(node) && String(node.value) === key);
  return isNode(pair?.key) ? pair.key : undefined;
}

function placeOf(page: Page, offset: number): ErrorPlace {
  const { line, col } = page.counter.linePos(offset);
  return { file: page.file, line, column: col, source: page.lines[line - 1] };
}

function sentenceOf(issue: Issue): string {
  const name = nameOf(issue.path);
  switch (issue.code) {
    case "custom":
      return name === "" ? issue.message : `${name}: ${issue.message}`;
    case "unrecognized_keys":
      return `unknown key "${issue.keys[0]}"${name === "" ? "" : ` in ${name}`}`;
    case "invalid_type":
      return typeSentence(name, issue.expected, issue.input);
    case "invalid_value":
      return `${name} must be one of ${issue.values.join(", ")}`;
    case "invalid_format":
      return `${name} must be a day that exists, written YYYY-MM-DD`;
    case "too_small":
      return issue.origin === "number" ? `${name} must be ${issue.minimum} or more` : `${name} is empty`;
    case "too_big":
      return `${name} must be ${issue.maximum} or less`;
    default:
      return `${name === "" ? "the site file" : name}: ${issue.message}`;
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: "text",
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  object: "a mapping of keys to values",
  record: "a mapping of keys to values",
};

function typeSentence(name: string, expected: string, input: unknown): string {
  const what = EXPECTED[expected] ?? expected;
  if (name === "") return `the site file must be ${what}`;
  if (input === undefined) return `${name} is missing`;
  return `${name} must be ${what}`;
}

function suggestionOf(issue: Issue): string | undefined {
  if (issue.code !== "unrecognized_keys") return undefined;
  const near = nearestName(issue.keys[0] ?? "", SITE_KEYS);
  return near === undefined ? undefined : `Did you mean '${near}'?`;
}

/** `exceptions[2].expires`. */
function nameOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}

function oneLine(message: string): string {
  return message.replace(/\s+/g, " ").replace(/\.$/, "").trim();
}
