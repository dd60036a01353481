/** Rule files → rules and filters. In: YAML text. Out: parsed documents with places. Knows nothing of events. */
import { RE2JS } from "re2js";
import type { $ZodIssue } from "zod/v4/core";
import { type ErrorPlace, SallyportError } from "../errors.ts";
import type { Logsource } from "../event/dataset.ts";
import { ruleMaps } from "./collections.ts";
import type { RuleExtension } from "./extension.ts";
import { RULE_EXTENSION_SCHEMA } from "./extension-schema.ts";
import { SEVERITIES, type Severity } from "./level.ts";
import { nearestName } from "./nearest-name.ts";
import { parseDetection } from "./parse-detection.ts";
import { isFilter, parseFilter } from "./parse-filter.ts";
import { provideRe2 } from "./regex.ts";
import type { Detection, Rule, SigmaDocuments } from "./rule.ts";
import { HeadFields, isNull, parseLogsource, slug } from "./rule-head.ts";
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
import { TAXONOMIES, type Taxonomy, vocabularyOf } from "./taxonomy.ts";
import { threatOf } from "./threat.ts";

/**
 * Parses every rule of a file; its filters are left out.
 * Errors: SallyportError rule_syntax, rule_invalid or rule_unsupported, with file, line, column and the line.
 * Source: Sigma specification 2.0.0; modifiers of 2.1.0.
 */
export function parseRules(text: string, file: string): readonly Rule[] {
  return parseDocuments(text, file).rules;
}

/**
 * Parses every rule and every filter of a file.
 * Errors: as parseRules; a filter's are the same.
 */
export function parseDocuments(text: string, file: string): SigmaDocuments {
  // Only rules bring patterns, so who reads them brings along what runs patterns.
  provideRe2(RE2JS);
  const source = readSource(text, file);
  const maps = ruleMaps(source);
  if (maps.length === 0)
    throw new SallyportError("rule_invalid", { detail: "The file holds no rule", at: { file } });
  const [filters, rules] = [maps.filter(isFilter), maps.filter((map) => !isFilter(map))];
  return {
    rules: rules.map((map) => parseRule(source, map)),
    filters: filters.map((map) => parseFilter(source, map)),
  };
}

function parseRule(source: SourceFile, map: SourceMap): Rule {
  const correlation = entryOf(map, "correlation");
  if (correlation !== undefined) {
    const detail =
      "Correlation documents are not supported; sessions and findings are merged by Sallyport itself";
    source.fail("rule_unsupported", correlation.keyOffset, detail);
  }
  const fields = new HeadFields(source, map);
  const title = fields.text("title") ?? source.fail("rule_invalid", map.offset, "The rule has no title");
  const section = entryOf(map, "detection");
  if (section === undefined) return source.fail("rule_invalid", map.offset, "The rule has no detection");
  const uuid = fields.text("id");
  const extension = parseExtension(source, map);
  const detection = parseDetection(source, section);
  const logsource = parseLogsource(source, map);
  checkSelections(source, map, extension, detection);
  checkScope(source, map, extension, logsource);
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
    logsource,
    taxonomy: parseTaxonomy(source, map),
    author: fields.text("author"),
    date: fields.text("date"),
    modified: fields.text("modified"),
    fields: entryOf(map, "fields") === undefined ? undefined : fields.texts("fields"),
    detection,
    extension,
    file: source.file,
    line: source.at(map.offset).line ?? 1,
  };
}

function checkSelections(
  source: SourceFile,
  map: SourceMap,
  extension: RuleExtension,
  { selections }: Detection,
): void {
  extension.severity_when.forEach(({ selection }, at) => {
    if (selections.has(selection)) return;
    const near = nearestName(selection, selections.keys());
    const hint = near === undefined ? "" : `; did you mean "${near}"?`;
    const detail = `sallyport.severity_when: the rule has no selection "${selection}"${hint}`;
    source.fail("rule_invalid", offsetOfPath(map, ["sallyport", "severity_when", at, "selection"]), detail);
  });
}

/** A merged session has the event's names and no record: only one log source speaks those. */
function checkScope(
  source: SourceFile,
  map: SourceMap,
  { scope, requires }: RuleExtension,
  logsource: Logsource,
): void {
  if (scope === "event" && requires.length > 0) {
    const offset = offsetOfPath(map, ["sallyport", "requires"]);
    source.fail("rule_invalid", offset, "sallyport.requires is for rules with scope: session");
  }
  if (scope === "event" || vocabularyOf(logsource) === "ecs") return;
  const detail =
    "A session rule looks at a merged session: its logsource is category network, service connection";
  source.fail("rule_invalid", offsetOfPath(map, ["logsource"]), detail);
}

function parseTaxonomy(source: SourceFile, map: SourceMap): Taxonomy | undefined {
  const entry = entryOf(map, "taxonomy");
  if (entry?.value.kind !== "scalar" || entry.value.text === "sigma") return undefined;
  const { text } = entry.value;
  const known = TAXONOMIES.find((taxonomy) => taxonomy === text);
  if (known !== undefined) return known;
  return source.fail(
    "rule_unsupported",
    entry.keyOffset,
    `The taxonomy "${text}" is not known; these are: sigma, ${TAXONOMIES.join(", ")}`,
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
