/** The baseline: an earlier output, to tell what is new, changed and gone in daily runs. */
import { SallyportError } from "../errors.ts";
import type { Finding, FindingHead } from "./finding.ts";
import type { KnownPair } from "./first-seen.ts";
import type { RunReport } from "./run.ts";

/** What an earlier run said of one finding. */
interface KnownFinding {
  readonly id: string;
  readonly outcome: string;
  readonly severity: string;
  readonly sessions: number;
  readonly reason: string;
}

export interface Baseline {
  readonly file: string;
  readonly findings: ReadonlyMap<string, KnownFinding>;
  /** Who reached for whom, by effective address; null where not every row says. */
  readonly pairs: readonly KnownPair[] | null;
}

/**
 * Reads an earlier `-o json` or `-o ndjson` output of findings.
 * Errors: baseline_invalid, with the line.
 */
export function parseBaseline(text: string, file: string): Baseline {
  const whole = parseJson(text);
  const rows = isDocument(whole)
    ? whole.findings
    : text.split("\n").flatMap((line, at) => parseRow(line, at + 1, file));
  const findings = new Map<string, KnownFinding>();
  rows.forEach((row, at) => {
    if (!isKnownFinding(row)) {
      throw new SallyportError("baseline_invalid", {
        detail: `Row ${at + 1} is not a finding`,
        at: { file },
      });
    }
    findings.set(row.id, row);
  });
  const pairs = rows.flatMap(pairOf);
  return { file, findings, pairs: pairs.length === rows.length ? pairs : null };
}

/** How a finding stands to the baseline. */
export function markAgainst(baseline: Baseline, finding: FindingHead): NonNullable<Finding["baseline"]> {
  const known = baseline.findings.get(finding.id);
  if (known === undefined) return "new";
  return isChanged(finding, known) ? "changed" : "known";
}

/** Counts the marks, and lists what is gone. */
export function compareWithBaseline(
  findings: Iterable<FindingHead>,
  baseline: Baseline,
): NonNullable<RunReport["baseline"]> {
  const counts = { new: 0, changed: 0, known: 0 };
  const present = new Set<string>();
  for (const finding of findings) {
    counts[markAgainst(baseline, finding)]++;
    present.add(finding.id);
  }
  const gone = [...baseline.findings.values()].filter(({ id }) => !present.has(id));
  return {
    file: baseline.file,
    ...counts,
    gone: gone.map(({ id, reason }) => ({ id, reason })).sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** Rows of a report or of NDJSON carry both ends; a row without them is no history. */
function pairOf(row: unknown): readonly KnownPair[] {
  const [source, destination] = [effectiveOf(row, "source"), effectiveOf(row, "destination")];
  return source === undefined || destination === undefined ? [] : [{ source, destination }];
}

function effectiveOf(row: unknown, end: "source" | "destination"): string | undefined {
  const place: unknown =
    typeof row === "object" && row !== null ? (row as Record<string, unknown>)[end] : null;
  if (typeof place !== "object" || place === null) return undefined;
  const { effective_ip: effective } = place as Record<string, unknown>;
  return typeof effective === "string" ? effective : undefined;
}

function isChanged(finding: FindingHead, known: KnownFinding): boolean {
  return (
    finding.outcome !== known.outcome ||
    finding.severity !== known.severity ||
    finding.sessions !== known.sessions
  );
}

function parseRow(line: string, number: number, file: string): readonly unknown[] {
  if (line.trim() === "") return [];
  const row = parseJson(line);
  if (row === undefined) {
    throw new SallyportError("baseline_invalid", {
      detail: "The line is not JSON",
      at: { file, line: number },
    });
  }
  return [row];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isDocument(value: unknown): value is { readonly findings: readonly unknown[] } {
  return typeof value === "object" && value !== null && "findings" in value && Array.isArray(value.findings);
}

function isKnownFinding(row: unknown): row is KnownFinding {
  if (typeof row !== "object" || row === null) return false;
  const { id, outcome, severity, sessions, reason } = row as Record<string, unknown>;
  return (
    [id, outcome, severity, reason].every((value) => typeof value === "string") &&
    typeof sessions === "number"
  );
}
