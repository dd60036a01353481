/** The adapted guide: each gap and each fact of a finding gives its step, and nothing else does. */
import { describe, expect, test } from "vitest";
import { sampleFinding } from "../../test/conformance/sample-report.ts";
import type { Finding, Guide } from "../findings/finding.ts";
import { adaptGuide } from "./guide.ts";

const BASE = sampleFinding(
  { id: "f", host: "10.1.2.3", destination: "8.8.8.8", outcome: "established", severity: "high" },
  {
    outcomes: { established: { count: 1, first_seen: null, last_seen: null } },
    processes: ["C:\\Windows\\explorer.exe"],
    users: ["j.doe"],
    auth: { protocol: "ntlm", user: "j.doe", domain: "CORP", success: true },
  },
);
const { destination, source } = BASE;
const NAMED = { ...destination, domain: "files.example.com" };
const RULE = BASE.policies[0];

function guideOf(changes: Partial<Finding>, datasets: readonly string[] = ["zeek.conn"]): Guide {
  return adaptGuide({ ...BASE, destination: NAMED, ...changes }, { datasets });
}

type Part = keyof Guide;

describe("a step comes with what calls for it", () => {
  test.each<[string, Part, RegExp, Partial<Finding>, Partial<Finding>]>([
    [
      "no process",
      "investigate",
      /No process data: ask the EDR, or Sysmon event 3 on 10\.1\.2\.3/,
      { processes: [] },
      {},
    ],
    ["a process", "investigate", /Begin with the process.*explorer\.exe/, {}, { processes: [] }],
    ["no account", "investigate", /No account is named/, { users: [], auth: null }, {}],
    ["an account that did not log on", "investigate", /Ask `m\.roe` what/, { users: ["j.doe", "m.roe"] }, {}],
    ["no sign of a log-on", "investigate", /Nothing read here shows authentication/, { auth: null }, {}],
    ["no bytes", "investigate", /No byte counts/, { bytes: { out: null, in: null } }, {}],
    [
      "no policy",
      "investigate",
      /No policy is named: look up 10\.1\.2\.3 → 8\.8\.8\.8 port 445/,
      { policies: [] },
      {},
    ],
    ["a policy", "investigate", /Read the policy that let it pass, `allow-any`/, {}, { policies: [] }],
    ["no name", "investigate", /No name is known for 8\.8\.8\.8/, { destination }, {}],
    [
      "a translation",
      "investigate",
      /appears as `11\.22\.33\.5`/,
      { nat: { source: ["11.22.33.5"], destination: [] } },
      {},
    ],
    [
      "a public address of ours",
      "investigate",
      /may stand for many hosts/,
      { source: { ...source, ip: "11.22.33.5", address_class: "global" } },
      {},
    ],
    [
      "IPv6",
      "investigate",
      /Check the IPv6 rule set/,
      { destination: { ...NAMED, ip: "2606:4700:4700::1111", effective_ip: "2606:4700:4700::1111" } },
      {},
    ],
    [
      "an IPv4 address inside",
      "investigate",
      /carries the IPv4 address 8\.8\.8\.8/,
      { destination: { ...NAMED, ip: "64:ff9b::808:808" } },
      {},
    ],
    [
      "Azure Files",
      "investigate",
      /az storage account list --query "\[\?name=='acme1'\]"/,
      { destination: { ...NAMED, domain: "acme1.file.core.windows.net" } },
      {},
    ],
    [
      "Azure Files",
      "false_positives",
      /hosted share of your own/,
      { destination: { ...NAMED, domain: "acme1.file.core.windows.net" } },
      { destination: { ...NAMED, domain: "acme1.file.core.windows.net.evil.example" } },
    ],
    [
      "observers that disagree",
      "investigate",
      /`fw2` blocked it, `fw1` let it pass/,
      {
        policies: [
          ...BASE.policies,
          { ...(RULE as NonNullable<typeof RULE>), observer: "fw2", action: "blocked" },
        ],
      },
      {},
    ],
    [
      "outcomes that disagree",
      "investigate",
      /Some of it was blocked and some of it got through/,
      {
        outcomes: { ...BASE.outcomes, blocked: { count: 1, first_seen: null, last_seen: null } },
        policies: [],
      },
      {},
    ],
    [
      "credentials",
      "respond",
      /Reset the password of `CORP\\j\.doe`.*NTLM was offered, and the server accepted it/,
      {},
      { auth: null },
    ],
    [
      "credentials of nobody known",
      "respond",
      /every account that was logged on.*no record says/,
      { auth: { protocol: "ntlm", user: null, domain: null, success: null } },
      {},
    ],
    ["an open policy", "respond", /Close TCP 445 in policy `allow-any` on `fw1`/, {}, { outcome: "blocked" }],
    [
      "what may be a sensor's signature",
      "respond",
      /Close TCP 445 where `SMB out` on `ids1` let it pass; if that is the signature/,
      { policies: [{ observer: "ids1", rule: "SMB out", ingress: null, egress: null, action: "allowed" }] },
      {},
    ],
  ])("%s, under %s", (_, part, step, present, absent) => {
    expect(guideOf(present)[part].filter((text) => step.test(text))).toHaveLength(1);
    expect(guideOf(absent)[part].filter((text) => step.test(text))).toEqual([]);
  });
});

test("logs that were read and show nothing are named as such", () => {
  const read = guideOf({ processes: [], auth: null }, [
    "windows.sysmon_operational",
    "zeek.ntlm",
  ]).investigate.join("\n");
  expect(read).toContain("the Sysmon logs that were read have no event 3");
  expect(read).toContain("No NTLM row was read for this flow");
});

test("the rule's own steps stay, in their order", () => {
  for (const part of ["investigate", "false_positives", "respond"] as const) {
    expect(guideOf({})[part].filter((step) => BASE.guide[part].includes(step))).toEqual(BASE.guide[part]);
  }
});

test("what is asked of others stands last, what the data show first", () => {
  const steps = guideOf({ bytes: { out: null, in: null } }).investigate;
  expect(steps[0]).toMatch(/^Begin with the process/);
  expect(steps.at(-1)).toMatch(/^No byte counts/);
});

test("a value from a log cannot end its code span, nor go on for ever", () => {
  const [step = ""] = guideOf({ processes: [`a\`b${"x".repeat(500)}`] }).investigate.filter((text) =>
    text.includes("a'b"),
  );
  expect(step.split("`")).toHaveLength(3);
  expect(step.length).toBeLessThan(220);
});
