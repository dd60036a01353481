/** PAN-OS logs as the firewall and Panorama send them: comma-separated lines without a header. */
import { quotesClosed, splitCsv } from "../bytes/csv.ts";
import type { RawPlace, RawShape } from "../event/raw-shape.ts";
import { rowRecord } from "../event/record.ts";
import { type DecodeContext, type Decoder, defineFormat, type Framed, Undecodable } from "./format.ts";
import {
  hasColumns,
  PANOS_DATASETS,
  PANOS_REFERENCE,
  TRAFFIC_COLUMNS,
  TRAFFIC_FIELDS,
  type TrafficRow,
  trafficReader,
} from "./panos-columns.ts";

/** FUTURE_USE, receive time, serial number, log type: the beginning that every log type shares. */
const BEGINNING = /^\s*\d{1,3},\d{4}\/\d{2}\/\d{2} \d{2}:\d{2}:\d{2},[^,]*,([A-Z][A-Z_-]*),/;

/** The action's column: a row that ends before it has been cut off. */
const LEAST_COLUMNS = 31;

const LINK_SWITCHES = TRAFFIC_COLUMNS.indexOf("link_switches");

const COLUMNS: ReadonlyMap<string, number> = new Map(TRAFFIC_COLUMNS.map((name, place) => [name, place]));

export const panos = defineFormat({
  name: "panos",
  title: "Palo Alto Networks PAN-OS syslog",
  reference: PANOS_REFERENCE,
  rank: "vendor",
  binding: "line",
  byteCounting: "frame",
  datasets: PANOS_DATASETS,
  fields: TRAFFIC_FIELDS,
  claims: (line) => BEGINNING.test(line),
  open,
});

function open(context: DecodeContext): Decoder {
  const read = trafficReader(panos, (name) => COLUMNS.get(name), context);
  return {
    frame,
    decode: (line, envelope) => {
      if (logType(line) !== "TRAFFIC") return undefined;
      if (!quotesClosed(line)) return new Undecodable("csv_invalid");
      const values = joinLinkSwitches(splitCsv(line.trim()));
      return read(new Row(values), rowRecord(COLUMNS, values), envelope);
    },
    rawShape: () => SHAPE,
  };
}

class Row implements TrafficRow {
  readonly values: readonly string[];

  constructor(values: readonly string[]) {
    this.values = values;
  }

  get(name: string): string | undefined {
    return this.values[COLUMNS.get(name) ?? -1] || undefined;
  }
}

function frame(line: string): Framed {
  if (line.trim() === "") return "skip";
  const type = logType(line);
  if (type === undefined) return "unknown_format";
  return type !== "TRAFFIC" || hasColumns(line, LEAST_COLUMNS) ? "record" : "too_few_columns";
}

function logType(line: string): string | undefined {
  return BEGINNING.exec(line)?.[1];
}

/**
 * Makes one value of the link switches, which are written {…,…} without quotes, up to four of them, and so shift
 * every column behind them.
 */
function joinLinkSwitches(values: readonly string[]): readonly string[] {
  let end = LINK_SWITCHES;
  let depth = 0;
  while (end < values.length && (depth > 0 || beginsWithBrace(values[end] ?? ""))) {
    depth += braces(values[end] ?? "");
    end++;
  }
  if (end - LINK_SWITCHES < 2 || depth !== 0) return values;
  return [
    ...values.slice(0, LINK_SWITCHES),
    values.slice(LINK_SWITCHES, end).join(","),
    ...values.slice(end),
  ];
}

function beginsWithBrace(text: string): boolean {
  return text.startsWith("{") || text.startsWith("[{");
}

function braces(text: string): number {
  let depth = 0;
  for (const char of text) {
    if (char === "{") depth++;
    else if (char === "}") depth--;
  }
  return depth;
}

/** A syslog header holds no comma, so it only lengthens the first column; were there one, the log type would show it. */
const SHAPE: RawShape = {
  framing: {
    kind: "delimited",
    separator: 0x2c,
    columns: LEAST_COLUMNS,
    directive: undefined,
    quote: 0x22,
    unset: undefined,
  },
  carries: PANOS_DATASETS["panw.panos"]?.carries ?? [],
  places: {
    "source.ip": placeOf("src"),
    "destination.ip": placeOf("dst"),
    "source.port": placeOf("sport"),
    "destination.port": placeOf("dport"),
    "network.application": placeOf("app"),
  },
  required: [],
  kind: { place: placeOf("type"), needles: ["TRAFFIC"] },
  eitherWay: false,
  marks: [],
};

function placeOf(name: string): RawPlace {
  return { keys: [], column: TRAFFIC_COLUMNS.indexOf(name), required: true };
}
