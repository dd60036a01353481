/** The shipped rules as a build has parsed them: read at every start, where YAML would take longer than a scan. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { NamedText, ParsedText } from "../pipeline/request.ts";
import { restoreDocuments, type StoredDocuments, storeDocuments } from "../sigma/stored-documents.ts";

/** Where a build puts them: beside the folder of this file, which is never there among the sources. */
export const STORED_RULES = join(import.meta.dirname, "..", "content", "rules.json");

/** What is stored of a rule file. The text tells whether the file has changed since. */
interface StoredFile extends NamedText {
  readonly documents: StoredDocuments;
}

/** Parses rule files into the text that is to be stored. Errors: as parseDocuments. */
export async function storeRules(files: readonly NamedText[]): Promise<string> {
  const { parseDocuments } = await import("../sigma/parse-rule.ts");
  return JSON.stringify(
    files.map(({ file, text }): StoredFile => {
      return { file, text, documents: storeDocuments(parseDocuments(text, file)) };
    }),
  );
}

/**
 * Reads the rules that a build has stored, if they are those of the files at hand.
 * Shape: `paths` are where the files lie, by the names that they were stored under.
 */
export function readStoredRules(
  paths: ReadonlyMap<string, string>,
  place: string = STORED_RULES,
): readonly ParsedText[] | undefined {
  if (!existsSync(place)) return undefined;
  const stored = JSON.parse(readFileSync(place, "utf8")) as readonly StoredFile[];
  const isSame = ({ file, text }: StoredFile): boolean => {
    const path = paths.get(file);
    return path !== undefined && readFileSync(path, "utf8") === text;
  };
  if (stored.length !== paths.size || !stored.every(isSame)) return undefined;
  return stored.map(({ file, documents }) => ({ file, documents: restoreDocuments(documents) }));
}
