/**
 * The composition of rules with a format's raw shape is sound: whatever event meets a rule, or is evidence, comes of a
 * line that the plain JavaScript kernel does not rule out.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { referenceVerdict } from "../../src/bytes/kernel-reference.ts";
import { composeKernel, scopeBit } from "../../src/engines/compose-kernel.ts";
import { evaluate } from "../../src/engines/reference.ts";
import { deriveFields } from "../../src/event/derive.ts";
import type { NetworkEvent } from "../../src/event/event.ts";
import { isEvidence } from "../../src/findings/observation.ts";
import type { DecodeContext, Decoder, Format } from "../../src/formats/format.ts";
import { FORMATS } from "../../src/formats/index.ts";
import { formatByName } from "../../src/formats/registry.ts";
import { ipOf } from "../../src/net/big.ts";
import { createAddressModel } from "../../src/net/model.ts";
import { ipv4 } from "../../src/net/parse-ip.ts";
import { knownPrefix } from "../../src/net/prefix.ts";
import { SCOPES } from "../../src/net/scope.ts";
import { classTable } from "../../src/pipeline/kernel-for.ts";
import { parseRules } from "../../src/sigma/parse-rule.ts";
import { compilePlan, type Plan } from "../../src/sigma/plan.ts";
import { mutate, mutation, toBytes } from "./mutations.ts";

const RUNS = Number(process.env["SALLYPORT_FUZZ_RUNS"] ?? 500);

const MODEL = createAddressModel({
  internal: [],
  internalOnly: false,
  nat64: [],
  sharedAddressSpace: "internal",
});
const TABLE = classTable(MODEL);
const NEIGHBOURS = FORMATS.flatMap(({ literals }) => literals ?? []);
const CONTEXT: DecodeContext = { file: "generated.log", zone: (localMs) => localMs, year: 2026 };

// Rules.

const value = (list: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    fc.constantFrom(...list),
    fc.uniqueArray(fc.constantFrom(...list), { minLength: 1, maxLength: 3 }),
  );
const PORT_VALUES = [445, "445", 139, 137, 80, "0445", 445.5, "44?", null];
const WORD_VALUES = [
  "smb",
  "SMB",
  "*smb*",
  "ms-ds-smb*",
  "netbios-ssn (smb)",
  "ntlm",
  "krb*",
  "a/b",
  "a,b",
  "smb,a",
  "445",
  "*445*",
  "quic",
  "unknown",
  "s?b",
  "a\\b",
  "\u00e9smb",
  "xi*",
  null,
];
const SCOPE_VALUES = [...SCOPES, "INTERNAL", "inter*", null];

const bounded = fc.oneof(
  fc.tuple(fc.constantFrom("source.port", "destination.port"), value([445, 139, "137"])),
  fc.tuple(
    fc.constantFrom("source.scope", "destination.scope"),
    value(["internal", "internet", "link-local"]),
  ),
  fc.tuple(
    fc.constantFrom("network.application", "network.protocol"),
    value(["smb", "ms-ds-smb*", "krb*", "xi*"]),
  ),
);
const unusual = fc.oneof(
  fc.tuple(fc.constantFrom("destination.port|neq", "source.port|gte"), value([445, 139, 80])),
  fc.tuple(fc.constantFrom("source.port", "destination.port"), value(PORT_VALUES)),
  fc.tuple(fc.constantFrom("source.scope", "destination.scope"), value(SCOPE_VALUES)),
  fc.tuple(
    fc.constantFrom("network.application", "network.protocol", "tls.next_protocol"),
    value(WORD_VALUES),
  ),
  fc.tuple(
    fc.constantFrom(
      "network.application|contains",
      "network.application|startswith",
      "network.application|endswith",
      "network.protocol|contains",
      "network.application|cased",
      "network.application|re",
      "network.application|neq",
    ),
    value(["smb", "nt", "a,b", "krb", "445", "xi"]),
  ),
  fc.tuple(fc.constant("network.application|all"), fc.constant(["*smb*", "*ntlm*"])),
  fc.tuple(fc.constantFrom("network.transport", "rule.name"), fc.constantFrom("tcp", "x")),
  fc.tuple(fc.constantFrom("destination.port|exists", "network.application|exists"), fc.boolean()),
);
const selection = fc
  .uniqueArray(fc.oneof({ weight: 2, arbitrary: bounded }, { weight: 1, arbitrary: unusual }), {
    minLength: 1,
    maxLength: 3,
    selector: ([key]) => key,
  })
  .map((lines) => Object.fromEntries(lines));
const condition = fc.constantFrom(
  "s1",
  "s1 and s2",
  "s1 or s2",
  "s1 and not s2",
  "not s1",
  "s1 and (s2 or s3)",
  "s1 and s2 or s3",
  "1 of s*",
  "all of s*",
  "not (s1 or s2) and s3",
);
const plan: fc.Arbitrary<Plan> = fc
  .record({ s1: selection, s2: selection, s3: selection, condition })
  .map((detection) => {
    const logsource = { category: "network", service: "connection" };
    const [rule] = parseRules(JSON.stringify({ title: "generated", logsource, detection }), "generated.yml");
    if (rule === undefined) throw new Error("no rule");
    return compilePlan(rule);
  });

// Records.

const ip = fc.constantFrom(
  "10.1.2.3",
  "192.168.1.1",
  "8.8.8.8",
  "1.1.1.1",
  "169.254.1.1",
  "192.0.2.1",
  "224.0.0.5",
  "127.0.0.1",
  "2606:4700:4700::1111",
  "fd12:3456::1",
  "::ffff:8.8.8.8",
  "",
  "-",
  "08.8.8.8",
);
const port = fc.constantFrom(
  "445",
  "139",
  "137",
  "80",
  "443",
  "50000",
  "1023",
  "1024",
  "445.0",
  "0445",
  "4.45e2",
  "",
  "-",
);
const word = fc.constantFrom(
  "smb",
  "SMB",
  "gssapi,smb,ntlm",
  "ntlm",
  "krb_tcp",
  "\u212arb",
  "ms-ds-smbv3",
  "netbios-ssn (smb)",
  "dns",
  "a/b",
  "a,b",
  "x4455",
  "\u00c9SMB",
  "x\u0130y",
  "quic",
  "",
  "-",
  "(empty)",
  "-smb",
);
const ends = fc.record({ from: ip, to: ip, fromPort: port, toPort: port, app: word, spare: word });
type Ends = typeof ends extends fc.Arbitrary<infer T> ? T : never;

/** A JSON number where the text is one, else a string. */
const token = (text: string): string =>
  /^(?:0|[1-9]\d*)(?:\.\d+)?(?:e\d+)?$/.test(text) ? text : JSON.stringify(text);

