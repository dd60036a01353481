/** The content that ships with the package, and rule files that users name. */
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { SallyportError } from "../errors.ts";

/** A text and the path it goes by. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

const CONTENT = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "content");

/** The shipped rules, by path. */
export async function shippedRules(): Promise<readonly TextFile[]> {
  const folder = join(CONTENT, "rules");
  const files = await readRuleFiles([folder]);
  return files.map(({ file, text }) => ({ file: relative(join(CONTENT, ".."), file).split(sep).join("/"), text }));
}

/**
 * Reads rule files; folders are walked for .yml and .yaml, leaving out the test files beside the rules.
 * Errors: input_missing, input_unreadable; rule_invalid for a folder without rules.
 */
export async function readRuleFiles(paths: readonly string[]): Promise<readonly TextFile[]> {
  const found = await Promise.all(paths.map((path) => filesOf(path, isRuleFile)));
  found.forEach((files, at) => {
    if (files.length === 0) {
      throw new SallyportError("input_missing", { detail: `${paths[at]}: no .yml or .yaml rule file in there` });
    }
  });
  return Promise.all(found.flat().map(readText));
}

/** The test files beside rules: `<rule>.tests.yml`, in the same folders or named themselves. */
export async function readRuleTests(paths: readonly string[]): Promise<readonly TextFile[]> {
  const found = await Promise.all(paths.map((path) => filesOf(path, isTestFile)));
  const beside = paths.filter(isRuleFile).map((path) => path.replace(/\.ya?ml$/, ".tests.yml"));
  const existing = await Promise.all(beside.map(async (path) => ((await exists(path)) ? [path] : [])));
  return Promise.all([...new Set([...found.flat(), ...existing.flat()])].sort().map(readText));
}

/** The folder of the shipped rules. */
export function shippedRulesFolder(): string {
  return join(CONTENT, "rules");
}

/** Reads a text file. Errors: input_missing, input_unreadable. */
export async function readText(file: string): Promise<TextFile> {
  try {
    return { file, text: await readFile(file, "utf8") };
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** Tells whether a path exists. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function isRuleFile(path: string): boolean {
  return /\.ya?ml$/.test(path) && !isTestFile(path);
}

function isTestFile(path: string): boolean {
  return /\.tests\.ya?ml$/.test(path);
}

async function filesOf(path: string, wanted: (path: string) => boolean): Promise<string[]> {
  const stats = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!stats.isDirectory()) return wanted(path) ? [path] : [];
  const names = await readdir(path, { recursive: true });
  return names
    .filter(wanted)
    .sort()
    .map((name) => join(path, name));
}

function unreadable(file: string, cause: unknown): SallyportError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ENOENT") return new SallyportError("input_missing", { detail: `${file}: no such file or folder`, cause });
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SallyportError("input_unreadable", { detail: `${file}: ${why}`, cause });
}
