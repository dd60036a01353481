/** ECS documents: envelopes, verdicts, and what each product behind them proves. */
import { describe, expect, test } from "vitest";
import type { NetworkEvent } from "../event/event.ts";
import { ecs } from "./ecs.ts";
import { Undecodable } from "./format.ts";

const decoder = ecs.open({ file: "-", zone: (ms) => ms, year: 2026 });

const ENDS = {
  source: { ip: "10.1.2.3", port: 50001 },
  destination: { ip: "8.8.8.8", port: 445 },
  network: { transport: "tcp" },
};

function read(fields: object): NetworkEvent {
  const event = decoder.decode(JSON.stringify({ "@timestamp": "2026-03-01T10:00:00Z", ...ENDS, ...fields }));
  if (event === undefined || event instanceof Undecodable) throw new Error("not decoded");
  return event;
}

describe("claims", () => {
  test.each([
    ['{"@timestamp":"2026-03-01T10:00:00Z","source":{"ip":"10.1.2.3"}}', true],
    ['{"@timestamp":"2026-03-01T10:00:00Z","destination.ip":"8.8.8.8"}', true],
    ['{"@timestamp":"2026-03-01T10:00:00Z","ecs":{"version":"8.17.0"},"message":"x"}', true],
    ['{"_index":"logs","_id":"1","_source":{"a":1}}', true],
    ['{"_index":"logs","_id":"1","fields":{"@timestamp":["x"],"source.ip":["10.1.2.3"]}}', true],
    ['{"@timestamp":"2026-03-01T10:00:00Z","message":"x"}', false],
    ['{"timestamp":"2026-03-01T10:00:00Z","source":{"ip":"10.1.2.3"}}', false],
    ['"@timestamp" "source":', false],
  ])("%s: %s", (line, claimed) => {
    expect(ecs.claims(line)).toBe(claimed);
  });
});

describe("framing", () => {
  test.each([
    ["{}", "record"],
    ["  ", "skip"],
    ['{"a":1', "json_not_closed"],
    ["text", "json_not_closed"],
  ])("%j is %s", (line, framed) => {
    expect(decoder.frame(line)).toBe(framed);
  });

  test("a framed line that is no JSON is undecodable", () => {
    expect(decoder.decode("{nothing}")).toEqual(new Undecodable("json_invalid"));
  });
});

describe("records", () => {
  test("the names of an envelope and of its document are both reachable", () => {
    const line = JSON.stringify({
      _index: "i",
      _id: "7",
      _source: { "@timestamp": "2026-03-01T10:00:00Z", ...ENDS },
    });
    const event = decoder.decode(line);
    if (event === undefined || event instanceof Undecodable) throw new Error("not decoded");
    expect(event["event.id"]).toBe("7");
    expect(event.record.get("source.ip")).toBe("10.1.2.3");
    expect(event.record.get("_index")).toBe("i");
    expect([...event.record.entries()].map(([name]) => name)).not.toContain("_source.source.ip");
  });

  test.each([
    ["a process", { event: { category: ["process"] } }],
    [
      "a login with a source",
      { event: { category: ["authentication"] }, source: { ip: "10.1.2.3", port: 1 } },
    ],
    ["a web access without a destination", { source: { ip: "10.1.2.3" }, url: { path: "/" } }],
    ["nothing", {}],
  ])("%s is no network event", (_, fields) => {
    expect(
      decoder.decode(JSON.stringify({ "@timestamp": "2026-03-01T10:00:00Z", ...fields })),
    ).toBeUndefined();
  });

  test.each([
    ["no destination address", { destination: { port: 445 } }, ["missing_destination"]],
    ["no source address", { source: { port: 50001 } }, ["missing_source"]],
    ["an empty source", { source: { ip: "" } }, ["missing_source"]],
    ["a port with a fraction", { destination: { ip: "8.8.8.8", port: 445.5 } }, ["invalid_port"]],
    [
      "an octal address",
      { destination: { ip: "010.1.2.3", port: 445 } },
      ["invalid_address", "missing_destination"],
    ],
    ["two sources", { source: { ip: ["10.1.2.3", "10.1.2.4"] } }, ["multi_valued_address"]],
    ["a time of another kind", { "@timestamp": "yesterday" }, ["invalid_time", "missing_time"]],
  ])("%s is an event with its problems", (_, fields, problems) => {
    expect(read(fields).problems).toEqual(problems);
  });

  test("an address that stands in .address alone is used, a name is not", () => {
    expect(read({ source: { address: "10.1.2.9" } })["source.ip"]?.text).toBe("10.1.2.9");
    expect(read({ source: { address: "pc-17" } })["source.ip"]).toBeUndefined();
  });

  test("the application's word is kept as written beside the set", () => {
    const event = read({ network: { application: "gssapi,SMB,ntlm", protocol: "smb" } });
    expect(event["network.protocol"]).toBe("gssapi,SMB,ntlm");
    expect(event["network.application"]).toEqual(["gssapi", "smb", "ntlm"]);
    expect(read({ network: { protocol: "smb" } })["network.protocol"]).toBe("smb");
  });

  test("epoch milliseconds are a time", () => {
    expect(read({ "@timestamp": 1772359200250 })["@timestamp"]).toEqual({
      ms: 1772359200250,
      fraction: "250",
    });
  });

  test.each([
    [
      "event.start plus duration",
      { event: { start: "2026-03-01T10:00:00Z", duration: 1500000000 } },
      1772359201500,
    ],
    ["Zeek's time plus duration", { event: { dataset: "zeek.connection", duration: 2e9 } }, 1772359202000],
    ["no start", { event: { duration: 1500000000 } }, undefined],
  ])("the end of the activity: %s", (_, fields, ms) => {
    expect(read(fields)["event.end"]?.ms).toBe(ms);
  });
});

