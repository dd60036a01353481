/** AWS: security groups and network ACLs as the AWS CLI prints them → one ruleset per group or ACL. */
import { addressSetOf } from "./iptables-words.ts";
import { itemsOf, type JsonNode, memberOf, numberOf, textOf } from "./json-tree.ts";
import {
  type Action,
  ALWAYS,
  type AuditRule,
  addresses,
  all,
  anyOfMany,
  type Chain,
  type Condition,
  type ConfigFormat,
  NEVER,
  ports,
  protocol,
  type Ruleset,
  unknown,
} from "./ruleset.ts";

/** Prefix lists by id: the conditions' addresses. */
export type PrefixLists = ReadonlyMap<string, readonly string[]>;

/** Tells whether a JSON value is what one of the describe commands prints. */
export function looksLikeAws(tree: JsonNode): boolean {
  return ["SecurityGroups", "NetworkAcls"].some((name) => memberOf(tree, name)?.kind === "array");
}

/** Tells whether a JSON value lists prefixes: of several lists, or the entries of one. */
export function looksLikePrefixList(tree: JsonNode): boolean {
  return (
    memberOf(tree, "PrefixLists")?.kind === "array" ||
    itemsOf(memberOf(tree, "Entries")).some((entry) => memberOf(entry, "Cidr") !== undefined)
  );
}

/** Reads prefix lists. The entries of one list do not carry its id: the file's name must. */
export function readPrefixLists(tree: JsonNode, file: string): PrefixLists {
  const lists = new Map<string, readonly string[]>();
  for (const list of itemsOf(memberOf(tree, "PrefixLists"))) {
    const cidrs = memberOf(list, "Cidrs");
    const id = textOf(memberOf(list, "PrefixListId"));
    if (id !== undefined && cidrs?.kind === "array")
      lists.set(
        id,
        cidrs.items.flatMap((one) => textOf(one) ?? []),
      );
  }
  const id = /pl-[0-9a-f]+/.exec(file)?.[0];
  const entries = itemsOf(memberOf(tree, "Entries"));
  if (id !== undefined && entries.length > 0)
    lists.set(
      id,
      entries.flatMap((entry) => textOf(memberOf(entry, "Cidr")) ?? []),
    );
  return lists;
}

/** Reads the groups and ACLs of a file. */
export function readAws(tree: JsonNode, file: string, lists: PrefixLists): readonly Ruleset[] {
  return [
    ...itemsOf(memberOf(tree, "SecurityGroups")).map((group) => groupRuleset(group, file, lists)),
    ...itemsOf(memberOf(tree, "NetworkAcls")).map((acl) => aclRuleset(acl, file)),
  ];
}

function ruleset(
  file: string,
  format: ConfigFormat,
  name: string,
  chain: Chain,
  notes: readonly string[],
): Ruleset {
  return {
    file,
    format,
    name,
    families: [4, 6],
    chains: new Map([[chain.name, chain]]),
    paths: [{ name: "transit", stages: [chain.name], deciding: [chain.name] }],
    zones: [],
    zoneWord: "interface",
    knowsApplications: false,
    notes,
  };
}

function groupRuleset(group: JsonNode, file: string, lists: PrefixLists): Ruleset {
  const id = textOf(memberOf(group, "GroupId")) ?? "a group without id";
  const rules = itemsOf(memberOf(group, "IpPermissionsEgress")).flatMap((permission) =>
    permissionRules(permission, file, lists),
  );
  const text = `${id}: nothing else may leave`;
  const policy: AuditRule = {
    place: { file, line: group.line },
    text,
    when: ALWAYS,
    action: { do: "block" },
  };
  return ruleset(file, "aws-security-group", id, { name: "egress", rules, policy }, [
    "Groups add up: an instance with several groups may do what any of them allows. Network ACLs, routes and gateways are not looked at.",
  ]);
}

/** One rule per destination, so that an answer names the one that lets out. */
function permissionRules(permission: JsonNode, file: string, lists: PrefixLists): readonly AuditRule[] {
  const traffic = trafficOf(permission, memberOf(permission, "FromPort"), memberOf(permission, "ToPort"));
  const rule = (node: JsonNode, to: string, when: Condition): AuditRule => ({
    place: { file, line: node.line },
    text: `egress ${trafficText(permission, "FromPort", "ToPort")} to ${to}`,
    when: all(traffic, when),
    action: { do: "allow" },
  });
  const cidrs = [
    ...itemsOf(memberOf(permission, "IpRanges")).map(
      (node) => [node, textOf(memberOf(node, "CidrIp")) ?? ""] as const,
    ),
    ...itemsOf(memberOf(permission, "Ipv6Ranges")).map(
      (node) => [node, textOf(memberOf(node, "CidrIpv6")) ?? ""] as const,
    ),
  ];
  return [
    ...cidrs.map(([node, cidr]) => rule(node, cidr, toCidr(cidr))),
    ...itemsOf(memberOf(permission, "PrefixListIds")).map((node) => {
      const id = textOf(memberOf(node, "PrefixListId")) ?? "";
      const entries = lists.get(id);
      const when =
        entries === undefined
          ? unknown(`prefix list ${id}, whose entries are not given`)
          : anyOfMany(entries.map(toCidr));
      return rule(node, id, when);
    }),
    // Members of a group are reached by their private addresses.
    ...itemsOf(memberOf(permission, "UserIdGroupPairs")).map((node) =>
      rule(node, textOf(memberOf(node, "GroupId")) ?? "a group", NEVER),
    ),
  ];
}

