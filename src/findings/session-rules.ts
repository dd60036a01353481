/** Session rules: Sigma rules that look at a whole merged session, and what they add to its primary rule. */
import type { Engine } from "../engines/engine.ts";
import { evaluateNode } from "../engines/reference.ts";
import type { DatasetTable } from "../event/dataset.ts";
import type { NetworkEvent } from "../event/event.ts";
import { severityWhen } from "../sigma/extension.ts";
import type { Severity } from "../sigma/level.ts";
import type { Plan } from "../sigma/plan.ts";
import type { Rule } from "../sigma/rule.ts";
import type { Session } from "./session.ts";
import { toSessionEvent } from "./session-event.ts";

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

/** Runs the session rules over sessions; what comes back is in the order of the sessions. */
export function runSessionRules(sessions: readonly Session[], context: SessionRuleContext): MatchedSession[] {
  const { plans, engine, datasets, filteredBy } = context;
  const places = plans.flatMap(({ rule }, at) => (rule.extension.scope === "session" ? [at] : []));
  const run = engine.prepare(
    places.flatMap((at) => plans[at] ?? []),
    datasets,
  );
  const events = sessions.map(toSessionEvent);
  const met = new Map<NetworkEvent, number[]>(events.map((event) => [event, []]));
  run({ file: "sessions", events }, (plan, event) => {
    const place = places[plan];
    if (place !== undefined && filteredBy(place, event) === undefined) met.get(event)?.push(place);
  });
  return sessions.map((session, at) => {
    const event = events[at] as NetworkEvent;
    const primaries = session.rules.flatMap((place) => plans[place]?.rule ?? []);
    const kept = (met.get(event) ?? []).filter((place) => isRequiredMet(plans[place]?.rule, primaries));
    return { session, event, met: session.filteredBy === undefined ? kept : [] };
  });
}

function isRequiredMet(rule: Rule | undefined, met: readonly Rule[]): boolean {
  const requires = rule?.extension.requires.map((name) => name.toLowerCase()) ?? [];
  if (requires.length === 0) return true;
  return met.some(({ id, uuid, name }) =>
    [id, uuid, name].some((known) => known !== undefined && requires.includes(known.toLowerCase())),
  );
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
