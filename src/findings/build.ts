/** A finding made of its sessions: its head, then all of it. */
import { OUTCOMES, type Outcome } from "../event/outcome.ts";
import type { Rule } from "../sigma/rule.ts";
import { isoOrNull } from "./account.ts";
import { type AssetList, assetAt } from "./assets.ts";
import { chooseEvidence } from "./evidence.ts";
import type { Finding, FindingHead, FindingRule, OutcomeCount, PolicySeen } from "./finding.ts";
import type { Observation } from "./observation.ts";
import { OWN_PROFILE } from "./profiles/profile.ts";
import { writeReason } from "./reason.ts";
import type { RuledSession } from "./ruling.ts";
import { representative } from "./session.ts";

function observationsOf(group: readonly RuledSession[]): readonly Observation[] {
  const [only] = group;
  if (only !== undefined && group.length === 1) return only.session.observations;
  return group.flatMap(({ session }) => session.observations);
}

/** What orders and counts a finding. */
export function headOf(
  id: string,
  group: readonly RuledSession[],
  decisive: RuledSession,
  assets: AssetList | null,
): FindingHead {
  const seen = representative(decisive.session);
  const observations = observationsOf(group);
  const all = countOf(group);
  return {
    id,
    profile: OWN_PROFILE,
    rule: toFindingRule(decisive.rule),
    severity: decisive.scored.severity,
    outcome: decisive.session.outcome,
    outcomes: countOutcomes(group, all),
    source: {
      ip: seen.source.ip,
      effective_ip: seen.source.effective,
      scope: seen.source.scope,
      address_class: seen.source.addressClass,
      address: firstOf(observations, ({ source }) => source.address),
      asset: assetAt(seen.source, assets),
    },
    destination: {
      ip: seen.destination.ip,
      effective_ip: seen.destination.effective,
      port: distinct(observations.flatMap(({ destination }) => destination.port ?? [])).sort((a, b) => a - b),
      domain: firstOf(observations, ({ destination }) => destination.domain),
      scope: seen.destination.scope,
      address_class: seen.destination.addressClass,
      asset: assetAt(seen.destination, assets),
    },
    network: {
      transport: firstOf(observations, ({ transport }) => transport),
      application: textsOf(observations, ({ applications }) => applications),
    },
    bytes: { out: sum(group, "bytesOut"), in: sum(group, "bytesIn") },
    sessions: all.count,
    first_seen: all.first_seen,
    last_seen: all.last_seen,
    suppressed_by: decisive.suppressedBy,
  };
}

/** All of a finding. */
export function finishFinding(
  head: FindingHead,
  group: readonly RuledSession[],
  decisive: RuledSession,
): Finding {
  const observations = observationsOf(group);
  const { source, destination, bytes } = head;
  return {
    schema: "sallyport.finding/1",
    id: head.id,
    profile: head.profile,
    rule: head.rule,
    also: distinctRules(group).filter(({ id }) => id !== head.rule.id),
    severity: head.severity,
    outcome: head.outcome,
    outcomes: head.outcomes,
    risk: decisive.scored.risk,
    reason: writeReason({
      session: decisive.session,
      sessions: group.length,
      sourceAsset: source.asset,
      destinationAsset: destination.asset,
      ports: destination.port,
      bytesOut: bytes.out,
      bytesIn: bytes.in,
    }),
    source,
    destination,
    network: head.network,
    bytes,
    sessions: head.sessions,
    events: observations.length,
    first_seen: head.first_seen,
    last_seen: head.last_seen,
    ...context(group, observations),
    ...guidance(decisive.rule),
    evidence: chooseEvidence(observations),
    evidence_total: observations.length,
    notes: notesOf(group, observations),
    suppressed_by: head.suppressed_by,
  };
}

function context(group: readonly RuledSession[], observations: readonly Observation[]) {
  const auth =
    group.map(({ session }) => session.auth).find((seen) => seen?.user !== undefined) ??
    group.map(({ session }) => session.auth).find((seen) => seen !== undefined);
  const nat = {
    source: textsOf(observations, ({ source }) => source.nat?.ip),
    destination: textsOf(observations, ({ destination }) => destination.nat?.ip),
  };
  return {
    actions: textsOf(observations, ({ providerAction, action }) => providerAction ?? action),
    policies: policiesOf(observations),
    nat: nat.source.length + nat.destination.length === 0 ? null : nat,
    auth:
      auth === undefined
        ? null
        : {
            protocol: auth.protocol,
            user: auth.user ?? null,
            domain: auth.domain ?? null,
            success: auth.success ?? null,
          },
    datasets: textsOf(observations, ({ dataset }) => dataset),
    observers: textsOf(observations, ({ observer }) => observer),
    users: textsOf(observations, ({ user }) => user),
    processes: textsOf(observations, ({ process }) => process),
  };
}

