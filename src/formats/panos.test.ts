/** PAN-OS syslog lines: columns of all releases, verdicts, states, times and translations. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { NetworkEvent } from "../event/event.ts";
import { decideOutcome } from "../event/outcome.ts";
import { formatTimestamp, type Timestamp } from "../event/timestamp.ts";
import { Undecodable } from "./format.ts";
import { panos } from "./panos.ts";
import { TRAFFIC_COLUMNS } from "./panos-columns.ts";

const BERLIN = (localMs: number): number => localMs - 3_600_000;
const decoder = panos.open({ file: "fw.log", zone: BERLIN, year: 2026 });

const ROW: Readonly<Record<string, string>> = {
  domain: "1",
  receive_time: "2026/03/01 10:00:10",
  serial: "001801000001",
  type: "TRAFFIC",
  subtype: "end",
  config_ver: "2561",
  time_generated: "2026/03/01 10:00:09",
  src: "10.1.2.3",
  dst: "8.8.8.8",
  natsrc: "0.0.0.0",
  natdst: "0.0.0.0",
  rule: "outbound",
  app: "ms-ds-smbv3",
  from: "trust",
  to: "untrust",
  inbound_if: "ethernet1/2",
  outbound_if: "ethernet1/1",
  sessionid: "34001",
  sport: "50000",
  dport: "445",
  natsport: "0",
  natdport: "0",
  proto: "tcp",
  action: "allow",
  bytes: "15000",
  bytes_sent: "9000",
  bytes_received: "6000",
  packets: "43",
  start: "2026/03/01 10:00:00",
  elapsed: "5",
  seqno: "7001",
  pkts_sent: "24",
  pkts_received: "19",
  session_end_reason: "tcp-fin",
  device_name: "fw-1",
};

type Row = Readonly<Record<string, string>>;

function line(columns: number, row: Row = {}): string {
  const merged: Row = { ...ROW, ...row };
  return TRAFFIC_COLUMNS.slice(0, columns)
    .map((name) => merged[name] ?? "")
    .join(",");
}

function decodeLine(text: string): NetworkEvent {
  expect(decoder.frame(text)).toBe("record");
  const event = decoder.decode(text);
  if (event === undefined || event instanceof Undecodable) throw new Error("no event");
  return event;
}

const decode = (row: Row, columns = 54): NetworkEvent => decodeLine(line(columns, row));
const iso = (time: Timestamp | undefined): string | undefined => time && formatTimestamp(time);

test("the column list has the documented places", () => {
  const places = [
    "src",
    "dport",
    "proto",
    "action",
    "start",
    "session_end_reason",
    "device_name",
    "link_switches",
    "high_res_timestamp",
  ];
  expect(places.map((name) => TRAFFIC_COLUMNS.indexOf(name) + 1)).toEqual([
    8, 26, 30, 31, 36, 47, 53, 70, 103,
  ]);
});

test.each([
  [line(47), true],
  ["1,2026/03/01 10:00:10,0018,THREAT,url,1,", true],
  ["1,2026/03/01 10:00:10,0018,SYSTEM,general,0,", true],
  ["1,2026-03-01T10:00:10,0018,TRAFFIC,end,1,", false],
  ["Domain,Receive Time,Serial #,Type,Threat/Content Type", false],
  ["CEF:0|Palo Alto Networks|PAN-OS|10.0|end|TRAFFIC|1|", false],
])("of the lines, number %# is claimed or not", (text, expected) => {
  expect(panos.claims(text)).toBe(expected);
});

test.each([
  ["", "skip"],
  [line(30), "too_few_columns"],
  [line(31), "record"],
  ["1,2026/03/01 10:00:10,0018,SYSTEM,general,0", "record"],
  ["hello", "unknown_format"],
])("of the lines, number %# is framed as a record, skipped or refused", (text, expected) => {
  expect(decoder.frame(text)).toBe(expected);
});

test.each(["THREAT", "SYSTEM", "CONFIG", "HIP-MATCH", "DECRYPTION"])(
  "a %s row is sound and no event",
  (type) => {
    expect(decoder.decode(line(54, { type }))).toBeUndefined();
  },
);

test.each([44, 45, 46, 47, 54, 65, 75, 105, 115])(
  "a row of %i columns gives the same ends and bytes",
  (columns) => {
    const event = decode({}, columns);
    expect(event["destination.ip"]?.text).toBe("8.8.8.8");
    expect(event["destination.port"]).toBe(445);
    expect(event["source.bytes"]).toBe(9000);
    expect(event["destination.packets"]).toBe(columns > 45 ? 19 : undefined);
    expect(event["event.reason"]).toBe(columns > 46 ? "tcp-fin" : undefined);
    expect(event["observer.name"]).toBe(columns > 52 ? "fw-1" : "001801000001");
  },
);

test.each([
  [{ action: "allow" }, "allowed"],
  [{ action: "allow", session_end_reason: "policy-deny" }, "blocked"],
  [{ action: "allow", session_end_reason: "threat" }, "blocked"],
  [{ action: "allow", session_end_reason: "decrypt-cert-validation" }, "blocked"],
  [{ action: "allow", session_end_reason: "tcp-rst-from-server" }, "allowed"],
  [{ action: "allow", subtype: "drop" }, "blocked"],
  [{ action: "allow", subtype: "deny" }, "blocked"],
  [{ action: "deny" }, "blocked"],
  [{ action: "drop" }, "blocked"],
  [{ action: "drop-icmp" }, "blocked"],
  [{ action: "reset-client" }, "blocked"],
  [{ action: "reset-server" }, "blocked"],
  [{ action: "reset-both" }, "blocked"],
  [{ action: "reset both" }, "blocked"],
  [{ action: "something-new" }, "unknown"],
  [{ action: "" }, undefined],
])("%j is %s, and the vendor's word is kept", (row: Row, expected) => {
  const event = decode(row);
  expect(event["event.action"]).toBe(expected);
  expect(event["event.provider_action"]).toBe(row["action"] === "" ? undefined : row["action"]);
});

test.each([
  [{}, "established"],
  [{ app: "insufficient-data", bytes_received: "310" }, "established"],
  [{ app: "unknown-tcp" }, "established"],
  [{ bytes_received: "60", pkts_received: "1" }, undefined],
  [{ bytes_received: "0", pkts_received: "0" }, undefined],
  [{ app: "incomplete", bytes_received: "0", pkts_received: "0" }, "no-answer"],
  [{ app: "incomplete", bytes_received: "0", subtype: "start" }, undefined],
  [{ app: "incomplete", bytes_received: "0", action: "deny" }, undefined],
  [
    {
      app: "incomplete",
      bytes_received: "60",
      pkts_received: "1",
      session_end_reason: "tcp-rst-from-server",
    },
    "refused",
  ],
  [
    {
      app: "incomplete",
      bytes_received: "120",
      pkts_received: "2",
      session_end_reason: "tcp-rst-from-server",
    },
    undefined,
  ],
  [{ app: "not-applicable", bytes_received: "0" }, undefined],
])("%j proves %s", (row: Row, expected) => {
  expect(decode(row)["sallyport.state"]).toBe(expected);
});

test.each([
  ["10", { app: "not-applicable", action: "deny", bytes_sent: "66", bytes_received: "0" }, "blocked"],
  ["11", { action: "reset-both", bytes_sent: "620", bytes_received: "0" }, "blocked"],
  [
    "12",
    { app: "incomplete", session_end_reason: "aged-out", bytes_sent: "198", bytes_received: "0" },
    "attempted",
  ],
  ["13", {}, "established"],
  ["14", { app: "ms-ds-smbv2", bytes_sent: "220000000" }, "transferred"],
  ["59", { dport: "4450", bytes_sent: "700", bytes_received: "380" }, "established"],
])("row %s of the truth table", (_, row: Row, expected) => {
  const event = decode(row);
  const outcome = decideOutcome({
    action: event["event.action"],
    state: event["sallyport.state"],
    transport: event["network.transport"],
    bytesOut: event["source.bytes"],
    bytesIn: event["destination.bytes"],
    packetsIn: event["destination.packets"],
    byteCounting: panos.byteCounting,
    credentials: false,
    transfer: undefined,
    flippedOnly: false,
  });
  expect(outcome).toBe(expected);
});

test.each([
  [{ natsrc: "0.0.0.0", natsport: "0" }, undefined, undefined],
  [{ natsrc: "10.1.2.3", natsport: "50000" }, undefined, undefined],
  [{ natsrc: "11.22.33.9", natsport: "50000" }, "11.22.33.9", 50000],
  [{ natsrc: "11.22.33.9", natsport: "1024" }, "11.22.33.9", 1024],
  [{ natsrc: "", natsport: "" }, undefined, undefined],
])("of %j the translation is %s:%s", (row: Row, ip, port) => {
  const event = decode(row);
  expect(event["source.nat.ip"]?.text).toBe(ip);
  expect(event["source.nat.port"]).toBe(port);
});

test("times are the firewall's own, in the zone that is given", () => {
  const event = decode({});
  expect(iso(event["@timestamp"])).toBe("2026-03-01T09:00:00Z");
  expect(iso(event["event.end"])).toBe("2026-03-01T09:00:05Z");
});

test.each([
  ["gives the zone of the row's other times", "2026-03-01T10:00:09.417-05:00", "2026-03-01T15:00:00Z"],
  ["does not, where it shows another clock", "2026-03-01T17:00:09.417+08:00", "2026-03-01T09:00:00Z"],
  ["does not, without an offset", "2026-03-01T10:00:09.417", "2026-03-01T09:00:00Z"],
])("the high-resolution time %s", (_, high_res_timestamp, expected) => {
  expect(iso(decode({ high_res_timestamp }, 115)["@timestamp"])).toBe(expected);
});

test.each([
  [{ start: "" }, "2026-03-01T09:00:09Z", undefined],
  [{ start: "1970/01/01 00:00:00" }, "2026-03-01T09:00:09Z", undefined],
  [{ start: "", time_generated: "" }, "2026-03-01T09:00:10Z", undefined],
  [{ start: "soon" }, "2026-03-01T09:00:09Z", ["invalid_time"]],
])("with %j the time is %s", (row: Row, expected, problems) => {
  const event = decode(row);
  expect(iso(event["@timestamp"])).toBe(expected);
  expect(event["event.start"]).toBeUndefined();
  expect(event.problems).toEqual(problems);
});

test("a start row has no end, and a session 0 is none", () => {
  const event = decode({ subtype: "start", elapsed: "0", sessionid: "0", session_end_reason: "n/a" });
  expect(event["event.end"]).toBeUndefined();
  expect(event["network.session_id"]).toBeUndefined();
  expect(event["event.reason"]).toBeUndefined();
});

test("link switches are one value, whatever they hold, so that what stands behind them keeps its place", () => {
  const entry = fc
    .array(fc.stringMatching(/^[a-z0-9/: -]{0,8}$/), { minLength: 1, maxLength: 9 })
    .map((parts) => `{${parts.join(",")}}`);
  const high_res_timestamp = "2026-03-01T10:00:09.417+02:00";
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 4 }), (entries) => {
      const event = decode({ link_switches: entries.join(","), high_res_timestamp }, 115);
      expect(iso(event["@timestamp"])).toBe("2026-03-01T08:00:00Z");
      expect(event.record.get("link_switches") ?? "").toBe(entries.join(","));
    }),
  );
});

test("an open brace in the link switches leaves the row as it is", () => {
  expect(decode({ link_switches: "{isp-1", high_res_timestamp: "x" }, 115)["destination.port"]).toBe(445);
});

test("quotes hold commas, a doubled quote is one, a backslash is an ordinary character", () => {
  const event = decode({ rule: '"deny ""smb"", all"', srcuser: "corp\\alice" });
  expect(event["rule.name"]).toBe('deny "smb", all');
  expect(event["user.name"]).toBe("alice");
  expect(event["user.domain"]).toBe("corp");
  expect(event["destination.port"]).toBe(445);
});

test("a quote that does not close is said", () => {
  expect(decoder.decode(line(54, { rule: '"cut' }))).toMatchObject({ code: "csv_invalid" });
});

test("interfaces stand in for zones, totals for counters, the envelope for the device", () => {
  const bare = { from: "", to: "", bytes_sent: "", bytes_received: "", pkts_sent: "", pkts_received: "" };
  const event = decoder.decode(line(54, { ...bare, device_name: "", serial: "" }), { host: "relay" });
  expect(event).toMatchObject({
    "observer.ingress.zone": "ethernet1/2",
    "observer.egress.zone": "ethernet1/1",
    "network.bytes": 15000,
    "network.packets": 43,
    "observer.name": "relay",
  });
});

test("every field that a row sets is one that the dataset says it carries", () => {
  const carried: readonly string[] = panos.datasets["panw.panos"]?.carries ?? [];
  const event = decode({ srcuser: "a\\b", natsrc: "11.22.33.9", natsport: "9" }, 115);
  const set = Object.keys(event).filter((name) => name.includes(".") || name.startsWith("@"));
  expect(set.filter((name) => !carried.includes(name))).toEqual([]);
});
