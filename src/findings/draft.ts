/** Sessions in, drafts of findings out: one per primary rule, source, effective destination and UTC day, in order. */
import { OUTCOMES } from "../event/outcome.ts";
import { compareSeverity, type Severity } from "../sigma/level.ts";
import { isoOrNull } from "./account.ts";
import type { AssetList } from "./assets.ts";
import { finishFinding, headOf } from "./build.ts";
import type { Finding, FindingDraft, FindingHead } from "./finding.ts";
import { OWN_PROFILE } from "./profiles/profile.ts";
import type { RuledSession } from "./ruling.ts";
import { groupBy, representative } from "./session.ts";
import { stableId } from "./stable-hash.ts";

/** Groups sessions into findings, in the order of output: severity, first seen, source, destination, id. */
export function draftFindings(
  sessions: readonly RuledSession[],
  assets: AssetList | null,
): readonly FindingDraft[] {
  const dayOf = dayNames();
  const drafts: Draft[] = [];
  for (const [unit, group] of groupBy(sessions, (session) => unitOf(session, dayOf))) {
    drafts.push(new Draft(unit, group, assets));
  }
  return drafts.sort(compareDrafts);
}

function unitOf({ session, rule, suppressedBy }: RuledSession, dayOf: (ms: number) => string): string {
  const { source, destination } = representative(session);
  const day = session.first === undefined ? "undated" : dayOf(session.first.ms);
  const unit = `${OWN_PROFILE}|${rule.id}|${source.effective}|${destination.effective}|${day}`;
  return suppressedBy === null ? unit : `${unit}|${suppressedBy}`;
}

/** The UTC day of a time. A run has few days, and making a date's text takes longer than all the rest of a unit. */
function dayNames(): (ms: number) => string {
  const names = new Map<number, string>();
  return (ms) => {
    const day = Math.floor(ms / DAY_MS);
    const known = names.get(day) ?? new Date(ms).toISOString().slice(0, 10);
    names.set(day, known);
    return known;
  };
}

const DAY_MS = 86_400_000;

/** The order of findings: the most severe first. */
export function compareFindings(a: FindingHead, b: FindingHead): number {
  return (
    compareSeverity(a.severity, b.severity) ||
    compareText(a.first_seen ?? UNDATED, b.first_seen ?? UNDATED) ||
    compareText(a.source.ip, b.source.ip) ||
    compareText(a.destination.ip, b.destination.ip) ||
    compareText(a.id, b.id)
  );
}

/** A class, since a million of them share its methods where each would have closures of its own. */
class Draft implements FindingDraft {
  readonly id: string;
  /** The session that the finding takes its severity, its outcome and its ends from. */
  readonly decisive: RuledSession;
  readonly #group: readonly RuledSession[];
  readonly #assets: AssetList | null;

  constructor(unit: string, group: readonly RuledSession[], assets: AssetList | null) {
    this.id = stableId(unit);
    this.decisive = group.reduce((best, other) => (byWeight(other, best) < 0 ? other : best));
    this.#group = group;
    this.#assets = assets;
  }

  get profile(): string {
    return OWN_PROFILE;
  }

  get severity(): Severity {
    return this.decisive.scored.severity;
  }

  get suppressed_by(): string | null {
    return this.decisive.suppressedBy;
  }

  get firstMs(): number | undefined {
    return this.#group[0]?.session.first?.ms;
  }

  get head(): FindingHead {
    return headOf(this.id, this.#group, this.decisive, this.#assets);
  }

  finish(): Finding {
    return finishFinding(this.head, this.#group, this.decisive);
  }
}

/** As compareFindings, without making a head for each comparison. */
function compareDrafts(a: Draft, b: Draft): number {
  const [one, other] = [representative(a.decisive.session), representative(b.decisive.session)];
  return (
    compareSeverity(a.severity, b.severity) ||
    compareFirstSeen(a.firstMs, b.firstMs) ||
    compareText(one.source.ip, other.source.ip) ||
    compareText(one.destination.ip, other.destination.ip) ||
    compareText(a.id, b.id)
  );
}

const YEAR_9000_MS = Date.UTC(9000, 0);

/** The order of their texts, which for all but outlandish years is that of the numbers. */
function compareFirstSeen(a: number | undefined, b: number | undefined): number {
  const isUsual = (ms: number | undefined): ms is number => ms !== undefined && ms >= 0 && ms < YEAR_9000_MS;
  return isUsual(a) && isUsual(b) ? a - b : compareText(isoOrNull(a) ?? UNDATED, isoOrNull(b) ?? UNDATED);
}

/** Comes after every date. */
const UNDATED = "9";

function byWeight(a: RuledSession, b: RuledSession): number {
  return (
    compareSeverity(a.scored.severity, b.scored.severity) ||
    OUTCOMES.indexOf(b.session.outcome) - OUTCOMES.indexOf(a.session.outcome) ||
    b.scored.risk.score - a.scored.risk.score
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
