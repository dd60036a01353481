/** SMB over QUIC after a block. */
import { expect, test } from "vitest";
import { type Sample, sampleObservation } from "../../test/sample-observation.ts";
import { createFallbackTest } from "./fallback.ts";
import { joinSessions } from "./session.ts";

const QUIC: Sample = {
  at: 30_000,
  toPort: 443,
  fields: { "network.transport": "udp", "tls.next_protocol": "smb" },
};
const BLOCKED: Sample = { action: "blocked" };

test.each<[string, Sample[], number]>([
  ["blocked half a minute before", [BLOCKED, QUIC], 1],
  ["blocked a minute before", [BLOCKED, { ...QUIC, at: 60_000 }], 1],
  ["blocked longer before", [BLOCKED, { ...QUIC, at: 60_001 }], 0],
  ["blocked afterwards", [{ ...BLOCKED, at: 40_000 }, QUIC], 0],
  ["allowed before", [{ action: "allowed" }, QUIC], 0],
  ["blocked to another destination", [{ ...BLOCKED, to: "1.1.1.1" }, QUIC], 0],
  ["another source was blocked", [{ ...BLOCKED, from: "10.9.9.9" }, QUIC], 0],
  [
    "only NetBIOS was blocked",
    [{ ...BLOCKED, toPort: 137, fields: { "network.transport": "udp" } }, QUIC],
    0,
  ],
])("%s", (_, samples, raised) => {
  const { sessions } = joinSessions(
    samples.map((sample, offset) => sampleObservation({ offset, ...sample })),
  );
  const modifiers = createFallbackTest(sessions);
  expect(sessions.flatMap(modifiers).map(({ delta }) => delta)).toEqual(Array(raised).fill(1));
});
