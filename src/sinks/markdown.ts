/** Markdown for a ticket: the verdict, the findings as a table and one by one, and the coverage. */
import type { Finding } from "../findings/finding.ts";
import { countOf, formatCount } from "../findings/quantity.ts";
import type { RunReport } from "../findings/run.ts";
import { collectFindings } from "./collect.ts";
import { accountWords, coverageStatement, inputsNotRead, inputWords } from "./coverage-words.ts";
import { markdownCode, markdownText } from "./inert.ts";
import { findingRow, findingSection } from "./markdown-finding.ts";
import { formatTime } from "./quantity.ts";
import { defineSink } from "./sink.ts";

/** Findings with a section of their own; the table lists all. */
const SECTIONS = 50;

export const markdown = defineSink({
  name: "markdown",
  title: "Markdown for a ticket",
  mediaType: "text/markdown; charset=utf-8",
  emits: ["finding"],
  open: ({ write, guidance }) => {
    const { findings, sink } = collectFindings();
    return {
      ...sink,
      close: async (report) => {
        await write(headText(findings, report));
        for (const [at, finding] of findings.slice(0, SECTIONS).entries())
          await write(findingSection(finding, at + 1, guidance));
        if (findings.length > SECTIONS) {
          await write(
            `\n${countOf(findings.length - SECTIONS, "finding")} more: see the table; \`-o json\` has everything.\n`,
          );
        }
        await write(coverageText(report));
      },
    };
  },
});

function headText(findings: readonly Finding[], report: RunReport): string {
  const lines = ["# Outbound SMB", "", `**${markdownText(report.verdict.sentence)}**`];
  if (report.coverage.incomplete) lines.push("", "**INCOMPLETE: the run ended before everything was read.**");
  if (findings.length === 0) {
    const hidden = report.verdict.findings;
    if (hidden > 0) lines.push("", `No finding is shown, of ${countOf(hidden, "finding")}.`);
    return `${lines.join("\n")}\n`;
  }
  const table = [
    "| No. | Severity | Outcome | Source | Destination | Sessions | Bytes out / in | First – last (UTC) |",
    "|--:|---|---|---|---|--:|--:|---|",
    ...findings.map((finding, at) => findingRow(finding, at + 1)),
  ];
  return `${[...lines, "", ...table].join("\n")}\n`;
}

function coverageText(report: RunReport): string {
  const { coverage, run } = report;
  const lost = inputsNotRead(coverage).map(
    (input) => `${markdownCode(input.path)}: ${markdownText(inputWords(input))}`,
  );
  const problems = coverage.problems.map(
    (problem) => `${formatCount(problem.count)} × ${markdownText(problem.message)}`,
  );
  const expired = report.exceptions
    .filter((exception) => exception.state === "expired")
    .map(
      ({ id, expires }) => `Exception ${markdownCode(id)} expired on ${markdownText(formatTime(expires))}.`,
    );
  const gone = (report.baseline?.gone ?? []).map(
    ({ id, reason }) => `Gone since the baseline: ${markdownCode(id)} ${markdownText(reason)}`,
  );
  const statement = coverageStatement(report).map((sentence) => markdownText(sentence));
  const points = [
    ...statement,
    `Records: ${accountWords(coverage)}.`,
    ...lost,
    ...problems,
    ...expired,
    ...gone,
  ];
  const made = `Made by sallyport ${markdownText(run.tool.version)}, profile ${markdownText(run.profile)}, at ${markdownText(formatTime(run.now))} UTC.`;
  return `\n## What this rests on\n\n${points.map((point) => `- ${point}`).join("\n")}\n\n${made}\n`;
}
