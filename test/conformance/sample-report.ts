/** Findings, matches, events and a run report as a real scan makes them, with hostile values where logs can hold them. */
import type { Outcome } from "../../src/event/outcome.ts";
import type { Coverage, InputAccount } from "../../src/findings/coverage.ts";
import type { Finding } from "../../src/findings/finding.ts";
import type {
  EventDocument,
  MatchDocument,
  RunInfo,
  RunReport,
  TimelineBucket,
} from "../../src/findings/run.ts";
import type { Severity } from "../../src/sigma/level.ts";

/** What somebody who writes the log would put there. */
export const HOSTILE = [
  "<script>globalThis.pwned = 1</script>",
  `"><img src="http://8.8.8.8/x.png" onerror="globalThis.pwned = 1">`,
  "</style></title><svg onload=globalThis.pwned=1>",
  "javascript:globalThis.pwned=1",
  "\u001b[31mred\u001b[0m\u001b]0;title\u0007",
  "\u009b31m C1",
  '=HYPERLINK("http://8.8.8.8","x")',
  "+1+cmd|' /C calc'!A0",
  "-2+3",
  "@SUM(A1)",
  "\tTAB",
  "\rCR",
  "two\nlines\r\n- [ ] three",
  "user\u202Egpj.exe",
  "zero\u200Bwidth\uFEFF",
  "| a | b `code` ``more`` \\| c",
  "![x](http://8.8.8.8/i.png) [y](javascript:1) http://8.8.8.8/ www.example.com @everyone #1",
  "日本語のファイル名.docx",
  "e\u0301\u0300 combining",
  "lone \ud800 surrogate",
] as const;

const DAY = "2026-03-01";

const GUIDE: Finding["guide"] = {
  investigate: [
    "Find the process on the host that opened the connection: Sysmon 3, or the EDR's network events.",
    "Look for a mail or a document that names a remote share (`\\\\host\\share`, `file://`).",
    "Look the destination up: who owns it, since when, who else of ours talked to it.",
  ],
  false_positives: [
    "A cloud file service that is reached over SMB on purpose, such as a storage account.",
    "A public network of ours that the site file does not name.",
  ],
  respond: [
    "Block TCP 139 and 445 to the Internet for this host at once, at the gateway and on the host.",
    "Reset the password of every user whose credentials were offered; an offered NTLM response can be cracked or relayed.",
    "Keep the evidence: the log records below, a memory image, the mail that started it.",
  ],
};

interface FindingSpec {
  readonly id: string;
  readonly host: string;
  readonly destination: string;
  readonly outcome: Outcome;
  readonly severity: Severity;
  readonly out?: number | null;
  readonly in?: number | null;
  readonly sessions?: number;
}

const WORDS: Readonly<Record<Outcome, string>> = {
  transferred: "sent data by SMB to",
  authenticated: "offered credentials by SMB to",
  established: "completed an SMB session to",
  attempted: "tried to reach",
  blocked: "was stopped from reaching",
  unknown: "had SMB traffic of unknown outcome with",
};

