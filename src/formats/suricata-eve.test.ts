/** Suricata EVE: what is claimed, how rows are oriented, and what their state proves. */
import { expect, test } from "vitest";
import type { NetworkEvent } from "../event/event.ts";
import { Undecodable } from "./format.ts";
import { suricataEve } from "./suricata-eve.ts";

const BERLIN = (localMs: number): number => localMs - 3_600_000;
const decoder = suricataEve.open({ file: "eve.json", zone: BERLIN, year: 2026 });

const BASE = {
  timestamp: "2026-03-01T10:00:09.000001+0000",
  flow_id: 42,
  src_ip: "10.1.2.3",
  src_port: 50000,
  dest_ip: "8.8.8.8",
  dest_port: 445,
  proto: "TCP",
};

function decode(row: Readonly<Record<string, unknown>>): NetworkEvent {
  const event = decoder.decode(JSON.stringify({ ...BASE, ...row }));
  if (event === undefined || event instanceof Undecodable) throw new Error("no event");
  return event;
}

function flow(client: number, server: number, state?: string): Readonly<Record<string, unknown>> {
  return { pkts_toserver: client, pkts_toclient: server, bytes_toserver: 900, bytes_toclient: 800, state };
}

function flags(client: string, server: string): Readonly<Record<string, unknown>> {
  return { tcp_flags_ts: client, tcp_flags_tc: server };
}

test.each([
  ["a flow row", { event_type: "flow", timestamp: "t", flow_id: 1 }, true],
  ["a statistics row, which has no flow", { timestamp: "t", event_type: "stats", stats: {} }, true],
  [
    "an alert on a packet outside any flow",
    { timestamp: "t", event_type: "alert", alert: { signature_id: 1 } },
    true,
  ],
  ["another product's alert", { timestamp: "t", event_type: "alert", user: "x" }, false],
  ["a row without a timestamp", { event_type: "flow", flow_id: 1 }, false],
  ["Zeek JSON", { ts: 1, uid: "C1", "id.orig_h": "10.1.2.3" }, false],
  ["Filebeat's nesting", { timestamp: "t", suricata: { eve: { event_type: "flow", flow_id: 1 } } }, false],
  [
    "an ECS row that quotes one",
    { "@timestamp": "t", event: { original: '{"event_type":"flow","timestamp":"t","flow_id":1}' } },
    false,
  ],
])("%s is claimed or not", (_, row, expected) => {
  expect(suricataEve.claims(JSON.stringify(row))).toBe(expected);
});

test.each([
  ["", "skip"],
  ['{"event_type":"flow"}', "record"],
  ['{"event_type":"flow"', "json_not_closed"],
])("framing of %j is %s", (line, expected) => {
  expect(decoder.frame(line)).toBe(expected);
});

test.each(["stats", "dns", "http", "fileinfo", "tls", "toString"])(
  "a %s row is sound and no event",
  (event_type) => {
    expect(decoder.decode(JSON.stringify({ ...BASE, event_type }))).toBeUndefined();
  },
);

test.each([
  ["{x}", "json_invalid"],
  ['{"event_type":7}', "record_invalid"],
])("%s cannot be decoded", (line, code) => {
  expect(decoder.decode(line)).toMatchObject({ code });
});

test.each([
  // state, TCP flags of client and server, packets of client and server, application, what it proves
  ["established", "1b", "1b", 9, 8, undefined, "established"],
  ["closed", "1b", "1b", 9, 8, undefined, "established"],
  ["closed", "02", "14", 1, 1, undefined, "refused"],
  ["closed", "1a", "1e", 9, 8, "smb", "established"],
  ["closed", "1a", "16", 4, 3, "smb", "refused"],
  ["closed", "16", "12", 3, 2, undefined, undefined],
  ["new", "02", "00", 3, 0, undefined, "no-answer"],
  ["new", "02", "12", 1, 2, undefined, undefined],
  ["new", "18", "00", 5, 0, undefined, "midstream"],
  ["new", "00", "00", 1, 0, undefined, "midstream"],
  ["new", "00", "00", 17, 15, undefined, "midstream"],
  ["established", "00", "12", 0, 2, undefined, "client-silent"],
  ["bypassed", "12", "12", 4, 4, "smb", "established"],
  ["bypassed", "12", "12", 4, 4, "failed", undefined],
])("a %s flow, flags %s/%s, packets %i/%i, application %s proves %s", (...row) => {
  const [state, client, server, sent, received, app_proto, expected] = row;
  const event = decode({
    event_type: "flow",
    app_proto,
    flow: flow(sent, received, state),
    tcp: flags(client, server),
  });
  expect(event["sallyport.state"]).toBe(expected);
});

