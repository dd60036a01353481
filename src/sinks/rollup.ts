/** Findings rolled up by the host they come from, and by destination under it: what a person reads first. */
import type { Outcome } from "../event/outcome.ts";
import type { Asset, Finding, PolicySeen } from "../findings/finding.ts";
import { compareSeverity, type Severity } from "../sigma/level.ts";
import { FURTHEST_FIRST, furtherOutcome } from "./outcome-words.ts";

/** What a roll-up adds up. Units: bytes as integers; null where no record counts them. */
export interface Sums {
  readonly severity: Severity;
  readonly outcome: Outcome;
  readonly score: number;
  readonly sessions: number;
  readonly out: number | null;
  readonly in: number | null;
  readonly first: string | null;
  readonly last: string | null;
  readonly findings: readonly Finding[];
}

export interface DestinationRollup extends Sums {
  readonly ip: string;
  readonly ports: readonly number[];
  readonly domain: string | null;
  /** The IPv4 address inside, where there is one. */
  readonly effective: string | null;
  readonly policies: readonly string[];
}

export interface HostRollup extends Sums {
  readonly ip: string;
  readonly asset: Asset | null;
  readonly destinations: readonly DestinationRollup[];
}

/** Rolls findings up by source address; the worst host first, and under it the worst destination. */
export function rollUpHosts(findings: readonly Finding[]): HostRollup[] {
  return groupBy(findings, (finding) => finding.source.ip)
    .map(([ip, own]) => ({
      ip,
      asset: own.find((finding) => finding.source.asset !== null)?.source.asset ?? null,
      destinations: rollUpDestinations(own),
      ...sumUp(own),
    }))
    .sort(compareSums);
}

function rollUpDestinations(findings: readonly Finding[]): DestinationRollup[] {
  return groupBy(findings, (finding) => finding.destination.ip)
    .map(([ip, own]) => ({
      ip,
      ports: [...new Set(own.flatMap((finding) => finding.destination.port))].sort((a, b) => a - b),
      domain: own.find((finding) => finding.destination.domain !== null)?.destination.domain ?? null,
      effective:
        own.find(({ destination }) => destination.effective_ip !== ip)?.destination.effective_ip ?? null,
      policies: [
        ...new Set(own.flatMap((finding) => finding.policies.flatMap((policy) => policyWords(policy) ?? []))),
      ],
      ...sumUp(own),
    }))
    .sort(compareSums);
}

function groupBy(findings: readonly Finding[], key: (finding: Finding) => string): [string, Finding[]][] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const group = groups.get(key(finding));
    if (group === undefined) groups.set(key(finding), [finding]);
    else group.push(finding);
  }
  return [...groups];
}

/** Adds findings up. What an exception hides counts for the worst only where nothing else is left. */
function sumUp(findings: readonly Finding[]): Sums {
  const open = findings.filter((finding) => finding.suppressed_by === null);
  const counted = open.length > 0 ? open : findings;
  const times = findings
    .flatMap((finding) => [finding.first_seen, finding.last_seen])
    .filter((time) => time !== null)
    .sort();
  return {
    severity: counted.map((finding) => finding.severity).sort(compareSeverity)[0] ?? "info",
    outcome: counted.map((finding) => finding.outcome).reduce(furtherOutcome, "unknown"),
    score: Math.max(0, ...counted.map((finding) => finding.risk.score)),
    sessions: findings.reduce((sum, finding) => sum + finding.sessions, 0),
    out: addBytes(findings.map((finding) => finding.bytes.out)),
    in: addBytes(findings.map((finding) => finding.bytes.in)),
    first: times[0] ?? null,
    last: times.at(-1) ?? null,
    findings,
  };
}

function addBytes(parts: readonly (number | null)[]): number | null {
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0);
}

function compareSums(a: Sums & { readonly ip: string }, b: Sums & { readonly ip: string }): number {
  return (
    compareSeverity(a.severity, b.severity) ||
    FURTHEST_FIRST.indexOf(a.outcome) - FURTHEST_FIRST.indexOf(b.outcome) ||
    b.score - a.score ||
    (b.out ?? 0) - (a.out ?? 0) ||
    (a.ip < b.ip ? -1 : 1)
  );
}

const NAME_COLUMNS = ["nt_host", "hostname", "host", "name", "dns"];
const ABOUT_COLUMNS = ["bunit", "priority", "owner"];

/** An asset in a few words: its name, business unit, priority and owner, as far as the asset list has them. */
export function assetWords(asset: Asset | null): string {
  if (asset === null) return "";
  const text = (column: string): string | undefined => {
    const value = asset[column];
    return Array.isArray(value) ? value.join(", ") : (value as string | undefined);
  };
  const name = NAME_COLUMNS.map(text).find((value) => value !== undefined && value !== "") ?? "";
  const about = ABOUT_COLUMNS.flatMap((column) => {
    const value = text(column);
    if (value === undefined || value === "") return [];
    return column === "bunit" ? [value] : [`${column} ${value}`];
  });
  return [name, about.length > 0 ? `(${about.join(", ")})` : ""].filter((part) => part !== "").join(" ");
}

/** A policy in words: which observer, by which rule, between which zones; undefined where nothing is known. */
export function policyWords(policy: PolicySeen): string | undefined {
  const zones =
    policy.ingress === null && policy.egress === null
      ? ""
      : `${policy.ingress ?? "?"} → ${policy.egress ?? "?"}`;
  const rule = policy.rule === null ? "" : `policy "${policy.rule}"`;
  const where = [policy.observer ?? "", rule, zones === "" ? "" : `(${zones})`]
    .filter((part) => part !== "")
    .join(" ");
  if (where === "") return undefined;
  // A sensor, which knows no zones, allows what it only watches.
  const allowed = zones === "" ? "not stopped by" : "let out by";
  const verb = { allowed, blocked: "stopped by" }[policy.action ?? ""] ?? "seen by";
  return `${verb} ${where}`;
}

/** Address and ports of a destination: 8.8.8.8:445, [2606:4700::1]:139,445. */
export function endWords(ip: string, ports: readonly number[]): string {
  if (ports.length === 0) return ip;
  return `${ip.includes(":") ? `[${ip}]` : ip}:${ports.join(",")}`;
}
