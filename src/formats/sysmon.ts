/** Windows events as JSON: Sysmon 3 (a network connection) and the Filtering Platform's Security 5152, 5156, 5157. */

import { isFramedObject, type JsonObject, parseJsonObject } from "../bytes/json.ts";
import type { Dataset } from "../event/dataset.ts";
import { type NetworkEvent, noteProblem } from "../event/event.ts";
import type { FieldName } from "../event/fields.ts";
import type { RawShape } from "../event/raw-shape.ts";
import { timestampFromIso } from "../event/timestamp.ts";
import { toBoolean, toKeyword } from "../event/values.ts";
import { parseIp } from "../net/parse-ip.ts";
import type { Verdict } from "./action-words.ts";
import { frameJson } from "./ecs.ts";
import {
  type DecodeContext,
  type Decoder,
  defineFormat,
  type Format,
  newEvent,
  Undecodable,
} from "./format.ts";
import { compileSlots } from "./map.ts";
import { type Named, Picker } from "./pick.ts";
import { ifPresent, keyed } from "./raw-json.ts";
import { setUser } from "./user.ts";
import {
  looksLikeWindowsEvent,
  readWindowsEvent,
  WINDOWS_NAMES,
  type WindowsEvent,
  windowsRecord,
  windowsValues,
} from "./windows-event.ts";

/** Names of an event's own data, as Winlogbeat ships them. */
const SHIPPED = {
  "source.ip": ["winlog.event_data.SourceIp", "winlog.event_data.SourceAddress"],
  "source.port": ["winlog.event_data.SourcePort"],
  "destination.ip": ["winlog.event_data.DestinationIp", "winlog.event_data.DestAddress"],
  "destination.port": ["winlog.event_data.DestinationPort", "winlog.event_data.DestPort"],
} as const;

/**
 * The events' own names, then the ECS names that Elastic's integration moves the values to, then the whole path for
 * data that are shipped neither all under one object nor all as dotted names.
 */
