// One record of traffic as a line of each format. Columns and keys as the formats' own references have them.

const ZEEK_COLUMNS =
  "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state " +
  "local_orig local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents ip_proto";
const ZEEK_TYPES =
  "time string addr port addr port enum string interval count count string " +
  "bool bool count string count count count count set[string] count";

const ZEEK_HEAD = [
  "#separator \\x09",
  "#set_separator\t,",
  "#empty_field\t(empty)",
  "#unset_field\t-",
  "#path\tconn",
  "#open\t2026-03-02-00-00-00",
  `#fields\t${ZEEK_COLUMNS.replaceAll(" ", "\t")}`,
  `#types\t${ZEEK_TYPES.replaceAll(" ", "\t")}`,
  "",
].join("\n");

const SPLUNK_COLUMNS =
  "_time,action,app,bytes,bytes_in,bytes_out,dest,dest_ip,dest_port,direction,dvc,protocol,rule,sourcetype,src," +
  "src_ip,src_port,transport,user,vendor_product";

const PANOS_CSV_HEAD =
  "Domain,Receive Time,Serial #,Type,Threat/Content Type,Config Version,Generate Time,Source address," +
  "Destination address,NAT Source IP,NAT Destination IP,Rule,Source User,Destination User,Application,Virtual System," +
  "Source Zone,Destination Zone,Inbound Interface,Outbound Interface,Log Action,Time Logged,Session ID,Repeat Count," +
  "Source Port,Destination Port,NAT Source Port,NAT Destination Port,Flags,IP Protocol,Action,Bytes,Bytes Sent," +
  "Bytes Received,Packets,Start Time,Elapsed Time (sec),Category,tpadding,seqno,actionflags,Source Country," +
  "Destination Country,cpadding,pkts_sent,pkts_received,session_end_reason\n";

/** The default fields of version 2. */
const VPC_HEAD =
  "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n";

/**
 * Every format that can be generated: its file's ending, its mean line length, a header, and a line's text.
 * Units: `us` is microseconds since 1970.
 */
export const SHAPES = {
  "zeek-json": { ending: "log", bytes: 400, head: "", line: zeekJson },
  "zeek-tsv": { ending: "log", bytes: 137, head: ZEEK_HEAD, line: zeekTsv },
  suricata: { ending: "json", bytes: 570, head: "", line: suricata },
  panos: { ending: "log", bytes: 659, head: "", line: panos },
  ecs: { ending: "ndjson", bytes: 624, head: "", line: ecs },
  sysmon: { ending: "ndjson", bytes: 1112, head: "", line: sysmon },
  "panos-csv": { ending: "csv", bytes: 376, head: PANOS_CSV_HEAD, line: panosCsv },
  fortigate: { ending: "log", bytes: 552, head: "", line: fortigate },
  "splunk-json": { ending: "json", bytes: 460, head: "", line: splunkJson },
  "splunk-csv": {
    ending: "csv",
    bytes: 223,
    head: `"${SPLUNK_COLUMNS.replaceAll(",", '","')}"\n`,
    line: splunkCsv,
  },
  vpc: { ending: "log", bytes: 116, head: VPC_HEAD, line: vpc },
};

function zeekJson(flow) {
  return `{"ts":${real(flow.us / 1e6)},"uid":"${uid(flow)}","id.orig_h":"${flow.source}","id.orig_p":${flow.sourcePort},"id.resp_h":"${flow.destination}","id.resp_p":${flow.port},"proto":"${flow.transport}",${flow.service === "" ? "" : `"service":"${flow.service}",`}"duration":${real(flow.seconds)},"orig_bytes":${flow.out},"resp_bytes":${flow.back},"conn_state":"${state(flow)}","local_orig":true,"local_resp":${flow.inside},"missed_bytes":0,"history":"${history(flow)}","orig_pkts":${flow.outPackets},"orig_ip_bytes":${flow.out + flow.outPackets * 40},"resp_pkts":${flow.backPackets},"resp_ip_bytes":${flow.back + flow.backPackets * 40},"ip_proto":${protocol(flow)}}`;
}

function zeekTsv(flow) {
  return `${seconds(flow.us)}\t${uid(flow)}\t${flow.source}\t${flow.sourcePort}\t${flow.destination}\t${flow.port}\t${flow.transport}\t${flow.service || "-"}\t${flow.seconds.toFixed(6)}\t${flow.out}\t${flow.back}\t${state(flow)}\tT\t${flow.inside ? "T" : "F"}\t0\t${history(flow)}\t${flow.outPackets}\t${flow.out + flow.outPackets * 40}\t${flow.backPackets}\t${flow.back + flow.backPackets * 40}\t-\t${protocol(flow)}`;
}

