// PAN-OS 10.1 TRAFFIC logs: 114 columns by syslog, or the CSV that the web interface exports.
// Reference: https://docs.paloaltonetworks.com/pan-os/10-1/pan-os-admin/monitoring/use-syslog-for-monitoring/syslog-field-descriptions/traffic-log-fields
import { createRandom } from "./random.mjs";
import { isOurs, isoMilli } from "./world.mjs";

/** The export's header row; its columns are the first 54 of the syslog form. */
export const EXPORT_HEADER =
  "Domain,Receive Time,Serial #,Type,Threat/Content Type,Config Version,Generate Time,Source address," +
  "Destination address,NAT Source IP,NAT Destination IP,Rule,Source User,Destination User,Application," +
  "Virtual System,Source Zone,Destination Zone,Inbound Interface,Outbound Interface,Log Action,Time Logged," +
  "Session ID,Repeat Count,Source Port,Destination Port,NAT Source Port,NAT Destination Port,Flags,IP Protocol," +
  "Action,Bytes,Bytes Sent,Bytes Received,Packets,Start Time,Elapsed Time (sec),Category,tpadding,seqno," +
  "actionflags,Source Country,Destination Country,cpadding,pkts_sent,pkts_received,session_end_reason," +
  "dg_hier_level_1,dg_hier_level_2,dg_hier_level_3,dg_hier_level_4,vsys_name,device_name,action_source";

const EXPORT_COLUMNS = EXPORT_HEADER.split(",").length;

/** A firewall; the session ids are the same in all rows of a session. */
export function createFirewall({ device, serial, natIp, seed }) {
  const random = createRandom(`panos ${seed}`);
  const known = new Map();
  const idOf = (session) => {
    if (!known.has(session))
      known.set(session, { session: random.int(1000, 999_999), natPort: random.int(1024, 65535) });
    return known.get(session);
  };
  const state = { device, serial, natIp, sequence: 0 };
  return {
    end: (session, extra = {}) =>
      row(state, session, idOf(session), { subtype: session.blocked ? "drop" : "end", ...extra }),
    start: (session) => row(state, session, idOf(session), { subtype: "start" }),
  };
}

/** One row as it goes over syslog, without the syslog header. */
export function panText(columns) {
  return columns.join(",");
}

/** One row of the web interface's export. */
export function panExportText(columns) {
  return columns.slice(0, EXPORT_COLUMNS).join(",");
}

function row(state, session, ids, { subtype, action, reason, linkSwitches = "" }) {
  const starting = subtype === "start";
  const us = starting ? session.start : session.end;
  state.sequence += 1;
  return [
    ...identity(state, session, ids, subtype, us),
    ...ports(session, ids, action),
    ...amounts(session, starting, state.sequence),
    ...ending(state, starting ? "n/a" : (reason ?? endReason(session))),
    ...tunnels(session, linkSwitches),
    ...Array(102 - 76).fill(""),
    `${isoMilli(us)}+00:00`,
    "",
    "",
    ...application(session),
  ];
}

// Columns 1 to 24.
function identity(state, session, ids, subtype, us) {
  const natted = isNatted(session);
  const unset = session.source.ip.includes(":") ? "::" : "0.0.0.0";
  return [
    "1",
    clock(us + 1_000_000),
    state.serial,
    "TRAFFIC",
    subtype,
    "2561",
    clock(us),
    session.source.ip,
    session.destination.ip,
    natted ? state.natIp : unset,
    natted ? session.destination.ip : unset,
    session.policy,
    session.panUser ?? "",
    "",
    session.panApp,
    "vsys1",
    ...(session.inbound
      ? ["untrust", "dmz", "ethernet1/1", "ethernet1/3"]
      : ["trust", zoneOf(session), "ethernet1/2", "ethernet1/1"]),
    "to-collector",
    clock(us),
    ids.session,
    "1",
  ];
}

// Columns 25 to 31.
function ports(session, ids, action) {
  const natted = isNatted(session);
  return [
    session.source.port,
    session.destination.port,
    natted ? ids.natPort : 0,
    natted ? session.destination.port : 0,
    natted ? "0x400019" : "0x19",
    session.transport,
    action ?? (session.blocked ? "deny" : "allow"),
  ];
}

// Columns 32 to 46; a firewall counts frames.
function amounts(session, starting, sequence) {
  const perPacket = session.source.ip.includes(":") ? 74 : 54;
  const [outPackets, inPackets] = starting ? [1, 0] : [session.outPackets, session.inPackets];
  const out = (starting ? 12 : session.out) + outPackets * perPacket;
  const back = (starting ? 0 : session.in) + inPackets * perPacket;
  return [
    out + back,
    out,
    back,
    outPackets + inPackets,
    clock(session.start),
    starting ? 0 : Math.round(session.seconds),
    "any",
    "0",
    7_345_100_000_000 + sequence,
    "0x8000000000000000",
    isOurs(session.source.ip) ? "10.0.0.0-10.255.255.255" : "United States",
    isOurs(session.destination.ip) ? "10.0.0.0-10.255.255.255" : "United States",
    "0",
    outPackets,
    inPackets,
  ];
}

// Columns 47 to 55.
function ending(state, reason) {
  return [reason, "0", "0", "0", "0", "", state.device, "from-policy", ""];
}

// Columns 56 to 76: tunnels, SCTP, rule UUID, SD-WAN. Column 70 may hold commas inside its braces.
function tunnels(session, linkSwitches) {
  const uuid = `7d1c5d3e-2c4b-4f5a-9a61-${Buffer.from(session.policy.padEnd(6)).toString("hex").slice(0, 12)}`;
  return [
    "",
    "0",
    "",
    "0",
    "",
    "N/A",
    "0",
    "0",
    "0",
    "0",
    uuid,
    "0",
    "0",
    "",
    linkSwitches,
    "",
    "",
    "",
    "",
    "",
    "",
  ];
}

// Columns 106 to 114.
function application(session) {
  const smb = session.panApp.startsWith("ms-ds-smb");
  if (smb)
    return [
      "storage-backup",
      "business-systems",
      "client-server",
      "3",
      '"able-to-transfer-file,has-known-vulnerability"',
      "ms-ds-smb",
      session.panApp,
      "no",
      "no",
    ];
  return [
    "encrypted-tunnel",
    "networking",
    "browser-based",
    "4",
    '"able-to-transfer-file,tunnel-other-application"',
    "",
    session.panApp,
    "no",
    "no",
  ];
}

function endReason(session) {
  if (session.reason !== undefined) return session.reason;
  if (session.blocked) return "policy-deny";
  if (session.inPackets === 0) return "aged-out";
  if (session.transport === "udp") return "aged-out";
  return session.state === "RSTO" ? "tcp-rst-from-client" : "tcp-fin";
}

function isNatted(session) {
  return !session.blocked && !session.source.ip.includes(":") && !isOurs(session.destination.ip);
}

function zoneOf(session) {
  return isOurs(session.destination.ip) ? "dmz" : "untrust";
}

function clock(us) {
  return isoMilli(us).slice(0, 19).replaceAll("-", "/").replace("T", " ");
}
