/** The run: everything an output may say beside its rows. */
import type { Outcome } from "../event/outcome.ts";
import type { Coverage } from "./coverage.ts";
import type { Finding } from "./finding.ts";

/** One row per rule match and event. */
export interface MatchDocument {
  readonly rule: { readonly id: string; readonly name: string };
  readonly profile: string;
  readonly severity?: string;
  /** The id of the exception that hides it; only shown with --show-suppressed. */
  readonly suppressed_by?: string;
  readonly event: EventDocument;
}

/** An event as nested ECS JSON. */
export type EventDocument = { readonly [key: string]: unknown };

/** What was asked for, so that a report can be made again. */
export interface RunInfo {
  readonly tool: { readonly name: "sallyport"; readonly version: string };
  /** The clock of the run. */
  readonly now: string;
  readonly profile: string;
  readonly emit: "findings" | "matches" | "events";
  readonly inputs: readonly string[];
  readonly rules: readonly { readonly id: string; readonly name: string }[];
  readonly site: {
    readonly file: string | null;
    readonly internal: readonly string[];
    readonly exceptions: number;
  };
  readonly since: string | null;
  readonly until: string | null;
}

/** What left, in a sentence and in counts: hosts by the furthest any of their findings got, and sessions. */
export interface Verdict {
  /** One or two sentences: is SMB leaving, did it get out, and would we know? */
  readonly sentence: string;
  readonly findings: number;
  readonly hosts: Readonly<Record<string, number>>;
  readonly sessions: Readonly<Record<string, number>>;
  /** Sessions from the Internet, by outcome; they are in none of the other counts. */
  readonly inbound?: Readonly<Record<string, number>> | undefined;
  /** Sessions of NetBIOS datagrams to the Internet, by outcome; they are in none of the other counts. */
  readonly netbios?: Readonly<Record<string, number>> | undefined;
}

/** Expired and soon expiring exceptions, and what each one hid. */
export interface ExceptionUse {
  readonly id: string;
  readonly state: "active" | "expired" | "not yet";
  readonly expires: string;
  readonly hid: number;
}

/**
 * One stretch of the timeline: how many sessions began in it, by the outcome they had in the end.
 * Units: `from` and `to` in ISO 8601, UTC; `to` is excluded. All stretches of a run are equally long.
 */
export interface TimelineBucket {
  readonly from: string;
  readonly to: string;
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
}

/** Everything known when a run ends. */
export interface RunReport {
  readonly run: RunInfo;
  readonly verdict: Verdict;
  readonly coverage: Coverage;
  readonly exceptions: readonly ExceptionUse[];
  readonly baseline: {
    readonly file: string;
    readonly new: number;
    readonly changed: number;
    readonly known: number;
    readonly gone: readonly { readonly id: string; readonly reason: string }[];
  } | null;
  /** In order of time, without holes; absent where no session carries a time. */
  readonly timeline?: readonly TimelineBucket[];
}

/** The document of `-o json`: the run's report, and the rows by what was emitted. */
export type RunDocument = FindingsDocument | MatchesDocument | EventsDocument;

interface DocumentHead extends RunReport {
  readonly schema: "sallyport.run/1";
}

export interface FindingsDocument extends DocumentHead {
  readonly findings: readonly Finding[];
}

export interface MatchesDocument extends DocumentHead {
  readonly matches: readonly MatchDocument[];
}

export interface EventsDocument extends DocumentHead {
  readonly events: readonly EventDocument[];
}
