/** PAN-OS TRAFFIC rows by their columns' names: what the syslog lines and the CSV exports have in common. */
import type { Dataset } from "../event/dataset.ts";
import { type LogRecord, type NetworkEvent, noteProblem } from "../event/event.ts";
import type { FieldName } from "../event/fields.ts";
import { type Timestamp, timestampFromIso, timestampFromParts } from "../event/timestamp.ts";
import { toInteger, toKeyword } from "../event/values.ts";
import { verdictOf } from "./action-words.ts";
import { type DecodeContext, type Envelope, type Format, newEvent } from "./format.ts";
import { compileSlots, firstOf } from "./map.ts";
import { setNat } from "./nat.ts";
import type { Named } from "./pick.ts";
import { setUser } from "./user.ts";

export const PANOS_REFERENCE =
  "https://docs.paloaltonetworks.com/ngfw/administration/monitoring/use-syslog-for-monitoring/syslog-field-descriptions/traffic-log-fields";

/**
 * The columns of a TRAFFIC row, in order, by the vendor's variable names (its FUTURE_USE columns by the
 * names that its CSV export gives them). Releases only append: 45 columns in 4.1, 47 by 6.1, 54 by 7.x, 65 by
 * 8.1, 75 by 9.1, 105 by 10.0, 115 and more later.
 */
export const TRAFFIC_COLUMNS: readonly string[] = [
  ..."domain,receive_time,serial,type,subtype,config_ver,time_generated,src,dst,natsrc,natdst,rule".split(
    ",",
  ),
  ..."srcuser,dstuser,app,vsys,from,to,inbound_if,outbound_if,logset,time_logged,sessionid,repeatcnt".split(
    ",",
  ),
  ..."sport,dport,natsport,natdport,flags,proto,action,bytes,bytes_sent,bytes_received,packets,start".split(
    ",",
  ),
  ..."elapsed,category,padding,seqno,actionflags,srcloc,dstloc,cpadding,pkts_sent,pkts_received".split(","),
  ..."session_end_reason,dg_hier_level_1,dg_hier_level_2,dg_hier_level_3,dg_hier_level_4,vsys_name".split(
    ",",
  ),
  ..."device_name,action_source,src_uuid,dst_uuid,tunnelid,monitortag,parent_session_id".split(","),
  ..."parent_start_time,tunnel,assoc_id,chunks,chunks_sent,chunks_received,rule_uuid".split(","),
  ..."http2_connection,link_change_count,policy_id,link_switches,sdwan_cluster,sdwan_device_type".split(","),
  ..."sdwan_cluster_type,sdwan_site,dynusergroup_name,xff_ip,src_category,src_profile,src_model".split(","),
  ..."src_vendor,src_osfamily,src_osversion,src_host,src_mac,dst_category,dst_profile,dst_model".split(","),
  ..."dst_vendor,dst_osfamily,dst_osversion,dst_host,dst_mac,container_id,pod_namespace,pod_name".split(","),
  ..."src_edl,dst_edl,hostid,serialnumber,src_dag,dst_dag,session_owner,high_res_timestamp".split(","),
  ..."nssai_sst,nssai_sd,subcategory_of_app,category_of_app,technology_of_app,risk_of_app".split(","),
  ..."characteristic_of_app,container_of_app,tunneled_app,is_saas_of_app,sanctioned_state_of_app".split(","),
  ..."offloaded,flow_type,cluster_name".split(","),
];