test.each([
  ["new", 2, 0, "no-answer"],
  ["established", 2, 2, "established"],
])("a UDP flow that is %s with packets %i/%i is %s", (state, sent, received, expected) => {
  const event = decode({
    event_type: "flow",
    proto: "UDP",
    dest_port: 137,
    flow: flow(sent, received, state),
  });
  expect(event["sallyport.state"]).toBe(expected);
});

test("silence in an alert's counters proves nothing: they are those of a moment", () => {
  const event = decode({ event_type: "alert", alert: { action: "allowed" }, flow: flow(1, 0) });
  expect(event["sallyport.state"]).toBeUndefined();
});

test.each([
  [
    "the flow's own ends",
    { flow: { src_ip: "10.1.2.3", src_port: 50000, dest_ip: "8.8.8.8", dest_port: 445 } },
  ],
  ["the packet's direction", { direction: "to_client" }],
])("an alert on a server's packet is turned by %s; the packet's ends stay recorded", (_, more) => {
  const server = { src_ip: "8.8.8.8", src_port: 445, dest_ip: "10.1.2.3", dest_port: 50000 };
  const event = decode({ event_type: "alert", alert: { action: "allowed" }, ...server, ...more });
  expect(event["source.ip"]?.text).toBe("10.1.2.3");
  expect(event["source.port"]).toBe(50000);
  expect(event["destination.port"]).toBe(445);
  expect(event["recorded.source.ip"]).toBe("8.8.8.8");
  expect(event["recorded.source.port"]).toBe(445);
  expect(event["recorded.destination.port"]).toBe(50000);
});

test("a client's packet keeps its ends and has no recorded ones", () => {
  const event = decode({
    event_type: "alert",
    direction: "to_server",
    flow: { src_ip: "10.1.2.3", src_port: 50000 },
  });
  expect(event["source.port"]).toBe(50000);
  expect(event["recorded.source.port"]).toBeUndefined();
});

test("a row that says nothing of the flow's direction is left as it is: the flip comes later", () => {
  const event = decode({
    event_type: "netflow",
    src_port: 445,
    dest_port: 50000,
    netflow: { pkts: 10, bytes: 1900 },
  });
  expect(event["source.port"]).toBe(445);
  expect(event["source.bytes"]).toBe(1900);
  expect(event["destination.bytes"]).toBeUndefined();
});

test.each([
  ["alert", { alert: { action: "allowed" } }, "allowed", "allowed"],
  ["alert", { alert: { action: "blocked" } }, "blocked", "blocked"],
  ["alert", { alert: { action: "allowed" }, verdict: { action: "drop" } }, "drop", "blocked"],
  ["alert", { alert: { action: "allowed" }, verdict: { action: "alert" } }, "allowed", "allowed"],
  ["drop", { drop: { reason: "rules" } }, "drop", "blocked"],
  ["flow", { flow: { action: "drop" } }, "drop", "blocked"],
  ["flow", { flow: { action: "pass" } }, "pass", "allowed"],
  ["flow", { flow: { state: "closed" } }, undefined, undefined],
])("a row of kind %s with %j has the word %s and the verdict %s", (event_type, more, word, verdict) => {
  const event = decode({ event_type, ...more });
  expect(event["event.provider_action"]).toBe(word);
  expect(event["event.action"]).toBe(verdict);
});

test.each([
  [{ app_proto: "smb" }, "smb", ["smb"]],
  [{ app_proto: "failed", app_proto_tc: "smb" }, "smb", ["smb"]],
  [{ app_proto: "http", app_proto_tc: "smb" }, "http", ["http", "smb"]],
  [{ app_proto: "failed" }, undefined, undefined],
  [{ app_proto: "unknown" }, undefined, undefined],
])("of %j the application is %s", (words, protocol, applications) => {
  const event = decode({ event_type: "flow", flow: flow(1, 1, "new"), ...words });
  expect(event["network.protocol"]).toBe(protocol);
  expect(event["network.application"]).toEqual(applications);
});

const NTLM = { ntlmssp: { user: "alice", domain: "CORP", host: "WS" } };

