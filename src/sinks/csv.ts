/**
 * CSV: a flat row for a spreadsheet. RFC 4180 with LF line ends; the header is always printed; a record never spans
 * lines, since newlines in values are written `\n`. Cells that a spreadsheet would run begin with an apostrophe.
 */
import { CSV_COLUMNS } from "./csv-columns.ts";
import { csvCell } from "./inert.ts";
import { defineSink, type Row } from "./sink.ts";

export const csv = defineSink({
  name: "csv",
  title: "Comma-separated rows for a spreadsheet",
  mediaType: "text/csv; charset=utf-8; header=present",
  emits: ["finding", "match", "event"],
  open: ({ write, run }) => {
    const columns = CSV_COLUMNS[run.emit];
    let header = `${columns.map(([name]) => name).join(",")}\n`;
    const withHeader = (text: string): string => {
      const whole = header + text;
      header = "";
      return whole;
    };
    return {
      row: (row: Row) => write(withHeader(`${columns.map(([, cell]) => csvCell(cell(row))).join(",")}\n`)),
      close: () => (header === "" ? undefined : write(withHeader(""))),
    };
  },
});
