/** Windows events: the shapes, and what rules written against Sysmon find in each. */
import { describe, expect, test } from "vitest";
import type { NetworkEvent } from "../event/event.ts";
import { Undecodable } from "./format.ts";
import { sysmon } from "./sysmon.ts";

const decoder = sysmon.open({ file: "-", zone: (ms) => ms - 3_600_000, year: 2026 });

const DATA = {
  UtcTime: "2026-03-01 10:00:00.125",
  ProcessId: "4",
  Image: "System",
  User: "NT AUTHORITY\\SYSTEM",
  Protocol: "tcp",
  Initiated: "true",
  SourceIp: "10.1.2.3",
  SourcePort: "50001",
  SourceHostname: "-",
  DestinationIp: "8.8.8.8",
  DestinationPort: "445",
  DestinationHostname: "files.example.net",
  DestinationPortName: "microsoft-ds",
};

const CHANNEL = "Microsoft-Windows-Sysmon/Operational";
const PROVIDER = "Microsoft-Windows-Sysmon";

const SHAPES: readonly (readonly [string, object])[] = [
  [
    "a Winlogbeat document",
    {
      "@timestamp": "2026-03-01T10:00:01Z",
      winlog: {
        event_id: "3",
        provider_name: PROVIDER,
        channel: CHANNEL,
        computer_name: "PC-17",
        event_data: DATA,
      },
    },
  ],
  [
    "a flattened Winlogbeat document",
    {
      "winlog.event_id": 3,
      "winlog.provider_name": PROVIDER,
      "winlog.computer_name": "PC-17",
      ...Object.fromEntries(
        Object.entries(DATA).map(([name, value]) => [`winlog.event_data.${name}`, value]),
      ),
    },
  ],
  [
    "a Winlogbeat document in Elasticsearch's envelope",
    {
      _index: "i",
      _id: "1",
      _source: { winlog: { event_id: 3, provider_name: PROVIDER, computer_name: "PC-17", event_data: DATA } },
    },
  ],
  ["a Winlogbeat 6 document", { event_id: 3, log_name: CHANNEL, computer_name: "PC-17", event_data: DATA }],
  [
    "a document that Elastic's pipeline has mapped",
    {
      "@timestamp": "2026-03-01T10:00:00.125Z",
      event: { code: "3", provider: PROVIDER },
      winlog: { event_id: "3", computer_name: "PC-17", event_data: {} },
      source: { ip: "10.1.2.3", port: 50001 },
      destination: { ip: "8.8.8.8", port: 445, domain: "files.example.net" },
      network: { transport: "tcp", direction: "egress", protocol: "microsoft-ds" },
      process: { pid: 4, executable: "System" },
      user: { domain: "NT AUTHORITY", name: "SYSTEM" },
    },
  ],
  ["a flat record", { EventID: 3, SourceName: PROVIDER, Channel: CHANNEL, Hostname: "PC-17", ...DATA }],
  [
    "XML as JSON",
    {
      Event: {
        System: {
          Provider: { "#attributes": { Name: PROVIDER } },
          EventID: 3,
          Channel: CHANNEL,
          Computer: "PC-17",
        },
        EventData: DATA,
      },
    },
  ],
  [
    "XML as JSON with attributes aside",
    {
      Event: {
        System: { Provider_attributes: { Name: PROVIDER }, EventID: { "#text": 3 }, Computer: "PC-17" },
        EventData: DATA,
      },
    },
  ],
  [
    "XML as JSON with a list of data",
    {
      Event: {
        System: { Provider: { "@Name": PROVIDER }, EventID: "3", Computer: "PC-17" },
        EventData: { Data: Object.entries(DATA).map(([name, text]) => ({ "@Name": name, "#text": text })) },
      },
    },
  ],
  [
    "System and EventData without Event",
    { System: { EventID: { Value: 3 }, Channel: CHANNEL, Computer: "PC-17" }, EventData: DATA },
  ],
];

function read(object: object): NetworkEvent {
  const line = JSON.stringify(object);
  expect(sysmon.claims(line)).toBe(true);
  const event = decoder.decode(line);
  if (event === undefined || event instanceof Undecodable) throw new Error("not decoded");
  return event;
}

describe.each(SHAPES)("%s", (_, object) => {
  test("is one and the same connection", () => {
    const event = read(object);
    expect(event).toMatchObject({
      dataset: "windows.sysmon_operational",
      "@timestamp": { ms: 1772359200125 },
      "event.code": "3",
      "event.provider": PROVIDER,
      "source.port": 50001,
      "destination.port": 445,
      "destination.domain": "files.example.net",
      "network.transport": "tcp",
      "network.direction": "egress",
      "process.pid": 4,
      "process.executable": "System",
      "user.name": "SYSTEM",
      "user.domain": "NT AUTHORITY",
      "host.name": "PC-17",
      "observer.name": "PC-17",
      "sallyport.state": "established",
    });
    expect([event["source.ip"]?.text, event["destination.ip"]?.text]).toEqual(["10.1.2.3", "8.8.8.8"]);
    expect(event["event.action"]).toBeUndefined();
    expect(event["network.application"]).toBeUndefined();
    expect(event["source.address"]).toBeUndefined();
    expect(event.problems).toBeUndefined();
  });

  test.each([
    ["Initiated", "true"],
    ["DestinationIp", "8.8.8.8"],
    ["Image", "System"],
    ["User", "NT AUTHORITY\\SYSTEM"],
    ["EventID", "3"],
  ])("gives a rule for Sysmon its %s", (name, value) => {
    expect(String(read(object).record.get(name))).toBe(value);
  });
});

