/** FortiGate lines: what is claimed, verdicts, states, times, translations and names. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readKeyValues } from "../bytes/key-value.ts";
import type { NetworkEvent } from "../event/event.ts";
import { decideOutcome } from "../event/outcome.ts";
import { formatTimestamp } from "../event/timestamp.ts";
import { Undecodable } from "./format.ts";
import { fortigate } from "./fortigate.ts";

const BERLIN = (localMs: number): number => localMs - 3_600_000;
const decoder = fortigate.open({ file: "fw.log", zone: BERLIN, year: 2026 });

type Row = Readonly<Record<string, string | number | undefined>>;

/** A session of five seconds that ended at 10:00:05 UTC. */
const ROW: Row = {
  date: "2026-03-01",
  time: "11:00:05",
  devname: '"fw-1"',
  devid: '"FG100FTK00000001"',
  eventtime: "1772359205417000123",
  tz: '"+0100"',
  logid: '"0000000013"',
  type: '"traffic"',
  subtype: '"forward"',
  level: '"notice"',
  vd: '"root"',
  srcip: "10.1.2.3",
  srcport: 50_000,
  srcintf: '"port2"',
  srcintfrole: '"lan"',
  dstip: "8.8.8.8",
  dstport: 445,
  dstintf: '"wan1"',
  dstintfrole: '"wan"',
  sessionid: 34_001,
  proto: 6,
  action: '"close"',
  policyid: 7,
  service: '"SMB"',
  trandisp: '"noop"',
  duration: 5,
  sentbyte: 9000,
  rcvdbyte: 6000,
  sentpkt: 24,
  rcvdpkt: 19,
  appcat: '"unscanned"',
};

function line(row: Row = {}, separator = " "): string {
  return Object.entries({ ...ROW, ...row })
    .flatMap(([key, value]) => (value === undefined ? [] : `${key}=${value}`))
    .join(separator);
}

function event(text: string): NetworkEvent {
  expect(decoder.frame(text)).toBe("record");
  const decoded = decoder.decode(text);
  if (decoded === undefined || decoded instanceof Undecodable) throw new Error(`no event: ${text}`);
  return decoded;
}

function outcomeOf(made: NetworkEvent): string {
  return decideOutcome({
    action: made["event.action"],
    state: made["sallyport.state"],
    transport: made["network.transport"],
    bytesOut: made["source.bytes"],
    bytesIn: made["destination.bytes"],
    packetsIn: made["destination.packets"],
    byteCounting: fortigate.byteCounting,
    credentials: false,
    transfer: undefined,
    flippedOnly: false,
  });
}

test("a session's end has every field", () => {
  const { format, dataset, record, ...fields } = event(line());
  expect({ format, dataset }).toEqual({ format: "fortigate", dataset: "fortinet_fortigate.log" });
  expect([...record.entries()]).toContainEqual(["srcintfrole", "lan"]);
  expect(fields).toMatchObject({
    "event.dataset": "fortinet_fortigate.log",
    "event.code": "0000000013",
    "event.action": "allowed",
    "event.provider_action": "close",
    "event.reason": "close",
    "source.ip": { text: "10.1.2.3" },
    "source.port": 50_000,
    "source.bytes": 9000,
    "source.packets": 24,
    "destination.ip": { text: "8.8.8.8" },
    "destination.port": 445,
    "destination.bytes": 6000,
    "destination.packets": 19,
    "network.transport": "tcp",
    "network.protocol": "SMB",
    "network.direction": "outbound",
    "network.session_id": "34001",
    "observer.name": "fw-1",
    "observer.vendor": "Fortinet",
    "observer.product": "FortiGate",
    "observer.ingress.zone": "port2",
    "observer.egress.zone": "wan1",
    "rule.name": "7",
  });
});

test.each([
  ["as syslog sends it", line()],
  ["with a priority", `<189>${line()}`],
  ["with a syslog header", `<189>Mar  1 10:00:05 fw-1 ${line()}`],
  ["with an RFC 5424 header", `<189>1 2026-03-01T10:00:05Z fw-1 - - - - ${line()}`],
  ["with commas between the pairs", line({}, ",")],
  ["without quotes", line().replaceAll('"', "")],
  ["from the device's own disk", line({ devname: undefined, devid: undefined })],
  ["from FortiAnalyzer", `itime=1772359206 ${line({ logid: undefined })} logid="0000000013"`],
])("a line is claimed %s", (_, text) => {
  expect(fortigate.claims(text)).toBe(true);
  expect(event(text)["destination.ip"]?.text).toBe("8.8.8.8");
});

