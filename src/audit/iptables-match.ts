/** What an iptables rule asks for: each option as a condition. What is not known here makes the rule uncertain. */
import { type ConnectionFacts, destinationTypeCondition, stateCondition } from "./connection.ts";
import { type IpSets, matchSet } from "./ipset.ts";
import { addressSetOf, portRangeOf, protocolCondition } from "./iptables-words.ts";
import {
  ALWAYS,
  addresses,
  any,
  type Condition,
  type End,
  NEVER,
  not,
  type PortRange,
  ports,
  unknown,
  zone,
} from "./ruleset.ts";

/** What the rest of the file says, where a match depends on it. */
export interface TableFacts extends ConnectionFacts {
  readonly sets: IpSets;
}

interface OptionSpec {
  /** How many words follow. */
  readonly words: number;
  readonly read: (words: readonly string[], facts: TableFacts) => Condition | undefined;
}

const always: OptionSpec = { words: 1, read: () => ALWAYS };

function address(end: End): OptionSpec {
  return { words: 1, read: ([text = ""]) => addressCondition(end, text.split(",")) };
}

function addressCondition(end: End, texts: readonly string[]): Condition | undefined {
  const sets = texts.map(addressSetOf);
  return any(
    ...sets.map((set) => (set === undefined ? unknown("an address written as a name") : addresses(end, set))),
  );
}

function portList(...ends: readonly End[]): OptionSpec {
  return {
    words: 1,
    read: ([text = ""]) => {
      const ranges = text.split(",").map((one) => portRangeOf(one, ":"));
      const known = ranges.filter((range): range is PortRange => range !== undefined);
      return known.length < ranges.length ? undefined : any(...ends.map((end) => ports(end, ...known)));
    },
  };
}

function face(end: End): OptionSpec {
  return { words: 1, read: ([name = ""]) => (name === "+" ? ALWAYS : zone(end, name)) };
}

const connectionState: OptionSpec = {
  words: 1,
  read: ([text = ""], facts) =>
    any(
      ...text
        .toUpperCase()
        .split(",")
        .map((state) => stateCondition(state, facts)),
    ),
};

/** The first packet carries SYN and no other flag. */
const tcpFlags: OptionSpec = {
  words: 2,
  read: ([mask = "", wanted = ""]) => {
    const looked = mask.split(",");
    const sees = looked.includes("SYN") || looked.includes("ALL") ? "SYN" : "NONE";
    return wanted === sees ? ALWAYS : NEVER;
  },
};

const destinationType: OptionSpec = {
  words: 1,
  read: ([type = ""]) => destinationTypeCondition(type),
};

const OPTIONS: ReadonlyMap<string, OptionSpec> = new Map(
  Object.entries<OptionSpec>({
    "-s": address("source"),
    "--source": address("source"),
    "--src": address("source"),
    "-d": address("destination"),
    "--destination": address("destination"),
    "--dst": address("destination"),
    "-i": face("source"),
    "--in-interface": face("source"),
    "-o": face("destination"),
    "--out-interface": face("destination"),
    "-p": { words: 1, read: ([text = ""]) => protocolCondition(text) },
    "--protocol": { words: 1, read: ([text = ""]) => protocolCondition(text) },
    "--sport": portList("source"),
    "--source-port": portList("source"),
    "--dport": portList("destination"),
    "--destination-port": portList("destination"),
    "--sports": portList("source"),
    "--source-ports": portList("source"),
    "--dports": portList("destination"),
    "--destination-ports": portList("destination"),
    "--ports": portList("source", "destination"),
    "--src-range": address("source"),
    "--dst-range": address("destination"),
    "--ctstate": connectionState,
    "--state": connectionState,
    "--ctdir": { words: 1, read: ([way = ""]) => (way === "ORIGINAL" ? ALWAYS : NEVER) },
    "--comment": always,
    "--match-set": { words: 2, read: ([name = "", ends = ""], { sets }) => matchSet(sets, name, ends) },
    "--dst-type": destinationType,
    "--pkt-type": { words: 1, read: ([type = ""]) => (type === "unicast" ? ALWAYS : NEVER) },
    "--syn": { words: 0, read: () => ALWAYS },
    "--tcp-flags": tcpFlags,
    // Of rpfilter: sources come in where they belong, so that only the inverted test fails.
    "--invert": { words: 0, read: () => NEVER },
    "--loose": { words: 0, read: () => ALWAYS },
    "--validmark": { words: 0, read: () => ALWAYS },
    "-f": { words: 0, read: () => NEVER },
    "--fragment": { words: 0, read: () => NEVER },
    "-c": { words: 2, read: () => ALWAYS },
  }),
);

