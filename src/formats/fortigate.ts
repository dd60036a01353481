/** FortiGate (FortiOS) logs: lines of key=value pairs, from syslog, the device's own disk or FortiAnalyzer. */
import { readKeyValues } from "../bytes/key-value.ts";
import { type LogRecord, type NetworkEvent, noteProblem } from "../event/event.ts";
import { type Timestamp, timestampFromIso, timestampFromParts } from "../event/timestamp.ts";
import { toInteger, toKeyword } from "../event/values.ts";
import { parseIp } from "../net/parse-ip.ts";
import { verdictOf } from "./action-words.ts";
import {
  type DecodeContext,
  type Decoder,
  defineFormat,
  type Envelope,
  newEvent,
  Undecodable,
} from "./format.ts";
import { COPIED, DATASET, DATASETS, SHAPE, WORKED_OUT } from "./fortigate-keys.ts";
import { compileMap, firstOf } from "./map.ts";
import { setNat } from "./nat.ts";
import { setUser } from "./user.ts";

export const fortigate = defineFormat({
  name: "fortigate",
  title: "Fortinet FortiGate (FortiOS) key=value logs",
  reference: "https://docs.fortinet.com/document/fortigate/7.6.0/fortios-log-message-reference/",
  rank: "vendor",
  binding: "line",
  byteCounting: "ip",
  datasets: DATASETS,
  fields: { ...COPIED, ...WORKED_OUT },
  claims,
  open,
});

/** Keys that FortiOS writes in every log. Other Fortinet products write log_id and device_id. */
const OBJECT = /^\s*\{/;
const TYPE = /(?:^|[\s,>])type=/;
const SUBTYPE = /(?:^|[\s,>])subtype=/;
const LOG_OR_DEVICE = /(?:^|[\s,>])(?:logid|devid)=/;

function claims(line: string): boolean {
  // JSON may carry such a line as a text; of it no more than the beginning is looked at.
  if (OBJECT.test(line) || !line.includes("subtype=")) return false;
  return TYPE.test(line) && SUBTYPE.test(line) && LOG_OR_DEVICE.test(line);
}

function open(context: DecodeContext): Decoder {
  return {
    frame: (line) => {
      if (line.trim() === "") return "skip";
      return claims(line) ? "record" : "unknown_format";
    },
    decode: (line, envelope) => {
      // Cheap, and true of every line whose type is traffic.
      if (!line.includes("traffic")) return undefined;
      const record = pairRecord(readKeyValues(line));
      if (record.get("type") !== "traffic") return undefined;
      if (record.get("srcip") === undefined && record.get("dstip") === undefined) {
        return new Undecodable("record_invalid", "no srcip and no dstip");
      }
      return trafficEvent(record, context, envelope);
    },
    rawShape: () => SHAPE,
  };
}

/** An empty value counts as absent. */
function pairRecord(pairs: ReadonlyMap<string, string>): LogRecord {
  return {
    get: (name) => pairs.get(name) || undefined,
    *entries() {
      for (const pair of pairs) if (pair[1] !== "") yield pair;
    },
  };
}

const copyFields = compileMap(COPIED);

function trafficEvent(
  record: LogRecord,
  context: DecodeContext,
  envelope: Envelope | undefined,
): NetworkEvent {
  const event = newEvent(fortigate, record, DATASET);
  event["observer.vendor"] = "Fortinet";
  event["observer.product"] = "FortiGate";
  copyFields(event, record);
  event["observer.name"] ??= envelope?.host;
  setTimes(event, record, context);
  setVerdict(event, record);
  setNat(event, record, "source", { ip: "transip", port: "transport" });
  setNat(event, record, "destination", { ip: "tranip", port: "tranport" });
  setApplication(event, record);
  setNames(event, record);
  const direction = directionOf(toKeyword(record.get("srcintfrole")), toKeyword(record.get("dstintfrole")));
  if (direction !== undefined) event["network.direction"] = direction;
  const session = toKeyword(record.get("sessionid"));
  if (session !== undefined && session !== "0") event["network.session_id"] = session;
  const state = stateOf(event);
  if (state !== undefined) event["sallyport.state"] = state;
  return event;
}

/** A row is written when the session begins (start), while it lasts, or at its end: duration leads back to the start. */
function setTimes(event: NetworkEvent, record: LogRecord, { zone }: DecodeContext): void {
  const written = readEventTime(event, record) ?? readClock(event, record, zone);
  if (written === undefined) return;
  const duration = toInteger(record.get("duration"));
  const isStart = actionOf(event) === "start";
  const start =
    isStart || duration === 0 ? written : duration === undefined ? undefined : before(written, duration);
  event["@timestamp"] = start ?? written;
  if (start !== undefined) event["event.start"] = start;
  if (!isStart) event["event.end"] = written;
}

/** Epoch seconds, and behind them the digits of milliseconds, microseconds or nanoseconds. */
const EVENT_TIME = /^(\d{10})(\d{3}|\d{6}|\d{9})?$/;

function readEventTime(event: NetworkEvent, record: LogRecord): Timestamp | undefined {
  const text = toKeyword(record.get("eventtime"));
  if (text === undefined || text === "0") return undefined;
  const digits = EVENT_TIME.exec(text);
  if (digits !== null) return timestampFromParts(Number(digits[1]) * 1000, digits[2] ?? "");
  noteProblem(event, "invalid_time");
  return undefined;
}

/** The device's own clock; its tz is +0100, or UTC+1:00 where a chassis wrote it. One not understood is as good as none. */
function readClock(
  event: NetworkEvent,
  record: LogRecord,
  zone: DecodeContext["zone"],
): Timestamp | undefined {
  const [date, time, tz] = ["date", "time", "tz"].map((name) => toKeyword(record.get(name)));
  if (date === undefined || time === undefined) return undefined;
  const offset = tz === undefined ? "" : offsetOf(tz);
  const read = timestampFromIso(`${date}T${time}${offset ?? ""}`, zone);
  if (offset === undefined || read === undefined) noteProblem(event, "invalid_time");
  return read;
}

function offsetOf(tz: string): string | undefined {
  const [, sign, hours = "", minutes] = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})$/.exec(tz) ?? [];
  return sign === undefined ? undefined : `${sign}${hours.padStart(2, "0")}:${minutes}`;
}