const ZEEK_COLUMNS = "ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service conn_state".split(" ");

interface Case {
  readonly format: Format;
  /** Lines that the decoder sees first. */
  readonly head: readonly string[];
  readonly lines: readonly ((ends: Ends) => string)[];
}

const CASES: Readonly<Record<string, Case>> = {
  "zeek-json": {
    format: formatByName("zeek-json"),
    head: [],
    lines: [
      ({ from, to, fromPort, toPort, app }) =>
        `{"ts":1.5,"uid":"C1","id.orig_h":"${from}","id.orig_p":${token(fromPort)},"id.resp_h":"${to}","id.resp_p":${token(toPort)},"proto":"tcp","service":${JSON.stringify(app)},"conn_state":"SF"}`,
      ({ from, to, fromPort, toPort, app, spare }) =>
        `{"ts":1.5,"_path":${JSON.stringify(app)},"id_orig_h":"${from}","id_orig_p":${token(fromPort)},"id_resp_h":"${to}","id_resp_p":${token(toPort)},"proto":"tcp","service":[${JSON.stringify(app)},${JSON.stringify(spare)}],"conn_state":"SF"}`,
      ({ from, to, fromPort, toPort, spare }) =>
        `{"ts":1.5,"_path":"conn","id":{"orig_h":"${from}","orig_p":${token(fromPort)},"resp_h":"${to}","resp_p":${token(toPort)}},"proto":"tcp","service":${JSON.stringify(spare)},"conn_state":"SF"}`,
      ({ from, to, fromPort, toPort, app }) =>
        `{"ts":1.5,"id.orig_h":"${from}","id.orig_p":${token(fromPort)},"id.resp_h":"${to}","id.resp_p":${token(toPort)},"client_protocol":${JSON.stringify(app)},"server_scid":"x","conn_state":null}`,
      ({ from, to, fromPort, toPort }) =>
        `{"ts":1.5,"id.orig_h":"${from}","id.orig_p":${token(fromPort)},"id.resp_h":"${to}","id.resp_p":${token(toPort)},"share_type":"DISK"}`,
      ({ from, to, fromPort, toPort, app }) =>
        `{"ts":1.5,"id.orig_h":"${from}","id.orig_p":${token(fromPort)},"id.resp_h":"${to}","id.resp_p":${token(toPort)},"username":${JSON.stringify(app)},"server_dns_computer_name":"x"}`,
    ],
  },
  "zeek-tsv": {
    format: formatByName("zeek-tsv"),
    head: [
      "#separator \\x09",
      "#set_separator\t,",
      "#empty_field\t(empty)",
      "#unset_field\t-",
      "#path\tconn",
      `#fields\t${ZEEK_COLUMNS.join("\t")}`,
      "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tset[string]\tstring",
    ],
    lines: [
      ({ from, to, fromPort, toPort, app }) =>
        ["1.5", "C1", from, fromPort, to, toPort, "tcp", app, "SF"].join("\t"),
    ],
  },
  "suricata-eve": {
    format: formatByName("suricata-eve"),
    head: [],
    lines: [
      ({ from, to, fromPort, toPort, app, spare }) =>
        `{"timestamp":"2026-03-01T10:00:00.000000+0000","flow_id":1,"event_type":"flow","src_ip":"${from}","src_port":${token(fromPort)},"dest_ip":"${to}","dest_port":${token(toPort)},"proto":"TCP","app_proto":${JSON.stringify(app)},"app_proto_ts":${JSON.stringify(spare)}}`,
      ({ from, to, fromPort, toPort, app }) =>
        `{"timestamp":"2026-03-01T10:00:00.000000+0000","flow_id":1,"event_type":"alert","direction":"to_client","src_ip":"${from}","src_port":${token(fromPort)},"dest_ip":"${to}","dest_port":${token(toPort)},"proto":"TCP","app_proto":${JSON.stringify(app)},"smb":{"ntlmssp":{"user":"x"}}}`,
      ({ from, to, fromPort, toPort, app }) =>
        `{"timestamp":"2026-03-01T10:00:00.000000+0000","flow_id":1,"event_type":"quic","src_ip":"${from}","src_port":${token(fromPort)},"dest_ip":"${to}","dest_port":${token(toPort)},"proto":"UDP","quic":{"extensions":[{"name":"alpn","type":16,"values":[${JSON.stringify(app)}]}]}}`,
    ],
  },
  panos: {
    format: formatByName("panos"),
    head: [],
    lines: [
      ({ from, to, fromPort, toPort, app }) =>
        `1,2026/03/01 10:00:00,001,TRAFFIC,end,0,2026/03/01 10:00:00,${from},${to},,,r,,,${/,/.test(app) ? `"${app}"` : app},v,a,b,i,o,l,,7,1,${fromPort},${toPort},0,0,0,tcp,allow,9,5,4,3,2026/03/01 10:00:00,1,any,,1,0,a,b,,2,1,aged-out`,
    ],
  },
  "panos-csv": {
    format: formatByName("panos-csv"),
    head: [
      "Receive Time,Serial #,Type,Threat/Content Type,Source address,Destination address,Source User,Application,Virtual System,Source Zone,Destination Zone,Source Port,Destination Port,IP Protocol,Action,Bytes Sent,Bytes Received",
    ],
    lines: [
      ({ from, to, fromPort, toPort, app }) =>
        `2026/03/01 10:00:00,001,TRAFFIC,end,${from},${to},,${/,/.test(app) ? `"${app}"` : app},v,a,b,${fromPort},${toPort},tcp,allow,5,4`,
      ({ from, to, fromPort, toPort, app, spare }) =>
        `"2026/03/01 10:00:00","001","traffic","end","${from}","${to}","${spare}","${app}","v","a","b","${fromPort}","${toPort}","tcp","allow","5","4"`,
    ],
  },
  "splunk-csv": {
    format: formatByName("splunk-csv"),
    head: ['"_time","src_ip",dest,"src_port","dest_port",transport,app,action'],
    lines: [
      ({ from, to, fromPort, toPort, app }) =>
        `"2026-03-01T10:00:00Z","${from}","${to}","${fromPort}","${toPort}","tcp","${app}","allowed"`,
      ({ from, to, fromPort, toPort, app }) =>
        `2026-03-01T10:00:00Z,${from},${to},${fromPort},${toPort},tcp,"${app} ""x""",allowed`,
    ],
  },
  "splunk-csv, two columns for an end": {
    format: formatByName("splunk-csv"),
    head: ['"_time",src,"src_ip",dest,"All_Traffic.dest_ip","src_port","dest_port",transport,app,action'],
    lines: [
      ({ from, to, fromPort, toPort, app }) =>
        `"2026-03-01T10:00:00Z","${from}","${from}","${to}","${to}","${fromPort}","${toPort}","tcp","${app}","allowed"`,
      ({ from, to, fromPort, toPort, app, spare }) =>
        `"2026-03-01T10:00:00Z","${from}","","${to}","unknown","${fromPort}","${toPort}","${spare}","${app}","allowed"`,
      ({ from, to, fromPort, toPort, app }) =>
        `2026-03-01T10:00:00Z,10.1.2.3,${from},server.example,${to},${fromPort},${toPort},tcp,${/,/.test(app) ? "smb" : app},allowed`,
    ],
  },
  fortigate: {
    format: formatByName("fortigate"),
    head: [],
    lines: [
      ({ from, to, fromPort, toPort, app }) =>
        `<189>date=2026-03-01 time=10:00:00 devname="fw" devid="FG1" logid="0000000013" type="traffic" subtype="forward" srcip=${from} srcport=${fromPort} dstip=${to} dstport=${toPort} proto=6 action="close" app="${app.replace(/["\\]/g, "")}" rcvdbyte=9`,
      ({ from, to, toPort, app, spare }) =>
        `Mar  1 10:00:00 fw logid=1 type=traffic subtype=local srcip="${from}" dstip="${to}" dstport="${toPort}" app=${app} app="${spare}" msg="a \\"b\\" dstport=445" user=`,
    ],
  },
  ecs: {
    format: formatByName("ecs"),
    head: [],
    lines: [
      ({ from, to, fromPort, toPort, app }) =>
        `{"@timestamp":"2026-03-01T10:00:00Z","ecs":{"version":"8"},"source":{"ip":"${from}","port":${token(fromPort)}},"destination":{"ip":"${to}","port":${token(toPort)}},"network":{"transport":"tcp","protocol":${JSON.stringify(app)}}}`,
      ({ from, to, fromPort, toPort, app, spare }) =>
        `{"_index":"x","_source":{"@timestamp":"2026-03-01T10:00:00Z","source.ip":"${from}","client.port":${token(fromPort)},"destination":{"address":"${to}"},"server.port":${token(toPort)},"network.application":[${JSON.stringify(app)},${JSON.stringify(spare)}],"tls.next_protocol":${JSON.stringify(spare)}}}`,
      ({ from, to, spare }) =>
        `{"@timestamp":"2026-03-01T10:00:00Z","event.dataset":"zeek.smb_files","source.ip":"${from}","destination.ip":"${to}","zeek":{"smb_files":{"action":"SMB::FILE_WRITE","name":${JSON.stringify(spare)}}}}`,
    ],
  },
  "splunk-json": {
    format: formatByName("splunk-json"),
    head: [],
    lines: [
      ({ from, to, fromPort, toPort, app }) =>
        `{"preview":false,"result":{"_time":"2026-03-01T10:00:00Z","src":"${from}","src_port":"${fromPort}","dest":"${to}","dest_port":"${toPort}","transport":"tcp","app":${JSON.stringify(app)}}}`,
      ({ from, to, toPort, app, spare }) =>
        `{"_time":"2026-03-01T10:00:00Z","All_Traffic.src_ip":"${from}","All_Traffic.dest_ip":"${to}","All_Traffic.dest_port":${token(toPort)},"All_Traffic.app":[${JSON.stringify(app)},${JSON.stringify(spare)}]}`,
      ({ from, to, fromPort, toPort, app }) =>
        `{"preview":false,"offset":7,"result":{"_time":"2026-03-01T10:00:00Z","src":"${to}","src_ip":"${from}","src_port":"${fromPort}","dest":"x.example","dest_ip":"${to}","dest_port":"${toPort}","transport":"tcp","app":${JSON.stringify(app)}}}`,
      ({ from, to, fromPort, toPort, app, spare }) =>
        `{"time":1772359200,"sourcetype":"fw","src_ip":${JSON.stringify(spare)},"event":{"src_ip":"${from}","All_Traffic":{"src_port":${token(fromPort)}},"dest_ip":"${to}","dest_port":${token(toPort)},"app":${JSON.stringify(app)}}}`,
      ({ from, to, toPort, app }) =>
        `{"_time":"2026-03-01T10:00:00Z","result.src_ip":"10.1.2.3","result.dest_ip":"10.1.2.4","src_ip":"${from}","dest":"${to}","dest_port":${token(toPort)},"app":${JSON.stringify(app)}}`,
      ({ from, to, fromPort, toPort, app }) =>
        `{"lastrow":true,"result":{"src":"${from}","src_ip":"unknown","src_port":"${fromPort}","dest":"${to}","dest_port":"${toPort}","app":${JSON.stringify(app)}}}`,
    ],
  },
  sysmon: {
    format: formatByName("sysmon"),
    head: [],
    lines: [
      ({ from, to, fromPort, toPort }) =>
        `{"EventID":3,"Channel":"Microsoft-Windows-Sysmon/Operational","Provider":"Microsoft-Windows-Sysmon","UtcTime":"2026-03-01 10:00:00.000","SourceIp":"${from}","SourcePort":"${fromPort}","DestinationIp":"${to}","DestinationPort":${token(toPort)},"Protocol":"tcp","Image":"System","Initiated":"true"}`,
      ({ from, to, fromPort, toPort }) =>
        `{"@timestamp":"2026-03-01T10:00:00Z","event":{"code":"3"},"winlog":{"event_id":"3","provider_name":"Microsoft-Windows-Sysmon","event_data":{"SourceIp":"${from}","SourcePort":"${fromPort}","DestinationIp":"${to}","DestinationPort":${token(toPort)},"Protocol":"tcp","Initiated":"false"}}}`,
      ({ from, to, fromPort, toPort, spare }) =>
        `{"@timestamp":"2026-03-01T10:00:00Z","winlog":{"event_id":5156,"channel":"Security"},"winlog.event_data.SourceAddress":"${from}","winlog.event_data.SourcePort":"${fromPort}","winlog.event_data.DestAddress":"${to}","winlog.event_data.DestPort":"${toPort}","winlog.event_data.Protocol":${JSON.stringify(spare)}}`,
      ({ from, to, fromPort, toPort }) =>
        `{"@timestamp":"2026-03-01T10:00:00Z","winlog":{"event_id":3,"provider_name":"Microsoft-Windows-Sysmon","event_data":{"Image":"System"},"event_data.SourceIp":"${from}"},"winlog.event_data":{"SourcePort":"${fromPort}"},"winlog.event_data.DestinationIp":"${to}","winlog.event_data.DestinationPort":"${toPort}"}`,
      ({ from, to, fromPort, toPort }) =>
        `{"@timestamp":"2026-03-01T10:00:00Z","winlog":{"event_id":3,"provider_name":"Microsoft-Windows-Sysmon","event_data":{"SourceIp":"-","DestinationIp":"10.1.2.3"}},"source":{"ip":"${from}","port":${token(fromPort)}},"destination":{"ip":"${to}","port":${token(toPort)}}}`,
    ],
  },
};

