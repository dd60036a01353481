/** What an nftables expression looks at: each key knows what it implies, and what a value of it means. */
import { parseIp } from "../net/parse-ip.ts";
import { parseNetwork } from "../net/prefix.ts";
import { type ConnectionFacts, destinationTypeCondition, stateCondition } from "./connection.ts";
import { ipSetOf } from "./ip-set.ts";
import { addressSetOf, portOf, protocolCondition } from "./iptables-words.ts";
import { itemsOf, type JsonNode, memberOf, numberOf, onlyMemberOf, textOf } from "./json-tree.ts";
import {
  ALWAYS,
  addresses,
  all,
  type Condition,
  type End,
  NEVER,
  type PortRange,
  ports,
  unknown,
  zone,
} from "./ruleset.ts";

/** One thing that a match looks at. */
export interface NftKey {
  /** Holds whenever the packet has such a thing at all: `tcp dport` is of TCP packets only. */
  readonly implied: Condition;
  /** Whether it has a value. */
  readonly is: (value: JsonNode) => Condition;
}

const ENDS: Readonly<Record<string, End>> = {
  saddr: "source",
  daddr: "destination",
  sport: "source",
  dport: "destination",
};
const FAMILIES: Readonly<Record<string, Condition>> = {
  ip: { kind: "family", family: 4 },
  ip6: { kind: "family", family: 6 },
};

/** Protocols whose fields a TCP or UDP packet of ours does not have. */
const OTHER_HEADERS = new Set([
  "icmp",
  "icmpv6",
  "igmp",
  "sctp",
  "dccp",
  "udplite",
  "ah",
  "esp",
  "comp",
  "gre",
  "arp",
  "vlan",
]);

/** Reads the left side of a match or the key of a map. */
export function nftKey(node: JsonNode, facts: ConnectionFacts): NftKey {
  const [kind, body] = onlyMemberOf(node) ?? ["", node];
  switch (kind) {
    case "payload":
      return payloadKey(textOf(memberOf(body, "protocol")) ?? "", textOf(memberOf(body, "field")) ?? "");
    case "meta":
      return metaKey(textOf(memberOf(body, "key")) ?? "");
    case "ct":
      return connectionKey(body, facts);
    case "fib":
      return fibKey(body);
    case "concat":
      return concatKey(itemsOf(body), facts);
    default:
      return openKey(kind === "" ? "an expression" : kind);
  }
}

function openKey(what: string, implied: Condition = ALWAYS): NftKey {
  return { implied, is: () => unknown(what) };
}

function payloadKey(header: string, field: string): NftKey {
  const family = Object.hasOwn(FAMILIES, header) ? FAMILIES[header] : undefined;
  const end = Object.hasOwn(ENDS, field) ? ENDS[field] : undefined;
  if (family !== undefined) {
    if (end !== undefined && field.endsWith("addr"))
      return { implied: family, is: (value) => addressIs(end, value) };
    if (field === "protocol" || field === "nexthdr") return { implied: family, is: protocolIs };
    return openKey(`${header} ${field}`, family);
  }
  if (OTHER_HEADERS.has(header)) return { implied: NEVER, is: () => NEVER };
  const implied = header === "th" ? ALWAYS : protocolCondition(header);
  if (end !== undefined && field.endsWith("port")) return { implied, is: (value) => portIs(end, value) };
  return openKey(`${header} ${field}`, header === "tcp" || header === "udp" ? implied : ALWAYS);
}

const INTERFACES: Readonly<Record<string, End>> = {
  iif: "source",
  iifname: "source",
  oif: "destination",
  oifname: "destination",
};

function metaKey(key: string): NftKey {
  const end = Object.hasOwn(INTERFACES, key) ? INTERFACES[key] : undefined;
  if (end !== undefined)
    return { implied: ALWAYS, is: (value) => named(value, (name) => zone(end, name), "an interface") };
  if (key === "l4proto") return { implied: ALWAYS, is: protocolIs };
  if (key === "nfproto" || key === "protocol") {
    return { implied: ALWAYS, is: (value) => named(value, (name) => familyNamed(name), `meta ${key}`) };
  }
  return openKey(`meta ${key}`);
}

