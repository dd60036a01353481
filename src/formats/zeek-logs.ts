/** What the Zeek logs hold, one field map per log: shared by the tab-separated and the JSON format. */
import type { Dataset } from "../event/dataset.ts";
import { type LogRecord, type NetworkEvent, noteProblem } from "../event/event.ts";
import type { FieldName } from "../event/fields.ts";
import {
  type Timestamp,
  timestampFromEpochSeconds,
  timestampFromIso,
  timestampFromMs,
  timestampFromParts,
} from "../event/timestamp.ts";
import { toBoolean, toKeyword, toTransport } from "../event/values.ts";
import { type DecodeContext, type Envelope, type Format, newEvent } from "./format.ts";
import { compileSlots, type FieldTable } from "./map.ts";
import type { Named } from "./pick.ts";
import { sensorState } from "./zeek-conn-state.ts";
import type { ZeekLogName } from "./zeek-paths.ts";

/** In every log that belongs to a connection. Names with `_` come from `Log::default_scope_sep`. */
const COMMON = {
  "@timestamp": ["ts"],
  "source.ip": ["id.orig_h", "id_orig_h"],
  "source.port": ["id.orig_p", "id_orig_p"],
  "destination.ip": ["id.resp_h", "id_resp_h"],
  "destination.port": ["id.resp_p", "id_resp_p"],
  "network.session_id": ["uid"],
  "network.community_id": ["community_id"],
  "observer.name": ["_node_name", "_system_name", "@system"],
} as const satisfies FieldTable;

const CONN = {
  "network.transport": ["proto"],
  "network.protocol": ["service"],
  "network.application": ["service"],
  "source.bytes": ["orig_bytes"],
  "destination.bytes": ["resp_bytes"],
  "source.packets": ["orig_pkts"],
  "destination.packets": ["resp_pkts"],
  "source.mac": ["orig_l2_addr"],
} as const satisfies FieldTable;

const SMB_MAPPING = { "smb.share": ["path"] } as const satisfies FieldTable;
const SMB_FILES = { "smb.share": ["path"], "file.path": ["name"] } as const satisfies FieldTable;
const SMB_CMD = {
  "smb.share": ["tree", "referenced_file.path", "referenced_file_path"],
  "file.path": ["referenced_file.name", "referenced_file_name"],
  "user.name": ["username"],
} as const satisfies FieldTable;
const NTLM = {
  "sallyport.auth.user": ["username"],
  "sallyport.auth.domain": ["domainname"],
  "sallyport.auth.success": ["success"],
} as const satisfies FieldTable;
const QUIC = {
  "tls.next_protocol": ["client_protocol"],
  "destination.domain": ["server_name"],
} as const satisfies FieldTable;

/** Every name that can produce a field in any of the logs; worked-out fields name the columns they rest on. */
export const ZEEK_FIELDS: FieldTable = {
  ...COMMON,
  ...CONN,
  "event.start": ["ts"],
  "event.end": ["duration"],
  "network.direction": ["local_orig", "local_resp"],
  "sallyport.state": ["conn_state", "history"],
  "sallyport.auth.protocol": ["service"],
  "sallyport.transfer": ["action"],
  ...NTLM,
  ...QUIC,
  "smb.share": ["path", ...SMB_CMD["smb.share"]],
  "file.path": ["name", ...SMB_CMD["file.path"]],
  "user.name": SMB_CMD["user.name"],
};

const EVERYWHERE = [
  ...(Object.keys(COMMON) as FieldName[]),
  "event.dataset",
  "observer.vendor",
  "observer.product",
  "network.transport",
  "network.application",
  "sallyport.state",
] as const satisfies FieldName[];

function dataset(
  service: ZeekLogName,
  title: string,
  own: readonly FieldName[],
  blindSpots: readonly string[],
): Dataset {
  return {
    title,
    logsources: [{ product: "zeek", service }],
    carries: [...new Set<FieldName>([...EVERYWHERE, ...own])],
    blindSpots,
  };
}

const ONE_SESSION =
  "A row proves a session, not its size: bytes are in conn.log. SMB 3 encryption hides everything after the session setup.";

