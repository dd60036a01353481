/** PAN-OS traffic logs as the web interface, Panorama and reports export them: CSV under a header row. */
import { quotesClosed, splitCsv } from "../bytes/csv.ts";
import type { LogRecord } from "../event/event.ts";
import type { FieldName } from "../event/fields.ts";
import type { RawPlace, RawShape } from "../event/raw-shape.ts";
import { type DecodeContext, type Decoder, defineFormat, type Framed, Undecodable } from "./format.ts";
import {
  hasColumns,
  PANOS_DATASETS,
  PANOS_REFERENCE,
  TRAFFIC_COLUMNS,
  TRAFFIC_FIELDS,
  type TrafficReader,
  type TrafficRow,
  trafficReader,
} from "./panos-columns.ts";

/** The export's header names of the columns that are read, the usual one first. Compared without case, blanks, signs. */
const HEADER_NAMES: Readonly<Record<string, readonly string[]>> = {
  receive_time: ["Receive Time", "Time Received"],
  serial: ["Serial #", "Serial Number", "Device SN", "Log Source ID"],
  type: ["Type", "Log Type"],
  subtype: ["Threat/Content Type", "Content/Threat Type", "Log Subtype"],
  config_ver: ["Config Version"],
  time_generated: ["Generate Time", "Generated Time", "Time Generated"],
  src: ["Source address", "Source IP", "Source"],
  dst: ["Destination address", "Destination IP", "Destination"],
  natsrc: ["NAT Source IP", "NAT Source"],
  natdst: ["NAT Destination IP", "NAT Destination"],
  rule: ["Rule", "Rule Name", "Rule Matched"],
  srcuser: ["Source User"],
  dstuser: ["Destination User"],
  app: ["Application"],
  vsys: ["Virtual System", "Virtual Location"],
  from: ["Source Zone", "From Zone"],
  to: ["Destination Zone", "To Zone"],
  inbound_if: ["Inbound Interface", "Ingress Interface", "Ingress I/F"],
  outbound_if: ["Outbound Interface", "Egress Interface", "Egress I/F"],
  logset: ["Log Action", "Log Setting"],
  sessionid: ["Session ID"],
  repeatcnt: ["Repeat Count", "Count of Repeats"],
  sport: ["Source Port"],
  dport: ["Destination Port", "To Port"],
  natsport: ["NAT Source Port"],
  natdport: ["NAT Destination Port"],
  proto: ["IP Protocol", "Protocol"],
  action: ["Action"],
  bytes: ["Bytes", "Bytes Total"],
  bytes_sent: ["Bytes Sent"],
  bytes_received: ["Bytes Received"],
  packets: ["Packets", "Packets Total"],
  start: ["Start Time", "Session Start Time"],
  elapsed: ["Elapsed Time (sec)", "Elapsed Time", "Session Duration"],
  seqno: ["seqno", "Sequence Number", "Sequence No"],
  srcloc: ["Source Country", "Source Location"],
  dstloc: ["Destination Country", "Destination Location"],
  pkts_sent: ["pkts_sent", "Packets Sent"],
  pkts_received: ["pkts_received", "Packets Received"],
  session_end_reason: ["session_end_reason", "Session End Reason"],
  device_name: ["device_name", "Device Name"],
  action_source: ["action_source", "Action Source"],
  high_res_timestamp: ["high_res_timestamp", "High Resolution Timestamp", "High Res Timestamp"],
};

const COLUMN_OF: ReadonlyMap<string, string> = new Map([
  ...TRAFFIC_COLUMNS.map((name) => [keyOf(name), name] as const),
  ...Object.entries(HEADER_NAMES).flatMap(([name, spellings]) =>
    spellings.map((spelling) => [keyOf(spelling), name] as const),
  ),
]);

export const panosCsv = defineFormat({
  name: "panos-csv",
  title: "Palo Alto Networks PAN-OS traffic log, exported as CSV",
  reference: PANOS_REFERENCE,
  rank: "vendor",
  binding: "header",
  byteCounting: "frame",
  datasets: PANOS_DATASETS,
  fields: exportFields(),
  claims: (line) => readHeader(line) !== undefined,
  open,
});