/** Modules that say nothing themselves: their options do. */
const MODULES = new Set([
  "tcp",
  "udp",
  "multiport",
  "iprange",
  "conntrack",
  "state",
  "comment",
  "set",
  "addrtype",
  "pkttype",
  "rpfilter",
]);

/** What a rule asks for and where it sends. */
export interface ReadRule {
  readonly conditions: readonly Condition[];
  readonly target: string | undefined;
  readonly isGoto: boolean;
}

const JUMPS = new Set(["-j", "--jump", "-g", "--goto"]);

/**
 * Reads the words of a rule after `-A CHAIN`. Where `hasOptions` says that a target has options of its own,
 * what follows it is theirs.
 */
export function readMatches(
  words: readonly string[],
  facts: TableFacts,
  hasOptions: (target: string) => boolean,
): ReadRule {
  const conditions: Condition[] = [];
  let jump: { readonly option: string; readonly target: string | undefined } | undefined;
  for (let at = 0; at < words.length; ) {
    const { option, isNegated, next } = optionAt(words, at);
    if (JUMPS.has(option)) {
      jump = { option, target: words[next] };
      at = hasOptions(words[next] ?? "") ? words.length : next + 1;
      continue;
    }
    const taken = takes(option, words.slice(next));
    at = next + taken.length;
    const condition = conditionOf(option, taken, facts);
    conditions.push(isNegated ? not(condition) : condition);
  }
  return { conditions, target: jump?.target, isGoto: jump?.option === "-g" || jump?.option === "--goto" };
}

/** An option with the mark that negates it: before it, or after it as older versions print. */
function optionAt(
  words: readonly string[],
  at: number,
): { option: string; isNegated: boolean; next: number } {
  const isBefore = words[at] === "!";
  const option = words[isBefore ? at + 1 : at] ?? "!";
  const next = at + (isBefore ? 2 : 1);
  const isAfter = words[next] === "!" && !NEGATABLE_NEXT.test(words[next + 1] ?? "-");
  return { option, isNegated: isBefore || isAfter, next: isAfter ? next + 1 : next };
}

/** After an option without words, a mark belongs to the option that follows. */
const NEGATABLE_NEXT = /^-/;

/** The words that belong to an option; of one that is not known, all up to the next. */
function takes(option: string, words: readonly string[]): readonly string[] {
  const spec = OPTIONS.get(option);
  if (spec !== undefined) return words.slice(0, spec.words);
  if (option === "-m" || option === "--match") return words.slice(0, 1);
  const end = words.findIndex((word) => word === "!" || /^-{1,2}[a-zA-Z]/.test(word));
  return end < 0 ? words : words.slice(0, end);
}

function conditionOf(option: string, words: readonly string[], facts: TableFacts): Condition {
  if ((option === "-m" || option === "--match") && MODULES.has(words[0] ?? "")) return ALWAYS;
  const spec = OPTIONS.get(option);
  const whole = [option, ...words].join(" ");
  if (spec === undefined || words.length < spec.words) return unknown(whole);
  return spec.read(words, facts) ?? unknown(whole);
}