/** A plain finding. */
export function sampleFinding(spec: FindingSpec, changes: Partial<Finding> = {}): Finding {
  const { id, host, destination, outcome, severity, out = 9_000, in: received = 6_100, sessions = 3 } = spec;
  const [first, last] = [`${DAY}T10:00:00.123456Z`, `${DAY}T12:30:05Z`];
  return {
    schema: "sallyport.finding/1",
    id,
    profile: "sallyport",
    rule: { id: "SP-01", name: "Outbound SMB to the Internet" },
    also: [],
    severity,
    outcome,
    outcomes: {
      [outcome]: { count: sessions, first_seen: first, last_seen: last },
      ...(outcome === "blocked" ? {} : { blocked: { count: 2, first_seen: first, last_seen: first } }),
    },
    risk: {
      impact: 70,
      confidence: 80,
      score: 56,
      modifiers: [{ name: "credentials", delta: 1, why: "NTLM left the network" }],
    },
    reason: `${host} ${WORDS[outcome]} ${destination} port 445: 9.0 kB out, 6.1 kB in`,
    source: {
      ip: host,
      effective_ip: host,
      scope: "internal",
      address_class: "private-use",
      address: null,
      asset: null,
    },
    destination: {
      ip: destination,
      effective_ip: destination,
      port: [445],
      domain: null,
      scope: "internet",
      address_class: "global",
      asset: null,
    },
    network: { transport: "tcp", application: ["smb"] },
    bytes: { out, in: received },
    sessions,
    events: sessions * 2,
    first_seen: first,
    last_seen: last,
    actions: ["allow"],
    policies: [
      {
        observer: "fw1",
        rule: "allow-any",
        ingress: "trust",
        egress: "untrust",
        action: outcome === "blocked" ? "blocked" : "allowed",
      },
    ],
    nat: null,
    auth: null,
    datasets: ["zeek.conn", "panw.panos"],
    observers: ["fw1"],
    users: [],
    processes: [],
    threat: [{ tactic: "Exfiltration", technique: "T1048.003" }],
    frameworks: { nist: ["DE.CM"], cis: ["CIS 13"], kill_chain: ["Command and Control"] },
    advisories: ["outbound-smb"],
    guide: GUIDE,
    evidence: [
      {
        file: "logs/conn.log",
        offset: 1234,
        "@timestamp": first,
        dataset: "zeek.conn",
        outcome,
        summary: `${host}:50000 → ${destination}:445 SF 9.0 kB out, 6.1 kB in`,
      },
      {
        file: "logs/pan.csv",
        offset: 90,
        "@timestamp": null,
        dataset: "panw.panos",
        outcome: "attempted",
        summary: "allow",
      },
    ],
    evidence_total: 12,
    notes: [],
    suppressed_by: null,
    ...changes,
  };
}

/** Findings of every outcome, in the order of severity, on several hosts. */
export const SAMPLE_FINDINGS: readonly Finding[] = [
  sampleFinding(
    {
      id: "f1a0c0de00000001",
      host: "10.1.2.3",
      destination: "8.8.8.8",
      outcome: "transferred",
      severity: "critical",
      out: 220_000_000,
      in: 61_000,
      sessions: 14,
    },
    {
      source: {
        ip: "10.1.2.3",
        effective_ip: "10.1.2.3",
        scope: "internal",
        address_class: "private-use",
        address: "fin-lt-07.corp.example",
        asset: {
          nt_host: "FIN-LT-07",
          owner: "j.doe",
          bunit: "Finance",
          priority: "high",
          category: ["internal", "laptop"],
        },
      },
      destination: {
        ip: "8.8.8.8",
        effective_ip: "8.8.8.8",
        port: [139, 445],
        domain: "dns.google",
        scope: "internet",
        address_class: "global",
        asset: null,
      },
      also: [{ id: "SP-06", name: "Credentials offered to the Internet" }],
      auth: { protocol: "ntlm", user: "j.doe", domain: "CORP", success: true },
      users: ["CORP\\j.doe"],
      processes: ["C:\\Windows\\System32\\svchost.exe"],
      nat: { source: ["198.51.100.7"], destination: [] },
      baseline: "new",
    },
  ),
  sampleFinding(
    {
      id: "f1a0c0de00000002",
      host: "10.1.2.9",
      destination: "2606:4700:4700::1111",
      outcome: "authenticated",
      severity: "high",
    },
    { auth: { protocol: "ntlm", user: "svc-backup", domain: null, success: null }, baseline: "changed" },
  ),
  sampleFinding({
    id: "f1a0c0de00000003",
    host: "10.1.2.3",
    destination: "1.1.1.1",
    outcome: "established",
    severity: "high",
  }),
  sampleFinding(
    {
      id: "f1a0c0de00000004",
      host: "fd12:3456::5",
      destination: "9.9.9.9",
      outcome: "attempted",
      severity: "medium",
      out: null,
      in: null,
    },
    { notes: ["Known only from its flipped half: the first record of the connection is missing."] },
  ),
  sampleFinding({
    id: "f1a0c0de00000005",
    host: "10.20.0.44",
    destination: "8.8.4.4",
    outcome: "blocked",
    severity: "low",
    out: 0,
    in: 0,
    sessions: 4100,
  }),
  sampleFinding(
    {
      id: "f1a0c0de00000006",
      host: "10.20.0.45",
      destination: "8.8.4.4",
      outcome: "unknown",
      severity: "info",
      out: null,
      in: null,
    },
    { suppressed_by: "EX-2026-01", policies: [] },
  ),
];

