/** The finding: what a person acts on. Its JSON is published as schemas/finding.schema.json. */
import type { Outcome } from "../event/outcome.ts";
import type { Severity } from "../sigma/level.ts";

/** A rule as a finding names it. */
export interface FindingRule {
  /** SP-01, or the rule's UUID where it has no short id. */
  readonly id: string;
  readonly name: string;
  readonly uuid?: string;
}

/** One step of the risk arithmetic beyond impact × confidence / 100. */
export interface RiskModifier {
  readonly name: string;
  /** Steps of severity, up or down. */
  readonly delta: number;
  readonly why: string;
}

export interface Risk {
  readonly impact: number;
  readonly confidence: number;
  /** impact × confidence / 100, to one decimal. */
  readonly score: number;
  readonly modifiers: readonly RiskModifier[];
}

export interface OutcomeCount {
  readonly count: number;
  readonly first_seen: string | null;
  readonly last_seen: string | null;
}

/** What the asset list knows of an address; the columns that have a value. */
export type Asset = Readonly<Record<string, string | readonly string[]>>;

export interface FindingSource {
  readonly ip: string;
  readonly effective_ip: string;
  readonly scope: string;
  readonly address_class: string;
  readonly address: string | null;
  readonly asset: Asset | null;
}

export interface FindingDestination {
  readonly ip: string;
  readonly effective_ip: string;
  readonly port: readonly number[];
  readonly domain: string | null;
  readonly scope: string;
  readonly address_class: string;
  readonly asset: Asset | null;
}

/** Which policy of which observer let it out, or stopped it. */
export interface PolicySeen {
  readonly observer: string | null;
  readonly rule: string | null;
  readonly ingress: string | null;
  readonly egress: string | null;
  readonly action: string | null;
}

/** Credentials that were offered; success null where no record says. */
export interface AuthSeen {
  readonly protocol: string;
  readonly user: string | null;
  readonly domain: string | null;
  readonly success: boolean | null;
}

export interface EvidenceRow {
  readonly file: string;
  readonly offset: number;
  readonly "@timestamp": string | null;
  readonly dataset: string;
  /** What this row proves: its own outcome. */
  readonly outcome: Outcome;
  /** A one-line summary: ends, verdict, state, bytes. */
  readonly summary: string;
}

export interface Guide {
  readonly investigate: readonly string[];
  readonly false_positives: readonly string[];
  readonly respond: readonly string[];
}

export interface Finding {
  readonly schema: "sallyport.finding/1";
  readonly id: string;
  readonly profile: string;
  readonly rule: FindingRule;
  /** Other rules that the same sessions met, and session rules that add to it. */
  readonly also: readonly FindingRule[];
  readonly severity: Severity;
  readonly outcome: Outcome;
  readonly outcomes: Readonly<Partial<Record<Outcome, OutcomeCount>>>;
  readonly risk: Risk;
  /** One sentence: who did what to whom, and how far it got. */
  readonly reason: string;
  readonly source: FindingSource;
  readonly destination: FindingDestination;
  readonly network: { readonly transport: string | null; readonly application: readonly string[] };
  /** Client to server, server to client; null where no record counts. */
  readonly bytes: { readonly out: number | null; readonly in: number | null };
  readonly sessions: number;
  readonly events: number;
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  /** The sources' own words. */
  readonly actions: readonly string[];
  readonly policies: readonly PolicySeen[];
  readonly nat: { readonly source: readonly string[]; readonly destination: readonly string[] } | null;
  readonly auth: AuthSeen | null;
  readonly datasets: readonly string[];
  readonly observers: readonly string[];
  readonly users: readonly string[];
  readonly processes: readonly string[];
  readonly threat: readonly { readonly tactic: string | null; readonly technique: string }[];
  readonly frameworks: {
    readonly nist: readonly string[];
    readonly cis: readonly string[];
    readonly kill_chain: readonly string[];
  };
  readonly advisories: readonly string[];
  readonly guide: Guide;
  /** At most ten: the first, the last, the strongest. */
  readonly evidence: readonly EvidenceRow[];
  readonly evidence_total: number;
  /** Things a reader must know: flipped-only evidence, missing transport, clamped numbers. */
  readonly notes: readonly string[];
  /** The id of the exception that hides it; only shown with --show-suppressed. */
  readonly suppressed_by: string | null;
  /** Under a reference profile: the row as the original system makes it, by its own column names. */
  readonly row?: Readonly<Record<string, unknown>>;
  /** Against --baseline: new, changed or known; absent without a baseline. */
  readonly baseline?: "new" | "changed" | "known";
}

/** What of a finding is needed to order, count and compare findings. */
export type FindingHead = Pick<
  Finding,
  | "id"
  | "profile"
  | "rule"
  | "severity"
  | "outcome"
  | "outcomes"
  | "source"
  | "destination"
  | "network"
  | "bytes"
  | "sessions"
  | "first_seen"
  | "last_seen"
  | "suppressed_by"
>;

/** What is known of a finding once it was printed. */
export type FindingBrief = Pick<Finding, "id" | "profile" | "severity" | "suppressed_by">;

/**
 * A finding that is written out when its turn to be printed comes. What orders it is at hand; its head is made each time
 * it is asked for, so that a million findings are never held at once.
 */
export interface FindingDraft extends FindingBrief {
  readonly head: FindingHead;
  finish(): Finding;
}
