/** Suricata EVE: one JSON object a line, its kind in `event_type`. */

import { isFramedObject, isJsonObject, parseJsonObject } from "../bytes/json.ts";
import type { LogRecord, NetworkEvent } from "../event/event.ts";
import type { RawShape } from "../event/raw-shape.ts";
import { jsonRecord } from "../event/record.ts";
import { timestampFromIso } from "../event/timestamp.ts";
import { setIp, setPort, toKeyword, toKeywords } from "../event/values.ts";
import { verdictOf } from "./action-words.ts";
import {
  type DecodeContext,
  type Decoder,
  defineFormat,
  type Envelope,
  newEvent,
  Undecodable,
} from "./format.ts";
import { compileMap } from "./map.ts";
import { keyed, unlessText } from "./raw-json.ts";
import { SURICATA_COPIED, SURICATA_DATASETS, SURICATA_WORKED_OUT } from "./suricata-datasets.ts";
import { suricataState } from "./suricata-state.ts";

type DatasetName = keyof typeof SURICATA_DATASETS;

export const suricataEve = defineFormat({
  name: "suricata-eve",
  title: "Suricata EVE JSON",
  reference: "https://docs.suricata.io/en/latest/output/eve/eve-json-format.html",
  rank: "vendor",
  binding: "line",
  byteCounting: "frame",
  datasets: SURICATA_DATASETS,
  fields: { ...SURICATA_COPIED, ...SURICATA_WORKED_OUT },
  claims,
  open,
  literals: ["smb"],
});

const EVENT_TYPE = /"event_type"\s*:\s*"([a-z0-9_-]+)"/;

/** Kinds of row that belong to no flow, by the key that tells them from another product's. */
const WITHOUT_FLOW: Readonly<Record<string, string | undefined>> = {
  stats: '"stats"',
  engine: '"engine"',
  alert: '"signature_id"',
  drop: '"drop"',
};

