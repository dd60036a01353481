// Sysmon 15 event 3: as Winlogbeat 8 documents, and as JSON lines made from an .evtx file.
// Reference: https://learn.microsoft.com/en-us/sysinternals/downloads/sysmon#event-id-3-network-connection
import { createRandom } from "./random.mjs";
import { session } from "./session.mjs";
import { LURE } from "./story.mjs";
import { DNS_SUFFIX, DOMAIN, HOSTS, isoMicro, isoMilli, microseconds } from "./world.mjs";

const PROVIDER = "Microsoft-Windows-Sysmon";
const CHANNEL = "Microsoft-Windows-Sysmon/Operational";
const GUID = "5770385F-C22A-43E0-BF4C-06F5698FFBD9";

const SYSTEM = { Image: "System", ProcessId: "4", User: "NT AUTHORITY\\SYSTEM" };
const BROWSER = { Image: "C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe", ProcessId: "7312" };

/** The director's laptop at home: no sensor of the company sees this connection, only its own log. */
const AT_HOME = session({
  at: "20:17:45.903117",
  seconds: 2,
  from: "192.168.1.23 50944",
  to: "208.67.220.123 445",
  app: "smb",
});

/** The Winlogbeat file: the workstation that followed the lure, and its neighbours' file shares. */
export function winlogbeatText() {
  const random = createRandom("winlogbeat");
  const rows = [{ one: LURE, host: "WS-ACCOUNTS-07", process: SYSTEM }];
  for (let index = 0; index < 26; index++) rows.push(ordinary(random, `10.20.10.${random.int(20, 31)}`));
  const lines = byTime(rows).map((row, index) => JSON.stringify(winlogbeat(row, 41_800 + index, random)));
  return `${lines.join("\n")}\n`;
}

/** The .evtx file of the laptop, as JSON lines. */
export function evtxText() {
  const random = createRandom("evtx");
  const rows = [{ one: AT_HOME, host: "LAP-DIRECTOR-01", process: SYSTEM }];
  rows.push({
    one: session({ at: "20:20:11.700", from: "192.168.1.9 51100", to: "192.168.1.23 445" }),
    host: "LAP-DIRECTOR-01",
    process: SYSTEM,
    inbound: true,
  });
  for (let index = 0; index < 15; index++)
    rows.push({ ...ordinary(random, "192.168.1.23", "192.168.1.2"), host: "LAP-DIRECTOR-01" });
  const lines = byTime(rows).map((row, index) => JSON.stringify(evtx(row, 9_100 + index, random)));
  return `${lines.join("\n")}\n`;
}

function ordinary(random, ip, server = HOSTS.files1) {
  const smb = random.chance(0.6);
  const one = session({
    at: microseconds("08:00:00") + random.int(0, 32_000_000) * 1000,
    from: `${ip} ${random.int(49152, 65535)}`,
    to: smb ? `${server} 445` : `${random.pick(["1.1.1.1", "8.8.8.8"])} 443`,
  });
  const process = smb ? SYSTEM : { ...BROWSER, User: `${DOMAIN}\\m.okafor` };
  return { one, host: `WS-${ip.split(".").slice(2).join("-")}`, process };
}

// Sysmon writes its event some milliseconds after the connection.
function byTime(rows) {
  return rows.sort((a, b) => a.one.start - b.one.start);
}

function eventData({ one, host, process, inbound = false }, random) {
  const server = one.destination.port === 445 ? "microsoft-ds" : "https";
  return {
    RuleName: "-",
    UtcTime: isoMilli(one.start).replace("T", " "),
    ProcessGuid: `{4d1f0a52-${random.hex(4)}-69a5-${random.hex(4)}-000000001d00}`,
    ProcessId: process.ProcessId,
    Image: process.Image,
    User: process.User,
    Protocol: one.transport,
    Initiated: String(!inbound),
    SourceIsIpv6: "false",
    SourceIp: one.source.ip,
    SourceHostname: inbound ? "-" : `${host.toLowerCase()}.${DNS_SUFFIX}`,
    SourcePort: String(one.source.port),
    SourcePortName: "-",
    DestinationIsIpv6: "false",
    DestinationIp: one.destination.ip,
    DestinationHostname: "-",
    DestinationPort: String(one.destination.port),
    DestinationPortName: server,
  };
}

function winlogbeat(row, record, random) {
  const computer = `${row.host}.${DNS_SUFFIX}`;
  return {
    "@timestamp": `${isoMilli(row.one.start + 1_310_000)}Z`,
    "@metadata": { beat: "winlogbeat", type: "_doc", version: "8.17.0" },
    agent: { name: row.host, type: "winlogbeat", version: "8.17.0" },
    ecs: { version: "8.0.0" },
    event: {
      action: "Network connection detected (rule: NetworkConnect)",
      code: "3",
      created: `${isoMilli(row.one.start + 2_644_000)}Z`,
      kind: "event",
      provider: PROVIDER,
    },
    host: { name: computer },
    log: { level: "information" },
    winlog: {
      api: "wineventlog",
      channel: CHANNEL,
      computer_name: computer,
      event_data: eventData(row, random),
      event_id: "3",
      opcode: "Info",
      process: { pid: 3388, thread: { id: 4712 } },
      provider_guid: `{${GUID}}`,
      provider_name: PROVIDER,
      record_id: record,
      task: "Network connection detected (rule: NetworkConnect)",
      user: { domain: "NT AUTHORITY", identifier: "S-1-5-18", name: "SYSTEM", type: "User" },
      version: 5,
    },
  };
}

function evtx(row, record, random) {
  const data = eventData(row, random);
  const typed = {
    ProcessId: Number(data.ProcessId),
    Initiated: data.Initiated === "true",
    SourceIsIpv6: false,
    SourcePort: row.one.source.port,
    DestinationIsIpv6: false,
    DestinationPort: row.one.destination.port,
  };
  return {
    Event: {
      "#attributes": { xmlns: "http://schemas.microsoft.com/win/2004/08/events/event" },
      System: {
        Provider: { "#attributes": { Name: PROVIDER, Guid: GUID } },
        EventID: 3,
        Version: 5,
        Level: 4,
        Task: 3,
        Opcode: 0,
        Keywords: "0x8000000000000000",
        TimeCreated: { "#attributes": { SystemTime: `${isoMicro(row.one.start + 1_310_000)}Z` } },
        EventRecordID: record,
        Correlation: null,
        Execution: { "#attributes": { ProcessID: 3388, ThreadID: 4712 } },
        Channel: CHANNEL,
        Computer: `${row.host}.${DNS_SUFFIX}`,
        Security: { "#attributes": { UserID: "S-1-5-18" } },
      },
      EventData: { ...data, ...typed },
    },
  };
}
