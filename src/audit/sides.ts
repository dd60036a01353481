/** Sides: which interfaces and zones lead inside and which to the Internet, as told or by their names. */

export type Side = "inside" | "outside";

/** What the user said; undefined where they said nothing, so that names are looked at. */
export interface ToldSides {
  readonly inside?: readonly string[] | undefined;
  readonly outside?: readonly string[] | undefined;
}

/** The names of each side for one ruleset. A side that was told is closed: no other name belongs to it. */
export interface Sides {
  readonly inside: readonly string[];
  readonly outside: readonly string[];
  readonly insideTold: boolean;
  readonly outsideTold: boolean;
}

const INSIDE_WORDS = new Set([
  "trust",
  "trusted",
  "inside",
  "internal",
  "intern",
  "lan",
  "corp",
  "corporate",
  "office",
  "user",
  "users",
  "client",
  "clients",
  "private",
  "docker",
  "virbr",
  "lxdbr",
  "lxcbr",
  "podman",
  "cni",
]);
const OUTSIDE_WORDS = new Set([
  "untrust",
  "untrusted",
  "outside",
  "external",
  "extern",
  "wan",
  "internet",
  "public",
  "isp",
  "uplink",
  "ppp",
  "pppoe",
]);

/** Looks at a name's words: `l3-untrust`, `wan0`, `br-lan`. Undefined: the name says nothing. */
export function sideByName(name: string): Side | undefined {
  const words = name.toLowerCase().split(/[^a-z]+/);
  if (words.some((word) => OUTSIDE_WORDS.has(word))) return "outside";
  return words.some((word) => INSIDE_WORDS.has(word)) ? "inside" : undefined;
}

/** Sorts the names that a ruleset uses; what the user said goes first. */
export function sidesOf(zones: readonly string[], told: ToldSides): Sides {
  const plain = [...new Set(zones)].sort();
  const guess = (side: Side): readonly string[] => plain.filter((name) => sideByName(name) === side);
  return {
    inside: told.inside ?? guess("inside").filter((name) => !told.outside?.includes(name)),
    outside: told.outside ?? guess("outside").filter((name) => !told.inside?.includes(name)),
    insideTold: told.inside !== undefined,
    outsideTold: told.outside !== undefined,
  };
}

/** Tells whether a name as a rule writes it, with `+` or `*` for any ending, means a name. */
export function meansZone(pattern: string, name: string): boolean {
  return /[+*]$/.test(pattern) ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}
