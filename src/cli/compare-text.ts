/** How a comparison is printed: a table for people, Markdown to pass on, JSON. */
import { countOf, formatCount } from "../findings/quantity.ts";
import { inertText } from "../sinks/inert.ts";
import { hang } from "../sinks/width.ts";
import { type ComparisonGroup, groupComparison, type ReasonGroup } from "./compare-groups.ts";
import type { ComparedConnection, Comparison, Seen } from "./comparison.ts";

export type CompareOutput = "table" | "json" | "markdown";

const PRINTERS: Readonly<Record<CompareOutput, (comparison: Comparison) => string>> = {
  table,
  json,
  markdown,
};

/** Connections of a group that are shown; JSON has all. */
const SHOWN = 12;

/** Columns of a line of reasons. */
const WIDTH = 110;

/** Prints a comparison. */
export function compareText(comparison: Comparison, output: CompareOutput): string {
  return PRINTERS[output](comparison);
}

function json(comparison: Comparison): string {
  const { profiles, connections, report } = comparison;
  const document = {
    schema: "sallyport.compare/1",
    run: report.run,
    profiles,
    groups: groupComparison(comparison).map((group) => ({
      seen_by: group.seenBy,
      not_by: group.notBy,
      parts: group.parts.map(({ reasons, connections: same }) => ({
        reasons,
        connections: same.map(({ source, destination }) => ({ source, destination })),
      })),
    })),
    connections,
    notes: notesOf(comparison),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function table(comparison: Comparison): string {
  const { profiles } = comparison;
  const head = ["", "PROFILE", "FINDINGS", "CONNECTIONS", "MISSED", "EXTRA", "EVENTS MET", "ONE FINDING IS"];
  const rows = profiles.map(({ name, findings, connections, missed, extra, events, unit }, at) => [
    String(at + 1),
    name,
    formatCount(findings),
    formatCount(connections),
    missed === null ? "" : formatCount(missed),
    extra === null ? "" : formatCount(extra),
    formatCount(events),
    unit,
  ]);
  const width = connectionWidth(comparison);
  const lines = [
    ...columns([head, ...rows], [0, 2, 3, 4, 5, 6]),
    "",
    ...legend(comparison),
    "Y  in a finding of that profile     q  its rule is met, but no finding speaks of it     -  its rule is not met",
    "",
    `${" ".repeat(width)}  ${profiles.map((_, at) => at + 1).join(" ")}  outcome`,
  ];
  for (const group of groupComparison(comparison)) lines.push("", ...groupLines(group, comparison, width));
  const notes = notesOf(comparison);
  if (notes.length > 0) lines.push("", ...notes.map((note) => `Note: ${note}`));
  return lines.map((line) => `${inertText(line.trimEnd())}\n`).join("");
}

/** What the counts mean beside sallyport's verdict. */
function legend({ profiles }: Comparison): readonly string[] {
  if (profiles.every(({ missed }) => missed === null)) return [];
  return [
    "MISSED  connections that got out, by sallyport's outcome, and are in no finding of the profile",
    "EXTRA   connections in a finding of the profile that are none to sallyport",
  ];
}

function groupLines(group: ComparisonGroup, comparison: Comparison, width: number): readonly string[] {
  return [titleOf(group), ...group.parts.flatMap((part) => partLines(part, comparison, width))];
}

function partLines(
  { connections, reasons }: ReasonGroup,
  { profiles }: Comparison,
  width: number,
): readonly string[] {
  const lines: string[] = [];
  for (const connection of connections.slice(0, SHOWN)) {
    const cells = profiles.map(({ name }) => mark(connection.seen[name])).join(" ");
    lines.push(`${nameOf(connection).padEnd(width)}  ${cells}  ${connection.outcome}`);
  }
  if (connections.length > SHOWN)
    lines.push(`  and ${formatCount(connections.length - SHOWN)} more; -o json has all`);
  for (const { profiles: names, text } of reasons)
    lines.push(...hang("      ", `${names.join(", ")}: ${text}`, WIDTH));
  return lines;
}

function titleOf({ seenBy, notBy, parts }: ComparisonGroup): string {
  const count = countOf(
    parts.reduce((sum, { connections }) => sum + connections.length, 0),
    "connection",
  );
  if (notBy.length === 0) return `ALL see ${count}`;
  if (seenBy.length === 0) return `NO profile reports ${count}, though a rule is met`;
  if (seenBy.length === 1) return `ONLY ${seenBy.join()} sees ${count}`;
  return notBy.length === 1 ? `ALL BUT ${notBy.join()} see ${count}` : `${seenBy.join(", ")} see ${count}`;
}

function mark(seen: Seen | undefined): string {
  if (seen === undefined || seen.level === "no") return "-";
  return seen.level === "finding" ? "Y" : "q";
}

function nameOf({ source, destination, ports }: ComparedConnection): string {
  const port =
    ports.length === 0 ? "" : ` port ${ports.slice(0, 3).join(",")}${ports.length > 3 ? ",…" : ""}`;
  return `  ${source} → ${destination}${port}`;
}

function connectionWidth({ connections }: Comparison): number {
  return connections.reduce((most, connection) => Math.max(most, nameOf(connection).length), 20);
}

function notesOf({ report, unkept }: Comparison): readonly string[] {
  const beyond =
    unkept === 0 ? [] : [`${countOf(unkept, "connection")} beyond --detail-limit: nothing is said of them`];
  return [...report.coverage.notes, ...beyond];
}

function markdown(comparison: Comparison): string {
  const { profiles } = comparison;
  const lines = [
    "# Profiles compared",
    "",
    "| profile | findings | connections | missed | extra | events met | one finding is |",
    "|---|--:|--:|--:|--:|--:|---|",
    ...profiles.map(
      ({ name, findings, connections, missed, extra, events, unit }) =>
        `| ${name} | ${findings} | ${connections} | ${missed ?? ""} | ${extra ?? ""} | ${events} | ${unit} |`,
    ),
    "",
    ...legend(comparison).flatMap((line) => [line.replace(/ {2,}/, ": "), ""]),
    "Y: in a finding of that profile. q: its rule is met, but no finding speaks of it. –: its rule is not met.",
  ];
  for (const group of groupComparison(comparison)) {
    lines.push("", `## ${titleOf(group)}`, ...group.parts.flatMap((part) => partMarkdown(part, comparison)));
  }
  const notes = notesOf(comparison);
  if (notes.length > 0) lines.push("", "## Notes", "", ...notes.map((note) => `- ${cell(note)}`));
  return lines.map((line) => `${line}\n`).join("");
}

function partMarkdown({ connections, reasons }: ReasonGroup, { profiles }: Comparison): readonly string[] {
  const rows = connections.slice(0, SHOWN).map((one) => {
    const cells = profiles.map(({ name }) => mark(one.seen[name]).replace("-", "–"));
    return `| ${[cell(one.source), cell(one.destination), one.ports.join(", "), one.outcome, ...cells].join(" | ")} |`;
  });
  return [
    "",
    `| source | destination | ports | outcome | ${profiles.map(({ name }) => name).join(" | ")} |`,
    `|---|---|---|---|${profiles.map(() => ":-:|").join("")}`,
    ...rows,
    ...(connections.length > SHOWN ? ["", `and ${connections.length - SHOWN} more`] : []),
    "",
    ...reasons.map(({ profiles: names, text }) => `- **${names.join(", ")}**: ${cell(text)}`),
  ];
}

/** Text of the logs, made harmless in a Markdown table. */
function cell(text: string): string {
  return inertText(text).replace(/[|\\`*_<>[\]]/g, (sign) => `\\${sign}`);
}

/** Columns side by side; those named are right-aligned. */
function columns(rows: readonly (readonly string[])[], right: readonly number[]): readonly string[] {
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row
      .map((text, at) => (right.includes(at) ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0)))
      .join("  "),
  );
}
