/** The review of exceptions as a table, JSON or Markdown. */
import type { ExceptionReview, ReviewedException } from "../findings/exception-review.ts";
import { countOf } from "../findings/quantity.ts";
import type { Severity } from "../sigma/level.ts";
import { createPainter, type Paint } from "../sinks/color.ts";
import { inertText, markdownText } from "../sinks/inert.ts";

export type ExceptionOutput = "table" | "json" | "markdown";

/** What prints beside the review. */
interface PrintContext {
  readonly color: boolean;
  readonly site: string;
  readonly nowMs: number;
}

/** Prints a review. */
export const EXCEPTION_OUTPUTS: Readonly<
  Record<ExceptionOutput, (review: ExceptionReview, context: PrintContext) => string>
> = {
  table: tableText,
  json: (review, { site, nowMs }) =>
    `${JSON.stringify({ schema: "sallyport.exceptions/1", site, now: new Date(nowMs).toISOString(), ...review }, null, 2)}\n`,
  markdown: markdownReview,
};

const PAINTS: Readonly<Record<Severity, readonly Paint[]>> = {
  info: ["dim"],
  low: [],
  medium: ["yellow"],
  high: ["red"],
  critical: ["bold", "red"],
};

function tableText({ exceptions, notes }: ExceptionReview, { site, color }: PrintContext): string {
  const paint = createPainter(color);
  const lines = exceptions.flatMap((exception) => [
    inertText(`${exception.id}  ${stateText(exception)}; ${hidText(exception)}; ${exception.owner}`),
    inertText(`  ${exception.reason}`),
    ...exception.problems.flatMap(({ severity, message, recommendation }) => [
      paint(inertText(`  ${severity.toUpperCase().padEnd(8)} ${message}`), ...PAINTS[severity]),
      inertText(`           → ${recommendation}`),
    ]),
    "",
  ]);
  return `${[...lines, ...notes.map((note) => inertText(`Note: ${note}`)), sumText(exceptions, site)].join("\n")}\n`;
}

function markdownReview({ exceptions, notes }: ExceptionReview, { site, nowMs }: PrintContext): string {
  const rows = exceptions.map((exception) => {
    const worst = exception.problems[0]?.severity ?? "fine";
    const cells = [exception.id, exception.owner, stateText(exception), hidText(exception), worst];
    return `| ${cells.map((cell) => markdownText(cell, true)).join(" | ")} |`;
  });
  const sections = exceptions
    .filter(({ problems }) => problems.length > 0)
    .flatMap(({ id, reason, problems }) => [
      `## ${markdownText(id)}`,
      "",
      markdownText(reason),
      "",
      ...problems.map(
        ({ severity, message, recommendation }) =>
          `- **${severity}**: ${markdownText(message)}. ${markdownText(recommendation)}`,
      ),
      "",
    ]);
  return [
    `# Exceptions of ${markdownText(site)}, ${new Date(nowMs).toISOString().slice(0, 10)}`,
    "",
    sumText(exceptions, markdownText(site)),
    "",
    "| Exception | Owner | State | Hid | Worst |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    ...sections,
    ...notes.map((note) => `${markdownText(note)}\n`),
  ].join("\n");
}

function stateText({ state, expires, expires_in_days: days, created }: ReviewedException): string {
  if (state === "expired") return `expired on ${expires}`;
  if (state === "not yet") return `begins on ${created}`;
  return `active until ${expires} (${countOf(days, "day")})`;
}

function hidText({ hid, outcomes, last_hit: last }: ReviewedException): string {
  if (hid === null) return "not checked against logs";
  if (hid === 0) return "hid nothing";
  const counts = Object.entries(outcomes ?? {}).map(([outcome, count]) => `${count} ${outcome}`);
  const when = last === null ? "" : `, last on ${last.slice(0, 10)}`;
  return `hid ${countOf(hid, "session")} (${counts.join(", ")})${when}`;
}

function sumText(exceptions: readonly ReviewedException[], site: string): string {
  const bad = exceptions.filter(({ problems }) =>
    problems.some(({ severity }) => severity !== "info"),
  ).length;
  const total = countOf(exceptions.length, "exception");
  return `${total} in ${site}, ${bad === 0 ? "none" : bad} with a problem`;
}
