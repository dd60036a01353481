/** Why an event does not meet a rule: only what decides is named. */
import { expect, test } from "vitest";
import type { NetworkEvent } from "../event/event.ts";
import { jsonRecord } from "../event/record.ts";
import { parseIp } from "../net/parse-ip.ts";
import { parseRules } from "../sigma/parse-rule.ts";
import { compilePlan } from "../sigma/plan.ts";
import { whyNot } from "./why-not.ts";

const RULE = `
title: t
logsource: {category: network, service: connection}
detection:
  smb_port: {destination.port: [139, 445]}
  smb_app: {network.application: smb}
  inside: {"source.ip|cidr": [10.0.0.0/8, 192.168.0.0/16]}
  special: {"destination.ip|cidr": [100.64.0.0/10, 127.0.0.0/8]}
  blocked: {event.action: blocked}
  condition: (smb_port or smb_app) and inside and not (special or blocked)
`;
const plan = compilePlan(parseRules(RULE, "rule.yml")[0] as never);

function event(from: string, to: string, port: number, more: Partial<NetworkEvent> = {}): NetworkEvent {
  return {
    format: "ecs",
    dataset: "ecs",
    record: jsonRecord({}),
    offset: 0,
    "source.ip": parseIp(from),
    "destination.ip": parseIp(to),
    "destination.port": port,
    ...more,
  };
}

test.each([
  ["nothing, where the rule is met", event("10.1.2.3", "8.8.8.8", 445), []],
  ["both ways that fail", event("10.1.2.3", "8.8.8.8", 80), ["asks 139 or 445: 80 or", "asks smb: null or"]],
  [
    "the clause that asks, with its networks",
    event("11.1.2.3", "8.8.8.8", 445),
    ["asks in 10.0.0.0/8 or 192.168.0.0/16: 11.1.2.3"],
  ],
  [
    "the network that leaves it out",
    event("10.1.2.3", "100.64.0.9", 445),
    ["excludes in 100.64.0.0/10 or 127.0.0.0/8: 100.64.0.9 (100.64.0.0/10)"],
  ],
  [
    "of two that leave out the one that holds",
    event("10.1.2.3", "8.8.8.8", 445, { "event.action": "blocked" }),
    ["excludes blocked: blocked"],
  ],
])("names %s", (_, given, expected) => {
  const said = whyNot(plan, given).map(
    ({ kind, wants, value, network, isAlternative }) =>
      `${kind} ${wants}: ${value}${network === null ? "" : ` (${network})`}${isAlternative ? " or" : ""}`,
  );
  expect(said).toEqual(expected);
});
