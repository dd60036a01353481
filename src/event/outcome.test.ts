/** Outcomes: how far a connection got, by the strongest evidence. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decideOutcome,
  gotOut,
  OUTCOMES,
  type Outcome,
  type OutcomeEvidence,
  strongerOutcome,
} from "./outcome.ts";

const NOTHING: OutcomeEvidence = {
  action: undefined,
  state: undefined,
  transport: "tcp",
  bytesOut: undefined,
  bytesIn: undefined,
  packetsIn: undefined,
  byteCounting: "frame",
  credentials: false,
  transfer: undefined,
  flippedOnly: false,
};

const decide = (evidence: Partial<OutcomeEvidence>): Outcome => decideOutcome({ ...NOTHING, ...evidence });

const MB = 1_000_000;

describe.each<[string, readonly (readonly [string, Partial<OutcomeEvidence>, Outcome])[]]>([
  [
    "a verdict alone",
    [
      ["blocked", { action: "blocked" }, "blocked"],
      ["allowed is an attempt, no more", { action: "allowed" }, "attempted"],
      ["the word unknown says nothing", { action: "unknown" }, "unknown"],
      ["no verdict", {}, "unknown"],
    ],
  ],
  [
    "a block",
    [
      ["with server bytes stays blocked", { action: "blocked", bytesOut: 9000, bytesIn: 6000 }, "blocked"],
      ["outranks the sensor's state", { action: "blocked", state: "established" }, "blocked"],
      ["outranks credentials", { action: "blocked", credentials: true }, "blocked"],
    ],
  ],
  [
    "a sensor's state",
    [
      ["established proves a session", { state: "established" }, "established"],
      [
        "established with large counters is a transfer",
        { state: "established", bytesOut: 220 * MB },
        "transferred",
      ],
      ["no answer is an attempt without a verdict", { state: "no-answer" }, "attempted"],
      ["refused is an attempt", { state: "refused" }, "attempted"],
      ["no answer outranks counters", { state: "no-answer", bytesOut: 9000, bytesIn: 9000 }, "attempted"],
      ["refused outranks counters", { state: "refused", bytesOut: 90, bytesIn: 2 * MB }, "attempted"],
      [
        "a silent client is nothing that anybody did",
        { state: "client-silent", action: "allowed" },
        "unknown",
      ],
      [
        "a silent client with server bytes is no session",
        { state: "client-silent", bytesIn: 4000 },
        "unknown",
      ],
      [
        "midstream without counters is unknown, even allowed",
        { state: "midstream", action: "allowed" },
        "unknown",
      ],
      [
        "midstream with both counters is a session",
        { state: "midstream", bytesOut: 900, bytesIn: 400, byteCounting: "payload" },
        "established",
      ],
    ],
  ],
  [
    "payload counters",
    [
      ["both above zero", { bytesOut: 1, bytesIn: 1, byteCounting: "payload" }, "established"],
      ["zero from the server", { bytesOut: 900, bytesIn: 0, byteCounting: "payload" }, "unknown"],
      [
        "zero from the server, allowed",
        { action: "allowed", bytesOut: 900, bytesIn: 0, byteCounting: "payload" },
        "attempted",
      ],
      ["the client's alone", { bytesOut: 900, byteCounting: "payload" }, "unknown"],
      ["the server's alone", { bytesIn: 900, byteCounting: "payload" }, "unknown"],
      [
        "the server's alone, allowed",
        { action: "allowed", bytesIn: 900, byteCounting: "payload" },
        "attempted",
      ],
    ],
  ],
  ...(["ip", "frame"] as const).map(
    (byteCounting): [string, [string, Partial<OutcomeEvidence>, Outcome][]] => [
      `${byteCounting} counters`,
      [
        ["a handshake's bytes are no session", { bytesOut: 180, bytesIn: 120, byteCounting }, "unknown"],
        ["200 bytes are not enough", { bytesOut: 180, bytesIn: 200, byteCounting }, "unknown"],
        ["201 bytes are", { bytesOut: 180, bytesIn: 201, byteCounting }, "established"],
        [
          "two packets are a handshake, however large",
          { bytesOut: 180, bytesIn: 3000, packetsIn: 2, byteCounting },
          "unknown",
        ],
        [
          "three packets are a session",
          { bytesOut: 180, bytesIn: 180, packetsIn: 3, byteCounting },
          "established",
        ],
        [
          "a handshake that was allowed is an attempt",
          { action: "allowed", bytesOut: 70, bytesIn: 66, byteCounting },
          "attempted",
        ],
        ["nothing from the client is no session", { bytesOut: 0, bytesIn: 5000, byteCounting }, "unknown"],
      ],
    ],
  ),
  [
    "further than established",
    [
      ["credentials prove a session", { credentials: true }, "authenticated"],
      [
        "credentials and little data",
        { credentials: true, state: "established", bytesOut: MB - 1 },
        "authenticated",
      ],
      ["1 MB out", { state: "established", bytesOut: MB }, "transferred"],
      ["1 MB in", { state: "established", bytesIn: MB }, "transferred"],
      ["one byte less", { state: "established", bytesOut: MB - 1, bytesIn: MB - 1 }, "established"],
      ["a file written", { transfer: "upload" }, "transferred"],
      ["a file read", { transfer: "download" }, "transferred"],
      [
        "much data without an answer stays an attempt",
        { action: "allowed", bytesOut: 5 * MB, bytesIn: 0 },
        "attempted",
      ],
      [
        "the size of a login is no proof of one",
        { state: "established", bytesOut: 900, bytesIn: 500 },
        "established",
      ],
    ],
  ],
  [
    "the flipped half alone",
    [
      ["is an attempt", { flippedOnly: true }, "attempted"],
      ["is never more than an attempt", { flippedOnly: true, state: "established" }, "attempted"],
      ["not by bytes either", { flippedOnly: true, bytesOut: 5 * MB, bytesIn: 5 * MB }, "attempted"],
      ["may be blocked", { flippedOnly: true, action: "blocked" }, "blocked"],
      ["of a silent client is unknown", { flippedOnly: true, state: "client-silent" }, "unknown"],
    ],
  ],
  [
    "no transport",
    [
      ["allowed is unknown", { transport: undefined, action: "allowed" }, "unknown"],
      ["blocked is blocked", { transport: undefined, action: "blocked" }, "blocked"],
      ["a proven session is one", { transport: undefined, state: "established" }, "established"],
    ],
  ],
])("%s", (_, rows) => {
  test.each(rows)("%s", (_name, evidence, outcome) => {
    expect(decide(evidence)).toBe(outcome);
  });
});

test.each<[Outcome, Outcome, Outcome]>([
  ["blocked", "attempted", "blocked"],
  ["blocked", "unknown", "blocked"],
  ["attempted", "unknown", "attempted"],
  ["blocked", "established", "established"],
  ["established", "authenticated", "authenticated"],
  ["authenticated", "transferred", "transferred"],
])("of %s and %s, %s stands", (a, b, stronger) => {
  expect(strongerOutcome(a, b)).toBe(stronger);
  expect(strongerOutcome(b, a)).toBe(stronger);
});

test("the strongest of several outcomes does not depend on their order", () => {
  const outcomes = fc.array(fc.constantFrom(...OUTCOMES), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(outcomes, fc.infiniteStream(fc.nat()), (list, dice) => {
      const shuffled = [...list].map((outcome) => [dice.next().value as number, outcome] as const);
      const other = shuffled.sort(([a], [b]) => a - b).map(([, outcome]) => outcome);
      expect(other.reduce(strongerOutcome)).toBe(list.reduce(strongerOutcome));
    }),
  );
});

test("three outcomes mean that a session came about", () => {
  expect(OUTCOMES.filter(gotOut)).toEqual(["established", "authenticated", "transferred"]);
});
