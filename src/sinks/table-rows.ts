/** Matches and events as a table: one line a row. */
import type { EventDocument, RunInfo } from "../findings/run.ts";
import { createPainter } from "./color.ts";
import { textAt } from "./document-path.ts";
import { inertText } from "./inert.ts";
import { isOutcome, OUTCOME_WORDS, outcomeMark } from "./outcome-words.ts";
import { formatTime } from "./quantity.ts";
import type { Row } from "./sink.ts";
import { pad, truncate } from "./width.ts";

interface Style {
  readonly width: number;
  readonly color: boolean;
}

const TITLES = ["TIME (UTC)", "SOURCE", "DESTINATION", "OUTCOME"];
/** Room for a time, two IPv4 ends with ports, and the longest outcome; IPv6 ends push the rest aside. */
const WIDTHS = [19, 21, 21, 16];

/** The line of column titles. */
export function rowHeader(emit: RunInfo["emit"], { width, color }: Style): string {
  const last = emit === "matches" ? "RULE  DATASET  DOMAIN" : "DATASET  DOMAIN";
  const line = truncate(lineOf(TITLES, last), width);
  return `${createPainter(color)(line, "bold")}\n`;
}

/** A match or an event as one line. */
export function rowLine(row: Row, { width, color }: Style): string {
  if (row.kind === "finding") return "";
  const event = row.kind === "match" ? row.match.event : row.event;
  const outcome = textAt(event, "sallyport.outcome");
  const mark = isOutcome(outcome) ? outcomeMark(outcome) : outcome;
  const cells = [
    formatTime(textAt(event, "@timestamp")),
    end(event, "source"),
    end(event, "destination"),
    mark,
  ];
  const rule = row.kind === "match" ? row.match.rule.id : "";
  const last = [rule, textAt(event, "event.dataset"), textAt(event, "destination.domain")].filter(
    (cell) => cell !== "",
  );
  const line = truncate(lineOf(cells.map(inertText), inertText(last.join("  "))), width);
  if (!isOutcome(outcome)) return `${line}\n`;
  return `${line.replace(mark, (found) => createPainter(color)(found, ...OUTCOME_WORDS[outcome].paints))}\n`;
}

function lineOf(cells: readonly string[], last: string): string {
  const fixed = cells.map((cell, at) => pad(cell, WIDTHS[at] ?? 0));
  return [...fixed, last].join(" ").trimEnd();
}

function end(event: EventDocument, side: "source" | "destination"): string {
  const ip = textAt(event, `${side}.ip`) || textAt(event, `${side}.address`) || "-";
  const port = textAt(event, `${side}.port`);
  if (port === "") return ip;
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}
