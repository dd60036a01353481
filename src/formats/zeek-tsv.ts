/** Zeek logs as Zeek writes them by default: columns under a block of # directives. */
import type { LogRecord } from "../event/event.ts";
import type { RawPlace, RawShape } from "../event/raw-shape.ts";
import { columnRecord } from "../event/record.ts";
import { type DecodeContext, type Decoder, defineFormat, type Format, Undecodable } from "./format.ts";
import { ZEEK_DATASETS, ZEEK_FIELDS, zeekEvent } from "./zeek-logs.ts";
import { logOfFile, logOfKeys, logOfPath, type ZeekLogKind } from "./zeek-paths.ts";

export const zeekTsv: Format = defineFormat({
  name: "zeek-tsv",
  title: "Zeek logs, tab-separated",
  reference: "https://docs.zeek.org/en/current/log-formats.html",
  rank: "vendor",
  binding: "header",
  byteCounting: "payload",
  datasets: ZEEK_DATASETS,
  fields: ZEEK_FIELDS,
  claims,
  open,
});

/** What the directives said so far. */
interface Header {
  separator: string;
  setSeparator: string;
  empty: string;
  unset: string;
  path: string | undefined;
  columns: ReadonlyMap<string, number> | undefined;
  types: readonly string[];
  log: ZeekLogKind | undefined;
}

const HASH = 0x23;

/** Some tools drop `#separator`; then `#fields` with Zeek's own columns opens the file. */
function claims(line: string): boolean {
  if (line.charCodeAt(0) !== HASH) return false;
  return line.startsWith("#separator") || /^#fields\s(?:.*\s)?ts\s/.test(line);
}

function open(context: DecodeContext): Decoder {
  let header = newHeader();
  return {
    frame(line) {
      if (line.charCodeAt(0) === HASH) {
        if (line.startsWith("#separator")) header = newHeader();
        applyDirective(header, line, context.file);
        return "skip";
      }
      if (header.columns === undefined) return "unknown_format";
      return countColumns(line, header.separator) < header.columns.size ? "too_few_columns" : "record";
    },
    decode(line, envelope) {
      const { columns, log, separator } = header;
      if (columns === undefined || log === undefined) return new Undecodable("record_invalid", UNTOLD);
      if (log === "other") return undefined;
      return zeekEvent(zeekTsv, log, tsvRecord(header, columns, line.split(separator)), context, envelope);
    },
    rawShape: () => shapeOf(header),
  };
}

const UNTOLD = "neither #path nor the columns nor the file's name tell which Zeek log this is";

/** Zeek's defaults, for files that lost a part of their directives. */
function newHeader(): Header {
  return {
    separator: "\t",
    setSeparator: ",",
    empty: "(empty)",
    unset: "-",
    path: undefined,
    columns: undefined,
    types: [],
    log: undefined,
  };
}

/** Rows of conn.log by the header's columns; the other logs are evidence and decoded whole. */
function shapeOf({ columns, log, separator, unset, types }: Header): RawShape | undefined {
  if (columns === undefined || log !== "conn" || !/^[\t -~]$/.test(separator)) return undefined;
  const place = (name: string, required: boolean): RawPlace | undefined => {
    const column = columns.get(name);
    return column === undefined ? undefined : { keys: [], column, required };
  };
  const [fromIp, toIp] = [place("id.orig_h", true), place("id.resp_h", true)];
  const [fromPort, toPort] = [place("id.orig_p", true), place("id.resp_p", true)];
  if (fromIp === undefined || toIp === undefined || fromPort === undefined || toPort === undefined)
    return undefined;
  const isList = ({ column }: RawPlace): boolean => CONTAINER.test(types[column] ?? "");
  if ([fromIp, toIp, fromPort, toPort].some(isList)) return undefined;
  const service = place("service", false);
  return {
    framing: {
      kind: "delimited",
      separator: separator.charCodeAt(0),
      columns: columns.size,
      directive: HASH,
      quote: undefined,
      unset,
    },
    carries: ZEEK_DATASETS["zeek.conn"].carries,
    places: {
      "source.ip": fromIp,
      "destination.ip": toIp,
      "source.port": fromPort,
      "destination.port": toPort,
      ...(service === undefined ? {} : { "network.application": service }),
    },
    required: [],
    eitherWay: false,
    marks: [],
  };
}

function applyDirective(header: Header, line: string, file: string): void {
  if (line.startsWith("#separator")) {
    header.separator = unescapeText(line.slice("#separator".length).trim()) || "\t";
    return;
  }
  const [name, ...values] = line.slice(1).split(header.separator);
  const [value = ""] = values;
  switch (name) {
    case "set_separator":
      header.setSeparator = unescapeText(value) || ",";
      break;
    case "empty_field":
      header.empty = unescapeText(value);
      break;
    case "unset_field":
      header.unset = unescapeText(value);
      break;
    case "path":
      header.path = unescapeText(value);
      header.columns = undefined;
      break;
    case "fields":
      setColumns(header, values, file);
      break;
    case "types":
      header.types = values;
      break;
  }
}

function setColumns(header: Header, names: readonly string[], file: string): void {
  const columns = new Map(names.map((name, place) => [name, place]));
  header.columns = columns;
  header.types = [];
  header.log =
    header.path === undefined || header.path === header.unset
      ? (logOfKeys((key) => (columns.has(key) ? "" : undefined)) ?? logOfFile(file))
      : logOfPath(header.path);
}

function countColumns(line: string, separator: string): number {
  let count = 1;
  for (let at = line.indexOf(separator); at >= 0; at = line.indexOf(separator, at + separator.length))
    count++;
  return count;
}

/** A row under its header; a column is unescaped when it is asked for. */
function tsvRecord(
  header: Header,
  columns: ReadonlyMap<string, number>,
  values: readonly string[],
): LogRecord {
  return columnRecord(columns, (place) => columnValue(header, values[place], header.types[place]));
}

const CONTAINER = /^(set|vector|table)\[/;

function columnValue(header: Header, text: string | undefined, type: string | undefined): unknown {
  if (text === undefined || text === "" || text === header.unset || text === header.empty) return undefined;
  if (type !== undefined && CONTAINER.test(type)) {
    return text.split(header.setSeparator).map(unescapeText);
  }
  return unescapeText(text);
}

/** Undoes Zeek's own escapes: `\\`, and bytes as `\x09`, which together may be one UTF-8 character. */
function unescapeText(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/(?:\\x[0-9a-fA-F]{2})+|\\\\/g, (token) =>
    token === "\\\\" ? "\\" : bytesToText(token),
  );
}

const UTF8 = new TextDecoder();

function bytesToText(escapes: string): string {
  return UTF8.decode(Uint8Array.from(escapes.slice(2).split("\\x"), (hex) => Number.parseInt(hex, 16)));
}
