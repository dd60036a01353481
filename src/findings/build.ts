/** Sessions in, findings out: one per primary rule, source, effective destination and UTC day. */
import { OUTCOMES, type Outcome } from "../event/outcome.ts";
import { parseIp } from "../net/parse-ip.ts";
import { compareSeverity, type Severity } from "../sigma/level.ts";
import type { Rule } from "../sigma/rule.ts";
import { isoOrNull } from "./account.ts";
import type { AssetList } from "./assets.ts";
import { chooseEvidence } from "./evidence.ts";
import type { Finding, FindingDraft, FindingHead, FindingRule, OutcomeCount, PolicySeen } from "./finding.ts";
import { isInbound } from "./leak.ts";
import type { Observation } from "./observation.ts";
import { writeReason } from "./reason.ts";
import { type ScoreContext, type Scored, scoreSession } from "./risk.ts";
import { groupBy, representative, type Session } from "./session.ts";
import { stableId } from "./stable-hash.ts";

/** A session with its primary rule, its score, and the exception that hides it, if any. */
export interface RuledSession {
  readonly session: Session;
  readonly rule: Rule;
  readonly also: readonly Rule[];
  readonly scored: Scored;
  readonly suppressedBy: string | null;
  readonly notes?: readonly string[] | undefined;
}

/** Rules by rank: the first that a session met is its primary rule; those not named come after, by severity. */
const PRIMARY_RANK = ["SP-01", "SP-02", "SP-04", "SP-03", "SP-09"];

/** What is known of a session beside its own records. */
export interface RulingContext extends Omit<ScoreContext, "severity"> {
  /** The severity of a rule here, where more than the outcome decides it. */
  readonly severityOf?: ((rule: Rule) => Severity) | undefined;
  /** Sentences for the finding. */
  readonly notes?: readonly string[] | undefined;
}

/** Gives each session its primary rule and its score. */
export function ruleSession(
  session: Session,
  rules: readonly Rule[],
  assets: AssetList | null,
  suppressedBy: string | null,
  context: RulingContext = {},
): RuledSession {
  const met = session.rules.flatMap((at) => rules[at] ?? []).sort(byRank);
  const [rule, ...also] = met;
  if (rule === undefined) throw new Error("a session without a rule is no finding");
  const { source, destination } = representative(session);
  const asset = assetOf(isInbound(session) ? destination : source, assets);
  const severity = context.severityOf?.(rule);
  return {
    session,
    rule,
    also: [...also, ...(context.raisedBy ?? []).map((raising) => raising.rule)],
    scored: scoreSession(rule, session, asset, { ...context, severity }),
    suppressedBy,
    notes: context.notes ?? [],
  };
}

function byRank(a: Rule, b: Rule): number {
  const rank = (rule: Rule): number => PRIMARY_RANK.indexOf(rule.id) + 1 || PRIMARY_RANK.length + 1;
  return rank(a) - rank(b) || compareSeverity(a.level, b.level) || (a.id < b.id ? -1 : 1);
}

/** Groups sessions into findings, in the order of output: severity, first seen, source, destination, id. */
export function draftFindings(
  sessions: readonly RuledSession[],
  assets: AssetList | null,
): readonly FindingDraft[] {
  const groups = groupBy(sessions, unitOf);
  return [...groups]
    .map(([unit, group]) => draftFinding(unit, group, assets))
    .sort((a, b) => compareFindings(a.head, b.head));
}

function unitOf({ session, rule, suppressedBy }: RuledSession): string {
  const { source, destination } = representative(session);
  const day = session.first === undefined ? "undated" : new Date(session.first.ms).toISOString().slice(0, 10);
  const unit = ["sallyport", rule.id, source.effective, destination.effective, day];
  return (suppressedBy === null ? unit : [...unit, suppressedBy]).join("|");
}

/** The order of findings: the most severe first. */
export function compareFindings(a: FindingHead, b: FindingHead): number {
  return (
    compareSeverity(a.severity, b.severity) ||
    compareText(a.first_seen ?? "9", b.first_seen ?? "9") ||
    compareText(a.source.ip, b.source.ip) ||
    compareText(a.destination.ip, b.destination.ip) ||
    compareText(a.id, b.id)
  );
}

function draftFinding(unit: string, group: readonly RuledSession[], assets: AssetList | null): FindingDraft {
  const decisive = [...group].sort(byWeight)[0] as RuledSession;
  const head = headOf(unit, group, decisive, assets);
  return { head, finish: () => finishFinding(head, group, decisive) };
}

