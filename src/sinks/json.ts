/**
 * JSON: one document for the whole run, written as rows arrive. The rows stand first, because the verdict and the
 * coverage are known only at the end.
 */
import type { RunReport } from "../findings/run.ts";
import { jsonText } from "./inert.ts";
import { documentOf } from "./ndjson.ts";
import { defineSink } from "./sink.ts";

/** The version of the document; RunDocument is its shape. */
const SCHEMA = "sallyport.run/1";

export const json = defineSink({
  name: "json",
  title: "One JSON document: rows, verdict and coverage",
  mediaType: "application/json",
  emits: ["finding", "match", "event"],
  open: ({ write, run }) => {
    let rows = 0;
    const head = `{\n  "schema": ${jsonText(SCHEMA)},\n  ${jsonText(run.emit)}: [`;
    return {
      row: (row) => write(`${rows++ === 0 ? head : ","}\n    ${indented(documentOf(row), 4)}`),
      close: (report) => write(`${rows === 0 ? head : "\n  "}]${tail(report)}\n}\n`),
    };
  },
});

/** The run's report as further members of the document. */
function tail(report: RunReport): string {
  return Object.entries(report)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `,\n  ${jsonText(key)}: ${indented(value, 2)}`)
    .join("");
}

function indented(value: unknown, columns: number): string {
  return jsonText(value, 2).replaceAll("\n", `\n${" ".repeat(columns)}`);
}