describe("verdict", () => {
  test.each([
    ["a plain action", { action: "Deny" }, "blocked", "Deny"],
    ["a list of one", { action: ["allowed"] }, "allowed", "allowed"],
    [
      "the source's own word kept beside",
      { action: "blocked", provider_action: "reset-both" },
      "blocked",
      "reset-both",
    ],
    [
      "a type, where the action is how it ended",
      { action: "close", type: ["end", "allowed"] },
      "allowed",
      "close",
    ],
    ["denied before allowed", { type: ["denied", "allowed"] }, "blocked", undefined],
    ["an action of the pipeline", { action: "firewall-rule", type: ["denied"] }, "blocked", "firewall-rule"],
    ["how it ended, alone", { action: "teardown" }, "unknown", "teardown"],
    ["an action that is no verdict", { action: "network_flow" }, undefined, "network_flow"],
    ["only an outcome", { outcome: "failure" }, undefined, undefined],
    ["a block that went well", { outcome: "success", type: ["denied"] }, "blocked", undefined],
    ["nothing", {}, undefined, undefined],
    ["the action of PAN-OS", { dataset: "panw.panos", action: "flow_terminated" }, "allowed", "allow"],
    ["a session that PAN-OS cut off", { dataset: "panw.panos", reason: "policy-deny" }, "blocked", "allow"],
    ["a refusal that Zeek saw", { dataset: "zeek.connection", type: ["denied"] }, undefined, undefined],
    ["5156", { code: 5156, provider: "Microsoft-Windows-Security-Auditing" }, "allowed", undefined],
    ["5157", { code: "5157", provider: "Microsoft-Windows-Security-Auditing" }, "blocked", undefined],
  ])("%s", (_, event, action, word) => {
    const read_ = read({ event, panw: { panos: { action: "allow" } } });
    expect(read_["event.action"]).toBe(action);
    expect(read_["event.provider_action"]).toBe(word);
  });
});

