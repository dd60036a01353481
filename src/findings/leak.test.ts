/** Kinds of leak: how each is told apart, worded, and counted in the verdict. */
import { describe, expect, test } from "vitest";
import { SAMPLE_RULES, type Sample, sampleObservation } from "../../test/sample-observation.ts";
import { parseAssets } from "./assets.ts";
import type { Coverage } from "./coverage.ts";
import { draftFindings } from "./draft.ts";
import { leakOf } from "./leak.ts";
import { ruleSession } from "./ruling.ts";
import { joinSessions } from "./session.ts";
import { drawVerdict } from "./verdict.ts";

const ASSETS = parseAssets("ip,nt_host,category\n10.1.2.3,FILES1,server\n", "assets.csv");
const INBOUND: Sample = { from: "8.8.8.8", fromPort: 50_000, to: "10.1.2.3" };
const NETBIOS: Sample = { toPort: 137, fields: { "network.transport": "udp" } };
const QUIC: Sample = { toPort: 443, fields: { "network.transport": "udp", "tls.next_protocol": "smb" } };

function build(samples: readonly Sample[], assets = parseAssets("ip\n", "none.csv")) {
  const { sessions } = joinSessions(
    samples.map((sample, offset) => sampleObservation({ offset, ...sample })),
  );
  return draftFindings(
    sessions.map((session) => ruleSession(session, SAMPLE_RULES, assets, null)),
    assets,
  ).map((draft) => draft.finish());
}

test.each([
  ["internal", "tcp", [445], "smb"],
  ["internal", undefined, [445], "smb"],
  ["link-local", null, [], "smb"],
  ["internal", "udp", [137], "netbios"],
  ["internal", "udp", [445, 139], "netbios"],
  ["internal", "udp", [443], "quic"],
  ["internal", "udp", [], "quic"],
  ["internet", "udp", [137], "inbound"],
  ["internet", "tcp", [445], "inbound"],
] as const)("from %s by %s to port %j is %s", (scope, transport, ports, leak) => {
  expect(leakOf(scope, transport, ports)).toBe(leak);
});

describe("the sentence", () => {
  test.each<[string, Sample, string]>([
    [
      "in: established",
      { ...INBOUND, state: "established", out: 700, in: 9000 },
      "8.8.8.8 reached 10.1.2.3 port 445 over SMB: 9.0 kB out, 700 B in",
    ],
    [
      "in: took data",
      { ...INBOUND, state: "established", out: 700, in: 9_000_000 },
      "8.8.8.8 reached 10.1.2.3 port 445 over SMB and took data from it: 9.0 MB out, 700 B in",
    ],
    [
      "in: left data",
      { ...INBOUND, fields: { "sallyport.transfer": "upload" } },
      "8.8.8.8 reached 10.1.2.3 port 445 over SMB and left data there",
    ],
    [
      "in: attempted",
      { ...INBOUND, action: "allowed", observer: "fw" },
      "8.8.8.8 tried to reach 10.1.2.3 port 445 over SMB: allowed by fw; completion not recorded",
    ],
    [
      "in: blocked",
      { ...INBOUND, action: "blocked", observer: "fw" },
      "8.8.8.8 was kept from reaching 10.1.2.3 port 445 over SMB: blocked by fw",
    ],
    [
      "in: unknown",
      INBOUND,
      "8.8.8.8 sent SMB to 10.1.2.3 port 445 from the Internet; no record says whether it was allowed or answered",
    ],
    [
      "NetBIOS: attempted",
      { ...NETBIOS, action: "allowed", observer: "fw" },
      "10.1.2.3 sent NetBIOS datagrams to 8.8.8.8 port 137: allowed by fw; completion not recorded",
    ],
    [
      "NetBIOS: answered",
      { ...NETBIOS, state: "established", out: 50, in: 200 },
      "10.1.2.3 exchanged NetBIOS datagrams with 8.8.8.8 port 137: 50 B out, 200 B in",
    ],
    [
      "QUIC: established",
      { ...QUIC, state: "established" },
      "10.1.2.3 completed an SMB-over-QUIC session to 8.8.8.8 port 443",
    ],
  ])("%s", (_, sample, reason) => {
    expect(build([sample]).map((finding) => finding.reason)).toEqual([reason]);
  });

  test("of a session from the Internet, our end has the name and the weight", () => {
    const [finding] = build([{ ...INBOUND, state: "established" }], ASSETS);
    expect(finding?.reason).toBe("8.8.8.8 reached 10.1.2.3 (FILES1) port 445 over SMB");
    expect(finding?.risk.modifiers.map(({ name }) => name)).toEqual(["important destination"]);
  });
});