/** The datasets of both Zeek formats. */
export const ZEEK_DATASETS: Readonly<Record<`zeek.${ZeekLogName}`, Dataset>> = {
  "zeek.conn": dataset(
    "conn",
    "Zeek connections (conn.log)",
    [
      ...(Object.keys(CONN) as FieldName[]),
      "event.start",
      "event.end",
      "network.direction",
      "sallyport.auth.protocol",
    ],
    [
      "A connection is written when it ends: one that is still open is not in the log yet.",
      "Zeek sees both sides only where its tap does, and knows no firewall verdict.",
    ],
  ),
  "zeek.smb_mapping": dataset(
    "smb_mapping",
    "Zeek SMB shares (smb_mapping.log)",
    ["smb.share"],
    [ONE_SESSION],
  ),
  "zeek.smb_files": dataset(
    "smb_files",
    "Zeek SMB files (smb_files.log)",
    ["smb.share", "file.path", "sallyport.transfer"],
    [
      "Zeek logs only opening, renaming, deleting and printing by default: reads and writes need SMB::logged_file_actions.",
      ONE_SESSION,
    ],
  ),
  "zeek.smb_cmd": dataset(
    "smb_cmd",
    "Zeek SMB commands (smb_cmd.log)",
    ["smb.share", "file.path", "user.name"],
    [ONE_SESSION],
  ),
  "zeek.ntlm": dataset(
    "ntlm",
    "Zeek NTLM (ntlm.log)",
    ["sallyport.auth.protocol", "sallyport.auth.user", "sallyport.auth.domain", "sallyport.auth.success"],
    ["The row does not say which protocol carried NTLM: join it with conn.log by uid."],
  ),
  "zeek.quic": dataset(
    "quic",
    "Zeek QUIC (quic.log)",
    ["tls.next_protocol", "destination.domain"],
    ["QUIC encrypts all after the handshake: whether a share was opened is not in the log."],
  ),
};

/** Completes an event from what its own log implies. */
type Finish = (event: NetworkEvent, row: Named) => void;

const LOGS: Readonly<Record<ZeekLogName, readonly [table: FieldTable, finish: Finish]>> = {
  conn: [{ ...COMMON, ...CONN }, finishConn],
  smb_mapping: [{ ...COMMON, ...SMB_MAPPING }, finishSmb],
  smb_files: [{ ...COMMON, ...SMB_FILES }, finishSmbFiles],
  smb_cmd: [{ ...COMMON, ...SMB_CMD }, finishSmb],
  ntlm: [{ ...COMMON, ...NTLM }, finishNtlm],
  quic: [{ ...COMMON, ...QUIC }, finishQuic],
};

/** Every name that is looked up in a row of any of the logs. */
export const ZEEK_NAMES: readonly string[] = [...Object.values(ZEEK_FIELDS).flat(), "ip_proto"];

/** One row: its values by slot and by name. */
export interface ZeekRow extends Named {
  readonly values: readonly unknown[];
}

/** Makes the event of one row; `record` is what the event keeps of it. */
export type ZeekReader = (row: ZeekRow, record: LogRecord, envelope: Envelope | undefined) => NetworkEvent;

/** Compiles the reader of one log, for rows that have their values in these slots. */
export function zeekReader(
  format: Format,
  log: ZeekLogName,
  slotOf: (name: string) => number | undefined,
  { zone }: DecodeContext,
): ZeekReader {
  const [table, finish] = LOGS[log];
  const setFields = compileSlots(table, slotOf);
  const readTime = (value: unknown): Timestamp | undefined => zeekTime(value, zone);
  const dataset = `zeek.${log}`;
  return (row, record, envelope) => {
    const event = newEvent(format, record, dataset);
    event["observer.vendor"] = "Zeek";
    event["observer.product"] = "Zeek";
    setFields(event, row.values, readTime);
    if (event["@timestamp"] === undefined && row.get("ts") === undefined) noteProblem(event, "missing_time");
    event["observer.name"] ??= envelope?.host;
    finish(event, row);
    return event;
  };
}