describe("state", () => {
  const sides = (out: number, back: number): object => ({
    source: { ...ENDS.source, bytes: out },
    destination: { ...ENDS.destination, bytes: back },
  });

  test.each([
    ["Zeek SF", { event: { dataset: "zeek.conn" }, zeek: { connection: { state: "SF" } } }, "established"],
    ["Zeek S0", { event: { dataset: "zeek.conn" }, zeek: { connection: { state: "S0" } } }, "no-answer"],
    ["Zeek REJ", { event: { dataset: "zeek.conn" }, zeek: { connection: { state: "REJ" } } }, "refused"],
    [
      "Zeek backscatter",
      {
        event: { dataset: "zeek.conn" },
        zeek: { connection: { state: "OTH", history: "^h" } },
        source: { ...ENDS.source, packets: 0 },
      },
      "client-silent",
    ],
    [
      "a Zeek reset after payload of both",
      { event: { dataset: "zeek.conn" }, zeek: { connection: { state: "RSTO", history: "ShADadR" } } },
      "established",
    ],
    [
      "a Zeek reset with no more than headers",
      { event: { dataset: "zeek.conn" }, zeek: { connection: { state: "RSTO" } }, ...sides(156, 104) },
      "refused",
    ],
    ["a row of zeek.smb_files", { event: { dataset: "zeek.smb_files" } }, "established"],
    [
      "an ASA teardown with bytes",
      { event: { dataset: "cisco_asa.log", code: "302014" }, network: { bytes: 5231 } },
      "established",
    ],
    [
      "an ASA teardown without",
      { event: { dataset: "cisco_asa.log", code: "302014" }, network: { bytes: 0 } },
      "no-answer",
    ],
    [
      "an ASA SYN timeout",
      { event: { dataset: "cisco_asa.log", code: "302014", reason: "SYN Timeout" }, network: { bytes: 44 } },
      "no-answer",
    ],
    [
      "an ASA reset from outside",
      { event: { dataset: "cisco_asa.log", code: "302014", reason: "TCP Reset-O" }, network: { bytes: 0 } },
      "refused",
    ],
    [
      "another ASA message",
      { event: { dataset: "cisco_asa.log", code: "302013" }, network: { bytes: 9 } },
      undefined,
    ],
    [
      "App-ID and an answer",
      { event: { dataset: "panw.panos" }, network: { application: "ms-ds-smbv3" }, ...sides(700, 380) },
      "established",
    ],
    [
      "App-ID without an answer",
      { event: { dataset: "panw.panos" }, network: { application: "ms-ds-smbv3" }, ...sides(620, 0) },
      undefined,
    ],
    [
      "incomplete",
      { event: { dataset: "panw.panos" }, network: { application: "incomplete" }, ...sides(198, 66) },
      undefined,
    ],
    [
      "SYN and ACK in a VPC record",
      { event: { dataset: "aws.vpcflow" }, aws: { vpcflow: { tcp_flags: "19" } } },
      "established",
    ],
    [
      "SYN and FIN in a VPC record",
      { event: { dataset: "aws.vpcflow" }, aws: { vpcflow: { tcp_flags: 3 } } },
      undefined,
    ],
    [
      "Suricata established",
      { event: { dataset: "suricata.eve" }, suricata: { eve: { flow: { state: "established" } } } },
      "established",
    ],
    ["Sysmon 3", { event: { code: 3, provider: "Microsoft-Windows-Sysmon" } }, "established"],
    ["5156", { event: { code: 5156, provider: "Microsoft-Windows-Security-Auditing" } }, undefined],
    ["FortiGate ip-conn", { event: { dataset: "fortinet_fortigate.log", action: "ip-conn" } }, "no-answer"],
    [
      "FortiGate close",
      { event: { dataset: "fortinet_fortigate.log", action: "close" }, ...sides(700, 4100) },
      undefined,
    ],
    ["no product at all", sides(700, 4100), undefined],
  ])("%s: %s", (_, fields, state) => {
    expect(read(fields)["sallyport.state"]).toBe(state);
  });

  test("the usual name of a port is no application in a Sysmon document", () => {
    const event = read({
      event: { code: "3", provider: "Microsoft-Windows-Sysmon" },
      network: { transport: "tcp", protocol: "microsoft-ds" },
    });
    expect(event["network.protocol"]).toBeUndefined();
    expect(event["network.application"]).toBeUndefined();
  });
});

describe("credentials", () => {
  test("an application set alone is left to derivation, which knows whether the connection is SMB", () => {
    const event = read({ network: { application: "gssapi,smb,ntlm" } });
    expect(event["sallyport.auth.protocol"]).toBeUndefined();
    expect(event["network.application"]).toEqual(["gssapi", "smb", "ntlm"]);
  });

  test("Zeek's NTLM fields name the account", () => {
    const event = read({ zeek: { ntlm: { username: "alice", domainname: "CORP", success: "true" } } });
    expect(event["sallyport.auth.protocol"]).toBe("ntlm");
    expect(event["sallyport.auth.user"]).toBe("alice");
    expect(event["sallyport.auth.domain"]).toBe("CORP");
    expect(event["sallyport.auth.success"]).toBe(true);
  });

  test.each([
    ["SMB::FILE_WRITE", "upload"],
    ["SMB::FILE_READ", "download"],
    ["SMB::FILE_OPEN", undefined],
  ])("the file action %s is %s", (action, transfer) => {
    const event = read({ event: { dataset: "zeek.smb_files" }, zeek: { smb_files: { action } } });
    expect(event["sallyport.transfer"]).toBe(transfer);
  });
});