function suricata(flow) {
  const start = iso(flow.us);
  const tcp =
    flow.transport === "tcp"
      ? `,"tcp":{"tcp_flags":"1b","tcp_flags_ts":"1b","tcp_flags_tc":"1b","syn":true,"fin":true,"psh":true,"ack":true,"state":"closed"}`
      : "";
  return `{"timestamp":"${start}+0000","flow_id":${1e15 + flow.index},"in_iface":"eth1","event_type":"flow","src_ip":"${flow.source}","src_port":${flow.sourcePort},"dest_ip":"${flow.destination}","dest_port":${flow.port},"proto":"${flow.transport.toUpperCase()}","app_proto":"${eveApp(flow)}","flow":{"pkts_toserver":${flow.outPackets},"pkts_toclient":${flow.backPackets},"bytes_toserver":${flow.out + flow.outPackets * 54},"bytes_toclient":${flow.back + flow.backPackets * 54},"start":"${start}+0000","end":"${iso(flow.us + 2e6)}+0000","age":2,"state":"closed","reason":"timeout","alerted":false}${tcp},"host":"sensor-1"}`;
}

// 114 columns, as PAN-OS 10.1 writes them.
function panos(flow) {
  const clock = iso(flow.us).slice(0, 19).replaceAll("-", "/").replace("T", " ");
  const out = flow.out + flow.outPackets * 54;
  const back = flow.back + flow.backPackets * 54;
  const unset = flow.source.includes(":") ? "::" : "0.0.0.0";
  return `<14>Mar  2 ${clock.slice(11)} fw-1 1,${clock},011901000377,TRAFFIC,end,2561,${clock},${flow.source},${flow.destination},${unset},${unset},rule-${flow.index % 40},,,${panApp(flow)},vsys1,trust,untrust,ethernet1/2,ethernet1/1,to-collector,${clock},${flow.index % 1000000},1,${flow.sourcePort},${flow.port},0,0,0x19,${flow.transport},allow,${out + back},${out},${back},${flow.outPackets + flow.backPackets},${clock},2,any,0,${7345100000000 + flow.index},0x8000000000000000,10.0.0.0-10.255.255.255,United States,0,${flow.outPackets},${flow.backPackets},tcp-fin,0,0,0,0,,fw-1,from-policy,,,0,,0,,N/A,0,0,0,0,7d1c5d3e-2c4b-4f5a-9a61-6c6567616379,0,0,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,${iso(flow.us).slice(0, 23)}+00:00,,,encrypted-tunnel,networking,browser-based,4,"able-to-transfer-file,tunnel-other-application",,${panApp(flow)},no,no`;
}

// The columns of an export from the console, up to the reason of the end.
function panosCsv(flow) {
  const line = panos(flow);
  return line.slice(line.indexOf(" 1,") + 1, line.indexOf("tcp-fin") + "tcp-fin".length);
}

// A closed session of FortiOS 7.
function fortigate(flow) {
  const clock = iso(flow.us);
  return `date=${clock.slice(0, 10)} time=${clock.slice(11, 19)} devname="fw-2" devid="FG100FTK00000001" eventtime=${Math.floor(flow.us)}000 tz="+0000" logid="0000000013" type="traffic" subtype="forward" level="notice" vd="root" srcip=${flow.source} srcport=${flow.sourcePort} srcintf="port2" srcintfrole="lan" dstip=${flow.destination} dstport=${flow.port} dstintf="wan1" dstintfrole="wan" srccountry="Reserved" dstcountry="United States" sessionid=${flow.index} proto=${protocol(flow)} action="${flow.back > 0 ? "close" : "timeout"}" policyid=${flow.index % 40} policytype="policy" service="${fortiService(flow)}" trandisp="noop" duration=${Math.ceil(flow.seconds)} sentbyte=${flow.out + flow.outPackets * 40} rcvdbyte=${flow.back + flow.backPackets * 40} sentpkt=${flow.outPackets} rcvdpkt=${flow.backPackets} appcat="unscanned"`;
}

function splunkValues(flow) {
  const out = flow.out + flow.outPackets * 40;
  const back = flow.back + flow.backPackets * 40;
  const time = `${iso(flow.us).slice(0, 23)}+00:00`;
  const ends = [flow.destination, flow.destination, flow.port, "outbound"];
  const firewall = ["fw-3", "ip", `rule-${flow.index % 40}`, "hp:fw:traffic"];
  const from = [flow.source, flow.source, flow.sourcePort, flow.transport];
  return [
    time,
    "allowed",
    splunkApp(flow),
    out + back,
    back,
    out,
    ...ends,
    ...firewall,
    ...from,
    "unknown",
    "Firewall",
  ];
}

function splunkJson(flow) {
  const values = splunkValues(flow);
  const pairs = SPLUNK_COLUMNS.split(",").map((name, at) => `"${name}":"${values[at]}"`);
  return `{"preview":false,"offset":${flow.index},"result":{${pairs.join(",")}}}`;
}

function splunkCsv(flow) {
  return `"${splunkValues(flow).join('","')}"`;
}

