/** Evidence rows: which are shown, and what they say. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Sample, sampleObservation, shuffled } from "../../test/sample-observation.ts";
import { OUTCOMES } from "../event/outcome.ts";
import { chooseEvidence } from "./evidence.ts";
import { inOrder } from "./session.ts";

test.each<[string, Sample, string]>([
  ["ends and verdict", { action: "allowed" }, "10.1.2.3:50000 → 8.8.8.8:445 tcp, allowed"],
  [
    "the source's own word before ours",
    { action: "blocked", fields: { "event.provider_action": "drop-icmp" } },
    "10.1.2.3:50000 → 8.8.8.8:445 tcp, drop-icmp",
  ],
  [
    "IPv6 in brackets",
    { from: "fd12:3456::1", to: "2606:4700:4700::1111" },
    "[fd12:3456::1]:50000 → [2606:4700:4700::1111]:445 tcp",
  ],
  [
    "state and bytes",
    { state: "established", out: 9000, in: 0 },
    "10.1.2.3:50000 → 8.8.8.8:445 tcp, established, 9.0 kB out, 0 B in",
  ],
  [
    "everything else",
    {
      fields: {
        "network.application": ["smb", "ntlm"],
        "rule.name": "out",
        "sallyport.auth.user": "anna",
        "sallyport.transfer": "upload",
      },
    },
    "10.1.2.3:50000 → 8.8.8.8:445 tcp, smb+ntlm, policy out, ntlm anna, upload",
  ],
  [
    "a flip",
    { from: "8.8.8.8", fromPort: 445, to: "10.1.2.3", toPort: 50_000 },
    "10.1.2.3:50000 → 8.8.8.8:445 tcp, ends flipped",
  ],
  [
    "no transport, no port",
    { fields: { "network.transport": undefined, "source.port": undefined } },
    "10.1.2.3 → 8.8.8.8:445",
  ],
])("a row says %s", (_, sample, summary) => {
  expect(chooseEvidence([sampleObservation(sample)])).toMatchObject([{ summary }]);
});

test("a row names its place, its time and what it proves itself", () => {
  const rows = chooseEvidence([
    sampleObservation({ file: "x.log", offset: 9, at: null, state: "established" }),
  ]);
  expect(rows).toMatchObject([
    { file: "x.log", offset: 9, "@timestamp": null, dataset: "panw.panos", outcome: "established" },
  ]);
});

const someSample: fc.Arbitrary<Sample> = fc.record(
  {
    at: fc.integer({ min: 0, max: 30 }).map((n) => n * 1000),
    action: fc.constantFrom("allowed", "blocked", "unknown"),
    state: fc.constantFrom(undefined, "established", "no-answer"),
  },
  { requiredKeys: ["at", "action"] },
) as fc.Arbitrary<Sample>;

test("at most ten rows, in order of time: the first, the last and the strongest, in any order of input", () => {
  fc.assert(
    fc.property(
      fc.array(someSample, { minLength: 1, maxLength: 40 }),
      fc.array(fc.nat()),
      (samples, dice) => {
        const all = samples.map((sample, offset) => sampleObservation({ ...sample, offset })).sort(inOrder);
        const rows = chooseEvidence(shuffled(all, dice));
        const offsets = rows.map(({ offset }) => offset);
        expect(rows).toHaveLength(Math.min(10, all.length));
        expect(offsets[0]).toBe(all[0]?.offset);
        expect(offsets.at(-1)).toBe(all.at(-1)?.offset);
        expect(offsets).toEqual(all.map(({ offset }) => offset).filter((offset) => offsets.includes(offset)));
        const rank = (outcome: (typeof OUTCOMES)[number]): number => OUTCOMES.indexOf(outcome);
        const strongest = Math.max(...all.map(({ outcome }) => rank(outcome)));
        expect(Math.max(...rows.map(({ outcome }) => rank(outcome)))).toBe(strongest);
      },
    ),
  );
});
