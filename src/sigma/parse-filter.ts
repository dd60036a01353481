/** Filter documents → filters. In: one document of a rule file. Out: a parsed filter with places. */
import { parseDetection } from "./parse-detection.ts";
import type { Filter } from "./rule.ts";
import { HeadFields, parseLogsource, slug } from "./rule-head.ts";
import { entryOf, type SourceEntry, type SourceFile, type SourceMap } from "./source-tree.ts";

/** Tells whether a document is a filter. */
export function isFilter(map: SourceMap): boolean {
  return entryOf(map, "filter") !== undefined;
}

/**
 * Parses a filter.
 * Errors: SallyportError rule_invalid or rule_unsupported at the place.
 * Source: Sigma filters specification 2.0.0. Where it leaves the condition's sense open, pySigma decides:
 * the filter's condition is joined to the rule's with "and".
 */
export function parseFilter(source: SourceFile, map: SourceMap): Filter {
  const fields = new HeadFields(source, map);
  const section = entryOf(map, "filter") as SourceEntry;
  const title = fields.text("title") ?? source.fail("rule_invalid", map.offset, "The filter has no title");
  if (section.value.kind !== "map") {
    return source.fail("rule_invalid", section.keyOffset, "filter is not a map");
  }
  const entries = section.value.entries.filter(({ key }) => key !== "rules");
  const detection = { ...section, value: { ...section.value, entries } };
  return {
    id: fields.text("id") ?? slug(title),
    title,
    description: fields.text("description") ?? "",
    rules: rulesOf(source, section.value, section.keyOffset),
    logsource: parseLogsource(source, map),
    detection: parseDetection(source, detection),
    file: source.file,
    line: source.at(map.offset).line ?? 1,
  };
}

function rulesOf(source: SourceFile, section: SourceMap, offset: number): "any" | readonly string[] {
  const names = new HeadFields(source, section).texts("rules").filter((name) => name !== "");
  if (names.length === 0) {
    return source.fail("rule_invalid", offset, "The filter names no rules; list their ids, or write any");
  }
  return names.some((name) => name.toLowerCase() === "any") ? "any" : names;
}