/** The columns that can produce each field, by name. */
export const TRAFFIC_FIELDS = {
  "@timestamp": ["start", "high_res_timestamp", "time_generated", "receive_time"],
  "event.start": ["start"],
  "event.end": ["start", "elapsed", "high_res_timestamp", "time_generated"],
  "event.id": ["seqno"],
  "event.action": ["action", "subtype", "session_end_reason"],
  "event.provider_action": ["action"],
  "event.reason": ["session_end_reason"],
  "source.ip": ["src"],
  "source.port": ["sport"],
  "source.bytes": ["bytes_sent"],
  "source.packets": ["pkts_sent"],
  "source.nat.ip": ["natsrc"],
  "source.nat.port": ["natsport"],
  "destination.ip": ["dst"],
  "destination.port": ["dport"],
  "destination.bytes": ["bytes_received"],
  "destination.packets": ["pkts_received"],
  "destination.nat.ip": ["natdst"],
  "destination.nat.port": ["natdport"],
  "network.transport": ["proto"],
  "network.protocol": ["app"],
  "network.application": ["app"],
  "network.bytes": ["bytes"],
  "network.packets": ["packets"],
  "network.session_id": ["sessionid"],
  "observer.name": ["device_name", "serial"],
  "observer.ingress.zone": ["from", "inbound_if"],
  "observer.egress.zone": ["to", "outbound_if"],
  "rule.name": ["rule"],
  "user.name": ["srcuser"],
  "user.domain": ["srcuser"],
  "sallyport.state": ["app", "bytes_received", "pkts_received", "session_end_reason", "subtype"],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;

export const PANOS_DATASETS: Readonly<Record<string, Dataset>> = {
  "panw.panos": {
    title: "PAN-OS traffic log",
    logsources: [
      { category: "firewall", product: "paloalto", service: "traffic" },
      { category: "firewall", product: "paloalto", service: "panos" },
    ],
    carries: [
      ...(Object.keys(TRAFFIC_FIELDS) as FieldName[]),
      "event.dataset",
      "observer.vendor",
      "observer.product",
    ],
    blindSpots: [
      "A session is logged at its end unless the rule also logs at session start: one that is still open is not there yet.",
      "A rule that logs neither start nor end, and the default rules unless changed, leave no row.",
      "Bytes count headers: an 'incomplete' session with bytes received may be no more than a handshake.",
      "Times carry no zone before PAN-OS 10.0: they are the firewall's own.",
    ],
  },
};

/**
 * Tells whether a row has so many columns, cheaply: it counts commas, and one inside quotes can make a short row
 * pass, never a whole one fail.
 */
export function hasColumns(line: string, least: number): boolean {
  let at = -1;
  for (let columns = 1; columns < least; columns++) {
    at = line.indexOf(",", at + 1);
    if (at < 0) return false;
  }
  return true;
}

const COPIED = {
  "event.id": TRAFFIC_FIELDS["event.id"],
  "event.provider_action": TRAFFIC_FIELDS["event.provider_action"],
  "source.ip": TRAFFIC_FIELDS["source.ip"],
  "source.port": TRAFFIC_FIELDS["source.port"],
  "source.bytes": TRAFFIC_FIELDS["source.bytes"],
  "source.packets": TRAFFIC_FIELDS["source.packets"],
  "destination.ip": TRAFFIC_FIELDS["destination.ip"],
  "destination.port": TRAFFIC_FIELDS["destination.port"],
  "destination.bytes": TRAFFIC_FIELDS["destination.bytes"],
  "destination.packets": TRAFFIC_FIELDS["destination.packets"],
  "network.transport": TRAFFIC_FIELDS["network.transport"],
  "network.protocol": TRAFFIC_FIELDS["network.protocol"],
  "network.application": TRAFFIC_FIELDS["network.application"],
  "observer.name": TRAFFIC_FIELDS["observer.name"],
  "observer.ingress.zone": TRAFFIC_FIELDS["observer.ingress.zone"],
  "observer.egress.zone": TRAFFIC_FIELDS["observer.egress.zone"],
  "rule.name": TRAFFIC_FIELDS["rule.name"],
  "user.name": TRAFFIC_FIELDS["user.name"],
} as const;

/** One TRAFFIC row: its values by slot, and by the vendor's variable names, where "" is absent. */
export interface TrafficRow extends Named {
  readonly values: readonly unknown[];
}

/** Makes the event of one TRAFFIC row; `record` is what the event keeps of it. */
export type TrafficReader = (
  row: TrafficRow,
  record: LogRecord,
  envelope: Envelope | undefined,
) => NetworkEvent;

/** Compiles the reader of rows that have the columns in these slots. */
export function trafficReader(
  format: Format,
  slotOf: (name: string) => number | undefined,
  context: DecodeContext,
): TrafficReader {
  const copyFields = compileSlots(COPIED, slotOf);
  return (row, record, envelope) => {
    const event = newEvent(format, record, "panw.panos");
    event["observer.vendor"] = "Palo Alto Networks";
    event["observer.product"] = "PAN-OS";
    copyFields(event, row.values);
    event["observer.name"] ??= envelope?.host;
    const subtype = toKeyword(row.get("subtype"))?.toLowerCase();
    setTimes(event, row, subtype, context);
    setVerdict(event, row, subtype);
    setNats(event, row);
    setTotals(event, row);
    setUser(event, event["user.name"]);
    const session = toKeyword(row.get("sessionid"));
    // Packets dropped before a session was made are logged under session 0.
    if (session !== undefined && session !== "0") event["network.session_id"] = session;
    const state = stateOf(event, subtype);
    if (state !== undefined) event["sallyport.state"] = state;
    return event;
  };
}

/** Allowed first, ended by the firewall: the application turned out to be denied, a threat was found, decryption refused. */
const ENDED_BY_FIREWALL = /^(?:policy-deny|threat|decrypt-.*)$/;

function setVerdict(event: NetworkEvent, row: Named, subtype: string | undefined): void {
  const reason = toKeyword(row.get("session_end_reason"))?.toLowerCase();
  if (reason !== undefined && reason !== "n/a") event["event.reason"] = reason;
  const word = event["event.provider_action"];
  const endedByFirewall = reason !== undefined && ENDED_BY_FIREWALL.test(reason);
  if (subtype === "drop" || subtype === "deny") event["event.action"] = "blocked";
  else if (word !== undefined) {
    const verdict = verdictOf(word) ?? "unknown";
    event["event.action"] = verdict === "allowed" && endedByFirewall ? "blocked" : verdict;
  }
}

/**
 * What App-ID and the counters together prove.
 * "incomplete": no data followed the handshake, if there was one. "not-applicable": dropped before App-ID looked.
 * Every other word, insufficient-data and unknown-tcp among them, means that data followed a handshake.
 * Source: Palo Alto Networks knowledge base, "Not-applicable, incomplete, insufficient data in the application field".
 */
function stateOf(event: NetworkEvent, subtype: string | undefined): string | undefined {
  const received = event["destination.bytes"];
  const application = event["network.protocol"]?.toLowerCase();
  if (received === undefined || application === undefined || application === "not-applicable")
    return undefined;
  const packets = event["destination.packets"];
  if (application !== "incomplete") {
    // One TCP packet cannot be both the server's half of the handshake and its data.
    const tooFew = event["network.transport"] === "tcp" && packets === 1;
    return received > 0 && !tooFew ? "established" : undefined;
  }
  // Silence proves something only of a server that was asked, and at the session's end.
  if (subtype !== "end" || event["event.action"] !== "allowed") return undefined;
  if (received === 0) return "no-answer";
  return packets === 1 && event["event.reason"] === "tcp-rst-from-server" ? "refused" : undefined;
}

function setNats(event: NetworkEvent, row: Named): void {
  setNat(event, row, "source", { ip: "natsrc", port: "natsport" });
  setNat(event, row, "destination", { ip: "natdst", port: "natdport" });
}

/** The totals count only where the row has no counters of each direction: releases before 5.0 lack those of packets. */
function setTotals(event: NetworkEvent, row: Named): void {
  const bytes = toInteger(row.get("bytes"));
  if (
    event["source.bytes"] === undefined &&
    event["destination.bytes"] === undefined &&
    bytes !== undefined
  ) {
    event["network.bytes"] = bytes;
  }
  const packets = toInteger(row.get("packets"));
  if (
    event["source.packets"] === undefined &&
    event["destination.packets"] === undefined &&
    packets !== undefined
  ) {
    event["network.packets"] = packets;
  }
}

/** Turns wall-clock milliseconds into UTC milliseconds. */
type Zone = (localMs: number) => number;

function setTimes(
  event: NetworkEvent,
  row: Named,
  subtype: string | undefined,
  context: DecodeContext,
): void {
  const zone = deviceZone(row) ?? context.zone;
  const read = (name: string): Timestamp | undefined => readTime(event, row.get(name), zone);
  const start = read("start");
  const written = read("high_res_timestamp") ?? read("time_generated");
  const time = start ?? written ?? read("receive_time");
  if (time !== undefined) event["@timestamp"] = time;
  if (start !== undefined) event["event.start"] = start;
  if (subtype === "start") return;
  const elapsed = toInteger(row.get("elapsed"));
  const end = start !== undefined && elapsed !== undefined ? after(start, elapsed) : written;
  if (end !== undefined) event["event.end"] = end;
}

/** PAN-OS writes 2026/03/01 10:00:00; newer exports write ISO 8601. The epoch itself stands for "none". */
function readTime(event: NetworkEvent, value: unknown, zone: Zone): Timestamp | undefined {
  const text = toKeyword(value);
  if (text === undefined || /^(?:0$|1969|1970)/.test(text)) return undefined;
  const time = timestampFromIso(dashed(text), zone);
  if (time === undefined) noteProblem(event, "invalid_time");
  return time;
}

function after(start: Timestamp, seconds: number): Timestamp | undefined {
  return timestampFromParts(Math.floor(start.ms / 1000) * 1000 + seconds * 1000, start.fraction);
}

function dashed(text: string): string {
  const isSlashed = text.charCodeAt(4) === SLASH && text.charCodeAt(7) === SLASH;
  return isSlashed ? `${text.slice(0, 4)}-${text.slice(5, 7)}-${text.slice(8)}` : text;
}

const SLASH = 0x2f;

const OFFSET = /(?:Z|[+-]\d{2}:?\d{2})$/;

/** Two clocks of one row that differ by no more show the same zone. Units: milliseconds. */
const SAME_CLOCK_MS = 300_000;

/**
 * The firewall's own zone, from the one time that carries an offset (10.0 and later), so that a session's start
 * and end agree. Undefined where that time is absent or was written in another zone than the row's other times.
 */
function deviceZone(row: Named): Zone | undefined {
  const precise = toKeyword(row.get("high_res_timestamp"));
  const generated = toKeyword(firstOf(row, ["time_generated", "receive_time"]));
  if (precise === undefined || generated === undefined || !OFFSET.test(precise)) return undefined;
  const utc = timestampFromIso(precise);
  const local = timestampFromIso(precise.replace(OFFSET, ""));
  const clock = timestampFromIso(dashed(generated));
  if (utc === undefined || local === undefined || clock === undefined) return undefined;
  if (Math.abs(local.ms - clock.ms) > SAME_CLOCK_MS) return undefined;
  const offset = local.ms - utc.ms;
  return (localMs) => localMs - offset;
}
