/** What a comparison is made of: profiles, connections, and what each profile makes of each connection. */
import type { DecidingClause } from "../engines/why-not.ts";
import type { Outcome } from "../event/outcome.ts";
import type { RunReport } from "../findings/run.ts";
import type { Plan } from "../sigma/plan.ts";

/**
 * What a profile makes of a connection. `finding`: it is in one of its findings. `met`: events meet its rule, but no
 * finding speaks of them. `no`: no event meets its rule.
 */
export interface Seen {
  readonly level: "finding" | "met" | "no";
  /** The clauses that decide, where no event meets the rule. */
  readonly clauses: readonly DecidingClause[];
  /** In words, where events meet the rule but there is no finding. */
  readonly because: string | null;
}

/** One source and one destination, client to server. */
export interface ComparedConnection {
  readonly source: string;
  readonly destination: string;
  readonly ports: readonly number[];
  readonly events: number;
  readonly outcome: Outcome;
  readonly seen: Readonly<Record<string, Seen>>;
}

export interface ComparedProfile {
  readonly name: string;
  readonly title: string;
  /** What one finding is. */
  readonly unit: string;
  readonly events: number;
  readonly findings: number;
  readonly connections: number;
  /** Connections that got out and are in none of its findings; null where sallyport is not compared. */
  readonly missed: number | null;
  /** Connections in its findings that are in none of sallyport's; null likewise. */
  readonly extra: number | null;
}

export interface Comparison {
  readonly profiles: readonly ComparedProfile[];
  readonly connections: readonly ComparedConnection[];
  readonly report: RunReport;
  /** Connections beyond the limit, of which nothing is said. */
  readonly unkept: number;
}

/** A connection while the logs are read. */
export interface Connection {
  readonly source: string;
  readonly destination: string;
  readonly ports: Set<number>;
  events: number;
  outcome: Outcome;
  /** Places of profiles that some event meets. */
  readonly met: Set<number>;
  /** Per profile, what decides for the first event that does not meet it. */
  readonly why: Map<number, readonly DecidingClause[]>;
  silent: boolean;
}

/** A profile as the comparison runs it: ours has several rules. */
export interface Contender {
  readonly name: string;
  readonly plans: readonly Plan[];
}