test.each([
  [{ command: "SMB2_COMMAND_SESSION_SETUP", status: "STATUS_SUCCESS", ...NTLM }, "ntlm", "alice", true],
  [
    { command: "SMB2_COMMAND_SESSION_SETUP", status: "STATUS_LOGON_FAILURE", ...NTLM },
    "ntlm",
    "alice",
    false,
  ],
  [
    { command: "SMB1_COMMAND_SESSION_SETUP_ANDX", status: "STATUS_MORE_PROCESSING_REQUIRED", ...NTLM },
    "ntlm",
    "alice",
    undefined,
  ],
  [{ command: "SMB2_COMMAND_SESSION_SETUP", ...NTLM }, "ntlm", "alice", undefined],
  [
    { command: "SMB2_COMMAND_SESSION_SETUP", status: "STATUS_SUCCESS", kerberos: { realm: "CORP.EXAMPLE" } },
    "kerberos",
    undefined,
    true,
  ],
  [
    { command: "SMB2_COMMAND_SESSION_SETUP", status: "STATUS_SUCCESS", ntlmssp: { user: "", domain: "" } },
    undefined,
    undefined,
    undefined,
  ],
  [{ command: "SMB2_COMMAND_TREE_CONNECT", status: "STATUS_SUCCESS" }, undefined, undefined, undefined],
])("%j offers credentials by %s, user %s, accepted %s", (smb, protocol, user, success) => {
  const event = decode({ event_type: "smb", smb });
  expect(event["sallyport.state"]).toBe("established");
  expect(event["sallyport.auth.protocol"]).toBe(protocol);
  expect(event["sallyport.auth.user"]).toBe(user);
  expect(event["sallyport.auth.success"]).toBe(success);
});

test.each([
  [{ command: "SMB2_COMMAND_WRITE", status: "STATUS_SUCCESS", filename: "a" }, "upload"],
  [{ command: "SMB1_COMMAND_READ_ANDX", status: "STATUS_SUCCESS", filename: "a" }, "download"],
  [{ command: "SMB2_COMMAND_READ", status: "STATUS_END_OF_FILE", filename: "a" }, undefined],
  [{ command: "SMB2_COMMAND_WRITE", status: "STATUS_SUCCESS", dcerpc: {} }, undefined],
  [{ command: "SMB2_COMMAND_CREATE", status: "STATUS_SUCCESS", filename: "a" }, undefined],
])("%j is the transfer %s", (smb, transfer) => {
  expect(decode({ event_type: "smb", smb })["sallyport.transfer"]).toBe(transfer);
});

test.each([
  [[{ name: "alpn", type: 16, values: ["h3"] }], "h3"],
  [
    [
      { type: 0, values: ["x"] },
      { type: 16, values: ["h3", "smb"] },
    ],
    "smb",
  ],
  [[{ name: "server_name", type: 0, values: ["smb"] }], undefined],
  ["none", undefined],
])("of the QUIC extensions %j the next protocol is %s", (extensions, expected) => {
  const event = decode({ event_type: "quic", proto: "UDP", quic: { extensions } });
  expect(event["tls.next_protocol"]).toBe(expected);
});

test.each([
  [{ flow: { start: "2026-03-01T11:00:00.5+0100" } }, "2026-03-01T10:00:00.500Z"],
  [{ timestamp: "2026-03-01T11:00:00" }, "2026-03-01T10:00:00.000Z"],
  [{}, "2026-03-01T10:00:09.000Z"],
])("of %j the time is %s", (more, expected) => {
  const event = decode({ event_type: "alert", ...more });
  expect(new Date(event["@timestamp"]?.ms ?? 0).toISOString()).toBe(expected);
});

test("a time that is none is noted and left out", () => {
  const event = decode({ event_type: "alert", timestamp: "yesterday" });
  expect(event["@timestamp"]).toBeUndefined();
  expect(event.problems).toEqual(["invalid_time"]);
});

test("the sensor's name is the row's own, else the one of the syslog envelope", () => {
  const line = JSON.stringify({ ...BASE, event_type: "alert" });
  const named = JSON.stringify({ ...BASE, event_type: "alert", host: "sensor-1" });
  expect(decoder.decode(line, { host: "relay" })).toMatchObject({ "observer.name": "relay" });
  expect(decoder.decode(named, { host: "relay" })).toMatchObject({ "observer.name": "sensor-1" });
});

test("every field that a row sets is one that its dataset says it carries", () => {
  for (const event of [
    decode({
      event_type: "flow",
      host: "s",
      community_id: "1:x",
      flow: { ...flow(2, 2, "closed"), reason: "timeout" },
    }),
    decode({
      event_type: "alert",
      alert: { action: "allowed", signature: "x" },
      smb: { ...NTLM, share: "s" },
    }),
  ]) {
    const carried: readonly string[] = suricataEve.datasets["suricata.flow"].carries;
    const all = event.dataset === "suricata.flow" ? carried : suricataEve.datasets["suricata.alert"].carries;
    const set = Object.keys(event).filter((name) => name.includes(".") || name.startsWith("@"));
    expect(set.filter((name) => !(all as readonly string[]).includes(name))).toEqual([]);
  }
});
