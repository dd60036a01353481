/** Zeek logs as JSON lines: any of Zeek's spellings of the connection's ends, any log, mixed or not. */
import { isFramedObject, type JsonObject, parseJsonObject } from "../bytes/json.ts";
import type { RawShape } from "../event/raw-shape.ts";
import { getPath, jsonRecord } from "../event/record.ts";
import { type DecodeContext, type Decoder, defineFormat, type Format, Undecodable } from "./format.ts";
import { keyed, unlessText } from "./raw-json.ts";
import { ZEEK_DATASETS, ZEEK_FIELDS, zeekEvent } from "./zeek-logs.ts";
import { logOfFile, logOfKeys, logOfPath, type ZeekLogKind } from "./zeek-paths.ts";

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

function claims(line: string): boolean {
  if (line.charCodeAt(0) !== 0x7b && line.trimStart().charCodeAt(0) !== 0x7b) return false;
  if (!line.includes('"ts"') || !ZEEK_KEYS.some((key) => line.includes(key))) return false;
  // A search export has the record one level down, under "result"; that is not Zeek's own shape.
  return !line.includes('"result":{');
}

function open(context: DecodeContext): Decoder {
  const byFile = logOfFile(context.file);
  return {
    frame: (line) => (isFramedObject(line) ? "record" : "json_not_closed"),
    decode(line, envelope) {
      const object = parseJsonObject(line);
      if (object === undefined) return new Undecodable("json_invalid");
      const log = logOf(object) ?? byFile;
      if (log === undefined) return new Undecodable("record_invalid", UNTOLD);
      return log === "other" ? undefined : zeekEvent(zeekJson, log, jsonRecord(object), context, envelope);
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

function logOf(object: JsonObject): ZeekLogKind | undefined {
  const path = object["_path"] ?? object["@stream"];
  if (typeof path === "string" && path !== "") return logOfPath(path);
  return logOfKeys((key) => getPath(object, key));
}
