/** Zeek logs as Zeek writes them by default: columns under a block of # directives. */
import type { RawPlace, RawShape } from "../event/raw-shape.ts";
import { rowRecord } from "../event/record.ts";
import { type DecodeContext, type Decoder, defineFormat, type Format, Undecodable } from "./format.ts";
import { ZEEK_DATASETS, ZEEK_FIELDS, type ZeekReader, type ZeekRow, zeekReader } from "./zeek-logs.ts";
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
  /** Which columns hold sets or vectors. */
  lists: readonly boolean[];
  log: ZeekLogKind | undefined;
  /** Reads rows under these columns; undefined where the log is none of ours. */
  read: ZeekReader | undefined;
}

const HASH = 0x23;

/** Some tools drop `#separator`; then `#fields` with Zeek's own columns opens the file. */
function claims(line: string): boolean {
  if (line.charCodeAt(0) !== HASH) return false;
  return line.startsWith("#separator") || /^#fields\s(?:.*\s)?ts\s/.test(line);
}

function open(context: DecodeContext): Decoder {
  let header = newHeader();
  let shape: { readonly of: RawShape | undefined } | undefined;
  return {
    frame(line) {
      if (line.charCodeAt(0) === HASH) {
        shape = undefined;
        if (line.startsWith("#separator")) header = newHeader();
        applyDirective(header, line, context);
        return "skip";
      }
      if (header.columns === undefined) return "unknown_format";
      return countColumns(line, header.separator) < header.columns.size ? "too_few_columns" : "record";
    },
    decode(line, envelope) {
      const { columns, log, read } = header;
      if (columns === undefined || log === undefined) return new Undecodable("record_invalid", UNTOLD);
      const row = new TsvRow(columns, readValues(header, line));
      return read?.(row, rowRecord(columns, row.values), envelope);
    },
    rawShape() {
      shape ??= { of: shapeOf(header) };
      return shape.of;
    },
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
    lists: [],
    log: undefined,
    read: undefined,
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
      "network.application": place("service", false),
    },
    required: [],
    eitherWay: false,
    marks: [],
  };
}

function applyDirective(header: Header, line: string, context: DecodeContext): void {
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
      setColumns(header, values, context);
      break;
    case "types":
      header.types = values;
      header.lists = values.map((type) => CONTAINER.test(type));
      break;
  }
}

function setColumns(header: Header, names: readonly string[], context: DecodeContext): void {
  const columns = new Map(names.map((name, place) => [name, place]));
  header.columns = columns;
  header.types = [];
  header.lists = [];
  header.log =
    header.path === undefined || header.path === header.unset
      ? (logOfKeys((key) => (columns.has(key) ? "" : undefined)) ?? logOfFile(context.file))
      : logOfPath(header.path);
  const { log } = header;
  header.read =
    log === undefined || log === "other"
      ? undefined
      : zeekReader(zeekTsv, log, (name) => columns.get(name), context);
}

function countColumns(line: string, separator: string): number {
  let count = 1;
  for (let at = line.indexOf(separator); at >= 0; at = line.indexOf(separator, at + separator.length))
    count++;
  return count;
}

/** A row under its header. */
class TsvRow implements ZeekRow {
  readonly values: readonly unknown[];
  readonly #columns: ReadonlyMap<string, number>;

  constructor(columns: ReadonlyMap<string, number>, values: readonly unknown[]) {
    this.#columns = columns;
    this.values = values;
  }

  get(name: string): unknown {
    const place = this.#columns.get(name);
    return place === undefined ? undefined : this.values[place];
  }
}

/** The values of a row in the order of its columns; undefined for what is unset or empty. */
function readValues({ separator, unset, empty, lists, setSeparator }: Header, line: string): unknown[] {
  const texts = line.split(separator);
  // The list of texts becomes the list of values: another one for each row would cost more than all there is to mend.
  const values: unknown[] = texts;
  const isEscaped = line.includes("\\");
  for (let place = 0; place < texts.length; place++) {
    const text = texts[place] as string;
    if (text === unset || text === "" || text === empty) values[place] = undefined;
    else if (lists[place] === true) values[place] = text.split(setSeparator).map(unescapeText);
    else if (isEscaped) values[place] = unescapeText(text);
  }
  return values;
}

const CONTAINER = /^(set|vector|table)\[/;

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
