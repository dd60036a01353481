/** Session rules: Sigma rules that look at a whole merged session, and what they add to its primary rule. */
import type { Engine } from "../engines/engine.ts";
import { evaluateNode } from "../engines/reference.ts";
import type { DatasetTable } from "../event/dataset.ts";
import type { NetworkEvent } from "../event/event.ts";
import { severityWhen } from "../sigma/extension.ts";
import type { Severity } from "../sigma/level.ts";
import type { Plan } from "../sigma/plan.ts";
import type { Session } from "./session.ts";
import { toSessionEvent } from "./session-event.ts";
import { sharedList } from "./shared.ts";

/** Tells which filter takes a rule's match away, if one does. */
export type FilteredBy = (place: number, event: NetworkEvent) => string | undefined;

export interface SessionRuleContext {
  /** All plans of the run; those of session rules are run here. */
  readonly plans: readonly Plan[];
  readonly engine: Engine;
  readonly datasets: DatasetTable;
  readonly filteredBy: FilteredBy;
}

/** A session as an event, and the session rules that it met. */
export interface MatchedSession {
  readonly session: Session;
  readonly event: NetworkEvent;
  /** Places of session rules in the run's list. */
  readonly met: readonly number[];
}

/**
 * Runs the session rules over sessions, one by one and in their order: an event is a kilobyte, and is done with when the
 * next session's is made.
 */
export function* runSessionRules(
  sessions: readonly Session[],
  context: SessionRuleContext,
): Generator<MatchedSession> {
  const { plans, engine, datasets, filteredBy } = context;
  const places = plans.flatMap(({ rule }, at) => (rule.extension.scope === "session" ? [at] : []));
  const run = engine.prepare(
    places.flatMap((at) => plans[at] ?? []),
    datasets,
  );
  for (const session of sessions) {
    const event = toSessionEvent(session);
    const met: number[] = [];
    if (session.filteredBy === undefined) {
      run({ file: "sessions", events: [event] }, (plan) => {
        const place = places[plan];
        if (place === undefined || filteredBy(place, event) !== undefined) return;
        if (isRequiredMet(place, session, plans)) met.push(place);
      });
    }
    yield { session, event, met: sharedList(met) };
  }
}

function isRequiredMet(place: number, session: Session, plans: readonly Plan[]): boolean {
  const requires = plans[place]?.rule.extension.requires.map((name) => name.toLowerCase()) ?? [];
  if (requires.length === 0) return true;
  return session.rules.some((primary) => {
    const { id, uuid, name } = plans[primary]?.rule ?? {};
    return [id, uuid, name].some((known) => known !== undefined && requires.includes(known.toLowerCase()));
  });
}

/** The severity that a rule gives a session: its table by outcome, and what it says of its own selections. */
export function severityFor(
  plan: Plan,
  { session, event }: Pick<MatchedSession, "session" | "event">,
): Severity {
  return severityWhen(plan.rule, session.outcome, (selection) => {
    const node = plan.asides[selection];
    return node !== undefined && evaluateNode(node, event);
  });
}