const MAPPED = {
  "event.ingested": ["event.ingested"],
  "event.category": ["event.category"],
  "source.ip": ["SourceIp", "SourceAddress", "source.ip", ...SHIPPED["source.ip"]],
  "source.port": ["SourcePort", "source.port", ...SHIPPED["source.port"]],
  "source.address": ["SourceHostname", "source.domain"],
  "destination.ip": ["DestinationIp", "DestAddress", "destination.ip", ...SHIPPED["destination.ip"]],
  "destination.port": ["DestinationPort", "DestPort", "destination.port", ...SHIPPED["destination.port"]],
  "destination.address": ["DestinationHostname", "destination.domain"],
  "network.transport": ["Protocol", "network.transport"],
  "network.community_id": ["network.community_id"],
  "process.pid": ["ProcessId", "ProcessID", "process.pid"],
  "process.executable": ["Image", "Application", "process.executable", "process.name"],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;

const WORKED_OUT = {
  "event.dataset": [],
  "@timestamp": ["UtcTime", "SystemTime", "@timestamp", "EventTime", "TimeCreated"],
  "event.id": ["event.id", "record_id", "record_number", "EventRecordID", "RecordNumber", "RecordID", "_id"],
  "event.code": ["EventID", "event_id", "event.code"],
  "event.provider": [
    "Provider",
    "Provider_Name",
    "ProviderName",
    "SourceName",
    "provider_name",
    "event.provider",
  ],
  "event.action": ["EventID", "event_id", "event.code"],
  "destination.domain": ["DestinationHostname", "destination.domain"],
  "network.direction": ["Initiated", "Direction", "network.direction"],
  "observer.name": ["Computer", "ComputerName", "Hostname", "computer_name", "host.name"],
  "host.name": ["Computer", "ComputerName", "Hostname", "computer_name", "host.name"],
  "user.name": ["User", "user.name"],
  "user.domain": ["User", "user.domain"],
  "sallyport.state": ["EventID", "event_id", "event.code", "UtcTime", "Protocol", "network.transport"],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;

const SYSMON_CARRIES = (Object.keys({ ...MAPPED, ...WORKED_OUT }) as FieldName[]).filter(
  (field) => field !== "event.action",
);
const SECURITY_LACKS: ReadonlySet<FieldName> = new Set<FieldName>([
  "source.address",
  "destination.address",
  "destination.domain",
  "user.name",
  "user.domain",
  "sallyport.state",
]);

const DATASETS = {
  "windows.sysmon_operational": {
    title: "Sysmon event 3: network connection",
    logsources: [
      { category: "network_connection", product: "windows" },
      { product: "windows", service: "sysmon" },
    ],
    carries: SYSMON_CARRIES,
    blindSpots: [
      "Sysmon logs connections that were made; what was blocked or not answered is not in it.",
      "Network events are off by default, and the configuration's filters and short connections leave gaps.",
      "The kernel's SMB client is PID 4 (System): the process and the user behind a share are unknown.",
      "There are no byte counters.",
    ],
  },
  "system.security": {
    title: "Security 5152, 5156, 5157: Windows Filtering Platform",
    logsources: [{ product: "windows", service: "security" }],
    carries: [...SYSMON_CARRIES.filter((field) => !SECURITY_LACKS.has(field)), "event.action"],
    blindSpots: [
      "5156 says that a connection was permitted, not that it was made.",
      "Windows versions differ in whether the source of an inbound connection is the remote or the local end.",
    ],
  },
} as const satisfies Record<string, Dataset>;

/** Security events of the Filtering Platform that name two ends, and what they say was done. */
const FILTERING_PLATFORM: ReadonlyMap<string, Verdict> = new Map([
  ["5152", "blocked"],
  ["5156", "allowed"],
  ["5157", "blocked"],
]);

const ENDS = ["source.ip", "source.port", "destination.ip", "destination.port"] as const;

/** Where else an end may stand. */
const ELSEWHERE = ENDS.flatMap((end) => MAPPED[end].filter((name) => !name.startsWith("winlog.")));

/** Winlogbeat's documents. Events in other shapes are decoded, and so are those that have an end anywhere else. */
const SHAPE: RawShape = {
  framing: { kind: "json" },
  carries: [...new Set(Object.values(DATASETS).flatMap(({ carries }) => carries))],
  places: {
    "source.ip": keyed(SHIPPED["source.ip"], true),
    "destination.ip": keyed(SHIPPED["destination.ip"], true),
    "source.port": keyed(SHIPPED["source.port"]),
    "destination.port": keyed(SHIPPED["destination.port"]),
  },
  required: [],
  eitherWay: false,
  marks: [ifPresent("_source", "fields", "Event", "System"), ifPresent(...ELSEWHERE)],
};

/** Where a document holds Sysmon's values under ECS names. */
const ECS_NAMES =
  "network.direction user.domain user.name source.ip source.port source.domain destination.ip destination.port destination.domain network.transport process.executable process.name process.pid";

const PICKER = new Picker([
  ...Object.values(MAPPED).flat(),
  ...Object.values(WORKED_OUT).flat(),
  ...WINDOWS_NAMES,
  ...ECS_NAMES.split(" "),
]);

const setFields = compileSlots(MAPPED, PICKER.slotOf);

export const sysmon: Format = defineFormat({
  name: "sysmon",
  title: "Sysmon and Windows Filtering Platform events (JSON)",
  reference: "https://learn.microsoft.com/en-us/sysinternals/downloads/sysmon#event-id-3-network-connection",
  rank: "vendor",
  binding: "line",
  byteCounting: "frame",
  datasets: DATASETS,
  fields: { ...MAPPED, ...WORKED_OUT },
  claims: (line) => isFramedObject(line) && looksLikeWindowsEvent(line),
  open: (context): Decoder => ({
    frame: frameJson,
    decode: (line) => decode(line, context),
    rawShape: () => SHAPE,
  }),
});

function decode(line: string, context: DecodeContext): NetworkEvent | Undecodable | undefined {
  const object = parseJsonObject(line);
  if (object === undefined) return new Undecodable("json_invalid");
  const source = readWindowsEvent(object, PICKER, context.zone);
  if (isConnection(source)) return connectionEvent(source);
  const verdict = isSecurity(source) ? FILTERING_PLATFORM.get(source.id ?? "") : undefined;
  return verdict === undefined ? undefined : filteringEvent(source, verdict);
}

/** Sysmon 3; data without any header are known by their names. */
function isConnection({ id, provider, channel, data }: WindowsEvent): boolean {
  if (id !== undefined) return id === "3" && (isSysmon(provider) || isSysmon(channel));
  return "UtcTime" in data && "SourceIp" in data && "DestinationIp" in data;
}

function isSysmon(name: string | undefined): boolean {
  return name === "Microsoft-Windows-Sysmon" || (name !== undefined && /sysmon/i.test(name));
}

function isSecurity({ provider, channel }: WindowsEvent): boolean {
  return provider === "Microsoft-Windows-Security-Auditing" || channel === "Security";
}

/**
 * Sysmon's source is the end that opened the connection, also where Initiated is false: then the destination is
 * this host.
 */
function connectionEvent(source: WindowsEvent): NetworkEvent {
  const back = namesBack(source.picked);
  const event = newEvent(sysmon, windowsRecord(source, back), "windows.sysmon_operational");
  const known = windowsValues(source, PICKER, back);
  setHeader(event, source);
  event["event.code"] = "3";
  event["event.provider"] ??= "Microsoft-Windows-Sysmon";
  // UtcTime carries no zone: it is UTC by name.
  const written = toKeyword(known.get("UtcTime"));
  event["@timestamp"] = (written === undefined ? undefined : timestampFromIso(written)) ?? source.time;
  setFields(event, known.values);
  setUser(event, toKeyword(known.get("User")));
  const name = event["destination.address"];
  if (name !== undefined && parseIp(name) === undefined) event["destination.domain"] = name;
  const initiated = toBoolean(known.get("Initiated"));
  if (initiated !== undefined) event["network.direction"] = initiated ? "egress" : "ingress";
  // A datagram that was sent proves no answer.
  if (event["network.transport"] !== "udp") event["sallyport.state"] = "established";
  return noteMissing(event);
}

/** The ends stay as recorded; where the local end stands first although it served, its port tells. */
function filteringEvent(source: WindowsEvent, verdict: Verdict): NetworkEvent {
  const event = newEvent(sysmon, windowsRecord(source, {}), "system.security");
  const known = windowsValues(source, PICKER, {});
  setHeader(event, source);
  event["@timestamp"] = source.time;
  setFields(event, known.values);
  event["event.action"] = verdict;
  if (event["network.transport"]?.includes("icmp") === true) dropPorts(event);
  const direction = toKeyword(known.get("Direction")) ?? toKeyword(known.get("network.direction"));
  if (direction !== undefined)
    event["network.direction"] = DIRECTIONS.get(direction.toLowerCase()) ?? direction;
  return noteMissing(event);
}

/** Message numbers of the direction, and the words they are rendered to. */
const DIRECTIONS: ReadonlyMap<string, string> = new Map([
  ["%%14592", "ingress"],
  ["inbound", "ingress"],
  ["%%14593", "egress"],
  ["outbound", "egress"],
]);

/** For ICMP the type and the code stand where the ports are. */
function dropPorts(event: NetworkEvent): void {
  event["source.port"] = undefined;
  event["destination.port"] = undefined;
}

function setHeader(event: NetworkEvent, { id, provider, recordId, computer }: WindowsEvent): void {
  event["event.code"] = id;
  event["event.provider"] = provider;
  event["event.id"] = recordId;
  event["host.name"] = computer;
  event["observer.name"] = computer;
}

/** Sysmon's names for what a document holds under ECS names only, for rules written against Sysmon. */
function namesBack(document: Named): JsonObject {
  const at = (path: string): unknown => document.get(path);
  const direction = at("network.direction");
  const [domain, user] = [toKeyword(at("user.domain")), toKeyword(at("user.name"))];
  return {
    SourceIp: at("source.ip"),
    SourcePort: at("source.port"),
    SourceHostname: at("source.domain"),
    DestinationIp: at("destination.ip"),
    DestinationPort: at("destination.port"),
    DestinationHostname: at("destination.domain"),
    Protocol: at("network.transport"),
    Image: at("process.executable") ?? at("process.name"),
    ProcessId: at("process.pid"),
    Initiated: direction === "egress" ? "true" : direction === "ingress" ? "false" : undefined,
    User: domain === undefined || user === undefined ? user : `${domain}\\${user}`,
  };
}

function noteMissing(event: NetworkEvent): NetworkEvent {
  if (event["@timestamp"] === undefined) noteProblem(event, "missing_time");
  if (event["source.ip"] === undefined) noteProblem(event, "missing_source");
  if (event["destination.ip"] === undefined) noteProblem(event, "missing_destination");
  return event;
}