function decoded(format: Format, decoder: Decoder, text: string): NetworkEvent | undefined {
  if (text.includes("\n") || decoder.frame(text) !== "record" || text.includes("\0")) return undefined;
  const event = decoder.decode(text);
  if (event === undefined || !("record" in event)) return undefined;
  return deriveFields(event, { model: MODEL, byteCounting: format.byteCounting });
}

/** The event of a line that the router would give to this decoder. */
function eventOf({ format, head }: Case, decoder: Decoder, bytes: Uint8Array): NetworkEvent | undefined {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const isOthers = text.startsWith("#") || (head.length === 0 && !format.claims(text));
  return isOthers ? undefined : decoded(format, decoder, text);
}

function isWanted(plans: readonly Plan[], event: NetworkEvent | undefined): boolean {
  return event !== undefined && (plans.some((one) => evaluate(one, event)) || isEvidence(event));
}

describe.each(Object.entries(CASES))("%s", (name, one) => {
  test("no line is ruled out whose event meets a rule or is evidence", () => {
    const decoder = one.format.open(CONTEXT);
    for (const text of one.head) decoder.frame(text);
    const shape = decoder.rawShape?.();
    if (shape === undefined) throw new Error(`${name} has no shape`);
    const seen = { wanted: 0, ruledOut: 0, all: 0 };
    const record = fc
      .tuple(fc.constantFrom(...one.lines), ends, fc.array(mutation, { maxLength: 2 }))
      .map(([write, of, mutations]) => mutate(inBytes(write(of)), mutations));
    fc.assert(
      fc.property(fc.array(plan, { minLength: 1, maxLength: 2 }), record, (plans, raw) => {
        const bytes = toBytes(raw);
        const wanted = isWanted(plans, eventOf(one, decoder, bytes));
        const kernelPlan = composeKernel(plans, shape, NEIGHBOURS);
        const verdicts = [true, false].map((prefilter) =>
          referenceVerdict(kernelPlan, TABLE, bytes, prefilter),
        );
        if (wanted) expect(verdicts, `${raw} prefiltered, walked`).not.toContain("no");
        seen.all++;
        seen.wanted += Number(wanted);
        seen.ruledOut += Number(verdicts.includes("no"));
      }),
      { numRuns: RUNS },
    );
    expect(seen.wanted / seen.all).toBeGreaterThan(0.1);
    expect(seen.ruledOut / seen.all).toBeGreaterThan(0.02);
  });
});

