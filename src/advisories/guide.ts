/** The guide of a finding, adapted to its data: what is there is named, what is absent is asked for where it lies. */
import type { Finding, Guide, PolicySeen } from "../findings/finding.ts";

/** What of the run a guide must know. */
export interface GuideFacts {
  /** Datasets among the logs that were read. */
  readonly datasets: readonly string[];
}

type Steps = (finding: Finding, facts: GuideFacts) => readonly string[];

/**
 * Adds the steps that this finding's data call for to the guide of its rule.
 * Shape: what the data show comes first, the rule's own steps next, what to ask others for last.
 */
export function adaptGuide(finding: Finding, facts: GuideFacts): Guide {
  const take = (steps: readonly Steps[]): readonly string[] => steps.flatMap((step) => step(finding, facts));
  const { guide } = finding;
  return {
    investigate: [...take(SEEN), ...guide.investigate, ...take(ASKED)],
    false_positives: [...take(HARMLESS), ...guide.false_positives],
    respond: [...take(DO_FIRST), ...guide.respond],
  };
}

const MAX_NAMED = 3;
const MAX_VALUE = 80;

/** A value from a log, as code: its own backticks would end the span. */
function quoted(value: string): string {
  const text = value.replaceAll("`", "'");
  return `\`${text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text}\``;
}