function open(context: DecodeContext): Decoder {
  let header: Header | undefined;
  let read: TrafficReader | undefined;
  let shape: RawShape | undefined;
  return {
    frame: (line): Framed => {
      if (line.trim() === "") return "skip";
      const found = readHeader(line);
      if (found !== undefined) {
        header = found;
        read = trafficReader(panosCsv, (name) => found.places.get(name), context);
        shape = shapeOf(found);
        return "skip";
      }
      if (header === undefined) return "unknown_format";
      if (!quotesClosed(line)) return "incomplete";
      const whole = line.includes('"')
        ? splitCsv(line).length >= header.names.length
        : hasColumns(line, header.names.length);
      return whole ? "record" : "too_few_columns";
    },
    decode: (line, envelope) => {
      if (header === undefined || read === undefined)
        return new Undecodable("record_invalid", "no header row came before");
      if (!quotesClosed(line)) return new Undecodable("csv_invalid");
      const row = new Row(header.places, splitCsv(line.replace(/\r$/, "")));
      const type = row.get("type");
      if (type !== undefined && type.toUpperCase() !== "TRAFFIC") return undefined;
      return read(row, exportRecord(header, row.values), envelope);
    },
    rawShape: () => shape,
  };
}

function shapeOf({ names, places }: Header): RawShape {
  const place = (name: string): RawPlace | undefined => {
    const column = places.get(name);
    return column === undefined ? undefined : { keys: [], column, required: true };
  };
  const type = place("type");
  return {
    framing: { kind: "csv", columns: names.length },
    carries: PANOS_DATASETS["panw.panos"]?.carries ?? [],
    places: {
      "source.ip": place("src"),
      "destination.ip": place("dst"),
      "source.port": place("sport"),
      "destination.port": place("dport"),
      "network.application": place("app"),
    },
    required: [],
    kind: type === undefined ? undefined : { place: type, needles: ["TRAFFIC"] },
    eitherWay: false,
    marks: [],
  };
}

class Row implements TrafficRow {
  readonly values: readonly string[];
  readonly #places: ReadonlyMap<string, number>;

  constructor(places: ReadonlyMap<string, number>, values: readonly string[]) {
    this.values = values;
    this.#places = places;
  }

  get(name: string): string | undefined {
    return this.values[this.#places.get(name) ?? -1] || undefined;
  }
}

/** A header row: its names as written, and the place of each column by its own and the vendor's name. */
interface Header {
  readonly names: readonly string[];
  readonly places: ReadonlyMap<string, number>;
}

/** Columns that no traffic export is without. */
const NEEDED = ["subtype", "src", "dst", "app", "action"] as const;

/** Columns that only this vendor's exports have; two of them tell its header from a stranger's. */
const TELLING = ["serial", "vsys", "natsrc", "from", "to", "inbound_if", "logset", "config_ver"] as const;

function readHeader(line: string): Header | undefined {
  if (!/^\uFEFF?"?[A-Za-z]/.test(line) || !quotesClosed(line)) return undefined;
  const names = splitCsv(line.replace(/^\uFEFF/, "").trimEnd()).map((name) => name.trim());
  const places = new Map<string, number>();
  for (const [place, name] of names.entries()) {
    const column = COLUMN_OF.get(keyOf(name)) ?? name;
    if (!places.has(column)) places.set(column, place);
  }
  const isOurs =
    NEEDED.every((name) => places.has(name)) && TELLING.filter((name) => places.has(name)).length >= 2;
  return isOurs ? { names, places } : undefined;
}

/** A row under its header; a column answers to its header's name and to the vendor's variable name. */
function exportRecord({ names, places }: Header, values: readonly string[]): LogRecord {
  const at = (place: number | undefined): string | undefined =>
    place === undefined || values[place] === "" ? undefined : values[place];
  return {
    get: (name) => at(places.get(COLUMN_OF.get(keyOf(name)) ?? name)),
    *entries() {
      for (const [place, name] of names.entries()) {
        const value = at(place);
        if (value !== undefined) yield [name, value];
      }
    },
  };
}

/** "Source address", "SOURCE ADDRESS" and "source_address" are one name. */
function keyOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

function exportFields(): Partial<Record<FieldName, readonly string[]>> {
  const fields: Partial<Record<FieldName, readonly string[]>> = {};
  for (const [field, columns] of Object.entries(TRAFFIC_FIELDS) as [FieldName, readonly string[]][]) {
    fields[field] = columns.flatMap((column) => HEADER_NAMES[column] ?? [column]);
  }
  return fields;
}
