/** iptables-save syntax below the rule: words with quotes, addresses with masks, ports, protocols. */
import { bigintOf, ipOf } from "../net/big.ts";
import { parseIp } from "../net/parse-ip.ts";
import { parseNetwork, prefixOf } from "../net/prefix.ts";
import { type IpSet, ipSetOf } from "./ip-set.ts";
import { ALWAYS, type Condition, NEVER, type PortRange, protocol, unknown } from "./ruleset.ts";

/** Splits a line into words; double quotes hold one together, a backslash keeps what follows. */
export function wordsOf(line: string): readonly string[] {
  const found = line.match(/"(?:[^"\\]|\\.)*"?|[^\s"]+/g) ?? [];
  return found.map((word) =>
    word.startsWith('"') ? word.replace(/^"|"$/g, "").replace(/\\(.)/g, "$1") : word,
  );
}

/** Reads `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, an address or `first-last`; host bits are cut off. Undefined: a name. */
export function addressSetOf(text: string): IpSet | undefined {
  const [address = "", mask] = text.split("/");
  const ip = parseIp(address);
  if (ip === undefined) {
    const range = text.includes("-") ? parseNetwork(text) : undefined;
    return range === undefined ? undefined : ipSetOf([range]);
  }
  const bits = ip.family === 4 ? 32 : 128;
  const length = mask === undefined ? bits : maskLength(mask, bits);
  if (length === undefined) return undefined;
  return ipSetOf([prefixOf(ip, length)]);
}

function maskLength(mask: string, bits: number): number | undefined {
  if (/^\d{1,3}$/.test(mask)) return Number(mask) <= bits ? Number(mask) : undefined;
  const ip = parseIp(mask);
  if (ip === undefined) return undefined;
  const ones = bigintOf(ip).toString(2).padStart(bits, "0").indexOf("0");
  const length = ones < 0 ? bits : ones;
  // A mask with holes is no prefix.
  return prefixOf(ipOf((1n << BigInt(bits)) - 1n, ip.family), length).first.text === ip.text
    ? length
    : undefined;
}

/** Names of services that rules about SMB use. Source: IANA Service Name and Transport Protocol Port Number Registry. */
const SERVICE_NAMES = new Map(
  Object.entries({
    ssh: 22,
    smtp: 25,
    domain: 53,
    http: 80,
    ntp: 123,
    "netbios-ns": 137,
    "netbios-dgm": 138,
    "netbios-ssn": 139,
    imap: 143,
    ldap: 389,
    https: 443,
    "microsoft-ds": 445,
    submission: 587,
    imaps: 993,
  }),
);

/** Reads a port by number or name. */
export function portOf(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : SERVICE_NAMES.get(text);
  return port !== undefined && port <= 65_535 ? port : undefined;
}

/** Reads `445`, `137:139`, `:1023`, `1024:` with a separator between the ends. */
export function portRangeOf(text: string, separator: ":" | "-"): PortRange | undefined {
  const [from = "", to = from, ...more] = text.split(separator);
  const first = from === "" ? 0 : portOf(from);
  const last = to === "" ? 65_535 : portOf(to);
  if (first === undefined || last === undefined || first > last || more.length > 0 || text === "")
    return undefined;
  return { first, last };
}

/** Protocols that are neither TCP nor UDP. Source: IANA Protocol Numbers. */
const OTHER_PROTOCOLS = new Set([
  "icmp",
  "icmpv6",
  "ipv6-icmp",
  "igmp",
  "esp",
  "ah",
  "gre",
  "sctp",
  "udplite",
  "dccp",
  "ipip",
  "ipencap",
  "ipv6",
  "ospf",
  "pim",
  "vrrp",
  "l2tp",
  "ipcomp",
  "mh",
  "hopopt",
  "egp",
  "rsvp",
  "eigrp",
  "mptcp",
]);

/** A protocol by number or name; `all` and 0 are every one. */
export function protocolCondition(text: string): Condition {
  const name = text.toLowerCase();
  if (name === "all" || name === "0") return ALWAYS;
  if (name === "tcp" || name === "6") return protocol(6);
  if (name === "udp" || name === "17") return protocol(17);
  return /^\d{1,3}$/.test(name) || OTHER_PROTOCOLS.has(name) ? NEVER : unknown(`protocol ${text}`);
}
