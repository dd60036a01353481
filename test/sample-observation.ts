/** Sample observations and rules, made by the code that makes real ones. */
import { deriveFields } from "../src/event/derive.ts";
import type { EventFields, NetworkEvent } from "../src/event/event.ts";
import type { ByteCounting } from "../src/event/outcome.ts";
import { jsonRecord } from "../src/event/record.ts";
import { timestampFromMs } from "../src/event/timestamp.ts";
import { type Observation, observe } from "../src/findings/observation.ts";
import { createAddressModel } from "../src/net/model.ts";
import { parseIp } from "../src/net/parse-ip.ts";
import { parseRules } from "../src/sigma/parse-rule.ts";
import type { Rule } from "../src/sigma/rule.ts";

/** 2026-03-01T10:00:00Z. Units: milliseconds. */
export const SAMPLE_MS = Date.UTC(2026, 2, 1, 10);

/**
 * What an observation is to hold; the rest is one allowed row of 10.1.2.3:50000 → 8.8.8.8:445/tcp.
 * Units: `at` and `until` in milliseconds after SAMPLE_MS; `at` null leaves the time out.
 */
export interface Sample {
  readonly from?: string;
  readonly fromPort?: number;
  readonly to?: string;
  readonly toPort?: number;
  readonly at?: number | null;
  readonly until?: number;
  readonly rules?: readonly number[];
  readonly file?: string;
  readonly offset?: number;
  readonly dataset?: string;
  readonly byteCounting?: ByteCounting;
  readonly observer?: string;
  readonly flow?: string;
  readonly state?: string;
  readonly action?: string;
  readonly out?: number;
  readonly in?: number;
  /** Any other fields of the event. */
  readonly fields?: EventFields;
}

const MODEL = createAddressModel();

/** Makes the derived event of a sample. */
export function sampleEvent(sample: Sample = {}): NetworkEvent {
  const { at = 0, until } = sample;
  const event: NetworkEvent = {
    format: "sample",
    dataset: sample.dataset ?? "panw.panos",
    record: jsonRecord({}),
    offset: sample.offset ?? 0,
    "@timestamp": at === null ? undefined : timestampFromMs(SAMPLE_MS + at),
    "event.end": until === undefined ? undefined : timestampFromMs(SAMPLE_MS + until),
    "event.dataset": sample.dataset ?? "panw.panos",
    "source.ip": parseIp(sample.from ?? "10.1.2.3"),
    "source.port": sample.fromPort ?? 50_000,
    "source.bytes": sample.out,
    "destination.ip": parseIp(sample.to ?? "8.8.8.8"),
    "destination.port": sample.toPort ?? 445,
    "destination.bytes": sample.in,
    "network.transport": "tcp",
    "network.session_id": sample.flow,
    "observer.name": sample.observer,
    "event.action": sample.action,
    "sallyport.state": sample.state,
    ...sample.fields,
  };
  return deriveFields(event, { model: MODEL, byteCounting: sample.byteCounting ?? "frame" });
}

/** Makes an observation of a sample; it meets the first rule unless told. */
export function sampleObservation(sample: Sample = {}): Observation {
  return observe(sampleEvent(sample), sample.rules ?? [0], {
    file: sample.file ?? "a.log",
    byteCounting: sample.byteCounting ?? "frame",
    document: undefined,
  });
}

const RULES = `
title: Outbound SMB
id: 25930209-d471-47fb-a48b-d2924be7daee
level: medium
tags: [attack.exfiltration, attack.t1048]
falsepositives: [a branch office]
logsource: {category: network, service: connection}
detection:
  smb: {network.transport: [tcp, null], destination.port: [139, 445]}
  leaving: {source.scope: [internal, link-local], destination.scope: internet}
  condition: smb and leaving
sallyport:
  id: SP-01
  impact: {blocked: 30, attempted: 40, unknown: 50, established: 70, authenticated: 80, transferred: 90}
  confidence: {blocked: 40, attempted: 50, unknown: 50, established: 80, authenticated: 90, transferred: 90}
  severity: {blocked: low, attempted: medium, unknown: medium, established: high, authenticated: high, transferred: critical}
  frameworks: {nist: [DE.CM], cis: [CIS 13], kill_chain: [Command and Control]}
  guide: {investigate: [look], respond: [act]}
  advisories: [ADV-1]
  cannot_see: [SMB over QUIC]
---
title: SMB on another port
level: high
logsource: {category: network, service: connection}
detection:
  smb: {network.transport: tcp, network.application: smb, source.scope: internal, destination.scope: internet}
  usual: {destination.port: [139, 445]}
  condition: smb and not usual
sallyport: {id: SP-02, severity: high, impact: 70, confidence: 60}
---
title: My own rule
id: 0d8f1b52-0a54-4c8e-9a55-1d0d9f3c7a10
level: critical
logsource: {category: network, service: connection}
detection:
  selection: {destination.port: 445}
  condition: selection
`;

/** SP-01 with a table by outcome, SP-02 with a flat severity, and a rule without an extension. */
export const SAMPLE_RULES: readonly Rule[] = parseRules(RULES, "sample.yml");

/** The text of SAMPLE_RULES. */
export const SAMPLE_RULE_TEXT = { file: "sample.yml", text: RULES };

/** Puts a list in the order that dice say: for properties about order. */
export function shuffled<T>(items: readonly T[], dice: readonly number[]): T[] {
  return items
    .map((item, at) => ({ item, die: dice[at % Math.max(dice.length, 1)] ?? 0, at }))
    .sort((a, b) => a.die - b.die || b.at - a.at)
    .map(({ item }) => item);
}
