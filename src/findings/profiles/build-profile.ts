/** From the matches of a reference profile to findings: its unit makes rows, its rule gives severity and score. */
import { OUTCOMES, type Outcome, strongerOutcome } from "../../event/outcome.ts";
import { parseIp } from "../../net/parse-ip.ts";
import { riskAt } from "../../sigma/extension.ts";
import type { ProfileUnit } from "../../sigma/profile.ts";
import { isoOrNull } from "../account.ts";
import type { AssetList } from "../assets.ts";
import { compareFindings } from "../draft.ts";
import { chooseEvidence } from "../evidence.ts";
import type { Asset, Finding, OutcomeCount } from "../finding.ts";
import { type Observation, tupleOf } from "../observation.ts";
import { groupBy, inOrder } from "../session.ts";
import { stableId } from "../stable-hash.ts";
import { newTerms } from "./new-terms.ts";
import { perEvent } from "./per-event.ts";
import type { Profile } from "./profile.ts";
import { rows } from "./rows.ts";
import { type ReferenceMatch, recordedEnds, type Unit, type UnitContext, type UnitRow } from "./unit.ts";

const UNITS: Readonly<Record<ProfileUnit["kind"], Unit>> = {
  event: perEvent,
  "new-terms": newTerms,
  rows,
};

/** What a profile gives: findings in the order of output, and what a reader must know of the whole. */
export interface ProfileFindings {
  readonly findings: readonly Finding[];
  readonly notes: readonly string[];
}

/** Makes the findings of one profile. */
export function buildProfileFindings(
  observations: readonly Observation[],
  context: UnitContext,
  assets: AssetList | null,
): ProfileFindings {
  const { profile } = context;
  const matches = observations.filter(isReference).sort(inOrder);
  const made = UNITS[profile.about.unit.kind](matches, context);
  return {
    findings: made.rows.map((row) => toFinding(row, profile, assets)).sort(compareFindings),
    notes: made.notes.map((note) => `${profile.name}: ${note}`),
  };
}

function isReference(observation: Observation): observation is ReferenceMatch {
  return observation.reference !== undefined;
}

function toFinding(
  { identity, matches, row, reason }: UnitRow,
  profile: Profile,
  assets: AssetList | null,
): Finding {
  const { rule } = profile;
  const first = matches[0] as ReferenceMatch;
  const ends = recordedEnds(first);
  const outcome = matches.map((match) => match.outcome).reduce(strongerOutcome);
  const { impact, confidence } = riskAt(rule, outcome);
  const times = matches.flatMap(({ start }) => start?.ms ?? []);
  const lastMs = matches
    .flatMap(({ start, endMs }) => endMs ?? start?.ms ?? [])
    .reduce<number | undefined>(later, undefined);
  return {
    schema: "sallyport.finding/1",
    id: stableId(JSON.stringify([profile.name, rule.id, ...identity])),
    profile: profile.name,
    rule: { id: rule.id, name: rule.title, ...(rule.uuid === undefined ? {} : { uuid: rule.uuid }) },
    also: [],
    severity: rule.level,
    outcome,
    outcomes: countOutcomes(matches),
    risk: { impact, confidence, score: Math.round(impact * confidence) / 100, modifiers: [] },
    reason,
    source: {
      ip: ends.source.ip,
      effective_ip: ends.source.effective,
      scope: ends.source.scope,
      address_class: ends.source.addressClass,
      address: ends.source.address ?? null,
      asset: assetOf(ends.source.ip, assets),
    },
    destination: {
      ip: ends.destination.ip,
      effective_ip: ends.destination.effective,
      port: distinct(matches.flatMap((match) => recordedEnds(match).destination.port ?? [])).sort(
        (a, b) => a - b,
      ),
      domain: ends.destination.domain ?? null,
      scope: ends.destination.scope,
      address_class: ends.destination.addressClass,
      asset: assetOf(ends.destination.ip, assets),
    },
    network: {
      transport: first.transport ?? null,
      application: texts(matches.flatMap(({ applications }) => applications)),
    },
    bytes: { out: totalOf(matches, "bytesOut"), in: totalOf(matches, "bytesIn") },
    sessions: new Set(matches.map(tupleOf)).size,
    events: matches.length,
    first_seen: isoOrNull(times[0]),
    last_seen: isoOrNull(lastMs),
    ...context(matches),
    ...guidance(profile),
    evidence: chooseEvidence(matches),
    evidence_total: matches.length,
    notes: [],
    suppressed_by: null,
    row,
  };
}

function context(matches: readonly ReferenceMatch[]) {
  return {
    actions: texts(matches.flatMap(({ providerAction, action }) => providerAction ?? action ?? [])),
    policies: [],
    nat: null,
    auth: null,
    datasets: texts(matches.map(({ dataset }) => dataset)),
    observers: texts(matches.flatMap(({ observer }) => observer ?? [])),
    users: texts(matches.flatMap(({ user }) => user ?? [])),
    processes: texts(matches.flatMap(({ process }) => process ?? [])),
  };
}

function guidance({ rule }: Profile) {
  const { frameworks, guide, advisories } = rule.extension;
  return {
    threat: rule.threat.map(({ tactic, technique }) => ({ tactic, technique })),
    frameworks,
    advisories,
    guide: {
      ...guide,
      false_positives: guide.false_positives.length > 0 ? guide.false_positives : rule.falsepositives,
    },
  };
}

function countOutcomes(matches: readonly ReferenceMatch[]): Partial<Record<Outcome, OutcomeCount>> {
  const counts: Partial<Record<Outcome, OutcomeCount>> = {};
  for (const outcome of OUTCOMES) {
    const same = matches.filter((match) => match.outcome === outcome);
    if (same.length === 0) continue;
    const times = same.flatMap(({ start }) => start?.ms ?? []);
    counts[outcome] = {
      count: same.length,
      first_seen: isoOrNull(times[0]),
      last_seen: isoOrNull(times.at(-1)),
    };
  }
  return counts;
}

/** Counters of one connection are cumulative: its largest row counts. */
function totalOf(matches: readonly ReferenceMatch[], field: "bytesOut" | "bytesIn"): number | null {
  const largest = [...groupBy(matches, tupleOf).values()].flatMap(
    (same) => same.flatMap((match) => match[field] ?? []).reduce<number | undefined>(later, undefined) ?? [],
  );
  return largest.length === 0 ? null : largest.reduce((a, b) => a + b);
}

function assetOf(ip: string, assets: AssetList | null): Asset | null {
  const address = parseIp(ip);
  return (address === undefined ? undefined : assets?.lookup(address)) ?? null;
}

function later(a: number | undefined, b: number): number {
  return a === undefined || b > a ? b : a;
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function texts(values: readonly string[]): readonly string[] {
  return distinct(values).sort();
}
