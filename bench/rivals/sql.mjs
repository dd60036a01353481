// The whole of SP-01 and SP-02 as SQL for DuckDB: its own address lists, so that it also checks ours.

/** RFC 1918 and link-local: what counts as ours without a site file. */
const OURS = ["10.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"];

/** Source: IANA IPv4 special-purpose registry, the blocks that are not globally reachable, and multicast. */
const NOT_INTERNET = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];

const ZEEK_COLUMNS =
  "ts uid src sport dst port proto app duration orig_bytes resp_bytes conn_state " +
  "local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents ip_proto";
const VPC_COLUMNS = "version account eni src dst sport port proto packets bytes start_s end_s action status";
const PANOS_COLUMNS = 114;
/** Source, destination, application, destination port and transport among the columns of a PAN-OS traffic line. */
const PANOS_NAMES = new Map([
  [7, "src"],
  [8, "dst"],
  [14, "app"],
  [25, "port"],
  [29, "proto"],
]);

/** How each format is read: the table, and where its five fields are. */
const READERS = {
  "zeek-json": (path) => ({
    table: json(path, {
      "id.orig_h": "VARCHAR",
      "id.resp_h": "VARCHAR",
      "id.resp_p": "INTEGER",
      proto: "VARCHAR",
      service: "VARCHAR",
    }),
    src: '"id.orig_h"',
    dst: '"id.resp_h"',
    port: '"id.resp_p"',
    transport: "proto",
    app: "service",
  }),
  suricata: (path) => ({
    table: json(path, {
      event_type: "VARCHAR",
      src_ip: "VARCHAR",
      dest_ip: "VARCHAR",
      dest_port: "INTEGER",
      proto: "VARCHAR",
      app_proto: "VARCHAR",
    }),
    src: "src_ip",
    dst: "dest_ip",
    port: "dest_port",
    transport: "proto",
    tcp: "'TCP'",
    app: "app_proto",
    only: "event_type = 'flow'",
  }),
  ecs: (path) => ({
    table: json(path, {
      source: "STRUCT(ip VARCHAR)",
      destination: "STRUCT(ip VARCHAR, port INTEGER)",
      network: "STRUCT(transport VARCHAR, protocol VARCHAR)",
    }),
    src: "source.ip",
    dst: "destination.ip",
    port: "destination.port",
    transport: "network.transport",
    app: "network.protocol",
  }),
  sysmon: (path) => ({
    table: json(path, {
      winlog:
        "STRUCT(event_id VARCHAR, event_data STRUCT(Protocol VARCHAR, SourceIp VARCHAR, DestinationIp VARCHAR, DestinationPort INTEGER))",
    }),
    src: "winlog.event_data.SourceIp",
    dst: "winlog.event_data.DestinationIp",
    port: "winlog.event_data.DestinationPort",
    transport: "winlog.event_data.Protocol",
    only: "winlog.event_id = '3'",
  }),
  "zeek-tsv": (path) => ({
    table: csv(
      path,
      columnsOf(ZEEK_COLUMNS.split(" ")),
      "delim='\\t', skip=8, quote='', escape='', nullstr='-'",
    ),
    ...named(),
  }),
  vpc: (path) => ({
    table: csv(
      path,
      columnsOf(VPC_COLUMNS.split(" ")),
      "delim=' ', skip=1, quote='', escape='', nullstr='-'",
    ),
    ...named(),
    tcp: "'6'",
    app: undefined,
  }),
  panos: (path) => ({
    table: csv(
      path,
      columnsOf(Array.from({ length: PANOS_COLUMNS }, (_, at) => PANOS_NAMES.get(at) ?? `c${at}`)),
      "delim=',', quote='\"', escape='\"'",
    ),
    ...named(),
  }),
};

/** Whether there is a reader for a format. */
export function hasSql(format) {
  return format in READERS;
}

/** A query that counts the leaks of a log. Errors: throws for a format it has no reader for. */
export function leakQuery(format, path) {
  const reader = READERS[format]?.(path);
  if (reader === undefined) throw new Error(`no SQL for the format ${format}`);
  const { table, src, dst, port, transport, tcp = "'tcp'", app, only = "true" } = reader;
  // Candidates first: the address arithmetic then runs on few rows.
  return `
WITH candidates AS MATERIALIZED (
  SELECT ${src} AS src, ${dst} AS dst FROM ${table}
  WHERE (${port} IN (139, 445) AND (${transport} = ${tcp} OR ${transport} IS NULL)${otherPort(app, transport, tcp, port)}) AND ${only}
), numbered AS MATERIALIZED (
  SELECT src, dst, ${number("src")} AS s, ${number("dst")} AS d FROM candidates
)
SELECT count(*)::INTEGER FROM numbered WHERE
  (${inAny("s", OURS)} OR (s IS NULL AND regexp_matches(src, '^f([cd]|e[89ab])')))
  AND ((d IS NOT NULL AND NOT ${inAny("d", NOT_INTERNET)})
    OR (d IS NULL AND regexp_matches(dst, '^[23]')
      AND NOT regexp_matches(dst, '^(2001:(:|[0-9a-f]{1,2}:|1[0-9a-f]{2}:|db8:)|2002:|3fff:)')))`;
}

// SP-02. The plain searches spare most rows the regular expression.
function otherPort(app, transport, tcp, port) {
  if (app === undefined) return "";
  const words = ["smb", "cifs", "microsoft-ds", "netbios-ss"].map((word) => `contains(${app}, '${word}')`);
  const whole = `regexp_matches(${app}, '(^|,)(smb[123]?|cifs|ms-ds-smb[^,]*|microsoft-ds|netbios-ss|netbios-ssn \\(smb\\))(,|$)')`;
  return ` OR (${words.join(" OR ")}) AND ${port} IS NOT NULL AND ${transport} = ${tcp} AND ${whole}`;
}

function number(ip) {
  const part = (at) => `TRY_CAST(split_part(${ip}, '.', ${at}) AS UBIGINT)`;
  return `${part(1)} * 16777216 + ${part(2)} * 65536 + ${part(3)} * 256 + ${part(4)}`;
}

function inAny(column, prefixes) {
  const tests = prefixes.map((prefix) => {
    const [address, length] = prefix.split("/");
    const first = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
    return `${column} BETWEEN ${first} AND ${first + 2 ** (32 - Number(length)) - 1}`;
  });
  return `(${tests.join(" OR ")})`;
}

function named() {
  return { src: "src", dst: "dst", port: "port", transport: "proto", app: "app" };
}

function columnsOf(names) {
  return Object.fromEntries(names.map((name) => [name, name === "port" ? "INTEGER" : "VARCHAR"]));
}

function json(path, columns) {
  return `read_json(${quoted(path)}, format='newline_delimited', columns=${struct(columns)})`;
}

function csv(path, columns, options) {
  return `read_csv(${quoted(path)}, auto_detect=false, header=false, columns=${struct(columns)}, ${options})`;
}

function struct(columns) {
  return `{${Object.entries(columns)
    .map(([name, type]) => `${quoted(name)}: ${quoted(type)}`)
    .join(", ")}}`;
}

function quoted(text) {
  return `'${text.replaceAll("'", "''")}'`;
}
