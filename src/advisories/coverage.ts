/** Live coverage of an advisory: whether each detection is on, what can feed it, and when it last fired. */
import { type DatasetTable, feeds, type Logsource } from "../event/dataset.ts";
import type { Finding } from "../findings/finding.ts";
import type { RunReport } from "../findings/run.ts";
import type { Severity } from "../sigma/level.ts";
import type { Rule, Threat } from "../sigma/rule.ts";
import type { Advisory } from "./advisory.ts";

/** What a scan of the user's logs says of a detection. */
export interface LiveCoverage {
  readonly status: "fed" | "partly fed" | "no source here";
  /** Datasets among the logs read that feed it, with their counts of events. */
  readonly datasets: Readonly<Record<string, number>>;
  /** Of those, the ones that never carry some field that the rule looks at. */
  readonly in_part: Readonly<Record<string, readonly string[]>>;
  readonly findings: number;
  /** ISO 8601, UTC; null where it never fired, or where its records carry no time. */
  readonly last_fired: string | null;
}

/** One detection of an advisory. */
export interface DetectionCoverage {
  readonly rule: string;
  readonly name: string;
  /** What of the threat it sees. */
  readonly sees: string;
  /** Whether the rule set holds it. */
  readonly enabled: boolean;
  readonly level: Severity | null;
  readonly threat: readonly Threat[];
  readonly logsource: Logsource | null;
  /** Datasets of all formats that could feed it. */
  readonly sources: readonly string[];
  /** Null without a scan. */
  readonly live: LiveCoverage | null;
}

export interface AdvisoryCoverage {
  /** The logs that were scanned, or null. */
  readonly scanned: {
    readonly inputs: readonly string[];
    readonly events: number;
    readonly first_seen: string | null;
    readonly last_seen: string | null;
    readonly incomplete: boolean;
  } | null;
  readonly detections: readonly DetectionCoverage[];
}

/** What a scan gave. */
export interface Scanned {
  readonly report: RunReport;
  readonly findings: readonly Finding[];
}

/** Draws up the coverage of an advisory by a rule set, and by what a scan found with it. */
export function advisoryCoverage(
  advisory: Advisory,
  rules: readonly Rule[],
  datasets: DatasetTable,
  scanned: Scanned | null = null,
): AdvisoryCoverage {
  return {
    scanned: scanned === null ? null : scopeOf(scanned.report),
    detections: advisory.detections.map(({ rule: id, name, sees }) => {
      const rule = rules.find((candidate) => candidate.id === id);
      return {
        rule: id,
        name: rule?.title ?? name,
        sees,
        enabled: rule !== undefined,
        level: rule?.level ?? null,
        threat: rule?.threat ?? [],
        logsource: rule?.logsource ?? null,
        sources: rule === undefined ? [] : sourcesOf(rule, datasets),
        live: scanned === null || rule === undefined ? null : liveOf(id, scanned),
      };
    }),
  };
}

function scopeOf({ run, coverage }: RunReport): AdvisoryCoverage["scanned"] {
  const { first_seen, last_seen, incomplete, totals } = coverage;
  return { inputs: run.inputs, events: totals.events, first_seen, last_seen, incomplete };
}

function sourcesOf({ logsource }: Rule, datasets: DatasetTable): readonly string[] {
  return [...datasets]
    .filter(([, dataset]) => feeds(dataset, logsource))
    .map(([name]) => name)
    .sort();
}

function liveOf(id: string, { report, findings }: Scanned): LiveCoverage {
  const covered = report.coverage.rules.find((rule) => rule.id === id);
  const fired = findings.filter(({ rule, also }) => rule.id === id || also.some((other) => other.id === id));
  const times = fired.flatMap(({ last_seen }) => last_seen ?? []).sort(byTime);
  return {
    status: covered?.status ?? "no source here",
    datasets: covered?.datasets ?? {},
    in_part: covered?.missing_fields ?? {},
    findings: fired.length,
    last_fired: times.at(-1) ?? null,
  };
}

// The fraction of a second may have any length, so the text alone does not order times.
function byTime(a: string, b: string): number {
  return Date.parse(a) - Date.parse(b) || (a < b ? -1 : 1);
}
