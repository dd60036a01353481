/** Rule files → rules. In: YAML text. Out: parsed rules with places. Knows nothing of events. */
import type { $ZodIssue } from "zod/v4/core";
import { type ErrorPlace, SallyportError } from "../errors.ts";
import type { Logsource } from "../event/dataset.ts";
import { ruleMaps } from "./collections.ts";
import { RULE_EXTENSION_SCHEMA, type RuleExtension } from "./extension.ts";
import { SEVERITIES, type Severity } from "./level.ts";
import { nearestName } from "./nearest-name.ts";
import { parseDetection } from "./parse-detection.ts";
import type { Rule } from "./rule.ts";
import {
  childOf,
  entryOf,
  offsetOfPath,
  readSource,
  type SourceFile,
  type SourceMap,
  type SourceNode,
  toPlain,
} from "./source-tree.ts";
import { threatOf } from "./threat.ts";

/**
 * Parses every rule of a file.
 * Errors: SallyportError rule_syntax, rule_invalid or rule_unsupported, with file, line, column and the line.
 * Source: Sigma specification 2.0.0; modifiers of 2.1.0.
 */
export function parseRules(text: string, file: string): Rule[] {
  const source = readSource(text, file);
  const maps = ruleMaps(source);
  if (maps.length === 0)
    throw new SallyportError("rule_invalid", { detail: "The file holds no rule", at: { file } });
  return maps.map((map) => parseRule(source, map));
}

const OTHER_DOCUMENTS: Readonly<Record<string, string>> = {
  correlation:
    "Correlation documents are not supported; sessions and findings are merged by Sallyport itself",
  filter: "Filter documents are not supported; write an exception in the site file",
};

function parseRule(source: SourceFile, map: SourceMap): Rule {
  for (const [key, detail] of Object.entries(OTHER_DOCUMENTS)) {
    const entry = entryOf(map, key);
    if (entry !== undefined) source.fail("rule_unsupported", entry.keyOffset, detail);
  }
  checkTaxonomy(source, map);
  const fields = new RuleFields(source, map);
  const title = fields.text("title") ?? source.fail("rule_invalid", map.offset, "The rule has no title");
  const detection = entryOf(map, "detection");
  if (detection === undefined) return source.fail("rule_invalid", map.offset, "The rule has no detection");
  const uuid = fields.text("id");
  const extension = parseExtension(source, map);
  const tags = fields.texts("tags").map((tag) => tag.toLowerCase());
  return {
    id: extension.id ?? uuid ?? slug(title),
    uuid,
    title,
    name: fields.text("name"),
    status: fields.text("status"),
    description: fields.text("description") ?? "",
    level: parseLevel(source, map),
    tags,
    threat: threatOf(tags),
    references: fields.texts("references"),
    falsepositives: fields.texts("falsepositives"),
    logsource: parseLogsource(source, map),
    author: fields.text("author"),
    date: fields.text("date"),
    modified: fields.text("modified"),
    fields: entryOf(map, "fields") === undefined ? undefined : fields.texts("fields"),
    detection: parseDetection(source, detection),
    extension,
    file: source.file,
    line: source.at(map.offset).line ?? 1,
  };
}

/** The plain fields of a rule's head. */
class RuleFields {
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

function checkTaxonomy(source: SourceFile, map: SourceMap): void {
  const taxonomy = entryOf(map, "taxonomy");
  if (taxonomy?.value.kind !== "scalar" || taxonomy.value.text === "sigma") return;
  source.fail(
    "rule_unsupported",
    taxonomy.keyOffset,
    `The taxonomy "${taxonomy.value.text}" is not known; sigma is`,
  );
}

function parseLevel(source: SourceFile, map: SourceMap): Severity {
  const node = childOf(map, "level");
  if (node === undefined || isNull(node)) return "medium";
  const text = node.kind === "scalar" ? node.text.toLowerCase() : "";
  const level = SEVERITIES.find((severity) => severity === (text === "informational" ? "info" : text));
  const words = "informational, low, medium, high or critical";
  return level ?? source.fail("rule_invalid", node.offset, `The level "${text}" is none of ${words}`);
}

function parseLogsource(source: SourceFile, map: SourceMap): Logsource {
  const entry = entryOf(map, "logsource");
  if (entry === undefined) return source.fail("rule_invalid", map.offset, "The rule has no logsource");
  if (entry.value.kind !== "map")
    return source.fail("rule_invalid", entry.keyOffset, "logsource is not a map");
  const fields = new RuleFields(source, entry.value);
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

function parseExtension(source: SourceFile, map: SourceMap): RuleExtension {
  const entry = entryOf(map, "sallyport");
  const parsed = RULE_EXTENSION_SCHEMA.safeParse(entry === undefined ? {} : toPlain(entry.value));
  if (parsed.success) return parsed.data;
  const root = entry?.value ?? map;
  const fault = extensionFault(root, innermost(parsed.error.issues));
  throw new SallyportError("rule_invalid", {
    detail: fault.detail,
    at: source.at(fault.offset) satisfies ErrorPlace,
  });
}

/** Within a union, the issue that got furthest says most. */
function innermost(issues: readonly $ZodIssue[]): $ZodIssue | undefined {
  const [issue] = issues;
  if (issue?.code !== "invalid_union") return issue;
  const branches = issue.errors.flatMap((branch) => {
    const inner = innermost(branch);
    return inner === undefined ? [] : [{ ...inner, path: [...issue.path, ...inner.path] } as $ZodIssue];
  });
  return branches.sort((a, b) => b.path.length - a.path.length || rank(b) - rank(a))[0] ?? issue;
}

function rank(issue: $ZodIssue): number {
  return issue.code === "invalid_type" ? 0 : 1;
}

function extensionFault(root: SourceNode, issue: $ZodIssue | undefined): { offset: number; detail: string } {
  const path = issue?.path ?? [];
  const name = ["sallyport", ...path].join(".");
  if (issue?.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    const known = path.length === 0 ? Object.keys(RULE_EXTENSION_SCHEMA.shape) : [];
    const near = nearestName(key, known);
    const hint = near === undefined ? "" : `; did you mean "${near}"?`;
    return { offset: offsetOfPath(root, [...path, key]), detail: `${name} has no key "${key}"${hint}` };
  }
  return { offset: offsetOfPath(root, path), detail: `${name}: ${lowerFirst(issue?.message ?? "invalid")}` };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}

function isNull(node: SourceNode): boolean {
  return node.kind === "scalar" && node.value === null;
}
