/** Each profile against its transcription: on the truth table, and on random nasty events. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fast } from "../../src/engines/fast.ts";
import { reference } from "../../src/engines/reference.ts";
import { deriveFields } from "../../src/event/derive.ts";
import type { NetworkEvent } from "../../src/event/event.ts";
import { type Profile, toProfile } from "../../src/findings/profiles/profile.ts";
import { Undecodable } from "../../src/formats/format.ts";
import { datasetTable, formatByName } from "../../src/formats/registry.ts";
import { createAddressModel } from "../../src/net/model.ts";
import { shippedProfiles } from "../../src/node/content.ts";
import { parseRules } from "../../src/sigma/parse-rule.ts";
import { type Document, TRANSCRIPTIONS } from "./transcription.ts";

const shipped = await shippedProfiles();
const profiles = [...shipped.values()].flatMap(({ text, file }) => parseRules(text, file).map(toProfile));
const model = createAddressModel({
  internal: [],
  internalOnly: false,
  nat64: [],
  sharedAddressSpace: "internal",
});
const decoder = formatByName("ecs").open({ file: "test", year: 2026, zone: (ms) => ms });

function toEvent(document: Document): NetworkEvent | undefined {
  const event = decoder.decode(JSON.stringify(document));
  if (event === undefined || event instanceof Undecodable) return undefined;
  return deriveFields(event, { model, byteCounting: "frame" });
}

function meets(engine: typeof fast | typeof reference, { plan }: Profile, event: NetworkEvent): boolean {
  let met = false;
  engine.prepare([plan], datasetTable())({ file: "test", events: [event] }, () => {
    met = true;
  });
  return met;
}

const addresses = [
  "10.1.2.3",
  "172.31.255.254",
  "172.32.0.1",
  "192.168.0.1",
  "100.64.0.1",
  "100.128.0.1",
  "8.8.8.8",
  "0.0.0.0",
  "127.0.0.1",
  "169.254.1.1",
  "192.0.0.9",
  "192.0.2.1",
  "192.31.196.1",
  "192.88.99.1",
  "198.19.255.255",
  "224.0.0.1",
  "255.255.255.255",
  "::1",
  "::",
  "fe80::1%eth0",
  "[fd12:3456::1]",
  "ff02::1",
  "2606:4700:4700::1111",
  "::ffff:10.1.2.3",
  "::FFFF:8.8.8.8",
  "::ffff:a01:203",
  "64:ff9b::808:808",
  "2002:808:808::1",
  "2001:0:4136:e378:8000:63bf:f7f7:f7f7",
];
const noAddresses = [
  "010.1.2.3",
  "10.1.2",
  "10.1.2.3.",
  "10.1.2.3/8",
  "0x0a010203",
  "10.1.2.3:445",
  "host",
  " ",
  "",
];

const address = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<unknown>(...addresses) },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(...noAddresses, null, undefined) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(...addresses, "host"), { minLength: 1, maxLength: 3 }) },
);
const port = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<unknown>(139, 445, "445", "139") },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown>(
      "445.0",
      446,
      4450,
      51515,
      "0445",
      "4.45e2",
      99999,
      -445,
      "smb",
      null,
      undefined,
    ),
  },
);
const sourcePort = fc.constantFrom<unknown>(50000, 445, 139, "445", 1023, 1024, undefined);
const transport = fc.constantFrom<unknown>("tcp", "tcp", "TCP", "udp", 6, "6", "17", "", null, undefined);
const word = fc.constantFrom<unknown>(
  ...[
    "allowed",
    "Allowed",
    "allow",
    "ALLOW",
    "blocked",
    "Blocked",
    "dropped",
    "deny",
    "unknown",
    "",
    null,
    undefined,
  ],
  ["allowed", "blocked"],
  ["blocked"],
);
const application = fc.constantFrom<unknown>(
  ...["smb", "SMB", " smb ", "gssapi,smb,ntlm", "ms-ds-smbv3", "ssh", "", null, undefined],
  ["ssh", "smb"],
  ["ssh"],
);
const name = fc.constantFrom<unknown>(
  "pc-17.corp.example",
  "10.9.9.9",
  "8.8.4.4",
  "fe80::7",
  undefined,
  undefined,
  undefined,
);

const documents: fc.Arbitrary<Document> = fc.record({
  "@timestamp": fc.constant("2026-03-01T08:00:00Z"),
  event: fc.record({
    category: fc.constantFrom<unknown>(["network"], ["network"], "network", undefined),
    dataset: fc.constantFrom<unknown>(
      undefined,
      "panw.panos",
      "zeek.conn",
      "zeek.smb_files",
      "cisco_asa.log",
    ),
    action: word,
    provider_action: word,
  }),
  source: fc.record({ ip: address, port: sourcePort, address: name }),
  destination: fc.record({ ip: address, port, address: name }),
  network: fc.record({ transport, application }),
  labels: fc.record({
    dest_category: fc.constantFrom<unknown>(undefined, undefined, "internal", "Internal", "dmz", [
      "dmz",
      "internal",
    ]),
  }),
  winlog: fc.record({
    event_data: fc.record({
      Initiated: fc.constantFrom<unknown>(undefined, "true", "false", false, "False"),
    }),
  }),
});

describe.each(profiles.map((profile) => [profile.name, profile] as const))("%s", (name, profile) => {
  const transcribed = TRANSCRIPTIONS[name];

  test("has a transcription", () => {
    expect(transcribed).toBeDefined();
  });

  test("agrees with it on the truth table", () => {
    const text = readFileSync(
      join(import.meta.dirname, "../../content/datasets/truth/events.ndjson"),
      "utf8",
    );
    for (const line of text.trimEnd().split("\n")) {
      const document = JSON.parse(line) as Document;
      const event = toEvent(document);
      expect(event === undefined ? false : meets(fast, profile, event), line).toBe(transcribed?.(document));
    }
  });

  test("agrees with it on random nasty events, in both engines", () => {
    let met = 0;
    fc.assert(
      fc.property(documents, (document) => {
        const event = toEvent(document);
        if (event === undefined) return;
        const wanted = transcribed?.(document);
        if (wanted) met++;
        expect(meets(fast, profile, event)).toBe(wanted);
        expect(meets(reference, profile, event)).toBe(wanted);
      }),
      { numRuns: 3000 },
    );
    // A generator that never makes a match would prove nothing.
    expect(met).toBeGreaterThan(5);
  });
});