/** One finding with a hostile value in every text that a log can reach. */
export function hostileFinding(value: string, at = 0): Finding {
  const host = `10.66.0.${at + 1}`;
  const plain = sampleFinding({
    id: `bad0c0de${String(at).padStart(8, "0")}`,
    host,
    destination: "1.0.0.1",
    outcome: "established",
    severity: "medium",
  });
  return {
    ...plain,
    reason: `${host} completed an SMB session to ${value} port 445`,
    source: { ...plain.source, address: value, asset: { nt_host: value, owner: value } },
    destination: { ...plain.destination, domain: value, asset: { dns: value } },
    network: { transport: value, application: [value] },
    actions: [value],
    policies: [{ observer: value, rule: value, ingress: value, egress: value, action: value }],
    nat: { source: [value], destination: [value] },
    auth: { protocol: value, user: value, domain: value, success: false },
    datasets: [value],
    observers: [value],
    users: [value],
    processes: [value],
    evidence: [
      { file: value, offset: 7, "@timestamp": value, dataset: value, outcome: "established", summary: value },
    ],
    notes: [value],
    rule: { id: value, name: value },
    also: [{ id: value, name: value }],
    guide: { investigate: [value], false_positives: [value], respond: [value] },
    suppressed_by: value,
  };
}

/** An event as `--emit events` writes it. */
export function sampleEvent(value = "dns.google"): EventDocument {
  return {
    "@timestamp": `${DAY}T10:00:00.123456Z`,
    source: { ip: "10.1.2.3", port: 50_000, bytes: 900, scope: "internal" },
    destination: { ip: "8.8.8.8", port: 445, bytes: 400, scope: "internet", domain: value },
    network: { transport: "tcp", protocol: value, application: ["gssapi", "smb", "ntlm"] },
    event: { action: "allowed", dataset: "zeek.conn" },
    rule: { name: value },
    sallyport: { outcome: "established" },
    log: { file: { path: value }, offset: 1234 },
  };
}

/** A match as `--emit matches` writes it. */
export function sampleMatch(value?: string): MatchDocument {
  return {
    rule: { id: "SP-01", name: "Outbound SMB to the Internet" },
    profile: "sallyport",
    event: sampleEvent(value),
  };
}

/** What a run was asked. */
export function sampleRun(emit: RunInfo["emit"] = "findings"): RunInfo {
  return {
    tool: { name: "sallyport", version: "0.1.0" },
    now: "2026-03-02T08:00:00Z",
    profile: "sallyport",
    emit,
    inputs: ["logs"],
    rules: [
      { id: "SP-01", name: "Outbound SMB to the Internet" },
      { id: "SP-06", name: "Credentials offered to the Internet" },
    ],
    site: { file: "sallyport.yml", internal: ["10.0.0.0/8", "fd12:3456::/32"], exceptions: 2 },
    since: null,
    until: null,
  };
}

function account(path: string, changes: Partial<InputAccount> = {}): InputAccount {
  return {
    path,
    status: "read",
    reason: null,
    formats: { "zeek-conn": 1_200_000 },
    bytes: 219_000_000,
    compressed_bytes: null,
    records: 1_200_000,
    ruled_out: 1_190_000,
    decoded: 10_000,
    rejected: 0,
    skipped: 0,
    undecodable: 0,
    events: 10_000,
    first_seen: `${DAY}T00:00:00Z`,
    last_seen: `${DAY}T23:59:59Z`,
    ...changes,
  };
}

