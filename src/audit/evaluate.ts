/** Evaluation: a set of packets through the stages of a path, first match first, without looking at one packet alone. */
import { type Match, matchOf } from "./match.ts";
import type { Packets } from "./question.ts";
import {
  EMPTY,
  intersectRegions,
  isEmpty,
  type Region,
  subtractRegions,
  uniteAllRegions,
  uniteRegions,
} from "./region.ts";
import type { Action, AuditRule, Chain, Path, Ruleset } from "./ruleset.ts";

/** A rule that decided, or may decide, a region. */
export interface Decision {
  readonly rule: AuditRule;
  readonly stage: string;
  readonly verdict: "allow" | "block";
  readonly region: Region;
}

/** Why a region stays open at a rule. */
export interface Doubt {
  readonly rule: AuditRule;
  readonly why: readonly string[];
  readonly region: Region;
}

/** Shape: `allowed`, `blocked` and `undecided` share nothing and make up all that was asked. */
export interface Evaluation {
  readonly allowed: Region;
  readonly blocked: Region;
  readonly undecided: Region;
  readonly decisions: readonly Decision[];
  readonly doubts: readonly Doubt[];
}

/** Chains that call each other deeper than the kernel allows are not followed. Source: NFT_JUMP_STACK_SIZE. */
const DEEPEST = 16;

interface Walk {
  readonly ruleset: Ruleset;
  readonly packets: Packets;
  readonly decisions: Decision[];
  readonly doubts: Doubt[];
  stage: string;
  /** What this stage may let through. */
  passed: Region[];
  /** What may be stopped so far. */
  readonly stopped: Region[];
}

/**
 * Sends a region down a path. A rule that may apply splits the way: both ends are kept, so that a packet is
 * undecided only when its ways end differently.
 */
export function evaluate(ruleset: Ruleset, path: Path, packets: Packets, asked: Region): Evaluation {
  const walk: Walk = {
    ruleset,
    packets,
    decisions: [],
    doubts: [],
    stage: "",
    passed: [],
    stopped: [],
  };
  let live = asked;
  for (const stage of path.stages) {
    const chain = ruleset.chains.get(stage);
    if (chain === undefined || (chain.family ?? packets.family) !== packets.family) continue;
    Object.assign(walk, { stage, passed: [] });
    const fallen = runChain(walk, chain, live, 0);
    if (chain.policy === undefined) walk.passed.push(fallen);
    else act(walk, chain.policy, fallen, 0);
    live = uniteAllRegions(walk.passed);
  }
  const stopped = uniteAllRegions(walk.stopped);
  return {
    allowed: subtractRegions(live, stopped),
    blocked: subtractRegions(stopped, live),
    undecided: intersectRegions(live, stopped),
    decisions: walk.decisions,
    doubts: walk.doubts,
  };
}

/** Runs a chain; gives what comes back from it without a verdict. */
function runChain(walk: Walk, chain: Chain, entering: Region, depth: number): Region {
  let live = entering;
  let back = EMPTY;
  for (const rule of chain.rules) {
    if (isEmpty(live)) break;
    if (rule.action.do === "continue") continue;
    const match = matchOf(rule.when, walk.packets);
    const region = intersectRegions(live, match.may);
    if (isEmpty(region)) continue;
    noteDoubt(walk, rule, match, region);
    live = subtractRegions(live, match.must);
    const returned = act(walk, rule, region, depth);
    if (rule.action.do === "jump") live = uniteRegions(live, returned);
    else back = uniteRegions(back, returned);
  }
  return uniteRegions(back, live);
}

function noteDoubt({ doubts }: Walk, rule: AuditRule, { must, unknown }: Match, region: Region): void {
  if (unknown.length === 0) return;
  const open = subtractRegions(region, must);
  if (!isEmpty(open)) doubts.push({ rule, why: [...new Set(unknown)], region: open });
}

/** Does what a rule says to a region; gives what returns from where it was sent. */
function act(walk: Walk, rule: AuditRule, region: Region, depth: number): Region {
  const { action } = rule;
  switch (action.do) {
    case "allow":
    case "block":
      decide(walk, rule, action.do, region);
      return EMPTY;
    case "undecided":
      decide(walk, rule, "allow", region);
      decide(walk, rule, "block", region);
      walk.doubts.push({ rule, why: [action.why], region });
      return EMPTY;
    case "jump":
    case "goto":
      return enter(walk, rule, action, region, depth);
    case "return":
    case "continue":
      return region;
  }
}

function enter(
  walk: Walk,
  rule: AuditRule,
  { chain: name }: Extract<Action, { do: "jump" | "goto" }>,
  region: Region,
  depth: number,
): Region {
  const chain = walk.ruleset.chains.get(name);
  if (chain !== undefined && depth < DEEPEST) return runChain(walk, chain, region, depth + 1);
  const why = chain === undefined ? `chain ${name} is not in the file` : `chain ${name} is nested too deep`;
  return act(walk, { ...rule, action: { do: "undecided", why } }, region, depth);
}

function decide(walk: Walk, rule: AuditRule, verdict: "allow" | "block", region: Region): void {
  if (isEmpty(region)) return;
  walk.decisions.push({ rule, stage: walk.stage, verdict, region });
  (verdict === "allow" ? walk.passed : walk.stopped).push(region);
}
