/** The address model: scopes, classes, embedded addresses, the operator's own networks. */
import { expect, test } from "vitest";
import type { IpAddress } from "./address.ts";
import { nat64Ipv4, whyNoNat64 } from "./embedded.ts";
import { REGISTRY, registryRow } from "./iana.ts";
import { type AddressModelOptions, createAddressModel } from "./model.ts";
import { ipv6, parseIp } from "./parse-ip.ts";
import { type IpRange, inRange, type Prefix, parseNetwork, parsePrefix } from "./prefix.ts";

function ip(text: string): IpAddress {
  const address = parseIp(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return address;
}

function networks(...texts: string[]): IpRange[] {
  return texts.map((text) => parseNetwork(text) as IpRange);
}

function prefixes(...texts: string[]): Prefix[] {
  return texts.map((text) => parsePrefix(text) as Prefix);
}

const SITE: AddressModelOptions = {
  internal: networks("10.0.0.0/8", "11.22.33.0/24", "2a00:1234:5::/48"),
  nat64: prefixes("64:ff9b:1::/96"),
};

const model = createAddressModel(SITE);

test.each([
  ["10.9.9.9", "internal", "private-use"],
  ["100.64.0.1", "internal", "shared-address-space"],
  ["100.127.255.255", "internal", "shared-address-space"],
  ["100.128.0.1", "internet", "global"],
  ["127.0.0.1", "local", "loopback"],
  ["169.254.10.10", "link-local", "link-local"],
  ["0.0.0.0", "local", "this-host-on-this-network"],
  ["0.1.2.3", "local", "this-network"],
  ["192.0.2.10", "reserved", "documentation"],
  ["198.51.100.1", "reserved", "documentation"],
  ["203.0.113.1", "reserved", "documentation"],
  ["198.18.0.5", "reserved", "benchmarking"],
  ["198.20.0.1", "internet", "global"],
  ["224.0.0.251", "multicast", "multicast"],
  ["239.255.255.255", "multicast", "multicast"],
  ["255.255.255.255", "multicast", "limited-broadcast"],
  ["240.0.0.1", "reserved", "reserved"],
  ["192.0.0.1", "reserved", "ipv4-service-continuity-prefix"],
  ["192.0.0.8", "reserved", "ipv4-dummy-address"],
  ["192.0.0.170", "reserved", "nat64-dns64-discovery"],
  ["192.0.0.200", "reserved", "ietf-protocol-assignments"],
  ["192.88.99.1", "reserved", "deprecated-6to4-relay-anycast"],
  ["192.88.99.2", "reserved", "6a44-relay-anycast-address"],
  ["172.31.255.255", "internal", "private-use"],
  ["172.32.0.0", "internet", "global"],
  ["11.22.33.44", "internal", "global"],
  ["11.22.34.44", "internet", "global"],
  ["8.8.8.8", "internet", "global"],
  ["62.1.2.3", "internet", "global"],
  ["2a00:1234:5::10", "internal", "global"],
  ["2606:4700:4700::1111", "internet", "global"],
  ["fd12:3456::10", "internal", "unique-local"],
  ["fd99::1", "internal", "unique-local"],
  ["fe80::1", "link-local", "link-local"],
  ["febf::1", "link-local", "link-local"],
  ["fec0::1", "reserved", "reserved"],
  ["ff02::1", "multicast", "multicast"],
  ["2001:db8::5", "reserved", "documentation"],
  ["3fff::5", "reserved", "documentation"],
  ["3fff:1000::5", "internet", "global"],
  ["5f00::1", "reserved", "segment-routing-sids"],
  ["100::1", "reserved", "discard-only"],
  ["100:0:0:1::1", "reserved", "dummy-ipv6-prefix"],
  ["200::1", "reserved", "reserved"],
  ["4000::1", "reserved", "reserved"],
  ["2001:5::1", "reserved", "ietf-protocol-assignments"],
  ["2001:10::1", "reserved", "deprecated-orchid"],
  ["2001:200::1", "internet", "global"],
  ["::", "local", "unspecified"],
  ["::1", "local", "loopback"],
])("%s lies in %s and is of class %s", (text, scope, addressClass) => {
  expect(model.classify(ip(text))).toMatchObject({
    scope,
    addressClass,
    anycast: false,
    note: undefined,
    embedded: undefined,
  });
});

test.each([
  ["192.0.0.9", "port-control-protocol-anycast"],
  ["192.0.0.10", "traversal-using-relays-around-nat-anycast"],
  ["192.31.196.1", "as112-v4"],
  ["192.52.193.1", "amt"],
  ["192.175.48.6", "direct-delegation-as112-service"],
  ["2001:1::3", "dns-sd-service-registration-protocol-anycast"],
  ["2001:3::1", "amt"],
  ["2001:4:112::1", "as112-v6"],
  ["2001:20::1", "orchidv2"],
  ["2620:4f:8000::1", "direct-delegation-as112-service"],
])("%s is special but globally reachable", (text, addressClass) => {
  expect(model.classify(ip(text))).toMatchObject({ scope: "internet", addressClass, anycast: true });
});

test.each([
  ["::ffff:8.8.8.8", "8.8.8.8", "ipv4-mapped", "internet", undefined],
  ["::ffff:10.1.2.3", "10.1.2.3", "ipv4-mapped", "internal", undefined],
  ["::ffff:192.0.2.1", "192.0.2.1", "ipv4-mapped", "reserved", undefined],
  ["64:ff9b::808:808", "8.8.8.8", "nat64", "internet", undefined],
  ["64:ff9b::a00:5", "10.0.0.5", "nat64", "internal", "embedded_not_global"],
  ["64:ff9b::192.0.2.1", "192.0.2.1", "nat64", "reserved", "embedded_not_global"],
  ["64:ff9b::11.22.33.44", "11.22.33.44", "nat64", "internal", undefined],
  ["64:ff9b::192.31.196.1", "192.31.196.1", "nat64", "internet", undefined],
  ["64:ff9b:1::808:808", "8.8.8.8", "nat64", "internet", undefined],
  ["64:ff9b:1::a00:5", "10.0.0.5", "nat64", "internal", undefined],
  ["2002:808:808::1", "8.8.8.8", "6to4", "internet", undefined],
  ["2002:c0a8:101::1", "192.168.1.1", "6to4", "internal", "embedded_not_global"],
  ["2001:0:4136:e378:8000:63bf:f7f7:f7f7", "8.8.8.8", "teredo", "internet", undefined],
  ["::8.8.8.8", "8.8.8.8", "ipv4-compatible", "internet", undefined],
  ["::127.0.0.1", "127.0.0.1", "ipv4-compatible", "local", "embedded_not_global"],
])("%s is %s (%s), which lies in %s", (text, effective, kind, scope, note) => {
  const found = model.classify(ip(text));
  expect(found.effective?.text).toBe(effective);
  expect(found.embedded?.kind).toBe(kind);
  expect(found).toMatchObject({ scope, note, addressClass: model.classify(ip(effective)).addressClass });
});

test("a Teredo address names its server and the row around it", () => {
  const { embedded } = model.classify(ip("2001:0:4136:e378:8000:63bf:f7f7:f7f7"));
  expect(embedded?.server?.text).toBe("65.54.227.120");
  expect(embedded?.row?.name).toBe("teredo");
});

test.each(["64:ff9b:1::808:808", "64:ff9b:1:ffff::1"])(
  "%s without a configured prefix is a transition address",
  (text) => {
    const found = createAddressModel().classify(ip(text));
    expect(found).toMatchObject({
      scope: "transition",
      addressClass: "ipv4-ipv6-translation",
      note: "unconfigured_nat64",
    });
    expect(found.effective?.text).toBe(text);
  },
);

test("the local-use prefix beside the configured one stays a transition address", () => {
  expect(model.classify(ip("64:ff9b:1:2::808:808"))).toMatchObject({
    scope: "transition",
    note: "unconfigured_nat64",
  });
});

// The examples of RFC 6052 section 2.4, with our own IPv4 address: 8.138.76.33 is 08 8a 4c 21.
test.each([
  ["2a00:1234::/32", "2a00:1234:88a:4c21::"],
  ["2a00:1234:100::/40", "2a00:1234:108:8a4c:21::"],
  ["2a00:1234:122::/48", "2a00:1234:122:88a:4c:2100::"],
  ["2a00:1234:122:300::/56", "2a00:1234:122:308:8a:4c21::"],
  ["2a00:1234:122:344::/64", "2a00:1234:122:344:8:8a4c:2100::"],
  ["2a00:1234:122:344::/96", "2a00:1234:122:344::8.138.76.33"],
])("a translator at %s writes 8.138.76.33 as %s", (prefix, text) => {
  const [nat64] = prefixes(prefix);
  expect(nat64Ipv4(ip(text), nat64 as Prefix).ip.text).toBe("8.138.76.33");
  const translated = createAddressModel({ nat64: [nat64 as Prefix] }).classify(ip(text));
  expect(translated).toMatchObject({ scope: "internet", addressClass: "global" });
});

test.each([
  ["2a00:1234::/33", "bits long, not 33"],
  ["10.0.0.0/8", "IPv6"],
  ["2a00:1234:0:0:100::/96", "bits 64 to 71"],
])("%s is no NAT64 prefix: %s", (text, reason) => {
  expect(whyNoNat64(parsePrefix(text) as Prefix)).toContain(reason);
});

test("inside a network of ours the translator's longer prefix wins, and a longer one of ours wins over it", () => {
  const nested = createAddressModel({
    internal: networks("2a00:1234:5::/48", "2a00:1234:5:64::808:404"),
    nat64: prefixes("2a00:1234:5:64::/96"),
  });
  expect(nested.classify(ip("2a00:1234:5:64::808:808"))).toMatchObject({ scope: "internet" });
  expect(nested.classify(ip("2a00:1234:5:64::808:404"))).toMatchObject({ scope: "internal" });
  expect(nested.classify(ip("2a00:1234:5:65::1"))).toMatchObject({
    scope: "internal",
    network: "2a00:1234:5::/48",
  });
});

test("a 6to4 network that the operator names is theirs", () => {
  const named = createAddressModel({ internal: networks("2002:808:808::/48") });
  expect(named.classify(ip("2002:808:808::1"))).toMatchObject({ scope: "internal", embedded: undefined });
});

test("internalOnly leaves the private ranges out", () => {
  const only = createAddressModel({ internal: networks("10.1.0.0/16"), internalOnly: true });
  expect(only.classify(ip("10.1.2.3"))).toMatchObject({ scope: "internal", network: "10.1.0.0/16" });
  for (const text of ["10.2.2.3", "192.168.1.1", "fd12::1", "100.64.0.1"]) {
    expect(only.classify(ip(text)).scope, text).toBe("reserved");
  }
});

test.each(["internal", "internet", "reserved"] as const)(
  "shared address space can be %s",
  (sharedAddressSpace) => {
    const shared = createAddressModel({ sharedAddressSpace, internal: networks("100.64.9.0/24") });
    expect(shared.classify(ip("100.64.0.1"))).toMatchObject({
      scope: sharedAddressSpace,
      addressClass: "shared-address-space",
    });
    expect(shared.classify(ip("100.64.9.1"))).toMatchObject({ scope: "internal", network: "100.64.9.0/24" });
  },
);

test("a range of ours ends where it says", () => {
  const ranged = createAddressModel({ internal: networks("62.1.2.3-62.1.2.9") });
  expect(ranged.classify(ip("62.1.2.9"))).toMatchObject({ scope: "internal", network: "62.1.2.3-62.1.2.9" });
  expect(ranged.classify(ip("62.1.2.10")).scope).toBe("internet");
});

test("no address is unknown", () => {
  expect(model.classify(undefined)).toMatchObject({
    scope: "unknown",
    addressClass: "unknown",
    effective: undefined,
  });
});

test("the answer stays the same once the cache has been emptied", () => {
  const before = model.classify(ip("8.8.8.8"));
  for (let value = 0; value < 70_000; value++) model.classify(ipv6(0x2a00_0000, 0, 0, value));
  for (let value = 0; value < 70_000; value++)
    model.classify({ family: 4, w0: 0, w1: 0, w2: 0, w3: value, text: "" });
  expect(model.classify(ip("8.8.8.8"))).toEqual(before);
});

test("the table holds both registries whole: 26 IPv4 and 25 IPv6 prefixes, beside multicast and the reserved rest", () => {
  const isV6 = (text: string): boolean => text.includes(":");
  const special = REGISTRY.filter(({ name, prefix }) => name !== "multicast" && prefix !== "::/0");
  // 25 rows; that of NAT64/DNS64 discovery has two prefixes.
  expect(special.filter(({ prefix }) => !isV6(prefix)).length).toBe(26);
  expect(special.filter(({ prefix }) => isV6(prefix)).length).toBe(25);
  expect(new Set(REGISTRY.map(({ prefix }) => prefix)).size).toBe(REGISTRY.length);
});

test.each(REGISTRY)("$prefix finds its own row", (row) => {
  const prefix = parsePrefix(row.prefix) as Prefix;
  expect(prefix.text).toBe(row.prefix === "::ffff:0:0/96" ? "::ffff:0.0.0.0/96" : row.prefix);
  expect(row.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  expect(row.scope === "internet").toBe(row.globallyReachable === true && row.prefix !== "64:ff9b::/96");
  const inner = REGISTRY.filter(
    (other) => other !== row && inRange(prefix, (parsePrefix(other.prefix) as Prefix).first),
  );
  const isCovered = inner.some(
    (other) => (parsePrefix(other.prefix) as Prefix).first.text === prefix.first.text,
  );
  if (!isCovered) expect(registryRow(prefix.first)).toBe(row);
  if (
    row.prefix !== "0.0.0.0/8" &&
    inner.every((o) => (parsePrefix(o.prefix) as Prefix).last.text !== prefix.last.text)
  ) {
    expect(registryRow(prefix.last)).toBe(row);
  }
});
