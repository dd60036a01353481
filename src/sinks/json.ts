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
      row: (row) => write(`${rows++ === 0 ? head : ","}\n    ${indented(documentOf(row), 2)}`),
      close: (report) => write(`${rows === 0 ? head : "\n  "}]${tail(report)}\n}\n`),
    };
  },
});

/** The run's report as further members of the document. */
function tail(report: RunReport): string {
  return Object.entries(report)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `,\n  ${jsonText(key)}: ${indented(value, 1)}`)
    .join("");
}

/** A value as it stands so many levels deep: it is put into lists, and these are cut off again. */
function indented(value: unknown, levels: 1 | 2): string {
  const text = jsonText(levels === 1 ? [value] : [[value]], 2);
  const [before, after] = LISTS[levels];
  return text.slice(before.length, -after.length);
}

const LISTS = { 1: ["[\n  ", "\n]"], 2: ["[\n  [\n    ", "\n  ]\n]"] } as const;
