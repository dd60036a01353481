/** Risk: impact × confidence, moved by what is known about the ends. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SAMPLE_RULES, type Sample, sampleObservation } from "../../test/sample-observation.ts";
import { OUTCOMES } from "../event/outcome.ts";
import { SEVERITIES } from "../sigma/level.ts";
import type { Rule } from "../sigma/rule.ts";
import type { Asset } from "./finding.ts";
import { scoreSession } from "./risk.ts";
import { joinSessions, type Session } from "./session.ts";

const [OUTBOUND, OTHER_PORT, PLAIN] = SAMPLE_RULES as readonly [Rule, Rule, Rule];

function session(...samples: Sample[]): Session {
  const [joined] = joinSessions(
    samples.map((sample, offset) => sampleObservation({ offset, ...sample })),
  ).sessions;
  return joined as Session;
}

const apps = (...names: string[]): Sample => ({
  state: "established",
  fields: { "network.application": names },
});

describe("the base, by outcome", () => {
  test.each<[string, Sample, number, string]>([
    ["blocked", { action: "blocked" }, 12, "low"],
    ["attempted", { action: "allowed" }, 20, "medium"],
    ["unknown", {}, 25, "medium"],
    ["established", { state: "established" }, 56, "high"],
    ["authenticated", { fields: { "sallyport.auth.protocol": "ntlm" } }, 72, "high"],
    ["transferred", { fields: { "sallyport.transfer": "upload" } }, 81, "critical"],
  ])("%s", (outcome, sample, score, severity) => {
    const one = session(sample);
    expect(one.outcome).toBe(outcome);
    expect(scoreSession(OUTBOUND, one, null)).toMatchObject({ severity, risk: { score, modifiers: [] } });
  });

  test("a rule that says nothing is as likely right as wrong, at its own level", () => {
    expect(scoreSession(PLAIN, session({}), null)).toMatchObject({
      severity: "critical",
      risk: { score: 25 },
    });
  });
});

describe("modifiers", () => {
  const asset = (asset: Asset): Asset => asset;

  test.each<[string, Sample, Asset | null, number]>([
    ["important source", { state: "established" }, asset({ category: "server" }), 1],
    ["important source", { state: "established" }, asset({ category: ["pci", "Domain Controller"] }), 1],
    ["important source", { state: "established" }, asset({ priority: "critical" }), 1],
    [
      "privileged credentials",
      { fields: { "sallyport.auth.protocol": "ntlm", "sallyport.auth.user": "Administrator" } },
      null,
      1,
    ],
    ["hosted file share", { fields: { "destination.domain": "x.file.core.windows.net" } }, null, -1],
    ["link-local source", { from: "169.254.7.7" }, null, -1],
    ["anycast destination", { to: "192.0.0.9" }, null, -1],
    ["anycast destination", { to: "192.31.196.1" }, null, -1],
    ["anycast destination", { to: "192.175.48.6" }, null, -1],
    ["other application", apps("ssh"), null, -1],
    ["flipped evidence only", { from: "8.8.8.8", fromPort: 445, to: "10.1.2.3", toPort: 50_000 }, null, -1],
  ])("%s: one step, and ten points of confidence", (name, sample, source, delta) => {
    const one = session(sample);
    const plain = scoreSession(OUTBOUND, { ...one, ...session({}), outcome: one.outcome }, null);
    const scored = scoreSession(OUTBOUND, one, source);
    expect(scored.risk.modifiers).toMatchObject([{ name, delta }]);
    expect(scored.risk.confidence).toBe(plain.risk.confidence + 10 * delta);
    expect(SEVERITIES.indexOf(scored.severity)).toBe(SEVERITIES.indexOf(plain.severity) + delta);
  });

  test.each<[string, Sample, Asset | null]>([
    ["an ordinary asset", {}, { category: "workstation", priority: "high" }],
    ["an application that was not identified", apps("incomplete"), null],
    ["SMB beside something else", apps("ssl", "smb"), null],
    [
      "an ordinary account",
      { fields: { "sallyport.auth.protocol": "ntlm", "sallyport.auth.user": "anna" } },
      null,
    ],
  ])("not for %s", (_, sample, source) => {
    expect(scoreSession(OUTBOUND, session(sample), source).risk.modifiers).toEqual([]);
  });

  test("several add up", () => {
    const one = session({ from: "169.254.7.7", to: "192.0.0.9", action: "allowed" });
    expect(scoreSession(OUTBOUND, one, null)).toMatchObject({
      severity: "info",
      risk: { confidence: 30, score: 12 },
    });
  });

  test("up and down cancel out", () => {
    const scored = scoreSession(OUTBOUND, session({ to: "192.0.0.9" }), { category: "server" });
    expect(scored).toMatchObject({ severity: "medium", risk: { confidence: 50 } });
    expect(scored.risk.modifiers).toHaveLength(2);
  });

  test("a flat severity stays, its risk moves", () => {
    const scored = scoreSession(OTHER_PORT, session({ toPort: 8445, from: "169.254.7.7" }), null);
    expect(scored).toMatchObject({ severity: "high", risk: { impact: 70, confidence: 50, score: 35 } });
  });

  test("a severity stays on its scale", () => {
    const blocked = session({ action: "blocked", from: "169.254.7.7", to: "192.0.0.9", ...{ fromPort: 1 } });
    expect(scoreSession(OUTBOUND, blocked, null).severity).toBe("info");
    const upload = session({ fields: { "sallyport.transfer": "upload" } });
    expect(scoreSession(OUTBOUND, upload, { category: "dc" }).severity).toBe("critical");
  });
});

test("the score is impact × confidence / 100 to one decimal; confidence stays within 0 and 100", () => {
  const percent = fc.integer({ min: 0, max: 100 });
  const important = fc.boolean();
  fc.assert(
    fc.property(percent, percent, important, fc.boolean(), (impact, confidence, isServer, isAnycast) => {
      const rule = { ...OUTBOUND, extension: { ...OUTBOUND.extension, impact, confidence } };
      const one = session({ to: isAnycast ? "192.0.0.9" : "8.8.8.8" });
      const { risk } = scoreSession(rule, one, isServer ? { category: "server" } : null);
      const steps = (isServer ? 1 : 0) - (isAnycast ? 1 : 0);
      expect(risk.confidence).toBe(Math.min(100, Math.max(0, confidence + 10 * steps)));
      expect(risk.score).toBeCloseTo((impact * risk.confidence) / 100, 0);
      expect(risk.score * 10).toBeCloseTo(Math.round(risk.score * 10), 6);
    }),
  );
});

test("every outcome has a severity in the table", () => {
  const severities = OUTCOMES.map(
    (outcome) => scoreSession(OUTBOUND, { ...session({}), outcome }, null).severity,
  );
  expect(severities).toEqual(["medium", "low", "medium", "high", "high", "critical"]);
});
