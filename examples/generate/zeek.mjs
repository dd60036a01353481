// Zeek 8: conn, smb_mapping, smb_files, ntlm and quic logs, as TSV with headers or as JSON lines.
// Reference: https://docs.zeek.org/en/lts/logs/index.html
import { createRandom } from "./random.mjs";
import { ipBytes } from "./session.mjs";
import { DNS_SUFFIX, DOMAIN, epochSeconds, isOurs } from "./world.mjs";

const ENDS = [
  "ts time",
  "uid string",
  "id.orig_h addr",
  "id.orig_p port",
  "id.resp_h addr",
  "id.resp_p port",
];

/** The columns of each log, with their types, in Zeek's order. */
const LOGS = {
  conn: [
    ...ENDS,
    "proto enum",
    "service string",
    "duration interval",
    "orig_bytes count",
    "resp_bytes count",
    "conn_state string",
    "local_orig bool",
    "local_resp bool",
    "missed_bytes count",
    "history string",
    "orig_pkts count",
    "orig_ip_bytes count",
    "resp_pkts count",
    "resp_ip_bytes count",
    "tunnel_parents set[string]",
    "ip_proto count",
  ],
  smb_mapping: [...ENDS, "path string", "service string", "native_file_system string", "share_type string"],
  smb_files: [
    ...ENDS,
    "fuid string",
    "action enum",
    "path string",
    "name string",
    "size count",
    "prev_name string",
    "times.modified time",
    "times.accessed time",
    "times.created time",
    "times.changed time",
  ],
  ntlm: [
    ...ENDS,
    "username string",
    "hostname string",
    "domainname string",
    "server_nb_computer_name string",
    "server_dns_computer_name string",
    "server_tree_name string",
    "success bool",
  ],
  quic: [
    ...ENDS,
    "version string",
    "client_initial_dcid string",
    "client_scid string",
    "server_scid string",
    "server_name string",
    "client_protocol string",
    "history string",
  ],
};

const NUMBERS = new Set(["time", "port", "interval", "count"]);

/** Gives every session one uid, the same in all logs. */
export function createUids(name) {
  const random = createRandom(name);
  const known = new Map();
  return (session) => {
    if (!known.has(session)) known.set(session, `C${random.base62(17)}`);
    return known.get(session);
  };
}

/** One TSV file with its header and footer; rows in the order in which Zeek would have written them. */
export function zeekTsv(log, rows, opened, closed) {
  const columns = LOGS[log].map((column) => column.split(" "));
  const head = [
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    `#path\t${log}`,
    `#open\t${opened}`,
    `#fields\t${columns.map(([name]) => name).join("\t")}`,
    `#types\t${columns.map(([, type]) => type).join("\t")}`,
  ];
  const body = rows.map((row) => columns.map(([name]) => tsvValue(row[name])).join("\t"));
  return `${[...head, ...body, `#close\t${closed}`].join("\n")}\n`;
}

/** The same rows as JSON lines: absent columns are left out, numbers and booleans are plain. */
export function zeekJson(log, rows) {
  const columns = LOGS[log].map((column) => column.split(" "));
  const lines = rows.map((row) => {
    const pairs = columns.filter(([name]) => row[name] !== undefined);
    return `{${pairs.map(([name, type]) => `${JSON.stringify(name)}:${jsonValue(row[name], type)}`).join(",")}}`;
  });
  return `${lines.join("\n")}\n`;
}

/** Rows of conn.log, by the end of the connection, as Zeek writes them. */
export function connRows(sessions, uidOf) {
  return [...sessions].sort((a, b) => a.end - b.end).map((session) => connRow(session, uidOf(session)));
}

function connRow(session, uid) {
  const { source, destination } = session;
  const timed = session.seconds > 0;
  return {
    ...ends(session, uid),
    proto: session.transport,
    service: session.app === "" ? undefined : session.app,
    duration: timed ? session.seconds.toFixed(6) : undefined,
    orig_bytes: timed ? session.out : undefined,
    resp_bytes: timed ? session.in : undefined,
    conn_state: session.state,
    local_orig: isOurs(source.ip) ? "T" : "F",
    local_resp: isOurs(destination.ip) ? "T" : "F",
    missed_bytes: 0,
    history: session.history,
    orig_pkts: session.outPackets,
    orig_ip_bytes: ipBytes(session, session.out, session.outPackets),
    resp_pkts: session.inPackets,
    resp_ip_bytes: ipBytes(session, session.in, session.inPackets),
    tunnel_parents: undefined,
    ip_proto: session.transport === "tcp" ? 6 : 17,
  };
}

export function ntlmRow(session, uid) {
  return {
    ...ends(session, uid, 210_000),
    username: session.user,
    hostname: session.host,
    domainname: DOMAIN,
    server_nb_computer_name: session.server,
    server_dns_computer_name: session.inside ? `${session.server.toLowerCase()}.${DNS_SUFFIX}` : undefined,
    success: session.success,
  };
}

export function mappingRow(session, uid, server) {
  return {
    ...ends(session, uid, 340_000),
    path: `\\\\${server}\\${session.share}`,
    share_type: "DISK",
  };
}

export function fileRow(session, uid, { server, name, size, after }) {
  const stamp = epochSeconds(session.start - 86_400_000_000);
  return {
    ...ends(session, uid, after),
    action: "SMB::FILE_OPEN",
    path: `\\\\${server}\\${session.share}`,
    name,
    size,
    "times.modified": stamp,
    "times.accessed": stamp,
    "times.created": stamp,
    "times.changed": stamp,
  };
}

export function quicRow(session, uid, random) {
  return {
    ...ends(session, uid),
    version: "1",
    client_initial_dcid: random.hex(16),
    server_scid: random.hex(16),
    server_name: session.sni,
    client_protocol: session.alpn,
    history: "ISisH",
  };
}

function ends(session, uid, afterUs = 0) {
  return {
    ts: epochSeconds(session.start + afterUs),
    uid,
    "id.orig_h": session.source.ip,
    "id.orig_p": session.source.port,
    "id.resp_h": session.destination.ip,
    "id.resp_p": session.destination.port,
  };
}

// Zeek doubles a backslash in its text logs.
function tsvValue(value) {
  return value === undefined ? "-" : String(value).replaceAll("\\", "\\\\");
}

function jsonValue(value, type) {
  if (type === "bool") return value === "T" ? "true" : "false";
  if ((type === "time" || type === "interval") && Number.isInteger(Number(value)))
    return `${Number(value)}.0`;
  return NUMBERS.has(type) ? String(Number(value)) : JSON.stringify(value);
}
