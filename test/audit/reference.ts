/** The reference: one packet at a time, rule by rule, following every way a packet may take. Plain, and slow. */
import type { Packets } from "../../src/audit/question.ts";
import type { Chain, Condition, Path, Ruleset } from "../../src/audit/ruleset.ts";

/** One packet: addresses as numbers, the rest as in the question. */
export interface Packet {
  readonly source: bigint;
  readonly destination: bigint;
  readonly common: Packets;
}

/** How a packet may end. */
export type Ends = ReadonlySet<"allow" | "block">;

type Answer = true | false | "maybe";

/** Every way a packet may end on a path. */
export function referenceEnds(ruleset: Ruleset, path: Path, packet: Packet): Ends {
  const ends = new Set<"allow" | "block">();
  let alive = true;
  for (const name of path.stages) {
    const chain = ruleset.chains.get(name);
    if (!alive || chain === undefined) continue;
    if (chain.family !== undefined && chain.family !== packet.common.family) continue;
    const found = new Set<string>();
    if (follow(ruleset, chain, packet, found)) settle(ruleset, chain.policy?.action, packet, found);
    if (found.has("block")) ends.add("block");
    alive = found.has("allow");
  }
  if (alive) ends.add("allow");
  return ends;
}

/** Follows a chain; tells whether the packet may come out at its end. */
function follow(ruleset: Ruleset, chain: Chain, packet: Packet, found: Set<string>): boolean {
  let comesBack = false;
  for (const rule of chain.rules) {
    const holds = answer(rule.when, packet);
    if (holds === false || rule.action.do === "continue") continue;
    const returns = settle(ruleset, rule.action, packet, found);
    if (rule.action.do === "jump") {
      if (holds === true && !returns) return comesBack;
      continue;
    }
    comesBack ||= returns;
    if (holds === true) return comesBack;
  }
  return true;
}

/** Does what a rule says; tells whether the packet may come back. */
function settle(
  ruleset: Ruleset,
  action: Chain["rules"][number]["action"] | undefined,
  packet: Packet,
  found: Set<string>,
): boolean {
  if (action === undefined) {
    found.add("allow");
    return false;
  }
  if (action.do === "allow" || action.do === "block") found.add(action.do);
  if (action.do === "undecided") found.add("allow").add("block");
  if (action.do === "return" || action.do === "continue") return true;
  if (action.do !== "jump" && action.do !== "goto") return false;
  const target = ruleset.chains.get(action.chain);
  if (target !== undefined) return follow(ruleset, target, packet, found);
  found.add("allow").add("block");
  return false;
}

function answer(condition: Condition, packet: Packet): Answer {
  const { common } = packet;
  switch (condition.kind) {
    case "addresses": {
      const spans = common.family === 4 ? condition.set.v4 : condition.set.v6;
      const value = condition.end === "source" ? packet.source : packet.destination;
      return spans.some((span) => value >= span.first && value <= span.last);
    }
    case "ports":
      if (condition.end === "source") return "maybe";
      return condition.ranges.some(
        ({ first, last }) => common.service.port >= first && common.service.port <= last,
      );
    case "protocol":
      return condition.number === common.service.protocol;
    case "family":
      return condition.family === common.family;
    case "zone":
      return condition.name === (condition.end === "source" ? common.inside : common.outside);
    case "unknown":
      return "maybe";
    case "not":
      return opposite(answer(condition.of, packet));
    case "all":
      return opposite(some(condition.of.map((part) => opposite(answer(part, packet)))));
    case "any":
      return some(condition.of.map((part) => answer(part, packet)));
    default:
      throw new Error(`the reference does not know ${condition.kind}`);
  }
}

function opposite(given: Answer): Answer {
  return given === "maybe" ? "maybe" : !given;
}

function some(answers: readonly Answer[]): Answer {
  if (answers.includes(true)) return true;
  return answers.includes("maybe") ? "maybe" : false;
}