/** The coverage of a run where all went well. */
const GOOD_COVERAGE: Coverage = {
  inputs: [
    account("logs/conn.log"),
    account("logs/pan.csv", {
      formats: { "pan-traffic": 3000 },
      bytes: 1_000_000,
      records: 3000,
      ruled_out: 0,
      decoded: 3000,
      events: 3000,
    }),
  ],
  totals: {
    inputs: 2,
    read: 2,
    bytes: 220_000_000,
    records: 1_203_000,
    ruled_out: 1_190_000,
    decoded: 13_000,
    rejected: 0,
    skipped: 0,
    undecodable: 0,
    events: 13_000,
  },
  first_seen: `${DAY}T00:00:00Z`,
  last_seen: `${DAY}T23:59:59Z`,
  gaps: [],
  problems: [],
  shares: {
    sampled: 10_000,
    direction: 9990,
    action: 3500,
    state: 9000,
    bytes: 9700,
    application: 5000,
    ipv6: 300,
    internal_source: 9500,
  },
  rules: [
    {
      id: "SP-01",
      name: "Outbound SMB to the Internet",
      status: "fed",
      datasets: { "zeek.conn": 10_000, "panw.panos": 3000 },
      missing_fields: {},
      cannot_see: ["SMB over QUIC on UDP 443."],
    },
    {
      id: "SP-02",
      name: "Internal SMB through a public address",
      status: "fed",
      datasets: { "zeek.conn": 10_000, "panw.panos": 3000 },
      missing_fields: {},
      cannot_see: [],
    },
  ],
  paths: [{ format: "zeek-tsv", way: "walk", because: null }],
  dropped: {},
  suppressed: {},
  notes: [],
  folded: null,
  incomplete: false,
};

/** The coverage of a run where much went wrong; `value` stands where a log can put text. */
function badCoverage(value = "x"): Coverage {
  return {
    ...GOOD_COVERAGE,
    inputs: [
      account("logs/conn.log"),
      account("logs/torn.log.gz", {
        status: "incomplete",
        reason: "the gzip stream ends early",
        compressed_bytes: 4000,
        bytes: 9000,
        records: 30,
        ruled_out: 20,
        decoded: 4,
        rejected: 5,
        skipped: 1,
        undecodable: 2,
      }),
      account(`logs/${value}`, {
        status: "not-recognised",
        reason: value,
        formats: {},
        records: 0,
        ruled_out: 0,
        decoded: 0,
        events: 0,
        first_seen: null,
        last_seen: null,
      }),
      account("logs/secret.log", {
        status: "unreadable",
        reason: "permission denied",
        formats: {},
        bytes: 0,
        records: 0,
        ruled_out: 0,
        decoded: 0,
        events: 0,
        first_seen: null,
        last_seen: null,
      }),
      account("logs/conn.log.gz", {
        status: "duplicate",
        reason: "as logs/conn.log",
        formats: {},
        records: 0,
        ruled_out: 0,
        decoded: 0,
        events: 0,
      }),
    ],
    totals: {
      inputs: 5,
      read: 1,
      bytes: 219_009_000,
      records: 1_200_030,
      ruled_out: 1_190_020,
      decoded: 10_004,
      rejected: 5,
      skipped: 1,
      undecodable: 2,
      events: 10_002,
    },
    gaps: [
      { from: `${DAY}T03:00:00Z`, to: `${DAY}T05:30:00Z` },
      { from: `${DAY}T20:00:00Z`, to: "2026-03-02T01:00:00Z" },
    ],
    problems: [
      {
        code: "too_few_columns",
        kind: "rejected",
        message: "the row has fewer columns than its header or its format asks for",
        count: 5,
        samples: [{ file: "logs/torn.log.gz", offset: 8123, excerpt: value }],
      },
      {
        code: "invalid_address",
        kind: "quality",
        message: "an address field holds no address",
        count: 1,
        samples: [{ file: value, offset: 12, excerpt: value }],
      },
    ],
    shares: { ...GOOD_COVERAGE.shares, action: 0, ipv6: 0 },
    rules: [
      ...GOOD_COVERAGE.rules,
      {
        id: "SP-03",
        name: "NetBIOS over UDP",
        status: "partly fed",
        datasets: { "zeek.conn": 10_000 },
        missing_fields: { "zeek.conn": ["event.action"] },
        cannot_see: [],
      },
      {
        id: "SP-06",
        name: "Credentials offered to the Internet",
        status: "no source here",
        datasets: {},
        missing_fields: {},
        cannot_see: ["NTLM inside SMB 3 encryption."],
      },
    ],
    paths: [{ format: "zeek-json", way: "decoder", because: `${value}: no text that every match must hold` }],
    dropped: { backscatter: 3, "out of the time bounds": 41 },
    suppressed: { "EX-2026-01": 7 },
    notes: [`A note that names ${value}`],
    folded: {
      limit: 1_000_000,
      observations: 50_000,
      sources: 3,
      by_source: [
        {
          source: "10.9.9.9",
          observations: 49_000,
          outcomes: { blocked: 49_000 },
          first_seen: `${DAY}T00:00:00Z`,
          last_seen: `${DAY}T23:00:00Z`,
        },
      ],
      by_prefix: [
        {
          source: "10.9.0.0/16",
          observations: 50_000,
          outcomes: { blocked: 50_000 },
          first_seen: null,
          last_seen: null,
        },
      ],
    },
    incomplete: true,
  };
}