/** Zeek writes times as epoch seconds; as ISO 8601 or epoch milliseconds where `LogAscii::json_timestamps` says so. */
function zeekTime(value: unknown, zone: DecodeContext["zone"]): Timestamp | undefined {
  if (typeof value === "number" && value >= 1 && value < 1e11) return timestampFromEpochSeconds(value);
  const text = toKeyword(value);
  if (text === undefined) return undefined;
  // Ten digits and a point, as in all Zeek logs of our time, are seconds, which need no further look.
  const seconds = text.charCodeAt(10) === POINT ? timestampFromEpochSeconds(text) : undefined;
  if (seconds !== undefined) return seconds;
  if (/^\d{12,14}(\.\d+)?$/.test(text)) return timestampFromMs(Number(text));
  if (/^-?[\d.]+$/.test(text)) return timestampFromEpochSeconds(typeof value === "number" ? value : text);
  return timestampFromIso(text, zone);
}

const POINT = 0x2e;

function finishConn(event: NetworkEvent, row: Named): void {
  const start = event["@timestamp"];
  event["event.start"] = start;
  event["event.end"] = start && addSeconds(start, row.get("duration"));
  mendTransport(event, row);
  event["network.direction"] = directionOf(
    toBoolean(row.get("local_orig")),
    toBoolean(row.get("local_resp")),
  );
  event["sallyport.state"] = sensorState({
    state: toKeyword(row.get("conn_state")),
    history: toKeyword(row.get("history")),
    transport: event["network.transport"],
    originBytes: event["source.bytes"],
    responseBytes: event["destination.bytes"],
    originPackets: event["source.packets"],
  });
}

/** An ICMP row has type and code for ports; a transport that Zeek does not know has its number in `ip_proto`. */
function mendTransport(event: NetworkEvent, row: Named): void {
  if (event["network.transport"] === "unknown_transport") {
    event["network.transport"] = toTransport(row.get("ip_proto"));
  }
  const transport = event["network.transport"];
  if (transport !== "icmp" && transport !== "ipv6-icmp") return;
  event["source.port"] = undefined;
  event["destination.port"] = undefined;
}

function directionOf(fromOurs: boolean | undefined, toOurs: boolean | undefined): string | undefined {
  if (fromOurs === undefined || toOurs === undefined) return undefined;
  if (fromOurs) return toOurs ? "internal" : "outbound";
  return toOurs ? "inbound" : "external";
}

function finishSmb(event: NetworkEvent): void {
  event["network.transport"] = "tcp";
  event["network.application"] = ["smb"];
  event["sallyport.state"] = "established";
}

function finishSmbFiles(event: NetworkEvent, row: Named): void {
  finishSmb(event);
  const action = row.get("action");
  if (action === "SMB::FILE_WRITE") event["sallyport.transfer"] = "upload";
  if (action === "SMB::FILE_READ") event["sallyport.transfer"] = "download";
}

/** Zeek's NTLM analyzer runs inside protocols over TCP only. */
function finishNtlm(event: NetworkEvent): void {
  event["network.transport"] = "tcp";
  event["network.application"] = ["ntlm"];
  event["sallyport.auth.protocol"] = "ntlm";
  event["sallyport.state"] = "established";
}

/** In quic.log's history a lower-case letter is the server's: `s` its ServerHello, `h` its handshake packets. */
function finishQuic(event: NetworkEvent, row: Named): void {
  event["network.transport"] = "udp";
  event["network.application"] = ["quic"];
  const history = toKeyword(row.get("history"));
  if (history === undefined) return;
  if (/[sh]/.test(history)) event["sallyport.state"] = "established";
  else if (!/[a-z]/.test(history)) event["sallyport.state"] = "no-answer";
}

/** Adds an interval in seconds, in whole microseconds, so that no digit is made up. */
function addSeconds(start: Timestamp, interval: unknown): Timestamp | undefined {
  const seconds = typeof interval === "number" ? interval : Number(toKeyword(interval) ?? Number.NaN);
  if (!(seconds >= 0 && seconds < 1e9)) return undefined;
  const whole = Math.floor(start.ms / 1000);
  const digits = start.fraction.slice(0, 6);
  const micros = Number(digits) * 10 ** (6 - digits.length) + Math.round(seconds * 1e6);
  // A million more, and its digit taken off again, keeps the zeros in front.
  const fraction = String((micros % 1_000_000) + 1_000_000).slice(1);
  return timestampFromParts((whole + Math.floor(micros / 1_000_000)) * 1000, fraction);
}
