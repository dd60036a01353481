/** Findings: their sentences, their grouping, their ids, their parts. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SAMPLE_RULES, type Sample, sampleObservation, shuffled } from "../../test/sample-observation.ts";
import { parseIp } from "../net/parse-ip.ts";
import type { Rule } from "../sigma/rule.ts";
import { type AssetList, parseAssets } from "./assets.ts";
import { compareFindings, draftFindings } from "./draft.ts";
import type { Finding } from "./finding.ts";
import type { Observation } from "./observation.ts";
import { ruleSession } from "./ruling.ts";
import { joinSessions } from "./session.ts";

const HOUR = 3_600_000;

interface Known {
  readonly assets?: AssetList | null;
  readonly suppress?: (observation: Observation) => string | null;
}

function build(observations: readonly Observation[], { assets = null, suppress = () => null }: Known = {}) {
  const { sessions } = joinSessions(observations);
  const ruled = sessions.map((session) =>
    ruleSession(session, SAMPLE_RULES, assets, suppress(session.observations[0] as Observation)),
  );
  return draftFindings(ruled, assets).map((draft) => draft.finish());
}

const observations = (samples: readonly Sample[]): Observation[] =>
  samples.map((sample, offset) => sampleObservation({ offset, ...sample }));

const findings = (...samples: Sample[]): readonly Finding[] => build(observations(samples));

function only(...samples: Sample[]): Finding {
  const built = findings(...samples);
  expect(built).toHaveLength(1);
  return built[0] as Finding;
}

const REVERSE: Sample = { from: "8.8.8.8", fromPort: 445, to: "10.1.2.3", toPort: 50_000 };
const NTLM = { "sallyport.auth.protocol": "ntlm" };

describe("the sentence", () => {
  test.each<[string, Sample[], string]>([
    [
      "blocked",
      [{ observer: "fw1", action: "blocked" }],
      "10.1.2.3 was stopped from SMB to 8.8.8.8 port 445: blocked by fw1",
    ],
    [
      "blocked by a policy after bytes went through",
      [{ observer: "fw1", action: "blocked", out: 9000, in: 512, fields: { "rule.name": "no-smb" } }],
      "10.1.2.3 was stopped from SMB to 8.8.8.8 port 445: blocked by fw1 (policy no-smb), after 9.0 kB out and 512 B in",
    ],
    [
      "blocked by a log that names nobody",
      [{ action: "blocked" }],
      "10.1.2.3 was stopped from SMB to 8.8.8.8 port 445: blocked by panw.panos",
    ],
    [
      "allowed",
      [{ observer: "fw1", action: "allowed", fields: { "rule.name": "out-any" } }],
      "10.1.2.3 tried SMB to 8.8.8.8 port 445: allowed by fw1 (policy out-any); completion not recorded",
    ],
    ["no answer", [{ state: "no-answer" }], "10.1.2.3 tried SMB to 8.8.8.8 port 445: no answer"],
    [
      "refused",
      [{ state: "refused", action: "allowed" }],
      "10.1.2.3 tried SMB to 8.8.8.8 port 445: refused by the destination, which is therefore reachable",
    ],
    [
      "the answering half alone",
      [REVERSE],
      "10.1.2.3 tried SMB to 8.8.8.8 port 445: only the answering half of the flow was recorded",
    ],
    [
      "unknown",
      [{}],
      "10.1.2.3 sent SMB to 8.8.8.8 port 445; no record says whether it was allowed or answered",
    ],
    [
      "established",
      [{ state: "established", out: 9000, in: 6100 }],
      "10.1.2.3 completed an SMB session to 8.8.8.8 port 445: 9.0 kB out, 6.1 kB in",
    ],
    [
      "established without counters",
      [{ state: "established" }],
      "10.1.2.3 completed an SMB session to 8.8.8.8 port 445",
    ],
    [
      "authenticated, answer unknown",
      [{ fields: NTLM }],
      "10.1.2.3 completed an SMB session to 8.8.8.8 port 445, offering NTLM credentials (answer not recorded)",
    ],
    [
      "authenticated, accepted",
      [
        {
          out: 900,
          in: 600,
          fields: {
            ...NTLM,
            "sallyport.auth.user": "anna",
            "sallyport.auth.domain": "CORP",
            "sallyport.auth.success": true,
          },
        },
      ],
      "10.1.2.3 completed an SMB session to 8.8.8.8 port 445, offering NTLM credentials of CORP\\anna (accepted): 900 B out, 600 B in",
    ],
    [
      "authenticated by Kerberos, rejected",
      [
        {
          fields: {
            "sallyport.auth.protocol": "kerberos",
            "sallyport.auth.user": "anna",
            "sallyport.auth.success": false,
          },
        },
      ],
      "10.1.2.3 completed an SMB session to 8.8.8.8 port 445, offering Kerberos credentials of anna (rejected)",
    ],
    [
      "much data out",
      [{ state: "established", out: 220_000_000, in: 6000 }],
      "10.1.2.3 sent data to 8.8.8.8 port 445 over SMB: 220 MB out, 6.0 kB in",
    ],
    [
      "much data in",
      [{ state: "established", out: 6000, in: 5_000_000 }],
      "10.1.2.3 fetched data from 8.8.8.8 port 445 over SMB: 6.0 kB out, 5.0 MB in",
    ],
    [
      "a file read, without counters",
      [{ fields: { "sallyport.transfer": "download" } }],
      "10.1.2.3 fetched data from 8.8.8.8 port 445 over SMB",
    ],
    [
      "a file written, without counters",
      [{ fields: { "sallyport.transfer": "upload" } }],
      "10.1.2.3 sent data to 8.8.8.8 port 445 over SMB",
    ],
    [
      "names of both ends",
      [{ fields: { "source.address": "pc7", "destination.domain": "files.example" } }],
      "10.1.2.3 (pc7) sent SMB to 8.8.8.8 (files.example) port 445; no record says whether it was allowed or answered",
    ],
    [
      "an embedded address",
      [{ to: "64:ff9b::808:808" }],
      "10.1.2.3 sent SMB to 64:ff9b::808:808 (that is 8.8.8.8) port 445; no record says whether it was allowed or answered",
    ],
    [
      "several sessions and ports",
      [
        { action: "blocked", observer: "fw1" },
        { action: "blocked", observer: "fw1", toPort: 139 },
      ],
      "10.1.2.3 was stopped from SMB to 8.8.8.8 port 139, 445: blocked by fw1 (2 sessions)",
    ],
  ])("%s", (_, samples, sentence) => {
    expect(only(...samples).reason).toBe(sentence);
  });

  test("the source's name in the asset list comes before the log's", () => {
    const assets = parseAssets("ip,nt_host,category\n10.1.2.0/24,PC-ANNA,workstation\n", "assets.csv");
    const [finding] = build(observations([{ state: "established", fields: { "source.address": "pc7" } }]), {
      assets,
    });
    expect(finding?.reason).toBe("10.1.2.3 (PC-ANNA) completed an SMB session to 8.8.8.8 port 445");
    expect(finding?.source.asset).toMatchObject({ nt_host: "PC-ANNA" });
  });
});

describe("grouping", () => {
  test.each<[string, Sample, number]>([
    ["another session of the same day", { at: HOUR }, 1],
    ["another source port", { fromPort: 50_001 }, 1],
    ["another destination port", { toPort: 139 }, 1],
    ["another outcome", { at: HOUR, state: "established" }, 1],
    ["an address that embeds the same destination", { to: "64:ff9b::808:808", at: HOUR }, 1],
    ["the next UTC day", { at: 14 * HOUR }, 2],
    ["another source", { from: "10.1.2.4" }, 2],
    ["another destination", { to: "1.1.1.1" }, 2],
    ["another primary rule", { toPort: 8445, rules: [1] }, 2],
    ["a session without a time", { at: null }, 2],
  ])("with %s there are %#: %s", (_, sample, count) => {
    expect(findings({}, sample)).toHaveLength(count);
  });

  test("a session belongs to the day on which it began", () => {
    const [finding] = findings({ at: 13 * HOUR, until: 15 * HOUR });
    expect(finding).toMatchObject({
      first_seen: "2026-03-01T23:00:00.000Z",
      last_seen: "2026-03-02T01:00:00.000Z",
    });
  });

  test("what an exception hides is a finding of its own, with another id", () => {
    const seen = observations([
      { state: "established" },
      { at: HOUR, fields: { "destination.domain": "ok.example" } },
    ]);
    const suppress = ({ destination }: Observation) => (destination.domain === undefined ? null : "EX-1");
    const built = build(seen, { suppress });
    expect(built.map(({ suppressed_by, sessions }) => [suppressed_by, sessions])).toEqual([
      [null, 1],
      ["EX-1", 1],
    ]);
    expect(new Set(built.map(({ id }) => id)).size).toBe(2);
  });

  test("the strongest session decides; each outcome is counted with its times", () => {
    expect(
      only({ action: "blocked" }, { action: "blocked", at: HOUR }, { state: "established", at: 2 * HOUR }),
    ).toMatchObject({
      severity: "high",
      outcome: "established",
      sessions: 3,
      outcomes: {
        blocked: { count: 2, first_seen: "2026-03-01T10:00:00.000Z", last_seen: "2026-03-01T11:00:00.000Z" },
        established: {
          count: 1,
          first_seen: "2026-03-01T12:00:00.000Z",
          last_seen: "2026-03-01T12:00:00.000Z",
        },
      },
      first_seen: "2026-03-01T10:00:00.000Z",
      last_seen: "2026-03-01T12:00:00.000Z",
      risk: { impact: 70, confidence: 80, score: 56 },
    });
  });

  test("bytes add up over sessions; null where nothing counts", () => {
    expect(only({ out: 900, in: 500 }, { at: HOUR, out: 100 }).bytes).toEqual({ out: 1000, in: 500 });
    expect(only({ out: 0 }).bytes).toEqual({ out: 0, in: null });
  });
});

describe("rules", () => {
  const ids = ({ rule, also }: Finding) => [rule.id, also.map(({ id }) => id)];

  test("one is primary, by rank rather than by severity; the others stand beside it", () => {
    expect(ids(only({ rules: [2, 0] }))).toEqual(["SP-01", ["0d8f1b52-0a54-4c8e-9a55-1d0d9f3c7a10"]]);
    expect(ids(only({ rules: [1, 0] }))).toEqual(["SP-01", ["SP-02"]]);
    expect(ids(only({ rules: [1] }))).toEqual(["SP-02", []]);
  });

  test("a session without a rule is a mistake of the caller", () => {
    const [session] = joinSessions(observations([{}])).sessions;
    if (session === undefined) throw new Error("no session");
    expect(() => ruleSession({ ...session, rules: [] }, SAMPLE_RULES, null, null)).toThrow(/without a rule/);
  });

  test("what the rule knows goes into the finding", () => {
    const rule = SAMPLE_RULES[0] as Rule;
    expect(only({})).toMatchObject({
      schema: "sallyport.finding/1",
      profile: "sallyport",
      rule: { id: "SP-01", name: "Outbound SMB", uuid: rule.uuid },
      threat: [{ tactic: "exfiltration", technique: "T1048" }],
      frameworks: { nist: ["DE.CM"], cis: ["CIS 13"], kill_chain: ["Command and Control"] },
      advisories: ["ADV-1"],
      guide: { investigate: ["look"], false_positives: ["a branch office"], respond: ["act"] },
      suppressed_by: null,
    });
  });
});

test("both ends, who saw it, and which policy let it out are part of the finding", () => {
  const fields = {
    "rule.name": "out-any",
    "observer.ingress.zone": "trust",
    "observer.egress.zone": "untrust",
    "event.provider_action": "allow",
    "source.nat.ip": parseIp("11.22.33.44"),
    "source.nat.port": 1025,
    "network.application": ["smb", "ntlm"],
    "user.name": "anna",
    "process.executable": "System",
  };
  expect(
    only({ observer: "fw1", action: "allowed", fields }, { observer: "tap", dataset: "zeek.conn", at: 5 }),
  ).toMatchObject({
    source: {
      ip: "10.1.2.3",
      effective_ip: "10.1.2.3",
      scope: "internal",
      address_class: "private-use",
      asset: null,
    },
    destination: { ip: "8.8.8.8", effective_ip: "8.8.8.8", port: [445], domain: null, scope: "internet" },
    network: { transport: "tcp", application: ["ntlm", "smb"] },
    actions: ["allow"],
    policies: [{ observer: "fw1", rule: "out-any", ingress: "trust", egress: "untrust", action: "allowed" }],
    nat: { source: ["11.22.33.44"], destination: [] },
    auth: { protocol: "ntlm", user: null, domain: null, success: null },
    datasets: ["panw.panos", "zeek.conn"],
    observers: ["fw1", "tap"],
    users: ["anna"],
    processes: ["System"],
    sessions: 1,
    events: 2,
    evidence_total: 2,
  });
});

test("at most ten evidence rows, and the exact total", () => {
  const many = Array.from({ length: 25 }, (_, n): Sample => ({ at: n * 1000 }));
  const finding = only(...many);
  expect(finding.evidence).toHaveLength(10);
  expect(finding.evidence_total).toBe(25);
});

describe("notes", () => {
  const FLIPPED = /other way round/;
  const TRANSPORT = /No record names the transport/;
  const VERDICT = /verdict only/;

  test.each<[string, Sample[], RegExp[]]>([
    ["flipped evidence only", [REVERSE], [FLIPPED]],
    ["both halves", [{ state: "no-answer" }, REVERSE], []],
    ["no transport", [{ fields: { "network.transport": undefined } }], [TRANSPORT]],
    ["an allow without bytes or state", [{ action: "allowed" }], [VERDICT]],
    ["an allow with bytes", [{ action: "allowed", out: 60, in: 0 }], []],
    ["a proven session", [{ state: "established" }], []],
    ["a block", [{ action: "blocked" }], []],
  ])("%s", (_, samples, expected) => {
    const { notes } = only(...samples);
    for (const pattern of [FLIPPED, TRANSPORT, VERDICT]) {
      expect(notes.some((note) => pattern.test(note))).toBe(expected.includes(pattern));
    }
  });
});

test("findings come most severe first, then by first seen, source, destination", () => {
  const built = findings(
    { from: "10.0.0.9", action: "blocked" },
    { from: "10.0.0.2", action: "allowed", at: 5 },
    { from: "10.0.0.3", action: "allowed" },
    { from: "10.0.0.1", to: "8.8.8.8", action: "allowed", at: 5 },
    { from: "10.0.0.1", to: "1.1.1.1", action: "allowed", at: 5 },
    { from: "10.0.0.4", state: "established" },
    { from: "10.0.0.5", action: "allowed", at: null },
  );
  expect(
    built.map(({ severity, source, destination }) => [severity, source.ip, destination.ip].join(" ")),
  ).toEqual([
    "high 10.0.0.4 8.8.8.8",
    "medium 10.0.0.3 8.8.8.8",
    "medium 10.0.0.1 1.1.1.1",
    "medium 10.0.0.1 8.8.8.8",
    "medium 10.0.0.2 8.8.8.8",
    "medium 10.0.0.5 8.8.8.8",
    "low 10.0.0.9 8.8.8.8",
  ]);
});

test("an id hashes profile, rule, source, effective destination and day, and nothing else", () => {
  const id = only({}).id;
  expect(id).toBe("19ba534e64893dc521cdc5728606f764");
  expect(only({ file: "other.log", offset: 99, fromPort: 1025, at: HOUR, state: "established" }).id).toBe(id);
  expect(only({ to: "64:ff9b::808:808" }).id).toBe(id);
  expect(only({ at: 24 * HOUR }).id).not.toBe(id);
});

const someSample: fc.Arbitrary<Sample> = fc.record({
  from: fc.constantFrom("10.1.2.3", "10.1.2.4"),
  to: fc.constantFrom("8.8.8.8", "64:ff9b::808:808", "1.1.1.1"),
  toPort: fc.constantFrom(139, 445),
  at: fc.integer({ min: 0, max: 30 }).map((n) => n * HOUR),
  action: fc.constantFrom("allowed", "blocked"),
  out: fc.integer({ min: 0, max: 2_000_000 }),
  in: fc.integer({ min: 0, max: 2_000_000 }),
  rules: fc.constantFrom([0], [1], [0, 2]),
});

test("any order of the observations gives the same findings, and every session is in one", () => {
  fc.assert(
    fc.property(
      fc.array(someSample, { maxLength: 15 }),
      fc.array(fc.nat(), { maxLength: 15 }),
      (samples, dice) => {
        const all = observations(samples);
        const built = build(all);
        expect(build(shuffled(all, dice))).toEqual(built);
        expect([...built].sort(compareFindings)).toEqual(built);
        const count = built.reduce((sum, { sessions }) => sum + sessions, 0);
        expect(count).toBe(joinSessions(all).sessions.length);
        expect(new Set(built.map(({ id }) => id)).size).toBe(built.length);
      },
    ),
  );
});
