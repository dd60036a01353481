/** Packing: what goes to another thread comes out as it was. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Sample, sampleObservation } from "../../test/sample-observation.ts";
import { parseIp } from "../net/parse-ip.ts";
import { pack, unpack } from "./packed.ts";

const text = fc.option(fc.constantFrom("fw-1", "fw-2", "a longer name of an observer"), { nil: undefined });

const someSample: fc.Arbitrary<Sample> = fc
  .record({
    to: fc.constantFrom("8.8.8.8", "64:ff9b::808:808", "2606:4700:4700::1111"),
    at: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 5000 })),
    rules: fc.constantFrom<number[]>([], [0], [0, 2]),
    observer: text,
    flow: text,
    out: fc.option(fc.nat(), { nil: undefined }),
    nat: fc.option(fc.constantFrom("192.0.2.1", "192.0.2.2"), { nil: undefined }),
    applications: fc.option(fc.constantFrom(["smb"], ["smb", "ntlm"]), { nil: undefined }),
  })
  .map(({ observer, flow, out, nat, applications, ...rest }) => ({
    ...rest,
    ...(observer === undefined ? {} : { observer }),
    ...(flow === undefined ? {} : { flow }),
    ...(out === undefined ? {} : { out }),
    fields: {
      "network.application": applications,
      "source.nat.ip": nat === undefined ? undefined : parseIp(nat),
    },
  }));

test("observations come out of another thread as they went in, in their order", () => {
  fc.assert(
    fc.property(fc.array(someSample, { maxLength: 8 }), (samples) => {
      const all = samples.map((sample, offset) => sampleObservation({ ...sample, offset }));
      expect([...unpack(structuredClone(pack(all)))]).toEqual(all);
    }),
  );
});

test("documents, filters and reference columns are packed too", () => {
  const observation = {
    ...sampleObservation(),
    filtered: [{ rule: 1, filter: "filter own share" }],
    document: { event: { kind: "event" } },
    reference: { storedMs: 5, eventId: "x", swapped: false, columns: { src: ["10.1.2.3"] } },
  };
  expect([...unpack(structuredClone(pack([sampleObservation(), observation])))]).toEqual([
    sampleObservation(),
    observation,
  ]);
});

test("what observations have in common is one value after unpacking", () => {
  const [one, other] = [
    ...unpack(structuredClone(pack([sampleObservation(), sampleObservation({ at: 5 })]))),
  ];
  expect(one?.rules).toBe(other?.rules);
  expect(one?.applications).toBe(other?.applications);
});
