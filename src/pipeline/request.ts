/** What a scan is asked to do: plain data, so that it can cross to another thread. */
import type { KernelMode } from "../bytes/kernel.ts";
import type { RunStretch } from "../findings/profiles/unit.ts";
import { OPTIONS } from "../options.ts";
import type { Severity } from "../sigma/level.ts";
import type { SigmaDocuments } from "../sigma/rule.ts";

/** A text with the name it goes by in errors. */
export interface NamedText {
  readonly file: string;
  readonly text: string;
}

/** What parsing a rule file gives, in the place of its text. */
export interface ParsedText {
  readonly file: string;
  readonly documents: SigmaDocuments;
}

/** A rule file, parsed already or not. */
export type RuleText = NamedText | ParsedText;

/** A format asked for: for every input, or for those whose path a glob matches. */
export interface FormatChoice {
  readonly name: string;
  readonly glob?: string | undefined;
}

/**
 * How the fast path goes about its work; what is found never depends on it. For tests, which need small inputs to reach
 * the byte kernel.
 * Units: bytes. `head` is decoded whole at the start of an input, and is where its sample is full; `retry` is decoded
 * whole after a line that the kernel stopped at; `capacity` is the kernel's input.
 */
export interface Tuning {
  readonly mode?: KernelMode | undefined;
  readonly capacity?: number | undefined;
  readonly head?: number | undefined;
  readonly retry?: number | undefined;
}

/** Units: `nowMs`, `sinceMs`, `untilMs` in UTC milliseconds. */
export interface ScanRequest {
  readonly rules: readonly RuleText[];
  readonly site: NamedText | null;
  readonly assets: NamedText | null;
  /** More internal networks, as CIDR. */
  readonly internal: readonly string[];
  readonly formats: readonly FormatChoice[];
  readonly emit: "findings" | "matches" | "events";
  /** Reference profiles to run, each the text of its rule. Our own runs when `rules` are given. */
  readonly profiles: readonly RuleText[];
  /** When rules with a schedule ran; null simulates it over the logs' own time. */
  readonly runs: readonly RunStretch[] | null;
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  /** Zone of times that carry none, where the site file names no other. */
  readonly timeZone: string;
  readonly nowMs: number;
  readonly minSeverity: Severity | null;
  readonly showSuppressed: boolean;
  readonly strict: boolean;
  /** Put the record itself into the rows of `events` and `matches`. */
  readonly original: boolean;
  /** Let the byte kernel rule lines out; without it every line is decoded, which is the reference. */
  readonly fastPath: boolean;
  readonly tuning?: Tuning | undefined;
  /** Observations that keep their detail, per class. */
  readonly detailLimit: number;
  /** An earlier output to compare with. */
  readonly baseline: NamedText | null;
  readonly version: string;
}

/** The request of somebody who asks for nothing special: findings, no site file, times in UTC. */
export function defaultRequest(rules: readonly RuleText[], nowMs: number): ScanRequest {
  return {
    rules,
    site: null,
    assets: null,
    internal: [],
    formats: [],
    emit: "findings",
    profiles: [],
    runs: null,
    sinceMs: null,
    untilMs: null,
    timeZone: "UTC",
    nowMs,
    minSeverity: null,
    showSuppressed: false,
    strict: false,
    original: false,
    fastPath: true,
    detailLimit: OPTIONS["detail-limit"].default,
    baseline: null,
    version: "library",
  };
}