function claims(line: string): boolean {
  const type = EVENT_TYPE.exec(line)?.[1];
  if (type === undefined || !line.includes('"timestamp"') || !isFramedObject(line)) return false;
  // Filebeat and other shippers nest the row under suricata.eve: that is their schema, not this one.
  if (line.includes('"suricata"') && /"suricata"\s*:\s*\{/.test(line)) return false;
  return line.includes('"flow_id"') || line.includes(WITHOUT_FLOW[type] ?? '"flow_id"');
}

function open(context: DecodeContext): Decoder {
  return {
    frame: (line) => {
      if (line.trim() === "") return "skip";
      return isFramedObject(line) ? "record" : "json_not_closed";
    },
    decode: (line, envelope) => {
      const object = parseJsonObject(line);
      if (object === undefined) return new Undecodable("json_invalid");
      const type = object["event_type"];
      if (typeof type !== "string") return new Undecodable("record_invalid", "no event_type");
      const dataset = `suricata.${type}`;
      return isDataset(dataset) ? toEvent(jsonRecord(object), dataset, context, envelope) : undefined;
    },
    rawShape: () => SHAPE,
  };
}

/** Rows about packets may stand either way round; alerts and protocol rows are decoded for what they prove. */
const SHAPE: RawShape = {
  framing: { kind: "json" },
  carries: SURICATA_DATASETS["suricata.flow"].carries,
  places: {
    "source.ip": keyed(["src_ip"], true),
    "destination.ip": keyed(["dest_ip"], true),
    "source.port": keyed(["src_port"]),
    "destination.port": keyed(["dest_port"]),
    "network.application": keyed(["app_proto", "app_proto_tc", "app_proto_ts"]),
  },
  required: [keyed(["timestamp"], true), keyed(["flow_id"], true)],
  eitherWay: true,
  marks: [
    { place: keyed(["event_type"], true), needles: ["smb", "quic"] },
    // What an alert says of SMB may prove credentials.
    unlessText("smb"),
  ],
};

function isDataset(name: string): name is DatasetName {
  return Object.hasOwn(SURICATA_DATASETS, name);
}

const copyFields = compileMap(SURICATA_COPIED);

function toEvent(
  record: LogRecord,
  dataset: DatasetName,
  context: DecodeContext,
  envelope: Envelope | undefined,
): NetworkEvent {
  const event = newEvent(suricataEve, record, dataset);
  event["observer.vendor"] = "OISF";
  event["observer.product"] = "Suricata";
  copyFields(event, record, (value) => timestampFromIso(toKeyword(value) ?? "", context.zone));
  event["observer.name"] ??= envelope?.host;
  setEnds(event, record);
  setApplication(event, record, dataset);
  setVerdict(event, record, dataset);
  if (dataset === "suricata.quic") setNextProtocol(event, record);
  const state = suricataState(event, record, dataset);
  if (state !== undefined) event["sallyport.state"] = state;
  if (isJsonObject(record.get("smb"))) setSmb(event, record);
  return event;
}

/**
 * Sets client and server. Rows about a packet have that packet's ends; where the row also says which way the flow
 * goes, the flow's ends are taken and the packet's stay under `recorded`.
 */
function setEnds(event: NetworkEvent, record: LogRecord): void {
  const swapped = isServerPacket(record);
  const [client, server] = swapped ? ["dest", "src"] : ["src", "dest"];
  setIp(event, "source.ip", record.get(`${client}_ip`));
  setIp(event, "destination.ip", record.get(`${server}_ip`));
  setPort(event, "source.port", record.get(`${client}_port`));
  setPort(event, "destination.port", record.get(`${server}_port`));
  if (!swapped) return;
  event["recorded.source.ip"] = toKeyword(record.get("src_ip"));
  event["recorded.source.port"] = event["destination.port"];
  event["recorded.destination.ip"] = toKeyword(record.get("dest_ip"));
  event["recorded.destination.port"] = event["source.port"];
}

function isServerPacket(record: LogRecord): boolean {
  const client = record.get("flow.src_ip");
  if (client === undefined) return record.get("direction") === "to_client";
  const isClient = (end: "src" | "dest"): boolean =>
    record.get(`${end}_ip`) === client && record.get(`${end}_port`) === record.get("flow.src_port");
  return isClient("dest") && !isClient("src");
}

/** Words of app_proto that name no application: detection gave up, or had not begun. */
const NO_APPLICATION: ReadonlySet<string> = new Set(["failed", "unknown"]);

/** The application of both directions together, then of the server's bytes, then of the client's. */
function setApplication(event: NetworkEvent, record: LogRecord, dataset: DatasetName): void {
  const names = new Set<string>();
  if (dataset === "suricata.smb") names.add("smb");
  if (dataset === "suricata.quic") names.add("quic");
  for (const key of ["app_proto", "app_proto_tc", "app_proto_ts"]) {
    const name = toKeyword(record.get(key))?.toLowerCase();
    if (name !== undefined && !NO_APPLICATION.has(name)) names.add(name);
  }
  const [first] = names;
  if (first === undefined) return;
  event["network.protocol"] = first;
  event["network.application"] = [...names];
}

function setVerdict(event: NetworkEvent, record: LogRecord, dataset: DatasetName): void {
  const packet = toKeyword(record.get("verdict.action"));
  // The packet's final verdict outranks the word of one signature among several.
  const word =
    packet === "drop" || dataset === "suricata.drop"
      ? "drop"
      : (toKeyword(record.get("alert.action")) ?? toKeyword(record.get("flow.action")));
  if (word === undefined) return;
  event["event.provider_action"] = word;
  event["event.action"] = verdictOf(word) ?? "unknown";
}

/** The ALPN extension's number. Source: IANA "TLS ExtensionType Values". */
const ALPN = 16;

/** The ALPN name that the client offered; "smb" wherever it stands among several. */
function setNextProtocol(event: NetworkEvent, record: LogRecord): void {
  const extensions = record.get("quic.extensions");
  if (!Array.isArray(extensions)) return;
  for (const extension of extensions as readonly unknown[]) {
    if (!isJsonObject(extension) || (extension["type"] !== ALPN && extension["name"] !== "alpn")) continue;
    const offered = toKeywords(extension["values"]);
    const name = offered?.includes("smb") ? "smb" : offered?.[0];
    if (name !== undefined) event["tls.next_protocol"] = name;
  }
}

const TRANSFERS: Readonly<Record<string, "upload" | "download" | undefined>> = {
  SMB2_COMMAND_WRITE: "upload",
  SMB1_COMMAND_WRITE: "upload",
  SMB1_COMMAND_WRITE_ANDX: "upload",
  SMB1_COMMAND_WRITE_AND_CLOSE: "upload",
  SMB2_COMMAND_READ: "download",
  SMB1_COMMAND_READ: "download",
  SMB1_COMMAND_READ_ANDX: "download",
};

function setSmb(event: NetworkEvent, record: LogRecord): void {
  const command = toKeyword(record.get("smb.command")) ?? "";
  const status = toKeyword(record.get("smb.status"));
  const succeeded = status === "STATUS_SUCCESS";
  setCredentials(event, record);
  if (event["sallyport.auth.protocol"] !== undefined && command.includes("SESSION_SETUP")) {
    const isDecided = status !== undefined && status !== "STATUS_MORE_PROCESSING_REQUIRED";
    if (isDecided) event["sallyport.auth.success"] = succeeded;
  }
  const transfer = TRANSFERS[command];
  // A read or write without a file's name is one of a pipe; a failed one moved nothing.
  if (transfer !== undefined && event["file.path"] !== undefined && (succeeded || status === undefined)) {
    event["sallyport.transfer"] = transfer;
  }
}

/** NTLM without a user is a null session: no credentials were offered. */
function setCredentials(event: NetworkEvent, record: LogRecord): void {
  const user = toKeyword(record.get("smb.ntlmssp.user"));
  const realm = toKeyword(record.get("smb.kerberos.realm"));
  if (user !== undefined) {
    event["sallyport.auth.protocol"] = "ntlm";
    event["sallyport.auth.user"] = user;
    const domain = toKeyword(record.get("smb.ntlmssp.domain"));
    if (domain !== undefined) event["sallyport.auth.domain"] = domain;
  } else if (realm !== undefined) {
    event["sallyport.auth.protocol"] = "kerberos";
    event["sallyport.auth.domain"] = realm;
  }
}
