/** Each session's primary rule and score. */
import { compareSeverity, type Severity } from "../sigma/level.ts";
import type { Rule } from "../sigma/rule.ts";
import { type AssetList, assetAt } from "./assets.ts";
import { isInbound } from "./leak.ts";
import { type ScoreContext, type Scored, scoreSession } from "./risk.ts";
import { representative, type Session } from "./session.ts";

/** A session with its primary rule, its score, and the exception that hides it, if any. */
export interface RuledSession {
  readonly session: Session;
  readonly rule: Rule;
  readonly also: readonly Rule[];
  readonly scored: Scored;
  readonly suppressedBy: string | null;
  readonly notes: readonly string[];
  /** Session rules that it met, as places in the run's list. */
  readonly met: readonly number[];
}

/** Rules by rank: the first that a session met is its primary rule; those not named come after, by severity. */
const PRIMARY_RANK = ["SP-01", "SP-02", "SP-04", "SP-03", "SP-09"];

/** What is known of a session beside its own records. */
export interface RulingContext extends Omit<ScoreContext, "severity"> {
  /** The severity of a rule here, where more than the outcome decides it. */
  readonly severityOf?: ((rule: Rule) => Severity) | undefined;
  /** Sentences for the finding. */
  readonly notes?: readonly string[] | undefined;
  /** Session rules that it met, as places in the run's list. */
  readonly met?: readonly number[] | undefined;
}

/** Gives each session its primary rule and its score. */
export function ruleSession(
  session: Session,
  rules: readonly Rule[],
  assets: AssetList | null,
  suppressedBy: string | null,
  context: RulingContext = {},
): RuledSession {
  const [rule, ...also] = session.rules.flatMap((at) => rules[at] ?? []).sort(byRank);
  if (rule === undefined) throw new Error("a session without a rule is no finding");
  const { source, destination } = representative(session);
  const asset = assetAt(isInbound(session) ? destination : source, assets);
  const severity = context.severityOf?.(rule);
  const raising = context.raisedBy ?? [];
  return {
    session,
    rule,
    also: also.length + raising.length === 0 ? NONE : [...also, ...raising.map((one) => one.rule)],
    scored: scoreSession(rule, session, asset, { ...context, severity }),
    suppressedBy,
    notes: context.notes ?? NONE,
    met: context.met ?? NONE,
  };
}

/** One empty list for all: a million sessions with lists of their own are a hundred megabytes. */
const NONE: readonly never[] = [];

function byRank(a: Rule, b: Rule): number {
  const rank = (rule: Rule): number => PRIMARY_RANK.indexOf(rule.id) + 1 || PRIMARY_RANK.length + 1;
  return rank(a) - rank(b) || compareSeverity(a.level, b.level) || (a.id < b.id ? -1 : 1);
}