function toCidr(cidr: string): Condition {
  const set = addressSetOf(cidr);
  return set === undefined ? unknown(`the network "${cidr}"`) : addresses("destination", set);
}

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ["tcp", 6],
  ["6", 6],
  ["udp", 17],
  ["17", 17],
]);

function trafficOf(node: JsonNode, from: JsonNode | undefined, to: JsonNode | undefined): Condition {
  const name = textOf(memberOf(node, "IpProtocol")) ?? textOf(memberOf(node, "Protocol"));
  if (name === "-1") return ALWAYS;
  const number = PROTOCOLS.get(name ?? "");
  if (number === undefined)
    return name === undefined || !/^(\d{1,3}|icmp|icmpv6)$/.test(name) ? unknown(`protocol ${name}`) : NEVER;
  const [first, last] = [numberOf(from), numberOf(to)];
  if (first === undefined && last === undefined) return protocol(number);
  if (first === undefined || last === undefined) return unknown("a range of ports with one end");
  return all(protocol(number), first < 0 ? ALWAYS : ports("destination", { first, last }));
}

function trafficText(node: JsonNode, from: string, to: string): string {
  const name = textOf(memberOf(node, "IpProtocol")) ?? textOf(memberOf(node, "Protocol")) ?? "?";
  const word =
    new Map([
      ["-1", "all traffic"],
      ["6", "tcp"],
      ["17", "udp"],
    ]).get(name) ?? name;
  const range = memberOf(node, "PortRange") ?? node;
  const [first, last] = [textOf(memberOf(range, from)), textOf(memberOf(range, to))];
  if (first === undefined) return word;
  return first === last ? `${word} ${first}` : `${word} ${first}-${last}`;
}

function aclRuleset(acl: JsonNode, file: string): Ruleset {
  const id = textOf(memberOf(acl, "NetworkAclId")) ?? "an ACL without id";
  const entries = itemsOf(memberOf(acl, "Entries"));
  const isEgress = (entry: JsonNode): boolean => {
    const egress = memberOf(entry, "Egress");
    return egress?.kind === "boolean" && egress.value;
  };
  const text = `${id}: rule * denies the rest`;
  const policy: AuditRule = { place: { file, line: acl.line }, text, when: ALWAYS, action: { do: "block" } };
  const chain: Chain = {
    name: "egress",
    rules: inOrder(entries.filter(isEgress)).map((entry) => entryRule(entry, file)),
    policy,
  };
  return ruleset(file, "aws-network-acl", id, chain, [
    `Network ACLs keep no state: replies come in only if an inbound rule allows ports 1024-65535. ${replyText(entries.filter((entry) => !isEgress(entry)))}`,
    "Security groups, routes and gateways are not looked at.",
  ]);
}

function inOrder(entries: readonly JsonNode[]): readonly JsonNode[] {
  const numberAt = (entry: JsonNode): number =>
    numberOf(memberOf(entry, "RuleNumber")) ?? Number.POSITIVE_INFINITY;
  return [...entries].sort((a, b) => numberAt(a) - numberAt(b));
}

function entryRule(entry: JsonNode, file: string): AuditRule {
  const cidr = textOf(memberOf(entry, "CidrBlock")) ?? textOf(memberOf(entry, "Ipv6CidrBlock")) ?? "";
  const range = memberOf(entry, "PortRange");
  const verb = textOf(memberOf(entry, "RuleAction")) ?? "";
  const number = textOf(memberOf(entry, "RuleNumber")) ?? "?";
  return {
    place: { file, line: entry.line },
    text: `rule ${number === "32767" ? "*" : number}: ${verb} ${trafficText(entry, "From", "To")} to ${cidr}`,
    when: all(trafficOf(entry, memberOf(range, "From"), memberOf(range, "To")), toCidr(cidr)),
    action: aclAction(verb),
  };
}

function aclAction(verb: string): Action {
  if (verb === "allow" || verb === "deny") return { do: verb === "allow" ? "allow" : "block" };
  return { do: "undecided", why: `what the action "${verb}" does` };
}

/** The first inbound rule over all clients' ports, as a pointer for the reader. */
function replyText(inbound: readonly JsonNode[]): string {
  const first = inOrder(inbound).find((entry) => {
    const range = memberOf(entry, "PortRange");
    const [from, to] = [numberOf(memberOf(range, "From")) ?? 0, numberOf(memberOf(range, "To")) ?? 65_535];
    return ["-1", "6"].includes(textOf(memberOf(entry, "Protocol")) ?? "") && from <= 49_152 && to >= 49_152;
  });
  if (first === undefined) return "None here does.";
  return `Here, line ${first.line} decides on them first (${textOf(memberOf(first, "RuleAction"))}).`;
}