function ecs(flow) {
  return `{"@timestamp":"${iso(flow.us).slice(0, 23)}Z","ecs":{"version":"8.11.0"},"event":{"action":"network_flow","category":["network"],"dataset":"network_traffic.flow","duration":2000000000,"kind":"event","start":"${iso(flow.us).slice(0, 23)}Z","type":["connection","end"]},"source":{"address":"${flow.source}","bytes":${flow.out + flow.outPackets * 40},"ip":"${flow.source}","packets":${flow.outPackets},"port":${flow.sourcePort}},"destination":{"address":"${flow.destination}","bytes":${flow.back + flow.backPackets * 40},"ip":"${flow.destination}","packets":${flow.backPackets},"port":${flow.port}},"network":{"bytes":${flow.out + flow.back + (flow.outPackets + flow.backPackets) * 40},"packets":${flow.outPackets + flow.backPackets},"transport":"${flow.transport}","type":"${flow.source.includes(":") ? "ipv6" : "ipv4"}"},"observer":{"name":"sensor-1","type":"sensor"},"related":{"ip":["${flow.source}","${flow.destination}"]}}`;
}

function sysmon(flow) {
  const v6 = flow.source.includes(":");
  const system = flow.port === 445;
  const image = system ? "System" : "C:\\\\Program Files\\\\Browser\\\\browser.exe";
  return `{"@timestamp":"${iso(flow.us + 1e6).slice(0, 23)}Z","agent":{"name":"HOST-${flow.index % 800}","type":"winlogbeat","version":"8.17.0"},"ecs":{"version":"8.0.0"},"event":{"action":"Network connection detected (rule: NetworkConnect)","code":"3","kind":"event","provider":"Microsoft-Windows-Sysmon"},"host":{"name":"host-${flow.index % 800}.example"},"log":{"level":"information"},"winlog":{"api":"wineventlog","channel":"Microsoft-Windows-Sysmon/Operational","computer_name":"host-${flow.index % 800}.example","event_data":{"RuleName":"-","UtcTime":"${iso(flow.us).slice(0, 23).replace("T", " ")}","ProcessGuid":"{4d1f0a52-0b1c-69a5-eb03-000000001d00}","ProcessId":"${system ? 4 : 7312}","Image":"${image}","User":"NT AUTHORITY\\\\SYSTEM","Protocol":"${flow.transport}","Initiated":"true","SourceIsIpv6":"${v6}","SourceIp":"${flow.source}","SourceHostname":"-","SourcePort":"${flow.sourcePort}","SourcePortName":"-","DestinationIsIpv6":"${v6}","DestinationIp":"${flow.destination}","DestinationHostname":"-","DestinationPort":"${flow.port}","DestinationPortName":"-"},"event_id":"3","opcode":"Info","provider_guid":"{5770385F-C22A-43E0-BF4C-06F5698FFBD9}","provider_name":"Microsoft-Windows-Sysmon","record_id":${flow.index},"version":5}}`;
}

// One direction of a flow is a record of its own; the answer's would say nothing more.
function vpc(flow) {
  const start = Math.floor(flow.us / 1e6);
  return `2 123456789010 eni-${(flow.index % 40).toString(16).padStart(17, "0")} ${flow.source} ${flow.destination} ${flow.sourcePort} ${flow.port} ${protocol(flow)} ${flow.outPackets} ${flow.out + flow.outPackets * 40} ${start} ${start + 57} ACCEPT OK`;
}

// Zeek writes a whole real number with one zero.
function real(number) {
  return Number.isInteger(number) ? `${number}.0` : String(number);
}

function seconds(us) {
  return (us / 1e6).toFixed(6);
}

let lastSecond = -1;
let lastText = "";

// Making a date is slow; neighbours share their second.
function iso(us) {
  const second = Math.floor(us / 1e6);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(second * 1000).toISOString().slice(0, 19);
  }
  return `${lastText}.${String(Math.floor(us - second * 1e6)).padStart(6, "0")}`;
}

function uid(flow) {
  return `C${(flow.index * 2654435761).toString(36).padStart(14, "x")}`;
}

function state(flow) {
  return flow.transport === "udp" || flow.back > 0 ? "SF" : "S0";
}

function history(flow) {
  if (flow.transport === "udp") return "Dd";
  return flow.back > 0 ? "ShADadFf" : "S";
}

function protocol(flow) {
  return flow.transport === "tcp" ? 6 : 17;
}

function eveApp(flow) {
  return flow.service.includes("smb") ? "smb" : flow.service === "ssl" ? "tls" : flow.service || "failed";
}

function panApp(flow) {
  return flow.service.includes("smb") ? "ms-ds-smbv3" : flow.service || "unknown-tcp";
}

function fortiService(flow) {
  return flow.service.includes("smb") ? "SMB" : `${flow.transport}/${flow.port}`;
}

function splunkApp(flow) {
  return flow.service.includes("smb") ? "smb" : flow.service || "unknown";
}
