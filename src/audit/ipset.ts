/** `ipset save` lines: the content of the sets that iptables rules name. */
import { addressSetOf, portRangeOf, wordsOf } from "./iptables-words.ts";
import {
  addresses,
  all,
  any,
  anyOfMany,
  type Condition,
  type End,
  NEVER,
  not,
  ports,
  protocol,
  unknown,
} from "./ruleset.ts";

interface IpSetContent {
  /** `net`, `port` … in the order of the elements' parts. */
  readonly parts: readonly string[];
  readonly isList: boolean;
  readonly entries: { readonly element: string; readonly isHole: boolean }[];
}

/** Sets by name. */
export type IpSets = ReadonlyMap<string, IpSetContent>;

/** Reads the `create` and `add` lines of some texts; other lines are somebody else's. */
export function readIpSets(texts: readonly string[]): IpSets {
  const sets = new Map<string, IpSetContent>();
  for (const line of texts.flatMap((text) => text.split(/\r?\n/))) {
    const [verb, name = "", what = "", ...more] = wordsOf(line);
    if (verb === "create") {
      const [method = "", parts = ""] = what.split(":");
      sets.set(name, { parts: parts.split(","), isList: method === "list", entries: [] });
    } else if (verb === "add") {
      sets.get(name)?.entries.push({ element: what, isHole: more.includes("nomatch") });
    }
  }
  return sets;
}

/** The condition of `--match-set NAME DIRECTIONS`. */
export function matchSet(sets: IpSets, name: string, directions: string, depth = 0): Condition {
  const set = sets.get(name);
  if (set === undefined || depth > 4) return unknown(`content of ipset ${name}`);
  if (set.isList)
    return any(...set.entries.map(({ element }) => matchSet(sets, element, directions, depth + 1)));
  const ends = directions.split(",").map((word): End => (word === "src" ? "source" : "destination"));
  const of = (isHole: boolean): Condition =>
    anyOfMany(
      set.entries.filter((entry) => entry.isHole === isHole).map(({ element }) => elementCondition(element)),
    );
  const elementCondition = (element: string): Condition => {
    const values = element.split(",");
    const [first = NEVER, ...rest] = set.parts.map((part, at) =>
      partCondition(part, values[at] ?? "", ends[at], name),
    );
    return rest.length === 0 ? first : all(first, ...rest);
  };
  return all(of(false), not(of(true)));
}

function partCondition(part: string, value: string, end: End | undefined, name: string): Condition {
  const open = unknown(`ipset ${name} (${part})`);
  if (end === undefined) return open;
  if (part === "ip" || part === "net") {
    const set = addressSetOf(value);
    return set === undefined ? open : addresses(end, set);
  }
  if (part !== "port") return open;
  const [, transport = "", range = ""] = /^(?:([a-z0-9-]+):)?(.*)$/.exec(value) ?? [];
  const found = portRangeOf(range, "-");
  if (transport !== "" && transport !== "tcp" && transport !== "udp") return NEVER;
  if (found === undefined) return open;
  const number = transport === "udp" ? 17 : 6;
  return transport === "" ? ports(end, found) : all(protocol(number), ports(end, found));
}
