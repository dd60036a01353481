/** One nftables rule → rules of the common shape: its matches in order, then its verdict or verdict map. */
import { itemsOf, type JsonNode, memberOf, onlyMemberOf, textOf } from "./json-tree.ts";
import { type NftFacts, nftMapWays, nftMatch } from "./nft-match.ts";
import { nftText } from "./nft-text.ts";
import { type Action, type AuditRule, all, type Condition, type Place, unknown } from "./ruleset.ts";

/** Statements that leave the packet as it is, and go on. */
const PASSING = new Set([
  "counter",
  "log",
  "notrack",
  "flow",
  "set",
  "ct helper",
  "ct timeout",
  "ct expectation",
  "secmark",
  "dup",
  "last",
]);

/** Statements that let some packets by and end the rule for the others. */
const LIMITING = new Set(["limit", "quota", "ct count", "meter", "connlimit"]);

/** Reads a rule. A rule that only counts or logs gives none. */
export function nftRules(node: JsonNode, place: Place, table: string, facts: NftFacts): readonly AuditRule[] {
  const text = `${table} ${textOf(memberOf(node, "chain"))}: ${nftText(node)}`;
  const conditions: Condition[] = [];
  const rules: AuditRule[] = [];
  const add = (action: Action, ...more: readonly Condition[]): void => {
    rules.push({ place, text, when: all(...conditions, ...more), action });
  };
  for (const statement of itemsOf(memberOf(node, "expr"))) {
    const [name, body] = onlyMemberOf(statement) ?? ["a statement of another kind", statement];
    if (name === "match") conditions.push(nftMatch(body, facts));
    else if (LIMITING.has(name)) conditions.push(unknown(name));
    else if (name === "xt" && textOf(memberOf(body, "type")) === "match") {
      conditions.push(unknown(`xt ${textOf(memberOf(body, "name")) ?? "match"}`));
    } else if (name === "vmap") addWays(body, table, facts, add);
    else if (!PASSING.has(name) && !changesMark(name, body)) add(verdictOf(name, body, table));
  }
  return rules;
}

function addWays(
  body: JsonNode,
  table: string,
  facts: NftFacts,
  add: (action: Action, ...more: readonly Condition[]) => void,
): void {
  const ways = nftMapWays(body, facts);
  if (typeof ways === "string") {
    add({ do: "undecided", why: ways });
    return;
  }
  for (const { when, verdict } of ways) {
    const [name, target] = onlyMemberOf(verdict) ?? ["a verdict of another kind", verdict];
    add(verdictOf(name, target, table), when);
  }
}

/** Sets a mark or another property, but no address or port. */
function changesMark(name: string, body: JsonNode): boolean {
  return name === "mangle" && onlyMemberOf(memberOf(body, "key"))?.[0] !== "payload";
}

function verdictOf(name: string, body: JsonNode, table: string): Action {
  switch (name) {
    case "accept":
    case "snat":
    case "masquerade":
      return { do: "allow" };
    case "drop":
    case "reject":
      return { do: "block" };
    case "return":
    case "continue":
      return { do: name };
    case "jump":
    case "goto":
      return { do: name, chain: `${table} ${textOf(memberOf(body, "target"))}` };
    default:
      return { do: "undecided", why: `what the statement ${name} does` };
  }
}