describe("modifiers", () => {
  const names = (sample: Sample) =>
    build([sample]).flatMap(({ risk }) => risk.modifiers.map(({ name }) => name));

  test("an exchange of the size of a log-on is noted, and moves nothing", () => {
    const [finding] = build([{ state: "established", out: 800, in: 400 }]);
    expect(finding?.risk.modifiers.map(({ name, delta }) => [name, delta])).toEqual([
      ["credential-sized exchange", 0],
    ]);
    expect([finding?.severity, finding?.outcome]).toEqual(["high", "established"]);
  });

  test.each<[string, Sample]>([
    ["too little out", { state: "established", out: 799, in: 400 }],
    ["too little in", { state: "established", out: 800, in: 399 }],
    ["credentials that were recorded", { out: 800, in: 400, fields: { "sallyport.auth.protocol": "ntlm" } }],
    ["QUIC, whose handshake is larger", { ...QUIC, state: "established", out: 9000, in: 9000 }],
  ])("not of %s", (_, sample) => {
    expect(names(sample)).toEqual([]);
  });

  test("quic is no other application where SMB over QUIC is found", () => {
    const fields = { ...QUIC.fields, "network.application": ["quic"] };
    expect(names({ ...QUIC, state: "established", fields })).toEqual([]);
  });
});

describe("the verdict", () => {
  const coverage = {
    totals: { events: 1, rejected: 0 },
    shares: { sampled: 1 },
    inputs: [],
    rules: [],
    folded: null,
    incomplete: false,
  } as unknown as Coverage;
  const verdict = (...samples: Sample[]) => drawVerdict(build(samples), coverage);

  test.each<[Sample[], string]>([
    [[], "No SMB to the Internet was found in what was read."],
    [
      [{ ...INBOUND, action: "blocked" }],
      "No SMB to the Internet was found in what was read; 1 inbound scan from the Internet, all blocked.",
    ],
    [
      [INBOUND, { ...INBOUND, fromPort: 50_001, action: "blocked" }],
      "No SMB to the Internet was found in what was read; 2 inbound scans from the Internet, 1 blocked.",
    ],
    [
      [{ ...INBOUND, state: "established" }],
      "No SMB to the Internet was found in what was read; 1 of 1 inbound SMB session from the Internet completed.",
    ],
    [
      [NETBIOS],
      "No SMB to the Internet was found in what was read; 1 session of NetBIOS datagrams to the Internet.",
    ],
    [
      [{ action: "blocked" }, { ...INBOUND, action: "blocked" }],
      "1 host tried SMB to the Internet; no session is known to have come about; 1 session blocked; 1 inbound scan from the Internet, all blocked.",
    ],
  ])("%#", (samples, sentence) => {
    expect(verdict(...samples).sentence).toBe(sentence);
  });

  test("hosts and sessions count what left; the rest is counted apart", () => {
    expect(
      verdict({ state: "established" }, { ...INBOUND, action: "blocked" }, { ...NETBIOS, to: "1.1.1.1" }),
    ).toMatchObject({
      findings: 3,
      hosts: { established: 1 },
      sessions: { established: 1 },
      inbound: { blocked: 1 },
      netbios: { unknown: 1 },
    });
  });
});