test("data without any header are a connection by their names", () => {
  expect(read(DATA)).toMatchObject({
    "event.code": "3",
    "event.provider": PROVIDER,
    "destination.port": 445,
  });
});

test("the whole path of a value is reachable too", () => {
  const event = read({ Event: { System: { EventID: 3, Channel: CHANNEL }, EventData: DATA } });
  expect(event.record.get("Event.EventData.Initiated")).toBe("true");
});

test.each([
  [{ Initiated: "false" }, "ingress"],
  [{ Initiated: true }, "egress"],
  [{ Initiated: "-" }, undefined],
])("of %j the direction is %s, and the ends stay as recorded", (data, direction) => {
  const event = read({ ...DATA, ...data });
  expect(event["network.direction"]).toBe(direction);
  expect(event["source.ip"]?.text).toBe("10.1.2.3");
});

test("a datagram that was sent establishes nothing", () => {
  expect(read({ ...DATA, Protocol: "udp" })["sallyport.state"]).toBeUndefined();
});

test("an address in the host name's place is no domain", () => {
  expect(read({ ...DATA, DestinationHostname: "8.8.8.8" })["destination.domain"]).toBeUndefined();
});

test.each([
  [{ EventTime: "2026-03-01T11:00:00+01:00", "@timestamp": "2026-03-01T10:00:05Z" }, 1772359200000],
  [{ EventTime: "2026-03-01 11:00:00", "@timestamp": "2026-03-01T10:00:05Z" }, 1772359205000],
  [{ EventTime: "2026-03-01 11:00:00" }, 1772359200000],
])("without UtcTime the time of %j is trusted by its zone", (times, ms) => {
  const { UtcTime, ...data } = DATA;
  expect(read({ EventID: 3, SourceName: PROVIDER, ...data, ...times })["@timestamp"]?.ms).toBe(ms);
});

describe("the Filtering Platform", () => {
  const FILTERED = {
    SourceName: "Microsoft-Windows-Security-Auditing",
    Channel: "Security",
    EventTime: "2026-03-01T10:00:00Z",
    ProcessId: "4",
    Application: "System",
    SourceAddress: "10.1.2.3",
    SourcePort: "50001",
    DestAddress: "8.8.8.8",
    DestPort: "445",
    Protocol: "6",
  };

  test.each([
    [5152, "%%14592", "blocked", "ingress"],
    [5156, "%%14593", "allowed", "egress"],
    [5157, "Outbound", "blocked", "egress"],
  ])("%s %s is %s, %s", (EventID, Direction, action, direction) => {
    const event = read({ ...FILTERED, EventID, Direction });
    expect(event).toMatchObject({
      dataset: "system.security",
      "event.action": action,
      "network.direction": direction,
      "network.transport": "tcp",
      "destination.port": 445,
    });
    expect(event["sallyport.state"]).toBeUndefined();
  });

  test("type and code of ICMP are no ports", () => {
    const event = read({ ...FILTERED, EventID: 5156, Protocol: "1", SourcePort: "8", DestPort: "0" });
    expect([event["source.port"], event["destination.port"]]).toEqual([undefined, undefined]);
  });

  test("a bind to a port is no connection", () => {
    expect(decoder.decode(JSON.stringify({ ...FILTERED, EventID: 5158 }))).toBeUndefined();
  });
});

test.each([
  ["Sysmon 1", { EventID: 1, SourceName: PROVIDER, Channel: CHANNEL, UtcTime: "x", Image: "cmd.exe" }],
  ["Sysmon 1 without a header", { UtcTime: "x", ProcessGuid: "{0}", Image: "cmd.exe" }],
  ["event 3 of another provider", { EventID: 3, SourceName: "Other", Channel: "System", ...DATA }],
  [
    "PowerShell from Winlogbeat",
    { winlog: { event_id: "4104", provider_name: "Microsoft-Windows-PowerShell" } },
  ],
  [
    "a logon",
    { Event: { System: { EventID: 4624, Channel: "Security" }, EventData: { IpAddress: "10.1.2.3" } } },
  ],
])("%s is claimed, and is no network event", (_, object) => {
  const line = JSON.stringify(object);
  expect(sysmon.claims(line)).toBe(true);
  expect(decoder.decode(line)).toBeUndefined();
});

test.each([
  ['{"EventID":3,"src":"10.1.2.3"}'],
  ['{"event_type":"flow","src_ip":"10.1.2.3"}'],
  ['{"@timestamp":"x","source":{"ip":"10.1.2.3"}}'],
  ["EventID Channel"],
])("%s is not claimed", (line) => {
  expect(sysmon.claims(line)).toBe(false);
});
