/** One finding as Markdown: a row of the table, and a section with its facts, evidence and guide. */
import { responsesFor } from "../advisories/responses.ts";
import type { EvidenceRow, Finding } from "../findings/finding.ts";
import { formatBytes, formatCount } from "../findings/quantity.ts";
import { responsesMarkdown } from "./advisory-text.ts";
import { factsOf } from "./finding-facts.ts";
import { markdownCode, markdownProse, markdownText } from "./inert.ts";
import { OUTCOME_WORDS } from "./outcome-words.ts";
import { formatSpan, formatTime } from "./quantity.ts";
import { endWords } from "./rollup.ts";
import type { Guidance } from "./sink.ts";

/** Findings that carry their block rules; the others name the command that prints them. */
const WITH_RESPONSES = 3;

/** A finding as a row of the table of findings. */
export function findingRow(finding: Finding, number: number): string {
  const { bytes, destination } = finding;
  const cells = [
    String(number),
    finding.severity,
    OUTCOME_WORDS[finding.outcome].word,
    markdownCode(finding.source.ip, true),
    markdownCode(endWords(destination.ip, destination.port), true),
    formatCount(finding.sessions),
    `${bytesCell(bytes.out)} / ${bytesCell(bytes.in)}`,
    markdownText(formatSpan(finding.first_seen, finding.last_seen), true),
  ];
  return `| ${cells.join(" | ")} |`;
}

function bytesCell(bytes: number | null): string {
  return bytes === null ? "–" : formatBytes(bytes);
}

/** A finding as a section. */
export function findingSection(finding: Finding, number: number, guidance?: Guidance): string {
  const { word } = OUTCOME_WORDS[finding.outcome];
  const facts = factsOf(finding).map(
    ({ name, values }) => `- ${name}: ${values.map((value) => markdownCode(value)).join(", ")}`,
  );
  const notes = finding.notes.map((note) => `- Note: ${markdownText(note)}`);
  const hidden =
    finding.suppressed_by === null ? [] : [`- Hidden by exception ${markdownCode(finding.suppressed_by)}`];
  const blocks = [
    `## ${number}. ${word}, ${finding.severity}: ${markdownCode(finding.source.ip)} → ${markdownCode(finding.destination.ip)}`,
    markdownText(finding.reason),
    [...facts, ...notes, ...hidden].join("\n"),
    evidenceText(finding.evidence, finding.evidence_total),
    ...guideBlocks(finding),
    ...(guidance === undefined ? [] : guidanceBlocks(finding, number, guidance)),
  ];
  return `\n${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function evidenceText(evidence: readonly EvidenceRow[], total: number): string {
  if (evidence.length === 0) return "";
  const rows = evidence.map((row) => {
    const time = row["@timestamp"] === null ? "–" : markdownText(formatTime(row["@timestamp"]), true);
    return `| ${markdownCode(`${row.file}:${row.offset}`, true)} | ${time} | ${OUTCOME_WORDS[row.outcome].word} | ${markdownCode(row.summary, true)} |`;
  });
  const title = `Evidence, ${evidence.length} of ${formatCount(total)}:`;
  return [title, "", "| File and offset | Time (UTC) | Proves | Record |", "|---|---|---|---|", ...rows].join(
    "\n",
  );
}

function guideBlocks({ guide }: Finding): string[] {
  const parts = [
    ["Investigate", guide.investigate],
    ["False positives", guide.false_positives],
    ["Respond", guide.respond],
  ] as const;
  return parts.flatMap(([title, steps]) =>
    steps.length === 0
      ? []
      : [`### ${title}`, steps.map((step) => `- [ ] ${markdownProse(step)}`).join("\n")],
  );
}

function guidanceBlocks(finding: Finding, number: number, { advisories, responses }: Guidance): string[] {
  const read = advisories
    .filter(({ id }) => finding.advisories.includes(id))
    .map(({ id, title }) => `- ${markdownText(title)}: ${markdownCode(`sallyport advisory show ${id}`)}`);
  const filled = responsesFor(responses, finding);
  const addresses = [...new Set(filled.flatMap(({ destination }) => destination ?? []))];
  const command = `sallyport advisory responses ${addresses.map((ip) => `--destination ${ip}`).join(" ")}`;
  const rules =
    filled.length === 0
      ? []
      : number <= WITH_RESPONSES
        ? ["### Block rules, to copy", responsesMarkdown(filled, 4).trimEnd()]
        : ["### Block rules", `${markdownCode(command)} prints them.`];
  return [...(read.length === 0 ? [] : ["### Read", read.join("\n")]), ...rules];
}
