/** What netfilter knows of the first packet of a connection that leaves: it is new, and it is for another host. */
import { ALWAYS, type Condition, NEVER, unknown } from "./ruleset.ts";

/** What the rest of the ruleset does, where a state depends on it. */
export interface ConnectionFacts {
  /** Connections are left out of tracking somewhere. */
  readonly untracks: boolean;
  /** Destinations are rewritten somewhere; undefined where the file does not show it. */
  readonly rewrites: boolean | undefined;
}

const OF_LATER_PACKETS = new Set([
  "ESTABLISHED",
  "RELATED",
  "INVALID",
  "SNAT",
  "SEEN-REPLY",
  "ASSURED",
  "CONFIRMED",
]);

/** Whether the first packet is in a state, by the name that iptables or nftables gives it. */
export function stateCondition(name: string, { untracks, rewrites }: ConnectionFacts): Condition {
  const state = name.toUpperCase();
  if (state === "NEW") return ALWAYS;
  if (OF_LATER_PACKETS.has(state)) return NEVER;
  if (state === "UNTRACKED") return untracks ? unknown("connections left out of tracking") : NEVER;
  if (state === "DNAT" && rewrites === false) return NEVER;
  return unknown(`connection state ${name}`);
}

/** Whether a destination on the Internet is of a type, seen from this host; undefined for a type of another kind. */
export function destinationTypeCondition(type: string): Condition | undefined {
  const name = type.toUpperCase();
  if (name === "UNICAST") return ALWAYS;
  return ["LOCAL", "BROADCAST", "ANYCAST", "MULTICAST"].includes(name) ? NEVER : undefined;
}
