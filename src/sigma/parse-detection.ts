/** The `detection:` section → selections and a condition, with the place of everything. */
import { isConditionFault, parseCondition } from "./condition.ts";
import { checkModifiers, isFault, type ModifierName } from "./modifiers.ts";
import type { Condition, Detection, FieldItem, KeywordItem, RuleValue, Selection } from "./rule.ts";
import type { SourceEntry, SourceFile, SourceNode, SourceScalar } from "./source-tree.ts";

/**
 * Reads a detection section.
 * Errors: SallyportError rule_invalid or rule_unsupported at the place.
 */
export function parseDetection(source: SourceFile, entry: SourceEntry): Detection {
  const { value: node } = entry;
  if (node.kind !== "map") return source.fail("rule_invalid", entry.keyOffset, "detection is not a map");
  const selections = new Map<string, Selection>();
  let condition: SourceEntry | undefined;
  for (const child of node.entries) {
    if (child.key === "condition") condition = child;
    else if (child.key === "timeframe") {
      source.fail(
        "rule_unsupported",
        child.keyOffset,
        "timeframe is not supported: one record is looked at alone",
      );
    } else selections.set(child.key, parseSelection(source, child));
  }
  if (condition === undefined) {
    return source.fail("rule_invalid", entry.keyOffset, "detection has no condition");
  }
  return { selections, condition: readCondition(source, condition, [...selections.keys()]) };
}

/** A list of conditions is linked with "or". */
function readCondition(source: SourceFile, entry: SourceEntry, names: readonly string[]): Condition {
  const nodes = entry.value.kind === "list" ? entry.value.items : [entry.value];
  const conditions = nodes.map((node) => {
    if (node.kind !== "scalar") return source.fail("rule_invalid", node.offset, "A condition is a text");
    const parsed = parseCondition(node.text, names);
    return isConditionFault(parsed) ? source.fail(parsed.code, node.offset, parsed.detail) : parsed;
  });
  const [first, ...others] = conditions;
  if (first === undefined)
    return source.fail("rule_invalid", entry.keyOffset, "The list of conditions is empty");
  return others.length === 0 ? first : { kind: "or", items: conditions };
}

function parseSelection(source: SourceFile, { key, keyOffset, value }: SourceEntry): Selection {
  if (isEmpty(value)) return source.fail("rule_invalid", keyOffset, `The selection "${key}" is empty`);
  return parseBody(source, value);
}

/** A map is all of its lines; a list of maps any of them; bare values are keywords. */
function parseBody(source: SourceFile, node: SourceNode): Selection {
  if (node.kind === "map") {
    const items = node.entries.map((entry) => parseLine(source, entry));
    return items.length === 1 && items[0] !== undefined ? items[0] : { kind: "all", items };
  }
  if (node.kind === "scalar") return keywords(source, [], [node], node.offset);
  const bare = node.items.filter((item): item is SourceScalar => item.kind === "scalar");
  const rest = node.items.filter((item) => item.kind !== "scalar");
  const items: Selection[] = rest.map((item) => {
    if (item.kind === "list")
      return source.fail("rule_invalid", item.offset, "A list within a list has no meaning");
    if (isEmpty(item)) return source.fail("rule_invalid", item.offset, "An empty map matches nothing");
    return parseBody(source, item);
  });
  if (bare.length > 0) items.unshift(keywords(source, [], bare, node.offset));
  return items.length === 1 && items[0] !== undefined ? items[0] : { kind: "any", items };
}

/** One line of a map: `field|modifiers: values`, or `'|modifiers': keywords`. */
function parseLine(source: SourceFile, { key, keyOffset, value }: SourceEntry): FieldItem | KeywordItem {
  const [field = "", ...names] = key.split("|");
  const modifiers = checkModifiers(names, field !== "");
  if (isFault(modifiers)) return source.fail(modifiers.code, keyOffset, modifiers.detail);
  const scalars = scalarsOf(source, keyOffset, value);
  if (modifiers.includes("all") && scalars.length < 2) {
    source.fail("rule_invalid", keyOffset, 'The modifier "all" needs a list of at least two values');
  }
  if (field === "") return keywords(source, modifiers, scalars, keyOffset);
  const values = scalars.map((scalar) => ruleValue(source, scalar));
  return { kind: "field", field, modifiers, values, at: source.at(keyOffset) };
}

function scalarsOf(source: SourceFile, keyOffset: number, node: SourceNode): readonly SourceScalar[] {
  if (node.kind === "scalar") return [node];
  if (node.kind === "map") return source.fail("rule_invalid", node.offset, "A field holds values, not a map");
  if (node.items.length === 0) return source.fail("rule_invalid", keyOffset, "The list of values is empty");
  return node.items.map((item) =>
    item.kind === "scalar" ? item : source.fail("rule_invalid", item.offset, "A field holds plain values"),
  );
}

function keywords(
  source: SourceFile,
  modifiers: readonly ModifierName[],
  scalars: readonly SourceScalar[],
  offset: number,
): KeywordItem {
  const empty = scalars.find((scalar) => scalar.value === null || scalar.value === "");
  if (empty !== undefined)
    source.fail("rule_invalid", empty.offset, "An empty keyword would match every record");
  const values = scalars.map((scalar) => ruleValue(source, scalar));
  return { kind: "keywords", modifiers, values, at: source.at(offset) };
}

function ruleValue(source: SourceFile, { value, text, offset }: SourceScalar): RuleValue {
  return { value, text, at: source.at(offset) };
}

function isEmpty(node: SourceNode): boolean {
  if (node.kind === "scalar") return node.value === null;
  return node.kind === "list" ? node.items.length === 0 : node.entries.length === 0;
}