function guidance(rule: Rule) {
  const { frameworks, guide, advisories } = rule.extension;
  return {
    threat: rule.threat.map(({ tactic, technique }) => ({ tactic, technique })),
    frameworks: { nist: frameworks.nist, cis: frameworks.cis, kill_chain: frameworks.kill_chain },
    advisories,
    guide: {
      investigate: guide.investigate,
      false_positives: guide.false_positives.length > 0 ? guide.false_positives : rule.falsepositives,
      respond: guide.respond,
    },
  };
}

function policiesOf(observations: readonly Observation[]): readonly PolicySeen[] {
  const seen = new Map<string, PolicySeen>();
  for (const { observer, policy, ingress, egress, action } of observations) {
    if (policy === undefined && ingress === undefined && egress === undefined) continue;
    const row = {
      observer: observer ?? null,
      rule: policy ?? null,
      ingress: ingress ?? null,
      egress: egress ?? null,
      action: action ?? null,
    };
    seen.set(JSON.stringify(row), row);
  }
  return [...seen].sort(([a], [b]) => compareText(a, b)).map(([, row]) => row);
}

function notesOf(group: readonly RuledSession[], observations: readonly Observation[]): readonly string[] {
  const notes: string[] = [];
  if (group.every(({ session }) => session.flippedOnly)) {
    notes.push("Every record has server and client the other way round; nothing shows the client's half.");
  }
  if (observations.every(({ transport }) => transport === undefined)) {
    notes.push("No record names the transport; SMB runs over TCP, so this is taken for it.");
  }
  const isAllowed = observations.some(({ action }) => action === "allowed");
  const decided = isAllowed && group.some(({ session }) => session.outcome === "attempted");
  if (decided && observations.every(({ state, bytesIn }) => state === undefined && bytesIn === undefined)) {
    notes.push(
      "The logs record the verdict only. Turn on session-end logging with byte counts, or read a sensor's connection log, to know whether it completed.",
    );
  }
  return [...notes, ...distinct(group.flatMap((ruled) => ruled.notes ?? []))];
}

function countOutcomes(
  group: readonly RuledSession[],
  all: OutcomeCount,
): Partial<Record<Outcome, OutcomeCount>> {
  const present = new Set(group.map(({ session }) => session.outcome));
  const counts: Partial<Record<Outcome, OutcomeCount>> = {};
  for (const outcome of OUTCOMES) {
    if (!present.has(outcome)) continue;
    const isOnly = present.size === 1;
    counts[outcome] = isOnly ? all : countOf(group.filter(({ session }) => session.outcome === outcome));
  }
  return counts;
}

function countOf(group: readonly RuledSession[]): OutcomeCount {
  return {
    count: group.length,
    first_seen: isoOrNull(group[0]?.session.first?.ms),
    last_seen: isoOrNull(latest(group)),
  };
}

function latest(group: readonly RuledSession[]): number | undefined {
  let last: number | undefined;
  for (const { session } of group) {
    const { lastMs } = session;
    if (lastMs !== undefined && (last === undefined || lastMs > last)) last = lastMs;
  }
  return last;
}

function sum(group: readonly RuledSession[], field: "bytesOut" | "bytesIn"): number | null {
  let total: number | null = null;
  for (const { session } of group) {
    const bytes = session[field];
    if (bytes !== undefined) total = (total ?? 0) + bytes;
  }
  return total;
}

function toFindingRule({ id, title, uuid }: Rule): FindingRule {
  return uuid === undefined ? { id, name: title } : { id, name: title, uuid };
}

function distinctRules(group: readonly RuledSession[]): readonly FindingRule[] {
  const rules = new Map(group.flatMap(({ also }) => also.map((rule) => [rule.id, rule] as const)));
  return [...rules.values()].sort((a, b) => compareText(a.id, b.id)).map(toFindingRule);
}

function firstOf(
  observations: readonly Observation[],
  pick: (observation: Observation) => string | undefined,
) {
  for (const observation of observations) {
    const value = pick(observation);
    if (value !== undefined) return value;
  }
  return null;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Each text once, in order. */
function textsOf(
  observations: readonly Observation[],
  pick: (observation: Observation) => string | readonly string[] | undefined,
): readonly string[] {
  const texts = new Set<string>();
  for (const observation of observations) {
    const picked = pick(observation) ?? [];
    if (typeof picked === "string") texts.add(picked);
    else for (const text of picked) texts.add(text);
  }
  return [...texts].sort(compareText);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
