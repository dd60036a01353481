/** Derivation: orientation, scopes, credentials, and the outcome of a recorded event. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAddressModel } from "../net/model.ts";
import { parseIp } from "../net/parse-ip.ts";
import { parseNetwork } from "../net/prefix.ts";
import { type DeriveContext, deriveFields } from "./derive.ts";
import type { EventFields, NetworkEvent } from "./event.ts";
import { jsonRecord } from "./record.ts";

const CONTEXT: DeriveContext = { model: createAddressModel(), byteCounting: "frame" };

function event(fields: EventFields): NetworkEvent {
  return {
    format: "f",
    dataset: "d",
    record: jsonRecord({}),
    offset: 0,
    "source.ip": parseIp("10.1.2.3"),
    "source.port": 50_000,
    "destination.ip": parseIp("8.8.8.8"),
    "destination.port": 445,
    "network.transport": "tcp",
    ...fields,
  };
}

const derived = (fields: EventFields, context = CONTEXT): NetworkEvent =>
  deriveFields(event(fields), context);

/** The server's half of the flow: 8.8.8.8:445 → 10.1.2.3:50000. */
const REVERSED: EventFields = {
  "source.ip": parseIp("8.8.8.8"),
  "source.port": 445,
  "destination.ip": parseIp("10.1.2.3"),
  "destination.port": 50_000,
};

describe("orientation", () => {
  test.each<[number, number, boolean, string]>([
    [445, 50_000, true, "an SMB port facing an ephemeral one"],
    [139, 50_000, true, "the other SMB port"],
    [445, 1024, true, "the lowest ephemeral port"],
    [445, 1023, false, "a port below 1024"],
    [445, 445, false, "two SMB ports"],
    [139, 445, false, "139 to 445"],
    [445, 139, false, "445 to 139"],
    [50_000, 445, false, "a client asking a server"],
    [8445, 50_000, false, "a server that is not on an SMB port"],
    [443, 50_000, false, "another service"],
  ])("port %d to %d: flipped is %s (%s)", (from, to, flipped) => {
    const seen = derived({ "source.port": from, "destination.port": to, "network.application": ["smb"] });
    expect(seen["sallyport.flipped"] ?? false).toBe(flipped);
    expect(seen["source.port"]).toBe(flipped ? to : from);
  });

  test.each(["source.port", "destination.port"] as const)("without %s nothing is flipped", (port) => {
    expect(derived({ ...REVERSED, [port]: undefined })["sallyport.flipped"]).toBeUndefined();
  });

  test("a flip exchanges both ends whole, and keeps what was recorded", () => {
    const seen = derived({
      ...REVERSED,
      "source.address": "server",
      "source.bytes": 600,
      "source.packets": 6,
      "destination.bytes": 900,
      "destination.packets": 9,
      "destination.nat.ip": parseIp("11.22.33.44"),
      "destination.nat.port": 1025,
      "destination.domain": "client.example",
      "observer.ingress.zone": "untrust",
      "observer.egress.zone": "trust",
    });
    expect(seen).toMatchObject({
      "source.ip": parseIp("10.1.2.3"),
      "source.port": 50_000,
      "source.bytes": 900,
      "source.packets": 9,
      "source.nat.ip": parseIp("11.22.33.44"),
      "source.nat.port": 1025,
      "destination.ip": parseIp("8.8.8.8"),
      "destination.port": 445,
      "destination.address": "server",
      "destination.bytes": 600,
      "destination.packets": 6,
      "observer.ingress.zone": "trust",
      "observer.egress.zone": "untrust",
      "recorded.source.ip": "8.8.8.8",
      "recorded.source.port": 445,
      "recorded.destination.ip": "10.1.2.3",
      "recorded.destination.port": 50_000,
      "sallyport.flipped": true,
      "source.scope": "internal",
      "destination.scope": "internet",
    });
    expect(seen["source.address"]).toBeUndefined();
    expect(seen["destination.domain"]).toBeUndefined();
  });

  test("the spelling that the record used is kept through a flip", () => {
    const seen = derived({ ...REVERSED, "recorded.source.ip": "::ffff:8.8.8.8" });
    expect(seen["recorded.source.ip"]).toBe("::ffff:8.8.8.8");
  });

  test("without a flip nothing is recorded twice", () => {
    const seen = derived({});
    expect(Object.keys(seen).filter((name) => name.startsWith("recorded."))).toEqual([]);
  });

  test.each<[string, string, string]>([
    ["no-answer", "client-silent", "unknown"],
    ["client-silent", "no-answer", "attempted"],
    ["established", "established", "attempted"],
    ["refused", "midstream", "attempted"],
    ["midstream", "midstream", "attempted"],
  ])("the state %s of the other direction is %s, outcome %s", (state, flipped, outcome) => {
    const seen = derived({ ...REVERSED, "sallyport.state": state });
    expect(seen["sallyport.state"]).toBe(flipped);
    expect(seen["sallyport.outcome"]).toBe(outcome);
  });
});