test.each([
  ["JSON that carries such a line", JSON.stringify({ message: line().replaceAll('"', "") })],
  [
    "CEF",
    "CEF:0|Fortinet|Fortigate|v7.4|00013|traffic:forward|3|FTNTFGTlogid=0000000013 FTNTFGTsubtype=forward src=10.1.2.3",
  ],
  [
    "FortiWeb",
    "date=2026-03-01 time=10:00:00 log_id=30000000 device_id=FV-1 type=traffic subtype=http src=10.1.2.3",
  ],
  [
    "FortiMail",
    "date=2026-03-01 time=10:00:00 device_id=FE1 log_id=0300000001 type=spam subtype=default pri=notice",
  ],
  ["another product's pairs", 'type="traffic" subtype="forward" action="close"'],
  ["a FortiOS message without its type", "logid=0000000013 subtype=forward srcip=10.1.2.3"],
])("%s is not claimed", (_, text) => {
  expect(fortigate.claims(text)).toBe(false);
});

test("a line that has the keys as pairs is claimed, in any order and with anything between", () => {
  const other = fc.stringMatching(/^[a-z=",. ]{0,12}$/);
  const keys = fc.shuffledSubarray(["type", "subtype", "logid", "devid"], { minLength: 2 });
  fc.assert(
    fc.property(keys, fc.array(other, { minLength: 4, maxLength: 4 }), (names, between) => {
      const text = names.map((name, at) => `${between[at]} ${name}=x`).join(" ");
      const pairs = readKeyValues(text);
      const isWhole = pairs.has("type") && pairs.has("subtype") && (pairs.has("logid") || pairs.has("devid"));
      if (isWhole) expect(fortigate.claims(text), text).toBe(true);
    }),
  );
});

test.each([
  ["utm", "app-ctrl"],
  ["utm", "ips"],
  ["event", "system"],
  ["anomaly", "anomaly"],
])("a %s log (%s) is passed over, though it tells of traffic", (type, subtype) => {
  const text = line({ type: `"${type}"`, subtype: `"${subtype}"`, msg: '"blocked type=traffic"' });
  expect(fortigate.claims(text)).toBe(true);
  expect(decoder.frame(text)).toBe("record");
  expect(decoder.decode(text)).toBeUndefined();
});

test.each(["forward", "local", "multicast", "ztna"])("a traffic log of subtype %s is an event", (subtype) => {
  expect(event(line({ subtype }))["event.action"]).toBe("allowed");
});

test("a traffic log without ends cannot be decoded", () => {
  const decoded = decoder.decode(line({ srcip: "", dstip: undefined }));
  expect(decoded).toMatchObject({ code: "record_invalid" });
});

test("a line that was cut inside a quoted value keeps what stands before it", () => {
  const whole = line();
  const made = event(whole.slice(0, whole.indexOf("wan1") + 2));
  expect(made).toMatchObject({ "destination.port": 445, "observer.ingress.zone": "port2" });
  expect(made["observer.egress.zone"]).toBeUndefined();
});

test("blank lines are skipped, and lines of others are in no format", () => {
  expect(decoder.frame(" ")).toBe("skip");
  expect(decoder.frame("date=2026-03-01 msg=hello")).toBe("unknown_format");
});

const SILENT = { rcvdbyte: 0, rcvdpkt: 0, sentbyte: 156, sentpkt: 3 };
const NO_COUNTERS = { rcvdbyte: undefined, rcvdpkt: undefined, sentbyte: undefined, sentpkt: undefined };
const BY_ITSELF = { sentbyte: 0, sentpkt: 0, rcvdbyte: 0, rcvdpkt: 0 };

test.each<[string, Row, string | undefined, string | undefined, string]>([
  ["denied", { action: "deny", ...BY_ITSELF }, "blocked", undefined, "blocked"],
  ["denied, the bytes of its packets kept", { action: "deny" }, "blocked", undefined, "blocked"],
  ["accepted, still open", { action: "accept", logid: "0000000020" }, "allowed", undefined, "established"],
  ["accepted, silent so far", { action: "accept", ...SILENT }, "allowed", undefined, "attempted"],
  ["begun", { action: "start", duration: undefined, ...NO_COUNTERS }, "allowed", undefined, "attempted"],
  ["closed", { action: "close" }, "allowed", undefined, "established"],
  [
    "closed, packets not counted",
    { rcvdbyte: 4100, rcvdpkt: undefined },
    "allowed",
    undefined,
    "established",
  ],
  ["closed, no more than a handshake", { rcvdbyte: 84, rcvdpkt: 2 }, "allowed", undefined, "attempted"],
  ["closed with 220 MB sent", { sentbyte: 220_000_000 }, "allowed", undefined, "transferred"],
  ["timed out after data", { action: "timeout" }, "allowed", undefined, "established"],
  ["timed out without an answer", { action: "timeout", ...SILENT }, "allowed", "no-answer", "attempted"],
  ["timed out without counters", { action: "timeout", ...BY_ITSELF }, "allowed", undefined, "attempted"],
  [
    "reset by the client without an answer",
    { action: "client-rst", ...SILENT },
    "allowed",
    "no-answer",
    "attempted",
  ],
  ["reset by the server after data", { action: "server-rst" }, "allowed", undefined, "established"],
  ["refused", { action: "server-rst", rcvdbyte: 40, rcvdpkt: 1 }, "allowed", "refused", "attempted"],
  ["failed", { action: "ip-conn", duration: undefined, ...NO_COUNTERS }, "allowed", "no-answer", "attempted"],
  ["failed, in capitals", { action: "IP-CONN", ...SILENT }, "allowed", "no-answer", "attempted"],
  ["failed, though bytes came", { action: "ip-conn" }, "allowed", undefined, "established"],
  ["cut off by a security profile", { utmaction: '"block"' }, "blocked", undefined, "blocked"],
  ["reset by a security profile", { utmaction: '"reset"' }, "blocked", undefined, "blocked"],
  ["let pass by a security profile", { utmaction: '"allow"' }, "allowed", undefined, "established"],
  [
    "seen by a sniffer",
    { subtype: "sniffer", action: "accept", ...BY_ITSELF },
    "unknown",
    undefined,
    "unknown",
  ],
  [
    "seen by a sniffer that cannot block",
    { subtype: "sniffer", utmaction: "block" },
    "unknown",
    undefined,
    "established",
  ],
  ["of a word that is not known", { action: "ponder", ...SILENT }, "unknown", undefined, "unknown"],
  ["without an action", { action: undefined, ...SILENT }, undefined, undefined, "unknown"],
  [
    "of FortiOS 5.0, which says status",
    { action: undefined, status: "deny" },
    "blocked",
    undefined,
    "blocked",
  ],
])("a session %s", (_, row, action, state, outcome) => {
  const made = event(line(row));
  expect([made["event.action"], made["sallyport.state"], outcomeOf(made)]).toEqual([action, state, outcome]);
});

test.each<[Row, string | undefined]>([
  [{ action: "timeout" }, "timeout"],
  [{ action: "close", utmaction: "block" }, "utmaction=block"],
  [{ action: "deny" }, undefined],
  [{ action: "accept", utmaction: "allow" }, undefined],
])("%j gives the reason %s", (row, reason) => {
  expect(event(line(row))["event.reason"]).toBe(reason);
});

const NO_DURATION = { duration: undefined };

test.each<[string, Row, Partial<Record<"@timestamp" | "event.start" | "event.end", string>>]>([
  [
    "nanoseconds, and whole seconds before them",
    {},
    {
      "@timestamp": "2026-03-01T10:00:00Z",
      "event.start": "2026-03-01T10:00:00Z",
      "event.end": "2026-03-01T10:00:05.417000123Z",
    },
  ],
  [
    "microseconds",
    { eventtime: "1772359205417001", ...NO_DURATION },
    { "@timestamp": "2026-03-01T10:00:05.417001Z", "event.end": "2026-03-01T10:00:05.417001Z" },
  ],
  [
    "milliseconds",
    { eventtime: "1772359205417", ...NO_DURATION },
    { "@timestamp": "2026-03-01T10:00:05.417Z", "event.end": "2026-03-01T10:00:05.417Z" },
  ],
  [
    "seconds",
    { eventtime: "1772359205", ...NO_DURATION },
    { "@timestamp": "2026-03-01T10:00:05Z", "event.end": "2026-03-01T10:00:05Z" },
  ],
  [
    "its zone, where there is no eventtime",
    { eventtime: undefined, tz: '"-0500"', ...NO_DURATION },
    { "@timestamp": "2026-03-01T16:00:05Z", "event.end": "2026-03-01T16:00:05Z" },
  ],
  [
    "its zone as a chassis writes it",
    { eventtime: undefined, tz: '"UTC+5:30"', ...NO_DURATION },
    { "@timestamp": "2026-03-01T05:30:05Z", "event.end": "2026-03-01T05:30:05Z" },
  ],
  [
    "the configured zone, where it has none",
    { eventtime: 0, tz: undefined },
    {
      "@timestamp": "2026-03-01T10:00:00Z",
      "event.start": "2026-03-01T10:00:00Z",
      "event.end": "2026-03-01T10:00:05Z",
    },
  ],
  [
    "no end, where it has only begun",
    { action: "start", duration: 0 },
    { "@timestamp": "2026-03-01T10:00:05.417000123Z", "event.start": "2026-03-01T10:00:05.417000123Z" },
  ],
  [
    "one moment, where it lasted none",
    { action: "deny", duration: 0, eventtime: "1772359205" },
    {
      "@timestamp": "2026-03-01T10:00:05Z",
      "event.start": "2026-03-01T10:00:05Z",
      "event.end": "2026-03-01T10:00:05Z",
    },
  ],
  ["none, where it has none", { eventtime: undefined, date: undefined, time: undefined }, {}],
])("times: %s", (_, row, expected) => {
  const made = event(line(row));
  const times = (["@timestamp", "event.start", "event.end"] as const).flatMap((name) => {
    const time = made[name];
    return time === undefined ? [] : [[name, formatTimestamp(time)]];
  });
  expect(Object.fromEntries(times)).toEqual(expected);
  expect(made.problems).toBeUndefined();
});

test.each<[string, Row, string | undefined]>([
  ["an eventtime of another length", { eventtime: "17723592054", ...NO_DURATION }, "2026-03-01T10:00:05Z"],
  [
    "a zone that is not understood",
    { eventtime: undefined, tz: '"CET"', ...NO_DURATION },
    "2026-03-01T10:00:05Z",
  ],
  ["a date that does not exist", { eventtime: undefined, date: "2026-02-30" }, undefined],
])("%s is noted", (_, row, expected) => {
  const made = event(line(row));
  const time = made["@timestamp"];
  expect(made.problems).toEqual(["invalid_time"]);
  expect(time === undefined ? undefined : formatTimestamp(time)).toBe(expected);
});

test.each<[string, Row, Record<string, unknown>]>([
  [
    "of the source",
    { trandisp: "snat", transip: "11.22.33.9", transport: 23_456 },
    { "source.nat.ip": "11.22.33.9", "source.nat.port": 23_456 },
  ],
  [
    "of the destination",
    { trandisp: "dnat", tranip: "10.9.9.9", tranport: 445 },
    { "destination.nat.ip": "10.9.9.9", "destination.nat.port": 445 },
  ],
  ["to nothing", { trandisp: "snat", transip: "0.0.0.0", transport: 0 }, {}],
  ["to nothing in IPv6", { srcip: "fd12:3456::1", trandisp: "snat", transip: "::", transport: 0 }, {}],
  ["to itself", { transip: "10.1.2.3", transport: 50_000 }, {}],
  ["of the port alone", { transip: "10.1.2.3", transport: 60_000 }, { "source.nat.port": 60_000 }],
])("a translation %s", (_, row, expected) => {
  const made = event(line(row));
  const nat = (["source", "destination"] as const).flatMap((end) => [
    [`${end}.nat.ip`, made[`${end}.nat.ip`]?.text],
    [`${end}.nat.port`, made[`${end}.nat.port`]],
  ]);
  expect(Object.fromEntries(nat.filter(([, value]) => value !== undefined))).toEqual(expected);
});

const SCANNED = { appid: 1, appcat: '"Network.Service"' };

test.each<[string, Row, string | undefined, readonly string[] | undefined]>([
  ["found by application control", { ...SCANNED, app: '"SMB"' }, "SMB", ["smb"]],
  ["found with its version", { ...SCANNED, app: '"SMB.v3"' }, "SMB.v3", ["smb.v3", "smb"]],
  ["found in one word with its version", { ...SCANNED, app: '"SMBv1"' }, "SMBv1", ["smbv1", "smb"]],
  ["that only begins like SMB", { ...SCANNED, app: '"Smblight"' }, "Smblight", ["smblight"]],
  ["that is something else", { ...SCANNED, app: '"SSH"' }, "SSH", ["ssh"]],
  ["without a category", { appcat: undefined, app: '"SMB"' }, "SMB", ["smb"]],
  ["not looked for", { app: '"SMB"', appcat: '"unscanned"' }, "SMB", undefined],
  ["not looked for by an older release", { app: '"SMB"', appcat: '"Not.Scanned"' }, "SMB", undefined],
  ["unknown", { appcat: '"unknown"' }, "SMB", undefined],
  ["unknown, as the service", { appcat: '"unknown"', service: undefined }, undefined, undefined],
])("an application %s", (_, row, word, names) => {
  const made = event(line(row));
  expect([made["network.protocol"], made["network.application"]]).toEqual([word, names]);
});

test.each<[Row, string | undefined, string | undefined]>([
  [{ user: String.raw`"CORP\\alice"` }, "alice", "CORP"],
  [{ user: '"alice"', unauthuser: '"bob"' }, "alice", undefined],
  [{ user: '""', unauthuser: '"bob"' }, "bob", undefined],
  [{ user: '"N/A"' }, undefined, undefined],
])("%j names the user %s of %s", (row, user, domain) => {
  const made = event(line(row));
  expect([made["user.name"], made["user.domain"]]).toEqual([user, domain]);
});

test.each<[Row, string | undefined]>([
  [{ dstname: '"x.file.core.windows.net"' }, "x.file.core.windows.net"],
  [{ hostname: '"files.example.net"', dstname: '"8.8.8.8"' }, "files.example.net"],
  [{ dstname: '"8.8.8.8"' }, undefined],
  [{ hostname: '"N/A"' }, undefined],
])("%j names the server %s", (row, domain) => {
  expect(event(line(row))["destination.domain"]).toBe(domain);
});

test.each([
  ["lan", "wan", "outbound"],
  ["wan", "dmz", "inbound"],
  ["lan", "dmz", "internal"],
  ["wan", "wan", "external"],
  ["lan", "undefined", undefined],
  ["constructor", "wan", undefined],
])("from %s to %s is %s", (srcintfrole, dstintfrole, direction) => {
  expect(event(line({ srcintfrole, dstintfrole }))["network.direction"]).toBe(direction);
});

test.each<[Row, Row]>([
  [{ policyname: '"branch out"' }, { "rule.name": "branch out" }],
  [{ devname: undefined }, { "observer.name": "FG100FTK00000001" }],
  [{ devname: undefined, devid: undefined }, { "observer.name": undefined }],
  [{ sessionid: 0 }, { "network.session_id": undefined }],
  [{ proto: 17 }, { "network.transport": "udp" }],
  [
    { srcport: undefined, dstport: undefined, proto: 58 },
    { "source.port": undefined, "network.transport": "ipv6-icmp" },
  ],
])("%j gives %j", (row, expected) => {
  const made = event(line(row));
  for (const [name, value] of Object.entries(expected)) expect(made[name as "rule.name"], name).toBe(value);
});

test("counters of rows of one session are cumulative, so that the deltas are not read", () => {
  const made = event(
    line({ logid: "0000000020", action: "accept", duration: 240, sentdelta: 120, rcvddelta: 80 }),
  );
  expect([made["source.bytes"], made["destination.bytes"]]).toEqual([9000, 6000]);
  expect(made["event.start"]).toEqual({ ms: Date.UTC(2026, 2, 1, 9, 56, 5), fraction: "" });
});
