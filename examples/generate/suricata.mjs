// Suricata 7 EVE: flow, alert, smb, dns and stats rows.
// Reference: https://docs.suricata.io/en/latest/output/eve/eve-json-format.html
import { createRandom } from "./random.mjs";
import { DOMAIN, isoMicro } from "./world.mjs";

/** Writes rows of one sensor; flow ids are the same in all rows of a session. */
export function createSensor(name, uplink = "eth1") {
  const random = createRandom(`suricata ${name}`);
  const flowIds = new Map();
  const flowId = (session) => {
    if (!flowIds.has(session)) flowIds.set(session, random.int(1e14, 2 ** 51));
    return flowIds.get(session);
  };
  const head = (session, type, us) => ({
    timestamp: `${isoMicro(us)}+0000`,
    flow_id: flowId(session),
    in_iface: uplink,
    event_type: type,
    src_ip: session.source.ip,
    src_port: session.source.port,
    dest_ip: session.destination.ip,
    dest_port: session.destination.port,
    proto: session.transport.toUpperCase(),
  });
  return {
    flow: (session) => ({
      ...head(session, "flow", session.end + 60_400_000),
      ...flowPart(session),
      host: name,
    }),
    alert: (session, signature) => ({
      ...head(session, "alert", session.start + 180_000),
      ...alertPart(session, signature),
      host: name,
    }),
    smb: (session, step) => ({
      ...head(session, "smb", session.start + 90_000 * step.id),
      smb: step,
      host: name,
    }),
    dns: (session, query) => ({
      ...head(session, "dns", session.start),
      dns: { type: "query", id: random.int(1, 65535), rrname: query, rrtype: "A", tx_id: 0, opcode: 0 },
      host: name,
    }),
    stats: (us, packets) => ({
      timestamp: `${isoMicro(us)}+0000`,
      event_type: "stats",
      stats: {
        uptime: 86_400,
        capture: { kernel_packets: packets, kernel_drops: 0 },
        decoder: { pkts: packets },
      },
      host: name,
    }),
  };
}

/** The steps of an SMB session in which NTLM credentials are offered. */
export function ntlmSteps(session, status) {
  const version = { dialect: "3.11" };
  return [
    {
      id: 1,
      ...version,
      command: "SMB2_COMMAND_NEGOTIATE_PROTOCOL",
      status: "STATUS_SUCCESS",
      status_code: "0x0",
      session_id: 0,
      tree_id: 0,
    },
    {
      id: 2,
      ...version,
      command: "SMB2_COMMAND_SESSION_SETUP",
      status: "STATUS_MORE_PROCESSING_REQUIRED",
      status_code: "0xc0000016",
      session_id: 4398046511105,
      tree_id: 0,
    },
    {
      id: 3,
      ...version,
      command: "SMB2_COMMAND_SESSION_SETUP",
      ...status,
      session_id: 4398046511105,
      tree_id: 0,
      ntlmssp: { domain: DOMAIN, user: session.user, host: session.host, version: "10.0 build 22631 rev 15" },
    },
  ];
}

/** Rows as text, in the order of their time stamps. */
export function eveText(rows) {
  const sorted = [...rows].sort((a, b) =>
    a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0,
  );
  return `${sorted.map((row) => JSON.stringify(row)).join("\n")}\n`;
}

function flowPart(session) {
  const flow = {
    ...counters(session),
    start: `${isoMicro(session.start)}+0000`,
    end: `${isoMicro(session.end)}+0000`,
    age: Math.round(session.seconds),
    state: session.inPackets === 0 ? "new" : session.state === "S1" ? "established" : "closed",
    reason: "timeout",
    alerted: session.alerted === true,
  };
  if (session.transport !== "tcp") return { app_proto: session.app, flow: { ...flow, state: "established" } };
  const app = eveApp(session);
  return { ...(app === undefined ? {} : { app_proto: app }), flow, tcp: tcpPart(session) };
}

function alertPart(session, { sid, text }) {
  return {
    alert: {
      action: "allowed",
      gid: 1,
      signature_id: sid,
      rev: 2,
      signature: text,
      category: "Potential Corporate Privacy Violation",
      severity: 1,
    },
    app_proto: eveApp(session),
    direction: "to_server",
    flow: {
      pkts_toserver: 4,
      pkts_toclient: 3,
      bytes_toserver: 802,
      bytes_toclient: 640,
      start: `${isoMicro(session.start)}+0000`,
    },
  };
}

// Ethernet frames: payload, IP and TCP headers, and 14 bytes of Ethernet.
function counters(session) {
  const perPacket = session.source.ip.includes(":") ? 74 : 54;
  return {
    pkts_toserver: session.outPackets,
    pkts_toclient: session.inPackets,
    bytes_toserver: session.out + session.outPackets * perPacket,
    bytes_toclient: session.in + session.inPackets * perPacket,
  };
}

function tcpPart(session) {
  if (session.inPackets === 0) {
    return { tcp_flags: "02", tcp_flags_ts: "02", tcp_flags_tc: "00", syn: true, state: "syn_sent" };
  }
  return {
    tcp_flags: "1b",
    tcp_flags_ts: "1b",
    tcp_flags_tc: "1b",
    syn: true,
    fin: true,
    psh: true,
    ack: true,
    state: "closed",
  };
}

function eveApp(session) {
  if (session.app.split(",").includes("smb")) return "smb";
  if (session.app === "ssl") return "tls";
  return session.app === "" ? undefined : session.app;
}