/** As UTF-8, one character a byte. */
function inBytes(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

test("the interval table gives every IPv4 address the scope that the model gives it", () => {
  const { starts, classes } = TABLE.ipv4;
  const edges = [...starts].flatMap((start) => [start - 1, start, start + 1]);
  const classAt = (address: number): number =>
    classes[starts.findLastIndex((start) => start <= address)] ?? 0;
  const check = (address: number): void => {
    expect(classAt(address), String(address)).toBe(scopeBit(MODEL.classify(ipv4(address)).scope));
  };
  for (const edge of edges) if (edge >= 0 && edge < 2 ** 32) check(edge);
  fc.assert(fc.property(fc.nat({ max: 2 ** 32 - 1 }), check));
});

test("the interval table gives every IPv6 address the scope that the model gives it, or says that it may be any", () => {
  const model = createAddressModel({
    internal: ["2001:4860::/32", "2002:808:808::/48"].map(knownPrefix),
    nat64: [knownPrefix("2606:4700:64::/96")],
  });
  const { starts, classes } = classTable(model).ipv6;
  const borders = Array.from(
    classes,
    (_, at) => ((starts[2 * at] ?? 0n) << 64n) | (starts[2 * at + 1] ?? 0n),
  );
  const check = (address: bigint): boolean => {
    const found = classes[borders.findLastIndex((start) => start <= address)] ?? 0;
    const scope = scopeBit(model.classify(ipOf(address, 6)).scope);
    expect(found & scope, address.toString(16)).toBe(scope);
    return found === scope;
  };
  const edges = borders.flatMap((start) => [start - 1n, start, start + 1n]);
  const exact = edges.filter((edge) => edge >= 0n && edge < 1n << 128n).map(check);
  expect(exact.filter(Boolean).length).toBeGreaterThan(exact.length / 2);
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (address) => {
      check(address);
    }),
  );
});
