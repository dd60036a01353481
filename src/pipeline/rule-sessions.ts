/** From observations to ruled sessions: joined, hidden by filters and exceptions, met by session rules, scored. */

import type { NetworkEvent } from "../event/event.ts";
import { createExceptionIndex, type ExceptionIndex } from "../findings/exceptions.ts";
import { createFallbackTest } from "../findings/fallback.ts";
import { createFirstSeen, type FirstSeenIndex } from "../findings/first-seen.ts";
import { isInbound } from "../findings/leak.ts";
import type { Retention } from "../findings/retention.ts";
import { type RuledSession, ruleSession } from "../findings/ruling.ts";
import { joinSessions, representative, type Session } from "../findings/session.ts";
import { toSessionEvent } from "../findings/session-event.ts";
import { runSessionRules, severityFor } from "../findings/session-rules.ts";
import { parseIp } from "../net/parse-ip.ts";
import type { Severity } from "../sigma/level.ts";
import type { Rule } from "../sigma/rule.ts";
import type { Prepared } from "./prepare.ts";
import type { InputResult } from "./scan-input.ts";

export interface RuledSessions {
  /** In order of time, file and offset; those that are hidden too. */
  readonly ruled: readonly RuledSession[];
  readonly exceptions: ExceptionIndex;
  /** How many sessions each exception or filter hid. */
  readonly hid: ReadonlyMap<string, number>;
  readonly backscatter: number;
  readonly notes: readonly string[];
}

/** Rules every session that the observations make. */
export function ruleSessions(
  prepared: Prepared,
  results: readonly InputResult[],
  retention: Retention,
): RuledSessions {
  const { request, rules, plans, assets, site, filters } = prepared;
  const exceptions = createExceptionIndex(site.exceptions, request.nowMs);
  const { sessions, backscatter } = joinSessions(retention.observations());
  const firstSeen = firstSeenOf(sessions, prepared, results, retention);
  const fallback = createFallbackTest(sessions);
  const hid = new Map<string, number>();
  const ruled: RuledSession[] = [];
  for (const { session, event, met } of runSessionRules(sessions, {
    ...prepared,
    filteredBy: filters.takenBy,
  })) {
    const hiddenBy = session.filteredBy ?? exceptionFor(session, prepared, exceptions);
    if (hiddenBy !== null) hid.set(hiddenBy, (hid.get(hiddenBy) ?? 0) + 1);
    const seen = firstSeen.of(session);
    const severityOf = (rule: Rule): Severity => severityIn(prepared, rule, { session, event });
    const raisedBy = met
      .flatMap((place) => plans[place]?.rule ?? [])
      .map((rule) => ({ rule, severity: severityOf(rule) }));
    const modifiers = [...seen.modifiers, ...fallback(session)];
    const context = { severityOf, raisedBy, modifiers, notes: seen.notes, met };
    ruled.push(ruleSession(session, rules, assets, hiddenBy, context));
  }
  return { ruled, exceptions, hid, backscatter, notes: [...filters.notes, ...firstSeen.notes] };
}

/** The severity that a rule gives a session, before modifiers. Shape: `event` is the session as one. */
export function severityIn(
  { plans, rules }: Prepared,
  rule: Rule,
  { session, event = toSessionEvent(session) }: { session: Session; event?: NetworkEvent },
): Severity {
  const plan = plans[rules.indexOf(rule)];
  return plan === undefined ? rule.level : severityFor(plan, { session, event });
}

function firstSeenOf(
  sessions: readonly Session[],
  { request, baseline }: Prepared,
  results: readonly InputResult[],
  retention: Retention,
): FirstSeenIndex {
  const first = results.reduce(
    (least, { tally }) => Math.min(least, tally.firstMs),
    Number.POSITIVE_INFINITY,
  );
  const fromMs = Math.max(first, request.sinceMs ?? Number.NEGATIVE_INFINITY);
  return createFirstSeen({
    sessions: sessions.filter((session) => !isInbound(session)),
    fromMs: Number.isFinite(fromMs) ? fromMs : undefined,
    baseline: baseline?.pairs ?? null,
    isFolded: retention.folded() !== null,
  });
}

function exceptionFor(
  session: Session,
  { rules, site }: Prepared,
  exceptions: ExceptionIndex,
): string | null {
  if (site.exceptions.length === 0) return null;
  const seen = representative(session);
  const [source, destination] = [parseIp(seen.source.ip), parseIp(seen.destination.ip)];
  if (source === undefined || destination === undefined) return null;
  const exception = exceptions.match({
    ruleIds: session.rules.flatMap((at) => namesOf(rules[at])),
    source,
    destination,
    effectiveSource: parseIp(seen.source.effective) ?? source,
    effectiveDestination: parseIp(seen.destination.effective) ?? destination,
    domain: session.observations.find((observation) => observation.destination.domain !== undefined)
      ?.destination.domain,
    port: seen.destination.port,
    applications: seen.applications,
    timeMs: session.first?.ms,
  });
  return exception?.id ?? null;
}

function namesOf(rule: Rule | undefined): readonly string[] {
  return rule === undefined
    ? []
    : [rule.id, rule.uuid, rule.name, rule.title].filter((name) => name !== undefined);
}
