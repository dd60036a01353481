/** The table: for a person at a terminal. Findings rolled up by host; matches and events one line each. */
import { collectFindings } from "./collect.ts";
import { defineSink, type SinkContext, type SinkWriter } from "./sink.ts";
import { findingsText } from "./table-findings.ts";
import { rowHeader, rowLine } from "./table-rows.ts";

export const table = defineSink({
  name: "table",
  title: "For a person at a terminal: findings by host, and what to do",
  mediaType: "text/plain; charset=utf-8",
  emits: ["finding", "match", "event"],
  open: (context) => (context.run.emit === "findings" ? openFindings(context) : openRows(context)),
});

function openFindings({ write, width, color }: SinkContext): SinkWriter {
  const { findings, sink } = collectFindings();
  return {
    ...sink,
    close: (report) => write(findingsText(findings, report, { width, color })),
  };
}

function openRows({ write, width, color, run }: SinkContext): SinkWriter {
  let rows = 0;
  const style = { width, color };
  return {
    row: (row) => write((rows++ === 0 ? rowHeader(run.emit, style) : "") + rowLine(row, style)),
    close: () => (rows > 0 ? undefined : write(`No ${run.emit}. The summary says what was read.\n`)),
  };
}
