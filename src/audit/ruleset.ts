/** The one shape of every firewall's rules: chains of rules, each a condition and what it does. */
import { type Family, type IpSet, uniteAll } from "./ip-set.ts";

/** Which end of the connection; its client is the source. For zones and interfaces: where it comes in, where it goes out. */
export type End = "source" | "destination";

/** Ports, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/**
 * When a rule applies to the first packet of a connection. `unknown` may or may not hold: the file cannot say.
 * `all` of nothing holds always, `any` of nothing never.
 */
export type Condition =
  | { readonly kind: "addresses"; readonly end: End; readonly set: IpSet }
  | { readonly kind: "ports"; readonly end: End; readonly ranges: readonly PortRange[] }
  | { readonly kind: "protocol"; readonly number: number }
  | { readonly kind: "family"; readonly family: Family }
  | { readonly kind: "zone"; readonly end: End; readonly name: string }
  | { readonly kind: "same-zone" }
  | { readonly kind: "application"; readonly name: string }
  | { readonly kind: "unknown"; readonly what: string }
  | { readonly kind: "not"; readonly of: Condition }
  | { readonly kind: "all" | "any"; readonly of: readonly Condition[] };

export const ALWAYS: Condition = { kind: "all", of: [] };
export const NEVER: Condition = { kind: "any", of: [] };

export const all = (...of: readonly Condition[]): Condition => ({ kind: "all", of });
export const any = (...of: readonly Condition[]): Condition => ({ kind: "any", of });

/** Any of many: addresses of one end become one set, so that long lists cost one look. */
export function anyOfMany(conditions: readonly Condition[]): Condition {
  const of: Condition[] = conditions.filter((condition) => condition.kind !== "addresses");
  for (const end of ["source", "destination"] as const) {
    const sets = conditions.flatMap((one) => (one.kind === "addresses" && one.end === end ? [one.set] : []));
    if (sets.length > 0) of.push({ kind: "addresses", end, set: uniteAll(sets) });
  }
  return of.length === 1 ? (of[0] ?? NEVER) : { kind: "any", of };
}

export const not = (of: Condition): Condition => ({ kind: "not", of });
export const unknown = (what: string): Condition => ({ kind: "unknown", what });
export const protocol = (number: number): Condition => ({ kind: "protocol", number });
export const addresses = (end: End, set: IpSet): Condition => ({ kind: "addresses", end, set });
export const ports = (end: End, ...ranges: readonly PortRange[]): Condition => ({
  kind: "ports",
  end,
  ranges,
});
export const zone = (end: End, name: string): Condition => ({ kind: "zone", end, name });

/** What a rule does. `allow` ends its stage and leaves the packet to the next; `block` is final. */
export type Action =
  | { readonly do: "allow" | "block" | "return" | "continue" }
  | { readonly do: "jump" | "goto"; readonly chain: string }
  | { readonly do: "undecided"; readonly why: string };

/** Where a rule stands. Units: the line counts from one. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

export interface AuditRule {
  readonly place: Place;
  /** The rule as its administrator knows it. */
  readonly text: string;
  readonly when: Condition;
  readonly action: Action;
}

/** Rules in order. A chain that others jump to has no policy: its end leads back. */
export interface Chain {
  readonly name: string;
  readonly rules: readonly AuditRule[];
  /** It sees packets of this family only. */
  readonly family?: Family | undefined;
  /** What happens at the end of a chain where packets enter. */
  readonly policy?: AuditRule | undefined;
}

/** A way through the firewall: the chains that a packet passes one after another. */
export interface Path {
  readonly name: "transit" | "host";
  /** Names of chains, in order. */
  readonly stages: readonly string[];
  /** The stages whose rules are named when a packet gets through; the others only may stop it. */
  readonly deciding: readonly string[];
}

export type ConfigFormat = "iptables" | "nftables" | "panos" | "aws-security-group" | "aws-network-acl";

/** One set of rules that answers the question by itself: a table family, a vsys, a group. */
export interface Ruleset {
  readonly file: string;
  readonly format: ConfigFormat;
  /** What it is, where a file holds several: `vsys1`, `sg-0a1b`. */
  readonly name: string;
  readonly families: readonly Family[];
  readonly chains: ReadonlyMap<string, Chain>;
  readonly paths: readonly Path[];
  /** Names of interfaces or zones that rules use. */
  readonly zones: readonly string[];
  /** What interfaces or zones are called here. */
  readonly zoneWord: "interface" | "zone";
  /** Applications are told apart (App-ID). */
  readonly knowsApplications: boolean;
  /** What was taken for granted, and what the file cannot show, in sentences. */
  readonly notes: readonly string[];
}

/** The names of interfaces or zones that rules ask for; loopback leads nowhere. */
export function zonesIn(chains: Iterable<Chain>): readonly string[] {
  const names = new Set<string>();
  const look = (condition: Condition): void => {
    if (condition.kind === "zone") names.add(condition.name);
    else if (condition.kind === "not") look(condition.of);
    else if (condition.kind === "all" || condition.kind === "any") condition.of.forEach(look);
  };
  for (const { rules } of chains) for (const { when } of rules) look(when);
  names.delete("lo");
  return [...names];
}
