/** How a scan ends: its exit code, and the words that go with a code that is not 0. */
import type { InputAccount } from "../findings/coverage.ts";
import type { FindingBrief } from "../findings/finding.ts";
import { countOf } from "../findings/quantity.ts";
import type { RunReport } from "../findings/run.ts";
import type { ScanResult } from "../scan.ts";
import { compareSeverity, type Severity } from "../sigma/level.ts";
import { inputWords } from "../sinks/coverage-words.ts";
import { inertText } from "../sinks/inert.ts";

/** Inputs that are named one by one. */
const NAMED = 10;

/**
 * 130 interrupted; 1 a finding at or above --fail-on; 3 an input that could not be read whole, or none at all that
 * could be read; else 0.
 */
export function exitCode({ report, findings }: ScanResult, failOn: Severity | null): number {
  if (report.coverage.incomplete) return 130;
  if (failOn !== null && reaching(findings, failOn).length > 0) return 1;
  const { inputs, totals } = report.coverage;
  return inputs.some(isUnread) || totals.read === 0 ? 3 : 0;
}

/**
 * What the exit code alone does not say. 1 hides a 3, so both are said; `quiet` takes the summary away, but an
 * input that was not read must still be named.
 */
export function exitWords({ report, findings }: ScanResult, failOn: Severity | null, quiet: boolean): string {
  const lines = quiet ? unreadLines(report) : [];
  const count = failOn === null ? 0 : reaching(findings, failOn).length;
  if (count > 0) lines.push(`${countOf(count, "finding")} at or above ${failOn} (--fail-on)`);
  return lines.map((line) => `sallyport: ${inertText(line)}\n`).join("");
}

function unreadLines({ coverage }: RunReport): string[] {
  const unread = coverage.inputs.filter(isUnread);
  const lines = unread.slice(0, NAMED).map((input) => `${input.path}: ${inputWords(input)}`);
  if (unread.length > NAMED) lines.push(`and ${countOf(unread.length - NAMED, "input")} more`);
  if (unread.length === 0 && coverage.totals.read === 0) lines.push("no input is a log that can be read");
  return lines;
}

function reaching(findings: readonly FindingBrief[], failOn: Severity): readonly FindingBrief[] {
  return findings.filter(
    ({ severity, suppressed_by }) => suppressed_by === null && compareSeverity(severity, failOn) <= 0,
  );
}

function isUnread({ status }: InputAccount): boolean {
  return status === "unreadable" || status === "incomplete" || status === "not-recognised";
}
