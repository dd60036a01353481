/** Several documents in one file, among them the older `action: global | repeat | reset` collections. */
import {
  entryOf,
  type SourceEntry,
  type SourceFile,
  type SourceMap,
  type SourceNode,
} from "./source-tree.ts";

/** The maps of a file that are rules, with what `global` and `repeat` add to them. */
export function ruleMaps(source: SourceFile): readonly SourceMap[] {
  const rules: SourceMap[] = [];
  let global: SourceMap | undefined;
  let previous: SourceMap | undefined;
  for (const document of source.documents) {
    if (document.kind !== "map") return source.fail("rule_invalid", document.offset, "A rule is a map");
    const action = entryOf(document, "action");
    const own = withoutAction(document);
    switch (action?.value.kind === "scalar" ? action.value.text : undefined) {
      case undefined:
        previous = merge(global, own);
        rules.push(previous);
        break;
      case "global":
        global = merge(global, own);
        break;
      case "reset":
        global = undefined;
        break;
      case "repeat":
        if (previous === undefined) {
          return source.fail("rule_invalid", document.offset, "action: repeat has no rule before it");
        }
        previous = merge(previous, own);
        rules.push(previous);
        break;
      default:
        return source.fail("rule_invalid", action?.keyOffset ?? 0, "action is global, repeat or reset");
    }
  }
  return rules;
}

function withoutAction(map: SourceMap): SourceMap {
  return { ...map, entries: map.entries.filter((entry) => entry.key !== "action") };
}

/** Puts one map over another: maps merge, all else is replaced. The place is the upper one's. */
function merge(under: SourceMap | undefined, over: SourceMap): SourceMap {
  if (under === undefined) return over;
  const entries: SourceEntry[] = under.entries.map((entry) => {
    const upper = entryOf(over, entry.key);
    return upper === undefined ? entry : { ...upper, value: mergeNodes(entry.value, upper.value) };
  });
  const added = over.entries.filter((entry) => entryOf(under, entry.key) === undefined);
  return { kind: "map", offset: over.offset, entries: [...entries, ...added] };
}

function mergeNodes(under: SourceNode, over: SourceNode): SourceNode {
  return under.kind === "map" && over.kind === "map" ? merge(under, over) : over;
}
