/** NDJSON: one JSON object a line, for programs. */
import { gather } from "./gather.ts";
import { jsonText } from "./inert.ts";
import { defineSink, type Row } from "./sink.ts";

export const ndjson = defineSink({
  name: "ndjson",
  title: "One JSON object a line: findings, matches or events",
  mediaType: "application/x-ndjson",
  emits: ["finding", "match", "event"],
  open: ({ write, run }) => {
    const out = gather(write, run.emit);
    return {
      row: (row) => out.write(`${jsonText(documentOf(row))}\n`),
      close: () => out.flush(),
    };
  },
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
