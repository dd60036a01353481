/** Advisories for a terminal and as Markdown. */
import { ADVISORY_SECTIONS, type Advisory, compareAdvisories, tacticsOf } from "../advisories/advisory.ts";
import type { AdvisoryCoverage, DetectionCoverage } from "../advisories/coverage.ts";
import { type Block, type Inline, plainText } from "../advisories/prose.ts";
import type { Response } from "../advisories/responses.ts";
import { countOf } from "../findings/quantity.ts";
import {
  fedWords,
  firedWords,
  logsourceWords,
  scannedWords,
  stateWords,
  tacticWords,
} from "./advisory-words.ts";
import { inertText, markdownCode, markdownText } from "./inert.ts";
import { hang, wrap } from "./width.ts";

/** The advisories, one block each, the newest first. */
export function advisoryListText(advisories: readonly Advisory[], width: number): string {
  const blocks = [...advisories]
    .sort(compareAdvisories)
    .map((advisory) => [
      ...wrap(`${advisory.id}, ${advisory.severity}, updated ${advisory.updated}`, width),
      ...hang("  ", advisory.title, width),
      ...hang("  ", advisory.summary, width),
      ...hang("  ", `Detections: ${advisory.detections.map(({ rule }) => rule).join(", ")}`, width),
    ]);
  return blocks.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

/** An advisory in full, with its coverage. */
export function advisoryText(advisory: Advisory, coverage: AdvisoryCoverage, width: number): string {
  const { techniques, cves, references } = advisory;
  const bullets = (lines: readonly string[]): string[] => lines.flatMap((line) => hang("  - ", line, width));
  const parts: string[][] = [
    [
      ...wrap(advisory.title, width),
      ...wrap(
        `${advisory.id}, ${advisory.severity}, published ${advisory.published}, updated ${advisory.updated}`,
        width,
      ),
    ],
    ...ADVISORY_SECTIONS.map((title) => [
      title,
      ...advisory.sections[title].flatMap((block) => blockLines(block, width)),
    ]),
    [
      "Detection coverage",
      ...hang("  ", scannedWords(coverage), width),
      ...coverage.detections.flatMap((one) => detectionLines(one, width)),
    ],
    [
      "Techniques",
      ...bullets(
        techniques.map(({ id, name, tactics }) => `${id} ${name} (${tactics.map(tacticWords).join(", ")})`),
      ),
    ],
    ["Seen in", ...bullets(advisory.sources)],
    ...(cves.length === 0
      ? []
      : [["Known flaws", ...bullets(cves.map(({ id, name, vector }) => `${id} ${name}: ${vector}`))]]),
    ["References", ...references.flatMap(({ title, url }) => [...hang("  - ", title, width), `    ${url}`])],
  ];
  return parts.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function blockLines(block: Block, width: number): string[] {
  switch (block.kind) {
    case "heading":
    case "paragraph":
      return hang("  ", plainText(block.content), width);
    case "code":
      return block.text.split("\n").map((line) => `      ${line}`);
    case "list":
      return block.items.flatMap(({ content }, at) =>
        hang(block.ordered ? `  ${at + 1}. ` : "  - ", plainText(content), width),
      );
    default:
      return block satisfies never;
  }
}

function detectionLines(detection: DetectionCoverage, width: number): string[] {
  const techniques = detection.threat.map(({ technique }) => technique).join(" ");
  const facts = [
    `sees ${detection.sees}`,
    ...(detection.enabled ? [`last fired: ${firedWords(detection)}`, `fed by: ${fedWords(detection)}`] : []),
    ...(detection.enabled ? [`log source ${logsourceWords(detection)}; ${techniques}`] : []),
  ];
  const level = detection.level === null ? "" : `, ${detection.level}`;
  return [
    ...hang("  ", `${detection.rule} ${detection.name} (${stateWords(detection)}${level})`, width),
    ...facts.flatMap((fact) => hang("      ", inertText(fact), width)),
  ];
}

/** An advisory as Markdown, with its coverage. */
export function advisoryMarkdown(advisory: Advisory, coverage: AdvisoryCoverage): string {
  const { techniques, cves, references } = advisory;
  const sections = ADVISORY_SECTIONS.map((title) => [
    `## ${title}`,
    advisory.sections[title].map(blockMarkdown).join("\n\n"),
  ]);
  const rows = coverage.detections.map(
    (one) =>
      `| ${[one.rule, one.name, stateWords(one), one.level ?? "–", firedWords(one), fedWords(one)].map((cell) => markdownText(cell, true)).join(" | ")} |`,
  );
  const parts = [
    `# ${markdownText(advisory.title)}`,
    `Advisory ${markdownCode(advisory.id)}, ${advisory.severity}, published ${advisory.published}, updated ${advisory.updated}. ${tacticsOf(advisory).map(tacticWords).join(", ")}.`,
    ...sections.flat(),
    "## Detection coverage",
    markdownText(scannedWords(coverage)),
    ["| Rule | Detection | State | Level | Last fired | Fed by |", "|---|---|---|---|---|---|", ...rows].join(
      "\n",
    ),
    "## Techniques",
    techniques.map(({ id, name }) => `- ${id} ${markdownText(name)}`).join("\n"),
    ...(cves.length === 0
      ? []
      : [
          "## Known flaws",
          cves.map(({ id, name, vector }) => `- ${id} ${markdownText(`${name}: ${vector}`)}`).join("\n"),
        ]),
    "## References",
    references.map(({ title, url }) => `- ${markdownText(title)}: <${url}>`).join("\n"),
  ];
  return `${parts.join("\n\n")}\n`;
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case "heading":
      return `${"#".repeat(Math.max(3, block.level))} ${inlineMarkdown(block.content)}`;
    case "paragraph":
      return inlineMarkdown(block.content);
    case "code":
      return `\`\`\`text\n${block.text}\n\`\`\``;
    case "list":
      return block.items
        .map(({ content }, at) => `${block.ordered ? `${at + 1}.` : "-"} ${inlineMarkdown(content)}`)
        .join("\n");
    default:
      return block satisfies never;
  }
}

function inlineMarkdown(content: readonly Inline[]): string {
  return content
    .map((piece) => {
      switch (piece.kind) {
        case "text":
          return piece.text;
        case "code":
          return markdownCode(piece.text);
        case "strong":
          return `**${piece.text}**`;
        case "emphasis":
          return `*${piece.text}*`;
        case "link":
          return `[${piece.text}](${piece.href})`;
        default:
          return piece satisfies never;
      }
    })
    .join("");
}

/** Block rules for a terminal, each with its undo. */
export function responsesText(responses: readonly Response[], width: number): string {
  const head = `Block rules for ${countOf(new Set(responses.map(({ id }) => id)).size, "product")}. Nothing is run from here: read, fill in, copy.`;
  const blocks = responses.map((response) => [
    `${response.product}${response.destination === null ? ": SMB to the Internet" : `: SMB to ${response.destination}`}`,
    ...hang("  Warning: ", response.warning, width),
    ...hang("  Where: ", response.where, width),
    ...response.fill_in.flatMap((word) => hang("  Fill in ", word, width)),
    "  Block:",
    ...indented(response.block),
    "  Undo:",
    ...indented(response.undo),
  ]);
  return [wrap(head, width), ...blocks].map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function indented(commands: string): string[] {
  return commands.split("\n").map((line) => `    ${line}`);
}

/** Block rules as Markdown. */
export function responsesMarkdown(responses: readonly Response[], level = 2): string {
  return responses
    .map((response) => {
      const target = response.destination === null ? "the Internet" : response.destination;
      const parts = [
        `${"#".repeat(level)} ${response.product}: SMB to ${target}`,
        `**Warning:** ${response.warning}`,
        `Where: ${response.where}`,
        ...(response.fill_in.length === 0 ? [] : [response.fill_in.map((word) => `- ${word}`).join("\n")]),
        "Block:",
        fenced(response.block),
        "Undo:",
        fenced(response.undo),
      ];
      return `${parts.join("\n\n")}\n`;
    })
    .join("\n");
}

function fenced(commands: string): string {
  return `\`\`\`text\n${commands}\n\`\`\``;
}
