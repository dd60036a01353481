/** The content that ships with the package, and rule files that users name. */
import { readdirSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { SallyportError } from "../errors.ts";
import type { NamedText, RuleText } from "../pipeline/request.ts";
import { readStoredRules } from "./stored-rules.ts";

/** A text and the path it goes by. */
export type TextFile = NamedText;

const CONTENT = join(import.meta.dirname, "..", "..", "content");

/** The shipped rules, by path. */
export async function shippedRules(): Promise<readonly TextFile[]> {
  const files = await readRuleFiles([shippedRulesFolder()]);
  return files.map(({ file, text }) => ({ file: nameOf(file), text }));
}

/** The shipped rules for a run: as a build has parsed them, else as texts. */
export async function shippedRulesParsed(): Promise<readonly RuleText[]> {
  const folder = shippedRulesFolder();
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(isRuleFile);
  const named = paths.map(
    (path) => [`content/rules/${path.replaceAll(sep, "/")}`, join(folder, path)] as const,
  );
  return readStoredRules(new Map(named)) ?? (await shippedRules());
}

/** The reference profiles that ship with the package, by name. */
export async function shippedProfiles(): Promise<ReadonlyMap<string, TextFile>> {
  const files = await readRuleFiles([join(CONTENT, "profiles")]);
  return new Map(
    files.map(({ file, text }) => {
      return [basename(file, ".yml"), { file: nameOf(file), text }];
    }),
  );
}

/** The folder of the shipped data sets. */
export function shippedDataSetsFolder(): string {
  return join(CONTENT, "datasets");
}

/**
 * Reads rule files; folders are walked for .yml and .yaml, leaving out the test files beside the rules.
 * Errors: input_missing, input_unreadable.
 */
export async function readRuleFiles(paths: readonly string[]): Promise<readonly TextFile[]> {
  const found = await Promise.all(paths.map((path) => filesOf(path, isRuleFile)));
  found.forEach((files, at) => {
    if (files.length === 0) {
      throw new SallyportError("input_missing", {
        detail: `${paths[at]}: no rule file`,
        hint: "Rule files end in .yml or .yaml, their tests in .tests.yml.",
      });
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

/** The shipped advisories, by path. */
export async function shippedAdvisories(): Promise<readonly TextFile[]> {
  return shippedFiles("advisories", ".md");
}

/** The shipped block rules, one file for each product, by path. */
export async function shippedResponses(): Promise<readonly TextFile[]> {
  return shippedFiles("responses", ".yml");
}

/**
 * Reads advisory files; folders are walked for .md.
 * Errors: input_missing, input_unreadable.
 */
export async function readAdvisoryFiles(paths: readonly string[]): Promise<readonly TextFile[]> {
  const found = await Promise.all(paths.map((path) => filesOf(path, (name) => name.endsWith(".md"))));
  const empty = found.findIndex((files) => files.length === 0);
  if (empty >= 0)
    throw new SallyportError("input_missing", { detail: `${paths[empty]}: no .md file in there` });
  return Promise.all(found.flat().map(readText));
}

async function shippedFiles(folder: string, extension: string): Promise<readonly TextFile[]> {
  const files = await filesOf(join(CONTENT, folder), (name) => name.endsWith(extension));
  const texts = await Promise.all(files.map(readText));
  return texts.map(({ file, text }) => ({ file: nameOf(file), text }));
}

/** How a file of the content is called, on every system. */
function nameOf(path: string): string {
  return relative(join(CONTENT, ".."), path).split(sep).join("/");
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
  if (code === "ENOENT")
    return new SallyportError("input_missing", { detail: `${file}: no such file or folder`, cause });
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SallyportError("input_unreadable", { detail: `${file}: ${why}`, cause });
}
