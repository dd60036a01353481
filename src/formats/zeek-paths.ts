/** Which Zeek log a record belongs to: by the log's path, else by its keys, else by the name of its file. */

/** The Zeek logs that are read as network events. */
export type ZeekLogName = "conn" | "smb_mapping" | "smb_files" | "smb_cmd" | "ntlm" | "quic";

/** A log that is read, or `other`: a Zeek log all right, but no network event of ours. */
export type ZeekLogKind = ZeekLogName | "other";

/** Reduced and long-running connections are written to logs of their own, in the columns of conn.log. */
const PATHS: Readonly<Record<string, ZeekLogName>> = {
  conn: "conn",
  conn_red: "conn",
  conn_long: "conn",
  smb_mapping: "smb_mapping",
  smb_files: "smb_files",
  smb_cmd: "smb_cmd",
  ntlm: "ntlm",
  quic: "quic",
};

/** The log of a path as Zeek writes it in `#path` or `_path`. */
export function logOfPath(path: string): ZeekLogKind {
  return Object.hasOwn(PATHS, path) ? (PATHS[path] ?? "other") : "other";
}

/** Looks a key up in a record; undefined when the record does not have it. */
type Lookup = (key: string) => unknown;

/** Keys that no other log has; `_` in names that Zeek scopes with a dot is left out of account. */
const TELLING_KEYS: Readonly<Record<string, ZeekLogKind>> = {
  conn_state: "conn",
  missed_bytes: "conn",
  orig_ip_bytes: "conn",
  share_type: "smb_mapping",
  prev_name: "smb_files",
  sub_command: "smb_cmd",
  tree_service: "smb_cmd",
  server_nb_computer_name: "ntlm",
  server_dns_computer_name: "ntlm",
  server_tree_name: "ntlm",
  domainname: "ntlm",
  client_initial_dcid: "quic",
  client_scid: "quic",
  server_scid: "quic",
  ...Object.fromEntries(
    [
      ..."trans_id qtype qclass rcode trans_depth status_code cipher curve cert_chain_fps ssl_history".split(
        " ",
      ),
      ..."seen_bytes tx_hosts mime_type fingerprint endpoint named_pipe request_type note peer_descr".split(
        " ",
      ),
      ..."auth_success auth_attempts kex_alg community lease_time msg_types stratum tunnel_type mailfrom".split(
        " ",
      ),
      ..."data_channel.passive facility software_type gaps percent_lost port_num message_id nick cookie".split(
        " ",
      ),
    ].map((key) => [key, "other" as const]),
  ),
};

const TELLING = Object.entries(TELLING_KEYS);

/** Every key that can tell a log, alone or by its value. */
export const LOG_KEYS: readonly string[] = [...TELLING.map(([key]) => key), "action", "command", "version"];

/**
 * The log that a record's keys tell.
 * Shape: undefined when they tell nothing, or several logs at once.
 */
export function logOfKeys(get: Lookup): ZeekLogKind | undefined {
  return logOfValues(LOG_KEYS.map(get));
}

/** The same by the values of LOG_KEYS, in their order; others may follow. */
export function logOfValues(values: readonly unknown[]): ZeekLogKind | undefined {
  let found: ZeekLogKind | undefined;
  for (let at = 0; at <= TELLING.length + 1; at++) {
    const log = toldBy(values, at);
    if (log === undefined || log === found) continue;
    if (found !== undefined) return undefined;
    found = log;
  }
  return found;
}

/** What one key tells; the last two tell by their values. */
function toldBy(values: readonly unknown[], at: number): ZeekLogKind | undefined {
  if (at < TELLING.length) return (values[at] ?? undefined) === undefined ? undefined : TELLING[at]?.[1];
  const [action, command, version] = [TELLING.length, TELLING.length + 1, TELLING.length + 2];
  if (at === action) return startsWith(values[action], "SMB::") ? "smb_files" : undefined;
  const isCommand = (values[command] ?? undefined) !== undefined;
  return isCommand && startsWith(values[version], "SMB") ? "smb_cmd" : undefined;
}

const OTHER_FILES =
  "analyzer|broker|capture_loss|cluster|dce_rpc|dhcp|dnp3|dns|dpd|files|ftp|http|intel|irc|kerberos|known_certs|known_hosts|known_services|ldap|ldap_search|modbus|mqtt_connect|mqtt_publish|mysql|notice|ntp|ocsp|packet_filter|pe|radius|rdp|reporter|rfb|sip|smtp|snmp|socks|software|ssh|ssl|stats|syslog|telemetry|traceroute|tunnel|weird|x509";
const FILE_WORD = new RegExp(
  `(?<![a-z0-9])(?:${Object.keys(PATHS)
    .sort((a, b) => b.length - a.length)
    .join("|")}|${OTHER_FILES})(?![a-z0-9])`,
  "g",
);

/**
 * The log that a file's name tells: conn.log, host_smb_files.json, conn.2026-03-01-10-00-00.log.gz.
 * Shape: undefined when the name tells nothing, or several logs at once.
 */
export function logOfFile(file: string): ZeekLogKind | undefined {
  const name = file.slice(Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\")) + 1).toLowerCase();
  const logs = new Set([...name.matchAll(FILE_WORD)].map(([word]) => logOfPath(word)));
  const [log] = logs;
  return logs.size === 1 ? log : undefined;
}

function startsWith(value: unknown, prefix: string): boolean {
  return typeof value === "string" && value.startsWith(prefix);
}