/** Durations are whole seconds, and so is what they lead back to. */
function before(time: Timestamp, seconds: number): Timestamp | undefined {
  return timestampFromParts((Math.floor(time.ms / 1000) - seconds) * 1000, "");
}

/** Words that say how an allowed session ended: all but deny and start mean that the policy let it through. */
const ENDED: ReadonlySet<string> = new Set([
  "close",
  "timeout",
  "client-rst",
  "server-rst",
  "ip-conn",
  "dns",
]);

function actionOf(event: NetworkEvent): string | undefined {
  return event["event.provider_action"]?.toLowerCase();
}

/** The policy's verdict; a security profile that blocked overrides it. A sniffer blocks and allows nothing. */
function setVerdict(event: NetworkEvent, record: LogRecord): void {
  const action = actionOf(event);
  const security = toKeyword(record.get("utmaction"))?.toLowerCase();
  const isCutOff = security !== undefined && verdictOf(security) === "blocked";
  const hasEnded = action !== undefined && ENDED.has(action);
  if (isCutOff) event["event.reason"] = `utmaction=${security}`;
  else if (hasEnded) event["event.reason"] = action;
  if (record.get("subtype") === "sniffer") event["event.action"] = "unknown";
  else if (isCutOff) event["event.action"] = "blocked";
  else if (hasEnded || action === "start") event["event.action"] = "allowed";
  else if (action !== undefined) event["event.action"] = verdictOf(action) ?? "unknown";
}

/**
 * What the end of a session proves beyond its counters. ip-conn: no reply came, or only an ICMP error.
 * Source: Fortinet community, "ip-conn traffic action in logs".
 */
function stateOf(event: NetworkEvent): string | undefined {
  const action = actionOf(event);
  const [sent, received] = [event["source.bytes"], event["destination.bytes"]];
  if (action === "ip-conn") return (received ?? 0) === 0 ? "no-answer" : undefined;
  if (event["event.action"] !== "allowed" || received === undefined) return undefined;
  const isTcp = event["network.transport"] === "tcp";
  // The only packet that came back is the reset itself.
  if (action === "server-rst" && isTcp && event["destination.packets"] === 1) return "refused";
  // A row without counters, or of a session that goes on, proves no silence.
  const isOver = action === "timeout" || action === "client-rst";
  return isOver && received === 0 && (sent ?? 0) > 0 ? "no-answer" : undefined;
}

/**
 * Categories that say that no application was looked for: `app` is then the name of the policy's service.
 * Source: Fortinet community, "Understanding Application Control log".
 */
const UNSCANNED: ReadonlySet<string> = new Set(["unscanned", "not.scanned"]);

function setApplication(event: NetworkEvent, record: LogRecord): void {
  const category = toKeyword(record.get("appcat"))?.toLowerCase();
  const name = toKeyword(record.get("app"))?.toLowerCase();
  if (name === undefined || (category !== undefined && UNSCANNED.has(category))) return;
  // Whatever the signature adds to it (a version, an operation), it is SMB.
  event["network.application"] = /^smb(?:[^a-z]|v\d)/.test(name) ? [name, "smb"] : [name];
}

/** What FortiOS writes where nothing is known. */
function known(value: unknown): string | undefined {
  const text = toKeyword(value);
  return text === "N/A" ? undefined : text;
}

function setNames(event: NetworkEvent, record: LogRecord): void {
  setUser(event, known(record.get("user")) ?? known(record.get("unauthuser")));
  const domain = known(firstOf(record, ["hostname", "dstname"]));
  // With names resolved, an address without one stands for itself.
  if (domain !== undefined && parseIp(domain) === undefined) event["destination.domain"] = domain;
}

/** Roles that an administrator gives to interfaces; "undefined" is none. */
const INSIDE: ReadonlyMap<string | undefined, boolean> = new Map([
  ["lan", true],
  ["dmz", true],
  ["wan", false],
]);

function directionOf(from: string | undefined, to: string | undefined): string | undefined {
  const [fromInside, toInside] = [INSIDE.get(from), INSIDE.get(to)];
  if (fromInside === undefined || toInside === undefined) return undefined;
  if (fromInside) return toInside ? "internal" : "outbound";
  return toInside ? "inbound" : "external";
}