function headOf(
  unit: string,
  group: readonly RuledSession[],
  decisive: RuledSession,
  assets: AssetList | null,
): FindingHead {
  const seen = representative(decisive.session);
  const observations = group.flatMap(({ session }) => session.observations);
  return {
    id: stableId(unit),
    profile: "sallyport",
    rule: toFindingRule(decisive.rule),
    severity: decisive.scored.severity,
    outcome: decisive.session.outcome,
    outcomes: countOutcomes(group),
    source: {
      ip: seen.source.ip,
      effective_ip: seen.source.effective,
      scope: seen.source.scope,
      address_class: seen.source.addressClass,
      address: firstOf(observations, ({ source }) => source.address),
      asset: assetOf(seen.source, assets),
    },
    destination: {
      ip: seen.destination.ip,
      effective_ip: seen.destination.effective,
      port: distinct(observations.flatMap(({ destination }) => destination.port ?? [])).sort((a, b) => a - b),
      domain: firstOf(observations, ({ destination }) => destination.domain),
      scope: seen.destination.scope,
      address_class: seen.destination.addressClass,
      asset: assetOf(seen.destination, assets),
    },
    network: {
      transport: firstOf(observations, ({ transport }) => transport),
      application: sortedTexts(observations.flatMap(({ applications }) => applications)),
    },
    bytes: { out: sum(group, "bytesOut"), in: sum(group, "bytesIn") },
    sessions: group.length,
    first_seen: isoOrNull(group[0]?.session.first?.ms),
    last_seen: isoOrNull(latest(group)),
    suppressed_by: decisive.suppressedBy,
  };
}

function finishFinding(head: FindingHead, group: readonly RuledSession[], decisive: RuledSession): Finding {
  const observations = group.flatMap(({ session }) => session.observations);
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
  const translated = (end: "source" | "destination"): readonly string[] =>
    sortedTexts(observations.flatMap((observation) => observation[end].nat?.ip ?? []));
  const nat = { source: translated("source"), destination: translated("destination") };
  return {
    actions: sortedTexts(
      observations.flatMap(({ providerAction, action }) => providerAction ?? action ?? []),
    ),
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
    datasets: sortedTexts(observations.map(({ dataset }) => dataset)),
    observers: sortedTexts(observations.flatMap(({ observer }) => observer ?? [])),
    users: sortedTexts(observations.flatMap(({ user }) => user ?? [])),
    processes: sortedTexts(observations.flatMap(({ process }) => process ?? [])),
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

function countOutcomes(group: readonly RuledSession[]): Partial<Record<Outcome, OutcomeCount>> {
  const counts: Partial<Record<Outcome, OutcomeCount>> = {};
  for (const outcome of OUTCOMES) {
    const same = group.filter(({ session }) => session.outcome === outcome);
    if (same.length === 0) continue;
    counts[outcome] = {
      count: same.length,
      first_seen: isoOrNull(same[0]?.session.first?.ms),
      last_seen: isoOrNull(latest(same)),
    };
  }
  return counts;
}

function byWeight(a: RuledSession, b: RuledSession): number {
  return (
    compareSeverity(a.scored.severity, b.scored.severity) ||
    OUTCOMES.indexOf(b.session.outcome) - OUTCOMES.indexOf(a.session.outcome) ||
    b.scored.risk.score - a.scored.risk.score
  );
}

function latest(group: readonly RuledSession[]): number | undefined {
  const known = group.flatMap(({ session }) => session.lastMs ?? []);
  return known.length === 0 ? undefined : known.reduce((a, b) => Math.max(a, b));
}

function sum(group: readonly RuledSession[], field: "bytesOut" | "bytesIn"): number | null {
  const known = group.flatMap(({ session }) => session[field] ?? []);
  return known.length === 0 ? null : known.reduce((a, b) => a + b);
}

function toFindingRule({ id, title, uuid }: Rule): FindingRule {
  return uuid === undefined ? { id, name: title } : { id, name: title, uuid };
}

function distinctRules(group: readonly RuledSession[]): readonly FindingRule[] {
  const rules = new Map(group.flatMap(({ also }) => also.map((rule) => [rule.id, rule] as const)));
  return [...rules.values()].sort((a, b) => compareText(a.id, b.id)).map(toFindingRule);
}

function assetOf({ ip, effective }: { ip: string; effective: string }, assets: AssetList | null) {
  for (const text of [effective, ip]) {
    const address = parseIp(text);
    const asset = address === undefined ? undefined : assets?.lookup(address);
    if (asset !== undefined) return asset;
  }
  return null;
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

function sortedTexts(values: readonly string[]): readonly string[] {
  return distinct(values).sort(compareText);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
