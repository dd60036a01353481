/** An nftables rule as `nft list ruleset` would show it, short: JSON listings carry no such text. */
import { itemsOf, type JsonNode, memberOf, onlyMemberOf, textOf } from "./json-tree.ts";

/** Writes a rule on one line; the handle is what `nft delete rule` wants. */
export function nftText(rule: JsonNode): string {
  const words = itemsOf(memberOf(rule, "expr"))
    .map(statementText)
    .filter((word) => word !== "");
  const handle = textOf(memberOf(rule, "handle"));
  return `${words.join(" ")}${handle === undefined ? "" : ` # handle ${handle}`}`;
}

function statementText(statement: JsonNode): string {
  const [name, body] = onlyMemberOf(statement) ?? [];
  if (name === undefined) return "…";
  if (name === "match") {
    const op = textOf(memberOf(body, "op")) ?? "==";
    const sign = op === "==" || op === "in" ? " " : ` ${op} `;
    return `${expressionText(memberOf(body, "left"))}${sign}${expressionText(memberOf(body, "right"))}`;
  }
  if (name === "jump" || name === "goto") return `${name} ${textOf(memberOf(body, "target"))}`;
  if (name === "vmap")
    return `${expressionText(memberOf(body, "key"))} vmap ${expressionText(memberOf(body, "data"))}`;
  return name === "counter" ? "" : name;
}

function expressionText(node: JsonNode | undefined): string {
  if (node === undefined) return "…";
  const plain = textOf(node);
  if (plain !== undefined) return plain;
  if (node.kind === "boolean") return String(node.value);
  if (node.kind === "array") return node.items.map(expressionText).join(", ");
  const [name, body] = onlyMemberOf(node) ?? [];
  switch (name) {
    case "payload":
      return `${textOf(memberOf(body, "protocol"))} ${textOf(memberOf(body, "field"))}`;
    case "meta":
      return textOf(memberOf(body, "key")) ?? name;
    case "ct":
      return `ct ${textOf(memberOf(body, "key"))}`;
    case "prefix":
      return `${textOf(memberOf(body, "addr"))}/${textOf(memberOf(body, "len"))}`;
    case "range":
      return itemsOf(body).map(expressionText).join("-");
    case "concat":
      return itemsOf(body).map(expressionText).join(" . ");
    case "set":
      return `{ ${shortList(itemsOf(body))} }`;
    case "elem":
      return expressionText(memberOf(body, "val"));
    case "jump":
    case "goto":
      return `${name} ${textOf(memberOf(body, "target"))}`;
    default:
      return name ?? "…";
  }
}

/** Enough to recognise a list by. */
const SHOWN = 4;

function shortList(items: readonly JsonNode[]): string {
  const shown = items
    .slice(0, SHOWN)
    .map((item) =>
      item.kind === "array" ? item.items.map(expressionText).join(" : ") : expressionText(item),
    );
  return [...shown, ...(items.length > SHOWN ? ["…"] : [])].join(", ");
}
