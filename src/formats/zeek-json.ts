/** Zeek logs as JSON lines: any of Zeek's spellings of the connection's ends, any log, mixed or not. */
import { isFramedObject, parseJsonObject } from "../bytes/json.ts";
import type { RawShape } from "../event/raw-shape.ts";
import { jsonRecord } from "../event/record.ts";
import { type DecodeContext, type Decoder, defineFormat, type Format, Undecodable } from "./format.ts";
import { type Picked, Picker } from "./pick.ts";
import { keyed, unlessText } from "./raw-json.ts";
import { ZEEK_DATASETS, ZEEK_FIELDS, ZEEK_NAMES, type ZeekReader, zeekReader } from "./zeek-logs.ts";
import {
  LOG_KEYS,
  logOfFile,
  logOfPath,
  logOfValues,
  type ZeekLogKind,
  type ZeekLogName,
} from "./zeek-paths.ts";

export const zeekJson: Format = defineFormat({
  name: "zeek-json",
  title: "Zeek logs, JSON lines",
  reference: "https://docs.zeek.org/en/current/log-formats.html",
  rank: "vendor",
  binding: "line",
  byteCounting: "payload",
  datasets: ZEEK_DATASETS,
  fields: ZEEK_FIELDS,
  claims,
  open,
  // What every SMB action and version begins with, and the ends of the keys that tell a log: their beginnings are those
  // of words that every line holds, and cost time.
  literals: [
    "smb",
    "share_type",
    "prev_name",
    "sub_command",
    "tree_service",
    "r_tree_name",
    "nb_computer_name",
    "s_computer_name",
    "domainname",
    "_scid",
    "_dcid",
  ],
});

/** Keys that only Zeek, or a shipper of Zeek logs, writes; beside `ts` one of them is enough. */
const ZEEK_KEYS = ['"id.orig_h"', '"id_orig_h"', '"orig_h"', '"_path"', '"@stream"'] as const;

const KEY_ENDS = ['_h"', '_path"', '@stream"'] as const;

function claims(line: string): boolean {
  if (line.charCodeAt(0) !== 0x7b && line.trimStart().charCodeAt(0) !== 0x7b) return false;
  // The ends of the keys first: to look for a quote, which stands everywhere, costs ten times as much.
  if (!KEY_ENDS.some((end) => line.includes(end))) return false;
  if (!line.includes('"ts"') || !ZEEK_KEYS.some((key) => line.includes(key))) return false;
  // A search export has the record one level down, under "result"; that is not Zeek's own shape.
  return !line.includes('"result":{');
}

/** The keys that tell a log come first, so that their values stand where `logOfValues` looks. */
const PICKER = new Picker([...LOG_KEYS, ...ZEEK_NAMES]);

function open(context: DecodeContext): Decoder {
  const byFile = logOfFile(context.file);
  const readers = new Map<ZeekLogName, ZeekReader>();
  const readerOf = (log: ZeekLogName): ZeekReader => {
    const reader = readers.get(log) ?? zeekReader(zeekJson, log, PICKER.slotOf, context);
    readers.set(log, reader);
    return reader;
  };
  return {
    frame: (line) => (isFramedObject(line) ? "record" : "json_not_closed"),
    decode(line, envelope) {
      const object = parseJsonObject(line);
      if (object === undefined) return new Undecodable("json_invalid");
      const row = PICKER.pick(object);
      const log = logOf(row, object["_path"] ?? object["@stream"]) ?? byFile;
      if (log === undefined) return new Undecodable("record_invalid", UNTOLD);
      return log === "other" ? undefined : readerOf(log)(row, jsonRecord(object), envelope);
    },
    // Rows that do not say their log are of the file's.
    rawShape: () => (byFile === undefined || byFile === "conn" || byFile === "other" ? SHAPE : undefined),
  };
}

const CONN_STATE = keyed(["conn_state"], true);

/** conn rows, known by their state; every other log is decoded, and its lines hold one of the texts. */
const SHAPE: RawShape = {
  framing: { kind: "json" },
  carries: ZEEK_DATASETS["zeek.conn"].carries,
  places: {
    "source.ip": keyed(ZEEK_FIELDS["source.ip"] ?? [], true),
    "destination.ip": keyed(ZEEK_FIELDS["destination.ip"] ?? [], true),
    "source.port": keyed(ZEEK_FIELDS["source.port"] ?? [], true),
    "destination.port": keyed(ZEEK_FIELDS["destination.port"] ?? [], true),
    "network.application": keyed(ZEEK_FIELDS["network.application"] ?? []),
  },
  required: [keyed(["ts"], true), CONN_STATE],
  eitherWay: false,
  marks: [
    { place: keyed(["_path", "@stream"]), needles: ["smb", "ntlm", "quic"] },
    // A null tells no log; an envelope may hold the record proper.
    { place: CONN_STATE, needles: [] },
    unlessText("result"),
  ],
};

const UNTOLD = "neither a path (_path, @stream) nor the keys nor the file's name tell which Zeek log this is";

function logOf(row: Picked, path: unknown): ZeekLogKind | undefined {
  return typeof path === "string" && path !== "" ? logOfPath(path) : logOfValues(row.values);
}
