/** Coverage: what a run read, what it could not read, and what it could not have seen. */
import type { ProblemCode, ProblemKind } from "../errors.ts";

/**
 * The account of one input. Exact: records = ruled_out + decoded + rejected + skipped.
 * Units: bytes are plain (decompressed); `compressed_bytes` beside them for compressed files.
 */
export interface InputAccount {
  readonly path: string;
  readonly status: "read" | "incomplete" | "unreadable" | "not-recognised" | "skipped" | "duplicate";
  readonly reason: string | null;
  /** Formats seen, with the number of decoded records of each. */
  readonly formats: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly compressed_bytes: number | null;
  readonly records: number;
  readonly ruled_out: number;
  readonly decoded: number;
  readonly rejected: number;
  readonly skipped: number;
  /** Decoded records whose decoder failed: part of `decoded`. */
  readonly undecodable: number;
  /** Events made of the decoded records. */
  readonly events: number;
  readonly first_seen: string | null;
  readonly last_seen: string | null;
}

export interface ProblemSample {
  readonly file: string;
  readonly offset: number;
  readonly excerpt: string;
}

export interface ProblemCount {
  readonly code: ProblemCode;
  readonly kind: ProblemKind;
  readonly message: string;
  readonly count: number;
  /** The first three, in order of file and offset. */
  readonly samples: readonly ProblemSample[];
}

/** Shares among a deterministic sample of the events: how many had what. */
export interface SampleShares {
  /** Events looked at: all that begin in the first 128 KiB of an input, then one in 512 by offset, one in 4,096 behind 16 MiB. */
  readonly sampled: number;
  readonly direction: number;
  readonly action: number;
  readonly state: number;
  readonly bytes: number;
  readonly application: number;
  readonly ipv6: number;
  readonly internal_source: number;
}

/** Whether the logs that were read could have fed a rule at all. */
export interface RuleCoverage {
  readonly id: string;
  readonly name: string;
  readonly status: "fed" | "partly fed" | "no source here";
  /** Datasets that were read and feed it, with their event counts. */
  readonly datasets: Readonly<Record<string, number>>;
  /** Per dataset, fields the rule looks at that the dataset never carries. */
  readonly missing_fields: Readonly<Record<string, readonly string[]>>;
  readonly cannot_see: readonly string[];
}

/**
 * How the records of a format were looked at behind the first stretch of an input.
 * Shape: `literals`: lines without any text that a match must hold are ruled out by that, the others are walked. `walk`:
 * every line is walked, byte by byte. `decoder`: every line is decoded.
 */
export interface ReadingPath {
  readonly format: string;
  readonly way: "literals" | "walk" | "decoder";
  /** Why it was not a faster way; null where nothing stood against it. */
  readonly because: string | null;
}

export interface TimeGap {
  readonly from: string;
  readonly to: string;
}

/** What went into totals only, because the state reached its bound. */
export interface FoldedDetail {
  readonly limit: number;
  readonly observations: number;
  readonly sources: number;
  readonly by_source: readonly FoldedRow[];
  readonly by_prefix: readonly FoldedRow[];
}

export interface FoldedRow {
  readonly source: string;
  readonly observations: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly first_seen: string | null;
  readonly last_seen: string | null;
}

export interface Coverage {
  readonly inputs: readonly InputAccount[];
  readonly totals: {
    readonly inputs: number;
    readonly read: number;
    readonly bytes: number;
    readonly records: number;
    readonly ruled_out: number;
    readonly decoded: number;
    readonly rejected: number;
    readonly skipped: number;
    readonly undecodable: number;
    readonly events: number;
  };
  readonly first_seen: string | null;
  readonly last_seen: string | null;
  /** Stretches of an hour or more without any event, inside the span of a day or more; the longest ten. */
  readonly gaps: readonly TimeGap[];
  readonly problems: readonly ProblemCount[];
  readonly shares: SampleShares;
  readonly rules: readonly RuleCoverage[];
  /** By format and way; empty where all inputs were small. */
  readonly paths: readonly ReadingPath[];
  /** Matches that were not counted, and why: backscatter, out of the time bounds … */
  readonly dropped: Readonly<Record<string, number>>;
  readonly suppressed: Readonly<Record<string, number>>;
  readonly notes: readonly string[];
  readonly folded: FoldedDetail | null;
  readonly incomplete: boolean;
}
