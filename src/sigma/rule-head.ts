/** The head of a Sigma document: what rules and filters have in common. */
import type { Logsource } from "../event/dataset.ts";
import { entryOf, type SourceFile, type SourceMap, type SourceNode } from "./source-tree.ts";

/** The plain fields of a document's head. */
export class HeadFields {
  private readonly source: SourceFile;
  private readonly map: SourceMap;

  constructor(source: SourceFile, map: SourceMap) {
    this.source = source;
    this.map = map;
  }

  text(key: string): string | undefined {
    const entry = entryOf(this.map, key);
    if (entry === undefined || isNull(entry.value)) return undefined;
    if (entry.value.kind !== "scalar") {
      return this.source.fail("rule_invalid", entry.keyOffset, `${key} is not a text`);
    }
    const text = entry.value.text.trim();
    return text === "" ? undefined : text;
  }

  texts(key: string): readonly string[] {
    const entry = entryOf(this.map, key);
    if (entry === undefined || isNull(entry.value)) return [];
    const nodes = entry.value.kind === "list" ? entry.value.items : [entry.value];
    return nodes.flatMap((node) => {
      if (node.kind !== "scalar") {
        return this.source.fail("rule_invalid", node.offset, `${key} is not a list of texts`);
      }
      return isNull(node) ? [] : [node.text.trim()];
    });
  }
}

/** The log source of a document. Errors: rule_invalid where there is none. */
export function parseLogsource(source: SourceFile, map: SourceMap): Logsource {
  const entry = entryOf(map, "logsource");
  if (entry === undefined) return source.fail("rule_invalid", map.offset, "There is no logsource");
  if (entry.value.kind !== "map")
    return source.fail("rule_invalid", entry.keyOffset, "logsource is not a map");
  const fields = new HeadFields(source, entry.value);
  const logsource: { -readonly [K in keyof Logsource]: Logsource[K] } = {};
  for (const key of ["category", "product", "service"] as const) {
    const text = fields.text(key);
    if (text !== undefined) logsource[key] = text.toLowerCase();
  }
  if (Object.keys(logsource).length === 0) {
    source.fail("rule_invalid", entry.keyOffset, "logsource names no category, product or service");
  }
  return logsource;
}

/** A title as an id. */
export function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}

/** Tells whether nothing is written there. */
export function isNull(node: SourceNode): boolean {
  return node.kind === "scalar" && node.value === null;
}