describe("scopes", () => {
  test.each([
    ["10.1.2.3", "internal", "private-use", "10.1.2.3"],
    ["100.64.0.1", "internal", "shared-address-space", "100.64.0.1"],
    ["8.8.8.8", "internet", "global", "8.8.8.8"],
    ["169.254.7.7", "link-local", "link-local", "169.254.7.7"],
    ["127.0.0.1", "local", "loopback", "127.0.0.1"],
    ["224.0.0.251", "multicast", "multicast", "224.0.0.251"],
    ["192.0.2.10", "reserved", "documentation", "192.0.2.10"],
    ["64:ff9b::808:808", "internet", "global", "8.8.8.8"],
    ["::ffff:8.8.8.8", "internet", "global", "8.8.8.8"],
    ["::ffff:10.9.9.9", "internal", "private-use", "10.9.9.9"],
  ])("both ends of %s are %s", (text, scope, addressClass, effective) => {
    const seen = derived({ "source.ip": parseIp(text), "destination.ip": parseIp(text) });
    for (const end of ["source", "destination"] as const) {
      expect(seen[`${end}.scope`]).toBe(scope);
      expect(seen[`${end}.effective_ip`]?.text).toBe(effective);
      expect(seen[`${end}.address_class`]).toBe(addressClass);
    }
  });

  test("the operator's public networks are internal", () => {
    const internal = [parseNetwork("11.22.33.0/24")].flatMap((network) => network ?? []);
    const seen = derived(
      { "source.ip": parseIp("11.22.33.7") },
      { ...CONTEXT, model: createAddressModel({ internal }) },
    );
    expect(seen["source.scope"]).toBe("internal");
  });

  test.each([
    ["source.ip", "missing_source", "source"],
    ["destination.ip", "missing_destination", "destination"],
  ] as const)("without %s the scope is unknown, and %s is noted", (field, problem, end) => {
    const seen = derived({ [field]: undefined });
    expect(seen[`${end}.scope`]).toBe("unknown");
    expect(seen[`${end}.effective_ip`]).toBeUndefined();
    expect(seen.problems).toEqual([problem]);
  });

  test.each([
    ["64:ff9b::a00:5", "internal", "embedded_not_global"],
    ["64:ff9b:1::808:808", "transition", "unconfigured_nat64"],
  ])("%s is %s, with the note %s", (text, scope, problem) => {
    const seen = derived({ "destination.ip": parseIp(text) });
    expect(seen["destination.scope"]).toBe(scope);
    expect(seen.problems).toEqual([problem]);
  });
});

describe("credentials", () => {
  test.each<[string, EventFields, string | undefined]>([
    ["NTLM in SMB", { "network.application": ["gssapi", "smb", "ntlm"] }, "ntlm"],
    ["NTLM on an SMB port", { "network.application": ["ntlm"] }, "ntlm"],
    ["Kerberos in SMB", { "network.application": ["smb", "krb_tcp"] }, "kerberos"],
    ["Kerberos by its full name", { "network.application": ["smb", "kerberos"] }, "kerberos"],
    [
      "NTLM in SMB on another port",
      { "destination.port": 8445, "network.application": ["smb", "ntlm"] },
      "ntlm",
    ],
    ["NTLM in HTTP", { "destination.port": 80, "network.application": ["http", "ntlm"] }, undefined],
    ["SMB alone", { "network.application": ["smb"] }, undefined],
    [
      "a protocol that the record proves",
      { "sallyport.auth.protocol": "kerberos", "network.application": ["ntlm"] },
      "kerberos",
    ],
  ])("%s", (_, fields, protocol) => {
    const seen = derived({ "sallyport.state": "established", ...fields });
    expect(seen["sallyport.auth.protocol"]).toBe(protocol);
    expect(seen["sallyport.outcome"]).toBe(protocol === undefined ? "established" : "authenticated");
  });
});

test("an event is decided by its own evidence", () => {
  expect(derived({ "event.action": "blocked" })["sallyport.outcome"]).toBe("blocked");
  expect(derived({ "event.action": "allowed" })["sallyport.outcome"]).toBe("attempted");
  const counted = { "source.bytes": 70, "destination.bytes": 66, "event.action": "allowed" };
  expect(derived(counted)["sallyport.outcome"]).toBe("attempted");
  expect(derived(counted, { ...CONTEXT, byteCounting: "payload" })["sallyport.outcome"]).toBe("established");
});

test("of any two ports, at most one orientation is flipped, and never both", () => {
  const port = fc.oneof(fc.constantFrom(139, 445, 1023, 1024), fc.integer({ min: 0, max: 65_535 }));
  fc.assert(
    fc.property(port, port, (a, b) => {
      const there = derived({ "source.port": a, "destination.port": b })["sallyport.flipped"] === true;
      const back = derived({ "source.port": b, "destination.port": a })["sallyport.flipped"] === true;
      expect(there && back).toBe(false);
    }),
  );
});