function listed(values: readonly string[]): string {
  const more = values.length - MAX_NAMED;
  const shown = values.slice(0, MAX_NAMED).map(quoted).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** The end on our side, whichever way the finding goes. */
function ourIp({ source, destination }: Finding): string {
  return destination.scope === "internal" ? destination.ip : source.ip;
}

function theirIp({ source, destination }: Finding): string {
  return destination.scope === "internal" ? source.ip : destination.ip;
}

/** An end that is no address has no colon. */
function isIpv6(ip: string): boolean {
  return ip.includes(":");
}

function reached({ outcome }: Finding): boolean {
  return outcome === "established" || outcome === "authenticated" || outcome === "transferred";
}

/** The finding's time, for a look-up elsewhere. */
function when({ first_seen }: Finding): string {
  return first_seen === null ? "" : ` around ${first_seen.slice(0, 16).replace("T", " ")} UTC`;
}

const processSeen: Steps = (finding) =>
  finding.processes.length === 0
    ? []
    : [
        `Begin with the process on ${ourIp(finding)}: ${listed(finding.processes)}. Ask who started it and from where.`,
      ];

const usersSeen: Steps = ({ users, auth }) => {
  const named = users.filter((user) => user !== auth?.user);
  return named.length === 0
    ? []
    : [`Ask ${listed(named)} what they opened just before the first connection.`];
};

const policySeen: Steps = ({ policies }) => {
  const rules = [
    ...new Set(policies.filter(({ action }) => action !== "blocked").flatMap(({ rule }) => rule ?? [])),
  ];
  if (rules.length === 0) return [];
  return [`Read the policy that let it pass, ${listed(rules)}, and look for what else leaves by it.`];
};

const observersDisagree: Steps = ({ outcomes, policies }) => {
  const blocked = policies.flatMap(({ action, observer }) => (action === "blocked" ? (observer ?? []) : []));
  const allowed = policies.flatMap(({ action, observer }) => (action === "allowed" ? (observer ?? []) : []));
  if (outcomes.blocked === undefined && blocked.length === 0) return [];
  const through = outcomes.established ?? outcomes.authenticated ?? outcomes.transferred;
  if (through === undefined && allowed.length === 0) return [];
  const who = blocked.length > 0 && allowed.length > 0;
  return [
    who
      ? `The observers disagree: ${listed([...new Set(blocked)])} blocked it, ${listed([...new Set(allowed)])} let it pass. Compare the times, the policies and the way out that each one guards.`
      : "Some of it was blocked and some of it got through. Find out what differs: the time, the policy, the way out, or the address family.",
  ];
};

const natSeen: Steps = ({ nat, source }) =>
  nat === null || nat.source.length === 0
    ? []
    : [
        `Outside, ${source.ip} appears as ${listed(nat.source)}. Give that address, with time and port, to the provider or to whoever runs the other end.`,
      ];

const publicSource: Steps = ({ source, nat, ...finding }) => {
  const ours = source.scope === "internal" && source.address_class === "global";
  if (!ours || nat !== null || isIpv6(source.ip)) return [];
  const at = finding.first_seen === null ? "" : ` at ${finding.first_seen}`;
  return [
    `${source.ip} is a public address of yours and may stand for many hosts. Ask the device that translates it for the inside address${at}.`,
  ];
};

const ipv6Policy: Steps = (finding) => {
  const { destination } = finding;
  if (!isIpv6(destination.ip)) return [];
  if (destination.effective_ip === destination.ip) {
    return [
      `The connection ran over IPv6. Check the IPv6 rule set by itself; rules for IPv4 do not cover it.`,
    ];
  }
  return [
    `${destination.ip} carries the IPv4 address ${destination.effective_ip}. Check the gateway or tunnel that translates it, and the rules on both sides of it.`,
  ];
};

/** Names of shares that providers host. Source: the providers' own endpoint lists. */
const HOSTED =
  /(^|\.)(file\.core\.(windows\.net|chinacloudapi\.cn|usgovcloudapi\.net)|amazonfsx\.com|file\.storage\.azure\.net)$/i;

const hostedShare: Steps = ({ destination: { domain } }) => {
  if (domain === null || !HOSTED.test(domain)) return [];
  const account = /^([a-z0-9]{3,24})\.file\.core\./i.exec(domain)?.[1]?.toLowerCase();
  return [
    account === undefined
      ? `${quoted(domain)} is a hosted share. Check that it belongs to your own account with that provider; attackers rent the same service.`
      : `${quoted(domain)} is Azure Files. Check that the storage account is in your own tenant: ${quoted(`az storage account list --query "[?name=='${account}']"`)}. Attackers rent the same service.`,
  ];
};

const noProcess: Steps = (finding, { datasets }) => {
  if (finding.processes.length > 0) return [];
  const ip = ourIp(finding);
  const sysmon = datasets.some((name) => name.includes("sysmon"));
  return [
    sysmon
      ? `No process data: the Sysmon logs that were read have no event 3 of this connection. Ask the EDR on ${ip} for its connections to ${theirIp(finding)}${when(finding)}, and check that Sysmon runs there and keeps network events.`
      : `No process data: ask the EDR, or Sysmon event 3 on ${ip}, for connections to ${theirIp(finding)}${when(finding)}. PID 4 is the SMB client itself; the program behind it is in the events just before.`,
  ];
};

const noUser: Steps = (finding) => {
  if (finding.users.length > 0 || (finding.auth?.user ?? null) !== null) return [];
  return [
    `No account is named: look for log-ons on ${ourIp(finding)} (Security events 4624 and 4648) and for NTLM/Operational event 8001${when(finding)}.`,
  ];
};

const noCredentials: Steps = (finding, { datasets }) => {
  if (finding.auth !== null || !reached(finding)) return [];
  const zeek = datasets.some((name) => name === "zeek.ntlm");
  return [
    zeek
      ? "No NTLM row was read for this flow, which does not clear it: encrypted SMB 3 and missed packets hide the exchange."
      : "Nothing read here shows authentication: read Zeek's ntlm.log or the host's NTLM/Operational log before you call the account safe.",
  ];
};

const noBytes: Steps = ({ bytes }) =>
  bytes.out === null && bytes.in === null
    ? [
        "No byte counts: turn on logging at session end, or ask flow records for both directions, to learn whether files moved.",
      ]
    : [];

const noPolicy: Steps = (finding) => {
  if (finding.policies.some(({ rule }) => rule !== null)) return [];
  const port = finding.destination.port[0];
  return [
    `No policy is named: look up ${finding.source.ip} → ${finding.destination.ip}${port === undefined ? "" : ` port ${port}`}${when(finding)} on the firewall at that edge, and note the rule that decided.`,
  ];
};

const noName: Steps = ({ destination, source }) => {
  if (destination.domain !== null || destination.scope === "internal") return [];
  return [
    `No name is known for ${destination.ip}: search the DNS logs of ${source.ip} for an answer with that address.`,
  ];
};

const credentialsOffered: Steps = ({ auth }) => {
  if (auth === null) return [];
  const name = auth.user === null ? null : auth.domain === null ? auth.user : `${auth.domain}\\${auth.user}`;
  const who = name === null ? "every account that was logged on to the source" : quoted(name);
  const protocol = auth.protocol.toUpperCase();
  const fate =
    auth.success === null
      ? "no record says whether the server accepted it"
      : auth.success
        ? "the server accepted it"
        : "the server refused it, and can keep what it was sent";
  return [`Reset the password of ${who} and end its sessions: ${protocol} was offered, and ${fate}.`];
};

const NO_POLICY = { rule: null, observer: null };

/** A firewall names the zones that a policy stands between; a sensor has none. */
function hasZone({ ingress, egress }: PolicySeen): boolean {
  return ingress !== null || egress !== null;
}

const closePolicy: Steps = (finding) => {
  const open = finding.policies.filter(({ rule, action }) => rule !== null && action === "allowed");
  const decides = open.find(hasZone);
  const { rule, observer } = decides ?? open[0] ?? NO_POLICY;
  if (rule === null || finding.outcome === "blocked") return [];
  const proto = finding.network.transport === "udp" ? "UDP" : "TCP";
  const service = `${proto} ${finding.destination.port.join(" and ") || "445 and 139"}`;
  const on = observer === null ? "" : ` on ${quoted(observer)}`;
  return [
    decides === undefined
      ? `Close ${service} where ${quoted(rule)}${on} let it pass; if that is the signature of a sensor that only watches, then on the firewall at that edge.`
      : `Close ${service} in policy ${quoted(rule)}${on}, above whatever lets it pass now.`,
  ];
};

const ownHostedShare: Steps = ({ destination: { domain } }) =>
  domain !== null && HOSTED.test(domain)
    ? [
        "A hosted share of your own is the likeliest harmless cause here. Allow it by name and network, with an owner and an end date.",
      ]
    : [];

const SEEN = [
  observersDisagree,
  processSeen,
  usersSeen,
  policySeen,
  natSeen,
  publicSource,
  ipv6Policy,
  hostedShare,
];
const ASKED = [noProcess, noUser, noCredentials, noBytes, noPolicy, noName];
const HARMLESS = [ownHostedShare];
const DO_FIRST = [credentialsOffered, closePolicy];
