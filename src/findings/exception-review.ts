/** The review of exceptions: what each one hid, and what is wrong with it. In: a site's exceptions, what they hid. */
import { gotOut, OUTCOMES, type Outcome } from "../event/outcome.ts";
import { compareSeverity, type Severity } from "../sigma/level.ts";
import type { ExceptionState } from "./exception-cover.ts";
import { coversAll, tooWide } from "./exception-overlap.ts";
import { createExceptionIndex } from "./exceptions.ts";
import { countOf } from "./quantity.ts";
import type { Exception } from "./site-facts.ts";

/** One session that an exception hid. Units: `ms` in UTC milliseconds. */
export interface HiddenSession {
  readonly exception: string;
  readonly outcome: Outcome;
  readonly ms: number | undefined;
}

export interface ReviewFacts {
  readonly exceptions: readonly Exception[];
  /** What the logs showed; null where none were read. */
  readonly logs: ReviewedLogs | null;
  /** Units: UTC milliseconds. */
  readonly nowMs: number;
  /** An end within this time is near. Units: milliseconds. */
  readonly expiringMs: number;
}

/** Units: UTC milliseconds. */
export interface ReviewedLogs {
  readonly hidden: readonly HiddenSession[];
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
}

/** Something wrong with an exception, and what to do about it. */
export interface ExceptionProblem {
  readonly code:
    | "expired"
    | "expiring"
    | "unused"
    | "covered"
    | "any-source"
    | "any-destination"
    | "wide-source"
    | "wide-destination"
    | "any-port"
    | "hides-session"
    | "hides-credentials"
    | "hides-transfer";
  readonly severity: Severity;
  readonly message: string;
  readonly recommendation: string;
}

/** Counts are null where no logs were read. */
export interface ReviewedException {
  readonly id: string;
  readonly owner: string;
  readonly reason: string;
  readonly state: ExceptionState;
  readonly created: string;
  readonly expires: string;
  /** Whole days until it ends; negative once it has. */
  readonly expires_in_days: number;
  readonly hid: number | null;
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>> | null;
  readonly last_hit: string | null;
  readonly problems: readonly ExceptionProblem[];
}

export interface ExceptionReview {
  readonly exceptions: readonly ReviewedException[];
  /** What could not be checked. */
  readonly notes: readonly string[];
}

const DAY_MS = 86_400_000;

/** Reviews exceptions, in the order of the file. */
export function reviewExceptions(facts: ReviewFacts): ExceptionReview {
  const { states } = createExceptionIndex(facts.exceptions, facts.nowMs);
  return {
    exceptions: states.map(({ exception, state }) => reviewOne(exception, state, facts)),
    notes: notesOf(facts),
  };
}

function reviewOne(exception: Exception, state: ExceptionState, facts: ReviewFacts): ReviewedException {
  const { id, owner, reason, created, expires } = exception;
  const hidden = facts.logs?.hidden.filter((session) => session.exception === id) ?? [];
  const last = hidden.reduce((most, { ms }) => Math.max(most, ms ?? most), Number.NEGATIVE_INFINITY);
  const problems = [
    ...lifetime(exception, state, facts),
    ...use(exception, hidden, facts),
    ...breadth(exception),
    ...weight(hidden),
  ].sort((a, b) => compareSeverity(a.severity, b.severity));
  return {
    id,
    owner,
    reason,
    state,
    created,
    expires,
    expires_in_days: Math.floor((dayMs(expires) - facts.nowMs) / DAY_MS),
    hid: facts.logs === null ? null : hidden.length,
    outcomes: facts.logs === null ? null : countOutcomes(hidden),
    last_hit: Number.isFinite(last) ? new Date(last).toISOString() : null,
    problems,
  };
}

function lifetime(
  { expires, owner }: Exception,
  state: ExceptionState,
  facts: ReviewFacts,
): ExceptionProblem[] {
  if (state === "expired") {
    const message = `it ended on ${expires} and hides nothing after it, but is still written`;
    const recommendation = `Take it out, or have ${owner} agree to a new end.`;
    return [{ code: "expired", severity: "low", message, recommendation }];
  }
  const left = dayMs(expires) - facts.nowMs;
  if (state !== "active" || left > facts.expiringMs) return [];
  const message = `it ends on ${expires}, in ${countOf(Math.floor(left / DAY_MS), "day")}`;
  const recommendation = `Ask ${owner} whether it is still needed; what it hides will be found again from that day on.`;
  return [{ code: "expiring", severity: "low", message, recommendation }];
}

