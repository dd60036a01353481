/** The account after every run, for stderr: short when all is well, long only where something is wrong. */
import type { Coverage, ProblemCount } from "../findings/coverage.ts";
import { countOf, formatCount } from "../findings/quantity.ts";
import type { RunReport } from "../findings/run.ts";
import { createPainter, type Paint } from "./color.ts";
import {
  accountWords,
  countWords,
  foldedWords,
  formatWords,
  inputsNotRead,
  inputWords,
  pathWords,
  readWords,
  ruleGroups,
  SHARE_NAMES,
  SHARE_WORDS,
  shareWords,
  timeWords,
} from "./coverage-words.ts";
import { inertText } from "./inert.ts";
import { formatTime } from "./quantity.ts";
import { hang, pad } from "./width.ts";

export interface SummaryOptions {
  readonly color: boolean;
  /** Columns; Infinity where there is no terminal. */
  readonly width: number;
  /** Leave the verdict out where the table has said it already. */
  readonly verdict?: boolean;
}

/** One line of the account: a label, what it says, and how it is painted. */
interface Entry {
  readonly label: string;
  readonly text: string;
  readonly paints?: readonly Paint[];
}

const LABEL_WIDTH = 11;
/** Inputs, gone findings and exceptions that are named one by one; the JSON output names all. */
const NAMED = 10;

/** The summary of a run as text, ending with a newline. */
export function summaryText(report: RunReport, { color, width, verdict = true }: SummaryOptions): string {
  const paint = createPainter(color);
  const entries = [
    ...(verdict ? verdictEntries(report) : []),
    ...accountEntries(report.coverage),
    ...reportEntries(report),
  ];
  const lines = entries.flatMap(({ label, text, paints = [] }) =>
    hang(pad(label, LABEL_WIDTH), inertText(text), width).map((line) =>
      line.trim() === "" ? "" : paint(line, ...paints),
    ),
  );
  return `${lines.join("\n")}\n`;
}

function verdictEntries({ verdict, coverage }: RunReport): Entry[] {
  const entries: Entry[] = [{ label: "Verdict", text: verdict.sentence, paints: ["bold"] }];
  if (coverage.incomplete) {
    const text = "the run ended before everything was read; what follows is only a part";
    entries.unshift({ label: "INCOMPLETE", text, paints: ["bold", "red"] });
  }
  return entries;
}

function accountEntries(coverage: Coverage): Entry[] {
  const { totals, shares } = coverage;
  const formats = formatWords(coverage);
  const undecodable =
    totals.undecodable === 0 ? "" : `; ${formatCount(totals.undecodable)} of the decoded are undecodable`;
  return [
    { label: "Read", text: readWords(coverage) + (formats === "" ? "" : `: ${formats}`) },
    ...inputEntries(coverage),
    { label: "Records", text: accountWords(coverage) + undecodable },
    { label: "Events", text: `${formatCount(totals.events)}; ${timeWords(coverage)}` },
    ...problemEntries(coverage.problems),
    { label: "Sample", text: shareWords(shares) },
    ...blindEntries(coverage),
    ...ruleEntries(coverage),
    ...coverage.paths.map((path) => ({ label: "Fast path", text: pathWords(path) })),
  ];
}

function inputEntries(coverage: Coverage): Entry[] {
  const lost = inputsNotRead(coverage);
  const entries = lost.slice(0, NAMED).map((input): Entry => {
    const mild = input.status === "skipped" || input.status === "duplicate";
    return {
      label: "  not read",
      text: `${input.path}: ${inputWords(input)}`,
      paints: mild ? ["dim"] : ["yellow"],
    };
  });
  if (lost.length > NAMED)
    entries.push({ label: "", text: `and ${lost.length - NAMED} more; -o json names all` });
  return entries;
}

function problemEntries(problems: readonly ProblemCount[]): Entry[] {
  return problems.flatMap((problem) => [
    {
      label: "  problem",
      text: `${formatCount(problem.count)} × ${problem.message} (${problem.kind})`,
      paints: ["yellow"] as const,
    },
    ...problem.samples.map((sample) => ({
      label: "",
      text: `${sample.file}:${sample.offset}  ${sample.excerpt}`,
    })),
  ]);
}

function blindEntries({ shares }: Coverage): Entry[] {
  if (shares.sampled === 0) return [];
  const none = SHARE_NAMES.filter((name) => shares[name] === 0);
  return none.length === 0
    ? []
    : [{ label: "  note", text: none.map((name) => SHARE_WORDS[name].none).join("; ") }];
}

function ruleEntries({ rules }: Coverage): Entry[] {
  return ruleGroups(rules).map((group, at): Entry => {
    const label = at === 0 ? "Rules" : "";
    const ids = group.ids.join(", ");
    if (group.status === "no source here") return { label, text: `no source here: ${ids}` };
    const missing = group.missing === "" ? "" : `; ${group.missing}`;
    return { label, text: `${group.status}: ${ids} by ${group.datasets}${missing}` };
  });
}

function reportEntries(report: RunReport): Entry[] {
  const { coverage } = report;
  const entries: Entry[] = [];
  if (hasAny(coverage.dropped))
    entries.push({ label: "Dropped", text: `not counted: ${countWords(coverage.dropped)}` });
  if (hasAny(coverage.suppressed)) {
    entries.push({
      label: "Excepted",
      text: `hidden by an exception or a filter: ${countWords(coverage.suppressed)}`,
    });
  }
  entries.push(...exceptionEntries(report), ...baselineEntries(report));
  entries.push(...coverage.notes.map((text) => ({ label: "Note", text })));
  if (coverage.folded !== null) {
    entries.push({ label: "FOLDED", text: foldedWords(coverage.folded), paints: ["bold", "red"] });
  }
  if (coverage.incomplete) {
    entries.push({
      label: "INCOMPLETE",
      text: "not everything was read; see above",
      paints: ["bold", "red"],
    });
  }
  return entries;
}

function hasAny(counts: Readonly<Record<string, number>>): boolean {
  return Object.keys(counts).length > 0;
}

function exceptionEntries({ exceptions }: RunReport): Entry[] {
  return exceptions
    .filter((exception) => exception.state === "expired")
    .map(({ id, expires }) => ({
      label: "Expired",
      text: `exception ${id} ended on ${formatTime(expires)} and hides nothing after it; renew it or take it out`,
      paints: ["yellow"],
    }));
}

function baselineEntries({ baseline }: RunReport): Entry[] {
  if (baseline === null) return [];
  const counts = `${formatCount(baseline.new)} new, ${formatCount(baseline.changed)} changed, ${formatCount(baseline.known)} known`;
  const gone = baseline.gone
    .slice(0, NAMED)
    .map(({ id, reason }) => ({ label: "  gone", text: `${id}: ${reason}` }));
  const more = baseline.gone.length - gone.length;
  return [
    {
      label: "Baseline",
      text: `${counts}, ${formatCount(baseline.gone.length)} gone, against ${baseline.file}`,
    },
    ...gone,
    ...(more > 0 ? [{ label: "", text: `and ${countOf(more, "finding")} more` }] : []),
  ];
}
