/** Session rules: run over merged sessions, tied to their primary rule, raising the severity. */
import { describe, expect, test } from "vitest";
import { SAMPLE_MS, type Sample, sampleObservation } from "../../test/sample-observation.ts";
import { ENGINES } from "../engines/index.ts";
import { parseRules } from "../sigma/parse-rule.ts";
import { compilePlan } from "../sigma/plan.ts";
import { scoreSession } from "./risk.ts";
import { joinSessions, type Session } from "./session.ts";
import { toSessionEvent } from "./session-event.ts";
import { runSessionRules, severityFor } from "./session-rules.ts";

const RULES = parseRules(
  `title: Primary
logsource: {category: network, service: connection}
detection: {sel: {destination.port: 445}, condition: sel}
level: medium
sallyport: {id: T-1, severity: {established: high}}
---
title: Much
logsource: {category: network, service: connection}
detection:
  out: {source.bytes|gte: 1000}
  in: {destination.bytes|gte: 1000}
  condition: out or in
level: low
sallyport:
  id: T-2
  scope: session
  requires: [T-1]
  severity_when: [{selection: out, severity: {blocked: info}}, {selection: out, severity: critical}]
---
title: Needs another
logsource: {category: network, service: connection}
detection: {out: {source.bytes|gte: 1000}, condition: out}
sallyport: {id: T-3, scope: session, requires: [T-9]}
`,
  "rules.yml",
);
const PLANS = RULES.map((rule) => compilePlan(rule));

function sessionsOf(...samples: Sample[]): readonly Session[] {
  return joinSessions(samples.map((sample, offset) => sampleObservation({ offset, ...sample }))).sessions;
}

const run = (sessions: readonly Session[], filter?: string) =>
  ENGINES.map((engine) => [
    ...runSessionRules(sessions, { plans: PLANS, engine, datasets: new Map(), filteredBy: () => filter }),
  ]);

describe("a merged session as an event", () => {
  test("has the sum of its records, and the outcome of the whole", () => {
    const [session] = sessionsOf(
      { observer: "fw", action: "allowed", fields: { "network.application": ["incomplete"] } },
      {
        observer: "sensor",
        at: 10_000,
        until: 20_000,
        state: "established",
        out: 900,
        in: 500,
        fields: { "network.application": ["smb"], "sallyport.auth.protocol": "ntlm" },
      },
    );
    const event = toSessionEvent(session as Session);
    expect(event).toMatchObject({
      "event.action": "allowed",
      "source.bytes": 900,
      "destination.bytes": 500,
      "source.scope": "internal",
      "destination.scope": "internet",
      "network.application": ["incomplete", "smb"],
      "sallyport.state": "established",
      "sallyport.auth.protocol": "ntlm",
      "sallyport.vantage": "network",
      "sallyport.outcome": "authenticated",
    });
    expect([event["@timestamp"]?.ms, event["event.end"]?.ms]).toEqual([SAMPLE_MS, SAMPLE_MS + 20_000]);
  });

  test("is seen from a host only where every record is a host's", () => {
    const host = { fields: { "event.provider": "Microsoft-Windows-Sysmon" } };
    const vantage = (...samples: Sample[]) =>
      toSessionEvent(sessionsOf(...samples)[0] as Session)["sallyport.vantage"];
    expect(vantage(host)).toBe("host");
    expect(vantage({ fields: { "process.pid": 4 } }, host)).toBe("host");
    expect(vantage(host, { observer: "fw" })).toBe("network");
  });

  test("an upload outweighs a download", () => {
    const transfer = (word: string): Sample => ({ fields: { "sallyport.transfer": word } });
    const [session] = sessionsOf(transfer("download"), transfer("upload"));
    expect(toSessionEvent(session as Session)["sallyport.transfer"]).toBe("upload");
  });
});

describe("session rules", () => {
  test.each<[string, Sample[], readonly number[]]>([
    ["the bytes of a whole session count", [{ out: 400, in: 1000 }], [1]],
    ["either direction counts", [{ out: 1000 }], [1]],
    ["too little is too little", [{ out: 999, in: 999 }], []],
    ["no count is no large one", [{}], []],
    [
      "flows of one observer add up",
      [
        { out: 600, flow: "a" },
        { out: 600, flow: "b", at: 1000 },
      ],
      [1],
    ],
  ])("%s", (_, samples, met) => {
    for (const matched of run(sessionsOf(...samples))) expect(matched.map((one) => one.met)).toEqual([met]);
  });

  test("a filter takes a session rule away as it does any other", () => {
    for (const matched of run(sessionsOf({ out: 5000 }), "filter x")) expect(matched[0]?.met).toEqual([]);
  });

  test.each<[string, Sample, string]>([
    ["a selection that holds decides", { out: 5000, in: 5000 }, "critical"],
    ["one that does not leaves the level", { in: 5000 }, "low"],
    ["the first that speaks of the outcome counts", { out: 5000, action: "blocked" }, "info"],
  ])("severity_when: %s", (_, sample, severity) => {
    const [matched] = run(sessionsOf(sample))[0] ?? [];
    expect(matched && PLANS[1] && severityFor(PLANS[1], matched)).toBe(severity);
  });
});

describe("what a session rule does to the severity", () => {
  const [primary, raising] = RULES as readonly [(typeof RULES)[0], (typeof RULES)[0]];
  const [session] = sessionsOf({ state: "established" });

  test("it raises, and says so", () => {
    const scored = scoreSession(primary, session as Session, null, {
      raisedBy: [{ rule: raising, severity: "critical" }],
    });
    expect(scored.severity).toBe("critical");
    expect(scored.risk.modifiers).toEqual([{ name: "T-2", delta: 1, why: "Much: critical" }]);
  });

  test("it never lowers", () => {
    const scored = scoreSession(primary, session as Session, null, {
      raisedBy: [{ rule: raising, severity: "low" }],
    });
    expect([scored.severity, scored.risk.modifiers]).toEqual(["high", []]);
  });
});
