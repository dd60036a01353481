/** NDJSON: one JSON object a line, for programs. */
import { jsonText } from "./inert.ts";
import { defineSink, type Row } from "./sink.ts";

export const ndjson = defineSink({
  name: "ndjson",
  title: "One JSON object a line: findings, matches or events",
  mediaType: "application/x-ndjson",
  emits: ["finding", "match", "event"],
  open: ({ write }) => ({
    row: (row) => write(`${jsonText(documentOf(row))}\n`),
    close: () => {},
  }),
});

/** What a row is about, as its own document. */
export function documentOf(row: Row): unknown {
  switch (row.kind) {
    case "finding":
      return row.finding;
    case "match":
      return row.match;
    case "event":
      return row.event;
    default:
      return row satisfies never;
  }
}