function familyNamed(name: string): Condition {
  const family = { ipv4: FAMILIES["ip"], ip: FAMILIES["ip"], ipv6: FAMILIES["ip6"], ip6: FAMILIES["ip6"] };
  return Object.hasOwn(family, name)
    ? (family[name as keyof typeof family] ?? NEVER)
    : unknown(`protocol ${name}`);
}

function connectionKey(body: JsonNode, facts: ConnectionFacts): NftKey {
  const key = textOf(memberOf(body, "key")) ?? "";
  const is = (of: (name: string) => Condition): NftKey => ({
    implied: ALWAYS,
    is: (value) => named(value, of, `ct ${key}`),
  });
  if (key === "state" || key === "status") return is((name) => stateCondition(name, facts));
  if (key === "direction")
    return is((name) => (name === "original" ? ALWAYS : name === "reply" ? NEVER : unknown("ct direction")));
  return openKey(`ct ${key}`);
}

/** Sources come in where they belong, and destinations are other hosts'. */
function fibKey(body: JsonNode): NftKey {
  const flags = itemsOf(memberOf(body, "flags")).map(textOf);
  const result = textOf(memberOf(body, "result")) ?? "";
  if (result === "type" && flags.includes("daddr") && !flags.includes("saddr")) {
    return {
      implied: ALWAYS,
      is: (value) =>
        named(value, (name) => destinationTypeCondition(name) ?? unknown("fib type"), "fib type"),
    };
  }
  if (!flags.includes("saddr") || result === "type") return openKey(`fib ${result}`);
  return {
    implied: ALWAYS,
    is: (value) => {
      const text = value.kind === "boolean" ? String(value.value) : (textOf(value) ?? "");
      if (text === "false" || text === "missing") return NEVER;
      return text === "true" || text === "exists" ? ALWAYS : unknown("fib saddr");
    },
  };
}

function concatKey(parts: readonly JsonNode[], facts: ConnectionFacts): NftKey {
  const keys = parts.map((part) => nftKey(part, facts));
  return {
    implied: all(...keys.map(({ implied }) => implied)),
    is: (value) => {
      const values = itemsOf(memberOf(value, "concat"));
      if (values.length !== keys.length) return unknown("a concatenation");
      return all(...keys.map((key, at) => key.is(values[at] ?? value)));
    },
  };
}

function named(value: JsonNode, of: (name: string) => Condition, what: string): Condition {
  const name = textOf(value);
  return name === undefined ? unknown(what) : of(name);
}

function protocolIs(value: JsonNode): Condition {
  return named(value, protocolCondition, "a protocol");
}

function addressIs(end: End, value: JsonNode): Condition {
  const open = unknown("an address expression");
  const [kind, body] = onlyMemberOf(value) ?? [];
  if (kind === "prefix") {
    const [address, length] = [textOf(memberOf(body, "addr")), numberOf(memberOf(body, "len"))];
    const set =
      address === undefined || length === undefined ? undefined : addressSetOf(`${address}/${length}`);
    return set === undefined ? open : addresses(end, set);
  }
  if (kind === "range") {
    const [first, last] = itemsOf(body).map(textOf);
    const range = parseNetwork(`${first}-${last}`);
    return range === undefined ? open : addresses(end, ipSetOf([range]));
  }
  const text = textOf(value) ?? "";
  const set = parseIp(text) === undefined && !text.includes("/") ? undefined : addressSetOf(text);
  return set === undefined ? open : addresses(end, set);
}

function portIs(end: End, value: JsonNode): Condition {
  const range = nftPorts(value);
  return range === undefined ? unknown("a port expression") : ports(end, range);
}

function nftPorts(value: JsonNode): PortRange | undefined {
  const [kind, body] = onlyMemberOf(value) ?? [];
  const ends = kind === "range" ? itemsOf(body) : [value, value];
  const [first, last] = ends.map((one) => portOf(textOf(one) ?? ""));
  return first === undefined || last === undefined || first > last ? undefined : { first, last };
}
