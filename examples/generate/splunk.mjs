// Splunk exports of CIM Network_Traffic fields: the Rotterdam office, as JSON result lines and as CSV.
// Reference: https://docs.splunk.com/Documentation/CIM/latest/User/NetworkTraffic
import { createRandom } from "./random.mjs";
import { session } from "./session.mjs";
import { isOurs, isoMilli, microseconds } from "./world.mjs";

const COLUMNS = [
  "_time",
  "action",
  "app",
  "bytes",
  "bytes_in",
  "bytes_out",
  "dest",
  "dest_ip",
  "dest_port",
  "direction",
  "dvc",
  "protocol",
  "rule",
  "sourcetype",
  "src",
  "src_ip",
  "src_port",
  "transport",
  "user",
  "vendor_product",
];

/** Morning rows go to the JSON export, afternoon rows to the CSV. */
const STORY = [
  session({
    at: "08:47:13.204",
    from: "10.20.97.12 50411",
    to: "94.140.14.15 445",
    app: "smb",
    seconds: 8,
    out: 5122,
    in: 3977,
    action: "allowed",
    rule: "rtm-any-out",
    user: "HARBOURPIKE\\j.visser",
  }),
  session({
    at: "09:58:40.661",
    from: "10.20.97.30 50590",
    to: "9.9.9.12 445",
    app: "unknown",
    counted: false,
    action: "unknown",
    rule: "rtm-monitor",
  }),
  session({
    at: "11:20:02.940",
    from: "10.20.97.44 50610",
    to: "76.76.10.1 445",
    app: "unknown",
    state: "S0",
    outPackets: 1,
    action: "blocked",
    rule: "rtm-deny-smb",
  }),
  session({
    at: "13:15:26.118",
    from: "10.20.97.18 50702",
    to: "94.140.15.16 139",
    app: "netbios-ssn",
    seconds: 3,
    out: 1904,
    in: 1420,
    action: "allowed",
    rule: "rtm-any-out",
    user: "unknown",
  }),
  session({
    at: "14:05:09.377",
    from: "10.20.97.50 50761",
    to: "203.0.113.25 445",
    app: "smb",
    state: "S0",
    action: "allowed",
    rule: "rtm-any-out",
  }),
  session({
    at: "15:41:33.002",
    from: "10.20.97.18 50777",
    to: "76.76.2.2 8445",
    app: "smb",
    seconds: 5,
    out: 2310,
    in: 1877,
    action: "allowed",
    rule: "rtm-any-out",
    user: "unknown",
  }),
];

/** Both exports. The local time is UTC+1. */
export function splunkFiles() {
  const random = createRandom("splunk");
  const all = [...STORY, ...ordinary(random)].sort((a, b) => b.start - a.start);
  const noon = microseconds("12:00:00");
  const morning = all.filter((one) => one.start < noon);
  const afternoon = all.filter((one) => one.start >= noon);
  return { json: jsonText(morning), csv: csvText(afternoon) };
}

function ordinary(random) {
  return Array.from({ length: 90 }, () => {
    const inside = random.chance(0.3);
    return session({
      at: microseconds("06:00:00") + random.int(0, 39_600_000) * 1000,
      seconds: random.int(1, 60),
      from: `10.20.97.${random.int(10, 60)} ${random.int(49152, 65535)}`,
      to: inside ? "10.20.96.5 445" : `${random.pick(["1.1.1.1", "8.8.8.8", "208.67.222.222"])} 443`,
      app: inside ? "smb" : "ssl",
      out: random.int(900, 20_000),
      in: random.int(900, 300_000),
      action: random.chance(0.92) ? "allowed" : "teardown",
      rule: inside ? "rtm-inside" : "rtm-web",
      user: "unknown",
    });
  });
}

function fieldsOf(one, offset) {
  const out = one.out + one.outPackets * 40;
  const back = one.in + one.inPackets * 40;
  const counts =
    one.counted === false ? {} : { bytes: `${out + back}`, bytes_in: `${back}`, bytes_out: `${out}` };
  return {
    _time: `${isoMilli(one.start + 3_600_000_000)}${offset}`,
    action: one.action,
    app: one.app,
    ...counts,
    dest: one.destination.ip,
    dest_ip: one.destination.ip,
    dest_port: String(one.destination.port),
    direction: isOurs(one.destination.ip) ? "internal" : "outbound",
    dvc: "fw-rotterdam-1",
    protocol: "ip",
    rule: one.rule,
    sourcetype: "hp:fw:traffic",
    src: one.source.ip,
    src_ip: one.source.ip,
    src_port: String(one.source.port),
    transport: one.transport,
    user: one.user ?? "unknown",
    vendor_product: "Example Firewall",
  };
}

// The export endpoint streams one object a line and marks the last row.
function jsonText(list) {
  const lines = list.map((one, offset) => {
    const last = offset === list.length - 1 ? { lastrow: true } : {};
    return JSON.stringify({ preview: false, offset, ...last, result: fieldsOf(one, "+01:00") });
  });
  return `${lines.join("\n")}\n`;
}

function csvText(list) {
  const rows = list.map((one) => {
    const fields = fieldsOf(one, "+0100");
    return COLUMNS.map((name) => quoted(fields[name] ?? "")).join(",");
  });
  return `${[COLUMNS.map(quoted).join(","), ...rows].join("\n")}\n`;
}

function quoted(text) {
  return `"${text.replaceAll('"', '""')}"`;
}