function use(exception: Exception, hidden: readonly HiddenSession[], facts: ReviewFacts): ExceptionProblem[] {
  const at = facts.exceptions.indexOf(exception);
  const wider = facts.exceptions.find(
    (other, place) =>
      other !== exception && coversAll(other, exception) && (place < at || !coversAll(exception, other)),
  );
  if (wider !== undefined) {
    const same = coversAll(exception, wider) ? "it allows the same as" : "all that it allows is allowed by";
    const recommendation = `Keep one of the two: the narrower one, ${exception.id}, if it is enough.`;
    return [{ code: "covered", severity: "low", message: `${same} ${wider.id}`, recommendation }];
  }
  if (hidden.length > 0 || !wasInForce(exception, facts.logs)) return [];
  const message = "it hid nothing in these logs";
  const recommendation =
    "Take it out if what it was written for has ended; check the addresses if it has not.";
  return [{ code: "unused", severity: "low", message, recommendation }];
}

/** Tells whether the logs have events of days on which the exception held. */
function wasInForce({ created, expires }: Exception, logs: ReviewedLogs | null): boolean {
  if (logs === null || logs.firstMs === undefined || logs.lastMs === undefined) return false;
  return logs.firstMs < dayMs(expires) && logs.lastMs >= dayMs(created);
}

function breadth(exception: Exception): ExceptionProblem[] {
  const { source, destination, domain, port } = exception;
  const problems: ExceptionProblem[] = [];
  if (source === undefined) {
    const recommendation =
      "Name the hosts that need it as source; an infected one elsewhere is hidden as well.";
    problems.push({
      code: "any-source",
      severity: "medium",
      message: "it allows any source",
      recommendation,
    });
  }
  if (destination === undefined && domain === undefined) {
    const recommendation = "Name the destination's network or name; a stranger's server is allowed as well.";
    problems.push({
      code: "any-destination",
      severity: "high",
      message: "it allows any destination",
      recommendation,
    });
  }
  for (const [end, ranges] of [
    ["source", source],
    ["destination", destination],
  ] as const) {
    const wide = tooWide(ranges);
    if (wide.length === 0) continue;
    const message = `its ${end} ${wide.join(", ")} is as large as a /8, or a /32 of IPv6, or larger`;
    const recommendation = `Narrow the ${end} to the networks that were agreed on.`;
    problems.push({
      code: `wide-${end}`,
      severity: end === "source" ? "medium" : "high",
      message,
      recommendation,
    });
  }
  if (port === undefined) {
    const recommendation = "Name the port, 445 as a rule; SMB on another one is worth knowing of.";
    problems.push({ code: "any-port", severity: "info", message: "it allows any port", recommendation });
  }
  return problems;
}

function weight(hidden: readonly HiddenSession[]): ExceptionProblem[] {
  const count = (outcome: Outcome): number => hidden.filter((session) => session.outcome === outcome).length;
  const [transferred, authenticated] = [count("transferred"), count("authenticated")];
  const completed = hidden.filter(({ outcome }) => gotOut(outcome)).length;
  const problems: ExceptionProblem[] = [];
  if (transferred > 0) {
    const message = `it hid ${countOf(transferred, "session")} in which data was transferred`;
    const recommendation =
      "Have the owner confirm these transfers one by one; a scan with --show-suppressed shows them.";
    problems.push({ code: "hides-transfer", severity: "critical", message, recommendation });
  }
  if (authenticated > 0) {
    const message = `it hid ${countOf(authenticated, "session")} in which credentials were offered`;
    const recommendation =
      "Confirm the accounts, and move the share behind a VPN; a scan with --show-suppressed shows them.";
    problems.push({ code: "hides-credentials", severity: "critical", message, recommendation });
  }
  if (completed > transferred + authenticated) {
    const message = `it hid ${countOf(completed - transferred - authenticated, "session")} that came about`;
    const recommendation = "That is what it is for; confirm that these are the agreed ones.";
    problems.push({ code: "hides-session", severity: "medium", message, recommendation });
  }
  return problems;
}

function notesOf({ logs, exceptions }: ReviewFacts): readonly string[] {
  if (logs === null) {
    return ["No logs were read: what the exceptions hide, and which are unused, was not checked."];
  }
  const idle = exceptions.filter((exception) => !wasInForce(exception, logs)).map(({ id }) => id);
  return idle.length === 0
    ? []
    : [`Use not judged, since the logs have no event of a day on which it held: ${idle.join(", ")}.`];
}

function countOutcomes(hidden: readonly HiddenSession[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const outcome of OUTCOMES) {
    const same = hidden.filter((session) => session.outcome === outcome).length;
    if (same > 0) counts[outcome] = same;
  }
  return counts;
}

function dayMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}