/** A day by the hour: many blocked, a few that got out. */
const SAMPLE_TIMELINE: readonly TimelineBucket[] = Array.from({ length: 24 }, (_, hour) => {
  const at = (value: number): string => new Date(Date.UTC(2026, 2, 1, value)).toISOString();
  const counts: Partial<Record<Outcome, number>> = {
    blocked: hour < 6 ? 0 : 40 + ((hour * 37) % 160),
    attempted: (hour * 13) % 17,
  };
  if (hour === 10) Object.assign(counts, { established: 3, authenticated: 1 });
  if (hour === 11) Object.assign(counts, { transferred: 14, unknown: 2 });
  if (hour === 12) Object.assign(counts, { established: 6 });
  return { from: at(hour), to: at(hour + 1), counts };
});

/** The report of a run with findings. */
export function sampleReport(changes: Partial<RunReport> = {}): RunReport {
  return {
    run: sampleRun(),
    verdict: {
      sentence:
        "2 hosts completed SMB sessions to the Internet, 1 of them carried data. 2 others only tried or were blocked.",
      findings: SAMPLE_FINDINGS.length,
      hosts: { transferred: 1, authenticated: 1, attempted: 1, blocked: 1, unknown: 1 },
      sessions: {
        transferred: 14,
        authenticated: 3,
        established: 3,
        attempted: 3,
        blocked: 4110,
        unknown: 3,
      },
    },
    coverage: GOOD_COVERAGE,
    exceptions: [],
    baseline: null,
    timeline: SAMPLE_TIMELINE,
    ...changes,
  };
}

/** The report of a run that found nothing. */
export function emptyReport(changes: Partial<RunReport> = {}): RunReport {
  const { timeline: _, ...report } = sampleReport();
  return {
    ...report,
    verdict: {
      sentence: "No outbound SMB was found in the records that were read.",
      findings: 0,
      hosts: {},
      sessions: {},
    },
    ...changes,
  };
}

/** The report of a run where much went wrong. */
export function badReport(value?: string): RunReport {
  return sampleReport({
    coverage: badCoverage(value),
    exceptions: [
      { id: "EX-2026-01", state: "active", expires: "2026-06-30T00:00:00Z", hid: 7 },
      { id: value ?? "EX-2025-09", state: "expired", expires: "2026-01-01T00:00:00Z", hid: 0 },
    ],
    baseline: {
      file: "yesterday.json",
      new: 2,
      changed: 1,
      known: 3,
      gone: [{ id: "dead000000000001", reason: value ?? "10.1.2.8 tried to reach 1.1.1.1" }],
    },
  });
}
