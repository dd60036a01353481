/** Every `conn_state`, and the histories that change what it proves. */
import { expect, test } from "vitest";
import { type ConnEvidence, sensorState } from "./zeek-conn-state.ts";

const NOTHING: ConnEvidence = {
  state: undefined,
  history: undefined,
  transport: "tcp",
  originBytes: undefined,
  responseBytes: undefined,
  originPackets: undefined,
};

test.each<[expected: string | undefined, evidence: Partial<ConnEvidence>]>([
  ["established", { state: "S1", history: "ShADad" }],
  ["established", { state: "SF", history: "^hADadFf" }],
  ["established", { state: "SF", transport: "udp", history: "Dd" }],
  ["established", { state: "S2" }],
  ["established", { state: "S3" }],
  ["refused", { state: "REJ", history: "Sr" }],
  ["no-answer", { state: "S0" }],
  ["no-answer", { state: "S0", history: "S", originPackets: 3 }],
  ["no-answer", { state: "S0", history: "D", transport: "udp" }],
  ["no-answer", { state: "RSTOS0", history: "SR" }],
  ["no-answer", { state: "SH", history: "SF" }],
  ["no-answer", { state: "S0", history: "S", responseBytes: 0, originBytes: 0 }],
  // The answers pass by another way, or only the end of the connection was seen.
  ["midstream", { state: "S0", history: "SAD", originBytes: 700 }],
  ["midstream", { state: "RSTOS0", history: "R" }],
  ["midstream", { state: "SH", history: "F" }],
  ["midstream", { state: "RSTOS0", history: "DdR", responseBytes: 90 }],
  ["established", { state: "RSTO", history: "ShADadR", originBytes: 700, responseBytes: 380 }],
  ["established", { state: "RSTR", history: "ShADadr" }],
  ["refused", { state: "RSTO", history: "ShAR", originBytes: 0, responseBytes: 0 }],
  ["refused", { state: "RSTR", history: "ShADr", originBytes: 73, responseBytes: 0 }],
  ["refused", { state: "RSTO" }],
  ["midstream", { state: "RSTO", history: "ShAdR", originBytes: 0, responseBytes: 50 }],
  ["client-silent", { state: "OTH", history: "^h", originPackets: 0 }],
  ["client-silent", { state: "OTH", originPackets: 0 }],
  ["client-silent", { state: "OTH", history: "^h" }],
  ["client-silent", { state: "SHR", history: "^hf", originPackets: 0 }],
  ["client-silent", { state: "RSTRH", history: "r", originPackets: 0 }],
  ["client-silent", { state: "OTH", history: "^hX", originPackets: 0 }],
  ["client-silent", { state: "SHR", history: "^d", originPackets: 0, transport: "udp" }],
  ["midstream", { state: "OTH" }],
  ["midstream", { state: "SHR", history: "fA", originPackets: 1 }],
  ["midstream", { state: "OTH", history: "^hADa", originPackets: 4 }],
  // Zeek does not count the originator's packet with a bad checksum, but it was sent.
  ["midstream", { state: "OTH", history: "C", originPackets: 0 }],
  // A server does not send payload to nobody: the client's half went past the sensor.
  ["midstream", { state: "SHR", history: "^hadf", originPackets: 0, responseBytes: 9000 }],
  [undefined, { state: "OTH", transport: "icmp", originPackets: 1 }],
  [undefined, { state: "S9" }],
  [undefined, {}],
])("gives %s for %o", (expected, evidence) => {
  expect(sensorState({ ...NOTHING, ...evidence })).toBe(expected);
});
