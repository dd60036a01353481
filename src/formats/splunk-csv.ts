/** Splunk search results as CSV, as the search page, `outputcsv` and the REST interface export them. */
import { quotesClosed, splitCsv } from "../bytes/csv.ts";
import type { RawPlace, RawShape } from "../event/raw-shape.ts";
import { rowRecord } from "../event/record.ts";
import { type DecodeContext, type Decoder, defineFormat, type Format, type Framed } from "./format.ts";
import {
  bothWays,
  CIM_DATASETS,
  CIM_FIELDS,
  CIM_REFERENCE,
  type CimReader,
  cimReader,
  cimRecord,
  isCimHeader,
} from "./splunk-cim.ts";

type Columns = ReadonlyMap<string, number>;

export const splunkCsv: Format = defineFormat({
  name: "splunk-csv",
  title: "Splunk CIM network traffic (CSV)",
  reference: CIM_REFERENCE,
  rank: "schema",
  binding: "header",
  byteCounting: "frame",
  datasets: CIM_DATASETS,
  fields: CIM_FIELDS,
  claims: (line) => headerOf(line) !== undefined,
  open,
});

/** What a header says of the rows under it. */
interface Header {
  readonly columns: Columns;
  readonly shape: RawShape;
  readonly read: CimReader;
}

function open(context: DecodeContext): Decoder {
  let header: Header | undefined;
  return {
    frame(line): Framed {
      const columns = headerOf(line);
      if (columns !== undefined) {
        const read = cimReader(splunkCsv, (name) => columns.get(name), context);
        header = { columns, shape: shapeOf(columns), read };
        return "skip";
      }
      if (line.trim() === "") return "skip";
      if (header === undefined) return "unknown_format";
      if (!quotesClosed(line)) return "incomplete";
      return countColumns(line) < header.columns.size ? "too_few_columns" : "record";
    },
    decode(line) {
      if (header === undefined) return undefined;
      const { columns, read } = header;
      const cells = splitCsv(line.replace(/\r$/, ""));
      const values = line.includes("\n") ? withLists(cells, columns) : cells;
      return read(values, cimRecord(rowRecord(columns, values)));
    },
    rawShape: () => header?.shape,
  };
}

/** Cells with several values go over several lines, and those are decoded. */
function shapeOf(columns: Columns): RawShape {
  const columnsOf = (name: string): readonly number[] =>
    bothWays([name]).flatMap((written) => columns.get(written) ?? []);
  // A field's first name counts. A row that has nothing there is decoded where a later name may fill in for it.
  const place = (field: keyof typeof CIM_FIELDS, required: boolean): RawPlace | undefined => {
    const [column, ...others] = CIM_FIELDS[field].map(columnsOf).find(({ length }) => length > 0) ?? [];
    return column === undefined || others.length > 0 ? undefined : { keys: [], column, required };
  };
  return {
    framing: { kind: "csv", columns: columns.size },
    carries: CIM_DATASETS["splunk.network_traffic"].carries,
    places: {
      "source.ip": place("source.ip", true),
      "destination.ip": place("destination.ip", true),
      "source.port": place("source.port", false),
      "destination.port": place("destination.port", false),
      "network.application": place("network.application", false),
    },
    required: [],
    eitherWay: false,
    marks: [],
  };
}

/** The columns by name, when a line is a header of network traffic. */
function headerOf(line: string): Columns | undefined {
  // Rows have none of these words followed by a comma, a quote or the end.
  if (!/(?:src|dest)(?:_ip|_port)?"?(?:,|\s*$)/.test(line)) return undefined;
  const names = splitCsv(line.replace(/^\uFEFF/, "").replace(/\r$/, ""));
  return isCimHeader(names) ? new Map(names.map((name, place) => [name, place])) : undefined;
}

/** A field with several values has one a line in its cell; in names with an underscore in front a line is a line. */
function withLists(cells: readonly string[], columns: Columns): readonly unknown[] {
  const values: unknown[] = [...cells];
  for (const [name, place] of columns) {
    const cell = cells[place];
    if (name.startsWith("_") || cell?.includes("\n") !== true) continue;
    values[place] = cell.split(/\r?\n/).filter((line) => line !== "");
  }
  return values;
}

function countColumns(line: string): number {
  let columns = 1;
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === 0x22) quoted = !quoted;
    else if (code === 0x2c && !quoted) columns++;
  }
  return columns;
}
