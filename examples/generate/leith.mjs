// Leith, the depot: one syslog file that several products write to, and a Zeek sensor that writes JSON.
// Reference: RFC 3164 for the headers
import { createFirewall, panText } from "./panos.mjs";
import { createRandom } from "./random.mjs";
import { session } from "./session.mjs";
import { createSensor, ntlmSteps } from "./suricata.mjs";
import { isoMilli, microseconds } from "./world.mjs";
import { connRows, createUids, zeekJson } from "./zeek.mjs";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DEPOT_SERVER = "10.20.64.5";

/** The second host that follows the lure. Leith's firewall resets it, after NTLM has gone out. */
const SECOND_LURE = session({
  at: "09:55:30.114020",
  seconds: 1.402,
  from: "10.20.66.14 50388",
  to: "9.9.9.9 445",
  app: "gssapi,smb,ntlm",
  out: 1702,
  in: 1180,
  policy: "block-smb-app",
  panApp: "ms-ds-smbv3",
  user: "d.munro",
  host: "LEITH-DESK-14",
  action: "reset-both",
  reason: "policy-deny",
  alerted: true,
});

/** Windows asks a public address for its NetBIOS name. */
const NAME_QUERY = session({
  at: "10:41:02.660100",
  seconds: 3.01,
  transport: "udp",
  state: "S0",
  from: "10.20.65.30 137",
  to: "8.8.8.8 137",
  app: "netbios-ns",
  out: 150,
  outPackets: 3,
  policy: "leith-any-out",
  panApp: "netbios-ns",
});

/** SMB on a port of its own: no port rule sees it, the protocol analyser does. */
const ODD_PORT = session({
  at: "11:48:21.903377",
  seconds: 64.118,
  from: "10.20.65.41 53120",
  to: "149.112.112.112 8445",
  app: "gssapi,smb,ntlm",
  out: 412_877,
  in: 30_114,
});

/** The syslog file: PAN-OS, Suricata, and a power supply that nobody has a reader for. */
export function mixedText() {
  const random = createRandom("mixed");
  const firewall = createFirewall({
    device: "fw-leith-1",
    serial: "011901000412",
    natIp: "11.22.33.6",
    seed: "leith",
  });
  const sensor = createSensor("sensor-leith", "ens2f0");
  const rows = [...panRows(firewall, random), ...eveRows(sensor, random), ...powerRows()].sort(
    (a, b) => a.us - b.us,
  );
  return `${rows.map((row) => `${header(row)}${row.text}`).join("\n")}\n`;
}

/** Zeek's conn log at Leith, as JSON lines. */
export function zeekJsonText() {
  const random = createRandom("leith zeek");
  const sessions = [ODD_PORT, ...Array.from({ length: 210 }, () => ordinary(random))];
  return zeekJson("conn", connRows(sessions, createUids("leith zeek")));
}

function panRows(firewall, random) {
  const web = Array.from({ length: 24 }, () => outgoing(random));
  const rows = web.map((one) => panRow(one, firewall.end(one)));
  rows.push(
    panRow(
      SECOND_LURE,
      firewall.end(SECOND_LURE, { subtype: "deny", action: SECOND_LURE.action, reason: SECOND_LURE.reason }),
    ),
  );
  rows.push(panRow(NAME_QUERY, firewall.end(NAME_QUERY)));
  return rows;
}

function panRow(one, columns) {
  return { us: one.end + 1_000_000, priority: 14, tag: "fw-leith-1 ", text: panText(columns) };
}

function eveRows(sensor, random) {
  const status = { status: "STATUS_ACCESS_DENIED", status_code: "0xc0000022" };
  const rows = ntlmSteps(SECOND_LURE, status).map((step) => sensor.smb(SECOND_LURE, step));
  rows.push(sensor.flow(SECOND_LURE));
  for (let index = 0; index < 16; index++) rows.push(sensor.flow(outgoing(random)));
  return rows.map((row) => ({
    us: microseconds(row.timestamp.slice(11, 26)),
    priority: 174,
    tag: "sensor-leith suricata[2211]: ",
    text: JSON.stringify(row),
  }));
}

function powerRows() {
  return ["06:00:01", "12:00:01", "18:00:01"].map((clock) => ({
    us: microseconds(clock),
    priority: 30,
    tag: "ups-leith-1 upsd[771]: ",
    text: "self test passed, battery 97 percent, load 31 percent",
  }));
}

function outgoing(random) {
  return session({
    at: microseconds("07:00:00") + random.int(0, 36_000_000) * 1000,
    seconds: random.int(1, 40),
    from: `10.20.65.${random.int(10, 90)} ${random.int(49152, 65535)}`,
    to: `${random.pick(["1.1.1.1", "8.8.8.8", "9.9.9.9"])} 443`,
    app: "ssl",
    out: random.int(900, 9000),
    in: random.int(900, 90_000),
    policy: "leith-web-out",
    panApp: "ssl",
  });
}

function ordinary(random) {
  const inside = random.chance(0.5);
  return session({
    at: microseconds("06:30:00") + random.int(0, 40_000_000) * 1000,
    seconds: random.int(2000, 50_000_000) / 1e6,
    from: `10.20.65.${random.int(10, 90)} ${random.int(49152, 65535)}`,
    to: inside ? `${DEPOT_SERVER} 445` : `${random.pick(["1.1.1.1", "8.8.4.4"])} 443`,
    app: inside ? "gssapi,smb,krb" : "ssl",
    out: random.int(900, 40_000),
    in: random.int(900, 300_000),
  });
}

function header({ us, priority, tag }) {
  const [date, time] = isoMilli(us).split("T");
  const [, month, day] = date.split("-");
  return `<${priority}>${MONTHS[Number(month) - 1]} ${String(Number(day)).padStart(2)} ${time.slice(0, 8)} ${tag}`;
}
