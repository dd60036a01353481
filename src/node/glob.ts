/**
 * File patterns: `*`, `?`, `[a-z]`, `[!a-z]`, `{a,b}` and, as a whole path segment, `**`. As in a shell, wildcards
 * leave out names that begin with a dot, and `**` does not follow links.
 */
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";

/** More alternatives than this in braces are taken for a mistake. */
const MAX_ALTERNATIVES = 1000;

const NO_NAME = /(?!)/;

/** Tells whether a path is a pattern rather than a name. */
export function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

/**
 * All files and folders that match a pattern, in code-unit order.
 * Shape: paths begin as the pattern does. A folder that cannot be listed has no matches.
 */
export async function expandGlob(pattern: string): Promise<string[]> {
  const found = new Set<string>();
  for (const alternative of expandBraces(pattern)) {
    const root = alternative.startsWith("/") ? "/" : "";
    const segments = alternative.split("/").filter((segment) => segment !== "");
    await matchFrom(root, segments, found);
  }
  return [...found].sort();
}

async function matchFrom(folder: string, segments: readonly string[], found: Set<string>): Promise<void> {
  const [segment, ...rest] = segments;
  if (segment === undefined) {
    if (folder !== "") found.add(folder);
    return;
  }
  if (segment === "**") return await matchDeep(folder, rest, found);
  if (!isGlob(segment)) {
    const path = join(folder, literalName(segment));
    if (await exists(path)) await matchFrom(path, rest, found);
    return;
  }
  const name = segmentPattern(segment);
  for (const entry of await list(folder)) {
    if (!name.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (rest.length === 0) found.add(path);
    else if (!entry.isFile()) await matchFrom(path, rest, found);
  }
}

/** `**` is any number of folders, none included; at the end of a pattern it is every file below. */
async function matchDeep(folder: string, rest: readonly string[], found: Set<string>): Promise<void> {
  if (rest.length > 0) await matchFrom(folder, rest, found);
  for (const entry of await list(folder)) {
    if (entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await matchDeep(path, rest, found);
    else if (rest.length === 0) found.add(path);
  }
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder === "" ? "." : folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

function join(folder: string, name: string): string {
  return folder === "" || folder.endsWith("/") ? folder + name : `${folder}/${name}`;
}

/** The innermost braces with a comma between them. */
const BRACES = /(?<!\\)\{((?:\\.|[^{},\\])*(?:,(?:\\.|[^{},\\])*)+)\}/su;

/** Writes out `{a,b}`, nested ones too; braces without a comma, or not closed, stand for themselves. */
export function expandBraces(pattern: string): string[] {
  const done = new Set<string>();
  const open = [pattern];
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    const group = BRACES.exec(text);
    if (group === null) done.add(text);
    else {
      const after = text.slice(group.index + group[0].length);
      for (const part of (group[1] ?? "").split(/(?<!\\),/))
        open.push(text.slice(0, group.index) + part + after);
    }
    if (done.size + open.length > MAX_ALTERNATIVES) return [pattern];
  }
  return [...done].sort();
}

/** The parts of a segment: an escaped character, a set, a wildcard, any other character. */
const TOKENS = /\\(.)|\[([!^]?)(\]?[^\]]*)\]|(\*+)|(\?)|./gsu;

/** The pattern of one path segment, for names. */
export function segmentPattern(segment: string): RegExp {
  const source = segment.replace(TOKENS, (token, escaped, negated, members, stars, one) => {
    if (members !== undefined) return charSet(negated !== "", members);
    if (stars !== undefined) return ".*";
    return one !== undefined ? "." : escapeText(escaped ?? token);
  });
  const dotted = /^[*?[]/.test(segment) ? "(?!\\.)" : "";
  try {
    return new RegExp(`^${dotted}${source}$`, "su");
  } catch {
    return NO_NAME; // a range that runs backwards, as in [z-a]
  }
}

function charSet(negated: boolean, members: string): string {
  const escaped = members.replace(/[\\\]^[]/g, "\\$&").replace(/^-|-$/g, "\\-");
  return `[${negated ? "^" : ""}${escaped}]`;
}

function escapeText(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function literalName(segment: string): string {
  return segment.replace(/\\(.)/g, "$1");
}
