/** Observations: what is kept of an event. */
import { expect, test } from "vitest";
import { type Sample, sampleEvent, sampleObservation } from "../../test/sample-observation.ts";
import { parseIp } from "../net/parse-ip.ts";
import { isEvidence, observationClass, tupleOf } from "./observation.ts";

test("the key is the 5-tuple by effective addresses; what is absent is a question mark", () => {
  expect(tupleOf(sampleObservation())).toBe("10.1.2.3>8.8.8.8|50000>445|tcp");
  expect(tupleOf(sampleObservation({ to: "64:ff9b::808:808" }))).toBe("10.1.2.3>8.8.8.8|50000>445|tcp");
  const bare = { "source.ip": undefined, "source.port": undefined, "network.transport": undefined };
  expect(tupleOf(sampleObservation({ fields: bare }))).toBe("?>8.8.8.8|?>445|?");
});

test("both halves of a flow have one key", () => {
  const reverse = sampleObservation({ from: "8.8.8.8", fromPort: 445, to: "10.1.2.3", toPort: 50_000 });
  expect(tupleOf(reverse)).toBe(tupleOf(sampleObservation()));
  expect(reverse.flipped).toBe(true);
});

test("what a session needs is kept", () => {
  const fields = {
    "source.nat.ip": parseIp("11.22.33.44"),
    "source.nat.port": 1025,
    "destination.domain": "files.example",
    "user.name": "anna",
    "user.domain": "CORP",
    "rule.name": "out-any",
    "sallyport.auth.protocol": "ntlm",
  };
  expect(sampleObservation({ file: "x.log", offset: 7, at: 0, until: 9000, fields })).toMatchObject({
    file: "x.log",
    offset: 7,
    start: { ms: Date.UTC(2026, 2, 1, 10) },
    endMs: Date.UTC(2026, 2, 1, 10) + 9000,
    source: { ip: "10.1.2.3", scope: "internal", nat: { ip: "11.22.33.44", port: 1025 } },
    destination: { ip: "8.8.8.8", scope: "internet", domain: "files.example", nat: undefined },
    user: "CORP\\anna",
    policy: "out-any",
    auth: { protocol: "ntlm", success: undefined },
    outcome: "authenticated",
  });
});

test.each<[string, Sample, string]>([
  ["a proven session", { state: "established" }, "proof"],
  ["an attempt", { action: "allowed" }, "attempt"],
  ["a block", { action: "blocked" }, "attempt"],
  ["an unknown outcome", {}, "attempt"],
  ["an event without a rule", { state: "established", rules: [] }, "evidence"],
])("%s is kept as %s", (_, sample, expected) => {
  expect(observationClass(sampleObservation(sample))).toBe(expected);
});

test.each<[string, Sample, boolean]>([
  ["credentials to the Internet", { fields: { "sallyport.auth.protocol": "ntlm" } }, true],
  ["a file written to the Internet", { fields: { "sallyport.transfer": "upload" } }, true],
  ["an ordinary connection", { state: "established" }, false],
  [
    "credentials from the Internet to us",
    { from: "1.1.1.1", to: "10.9.9.9", fields: { "sallyport.auth.protocol": "ntlm" } },
    true,
  ],
  [
    "credentials among our own hosts",
    { to: "10.9.9.9", fields: { "sallyport.auth.protocol": "ntlm" } },
    false,
  ],
])("%s may prove something: %s", (_, sample, expected) => {
  expect(isEvidence(sampleEvent(sample))).toBe(expected);
});
