/** The IANA special-purpose address registries, as one table. */
import type { IpAddress } from "./address.ts";
import { knownPrefix } from "./prefix.ts";
import { createPrefixSet } from "./prefix-set.ts";
import type { Scope } from "./scope.ts";

/** The day both special-purpose registries were last updated when this table was made. */
export const REGISTRY_DATE = "2025-10-09";

/** A row of a registry. */
export interface RegistryRow {
  readonly prefix: string;
  /** The class of its addresses: the registry's name in kebab-case, without "address", "block" and brackets. */
  readonly name: string;
  readonly registryName: string;
  readonly rfc: string;
  /** null where the registry leaves it blank or says N/A. */
  readonly globallyReachable: boolean | null;
  /** The scope of its addresses where no network of the operator's holds them. */
  readonly scope: Scope;
}

/**
 * Every row. Multicast is in the address space registries, not in the special-purpose ones, and so is
 * `::/0`: what IPv6 has outside 2000::/3 is reserved until a longer prefix says otherwise.
 * Source: https://www.iana.org/assignments/iana-ipv4-special-registry and …/iana-ipv6-special-registry,
 * of REGISTRY_DATE; RFC 5771 and RFC 4291 for multicast; …/ipv6-address-space for `::/0`.
 */
// biome-ignore format: one row a line
export const REGISTRY: readonly RegistryRow[] = [
  { prefix: "0.0.0.0/8", name: "this-network", registryName: "This network", rfc: "RFC 791", globallyReachable: false, scope: "local" },
  { prefix: "0.0.0.0/32", name: "this-host-on-this-network", registryName: "This host on this network", rfc: "RFC 1122", globallyReachable: false, scope: "local" },
  { prefix: "10.0.0.0/8", name: "private-use", registryName: "Private-Use", rfc: "RFC 1918", globallyReachable: false, scope: "reserved" },
  { prefix: "100.64.0.0/10", name: "shared-address-space", registryName: "Shared Address Space", rfc: "RFC 6598", globallyReachable: false, scope: "reserved" },
  { prefix: "127.0.0.0/8", name: "loopback", registryName: "Loopback", rfc: "RFC 1122", globallyReachable: false, scope: "local" },
  { prefix: "169.254.0.0/16", name: "link-local", registryName: "Link Local", rfc: "RFC 3927", globallyReachable: false, scope: "link-local" },
  { prefix: "172.16.0.0/12", name: "private-use", registryName: "Private-Use", rfc: "RFC 1918", globallyReachable: false, scope: "reserved" },
  { prefix: "192.0.0.0/24", name: "ietf-protocol-assignments", registryName: "IETF Protocol Assignments", rfc: "RFC 6890", globallyReachable: false, scope: "reserved" },
  { prefix: "192.0.0.0/29", name: "ipv4-service-continuity-prefix", registryName: "IPv4 Service Continuity Prefix", rfc: "RFC 7335", globallyReachable: false, scope: "reserved" },
  { prefix: "192.0.0.8/32", name: "ipv4-dummy-address", registryName: "IPv4 dummy address", rfc: "RFC 7600", globallyReachable: false, scope: "reserved" },
  { prefix: "192.0.0.9/32", name: "port-control-protocol-anycast", registryName: "Port Control Protocol Anycast", rfc: "RFC 7723", globallyReachable: true, scope: "internet" },
  { prefix: "192.0.0.10/32", name: "traversal-using-relays-around-nat-anycast", registryName: "Traversal Using Relays around NAT Anycast", rfc: "RFC 8155", globallyReachable: true, scope: "internet" },
  { prefix: "192.0.0.170/32", name: "nat64-dns64-discovery", registryName: "NAT64/DNS64 Discovery", rfc: "RFC 8880, RFC 7050", globallyReachable: false, scope: "reserved" },
  { prefix: "192.0.0.171/32", name: "nat64-dns64-discovery", registryName: "NAT64/DNS64 Discovery", rfc: "RFC 8880, RFC 7050", globallyReachable: false, scope: "reserved" },
  { prefix: "192.0.2.0/24", name: "documentation", registryName: "Documentation (TEST-NET-1)", rfc: "RFC 5737", globallyReachable: false, scope: "reserved" },
  { prefix: "192.31.196.0/24", name: "as112-v4", registryName: "AS112-v4", rfc: "RFC 7535", globallyReachable: true, scope: "internet" },
  { prefix: "192.52.193.0/24", name: "amt", registryName: "AMT", rfc: "RFC 7450", globallyReachable: true, scope: "internet" },
  { prefix: "192.88.99.0/24", name: "deprecated-6to4-relay-anycast", registryName: "Deprecated (6to4 Relay Anycast)", rfc: "RFC 7526", globallyReachable: null, scope: "reserved" },
  { prefix: "192.88.99.2/32", name: "6a44-relay-anycast-address", registryName: "6a44-relay anycast address", rfc: "RFC 6751", globallyReachable: false, scope: "reserved" },
  { prefix: "192.168.0.0/16", name: "private-use", registryName: "Private-Use", rfc: "RFC 1918", globallyReachable: false, scope: "reserved" },
  { prefix: "192.175.48.0/24", name: "direct-delegation-as112-service", registryName: "Direct Delegation AS112 Service", rfc: "RFC 7534", globallyReachable: true, scope: "internet" },
  { prefix: "198.18.0.0/15", name: "benchmarking", registryName: "Benchmarking", rfc: "RFC 2544", globallyReachable: false, scope: "reserved" },
  { prefix: "198.51.100.0/24", name: "documentation", registryName: "Documentation (TEST-NET-2)", rfc: "RFC 5737", globallyReachable: false, scope: "reserved" },
  { prefix: "203.0.113.0/24", name: "documentation", registryName: "Documentation (TEST-NET-3)", rfc: "RFC 5737", globallyReachable: false, scope: "reserved" },
  { prefix: "224.0.0.0/4", name: "multicast", registryName: "Multicast", rfc: "RFC 5771", globallyReachable: null, scope: "multicast" },
  { prefix: "240.0.0.0/4", name: "reserved", registryName: "Reserved", rfc: "RFC 1112", globallyReachable: false, scope: "reserved" },
  { prefix: "255.255.255.255/32", name: "limited-broadcast", registryName: "Limited Broadcast", rfc: "RFC 8190, RFC 919", globallyReachable: false, scope: "multicast" },

  { prefix: "::/0", name: "reserved", registryName: "Reserved by IETF", rfc: "RFC 4291", globallyReachable: null, scope: "reserved" },
  { prefix: "::1/128", name: "loopback", registryName: "Loopback Address", rfc: "RFC 4291", globallyReachable: false, scope: "local" },
  { prefix: "::/128", name: "unspecified", registryName: "Unspecified Address", rfc: "RFC 4291", globallyReachable: false, scope: "local" },
  { prefix: "::ffff:0:0/96", name: "ipv4-mapped", registryName: "IPv4-mapped Address", rfc: "RFC 4291", globallyReachable: false, scope: "transition" },
  { prefix: "64:ff9b::/96", name: "ipv4-ipv6-translation", registryName: "IPv4-IPv6 Translat.", rfc: "RFC 6052", globallyReachable: true, scope: "transition" },
  { prefix: "64:ff9b:1::/48", name: "ipv4-ipv6-translation", registryName: "IPv4-IPv6 Translat.", rfc: "RFC 8215", globallyReachable: false, scope: "transition" },
  { prefix: "100::/64", name: "discard-only", registryName: "Discard-Only Address Block", rfc: "RFC 6666", globallyReachable: false, scope: "reserved" },
  { prefix: "100:0:0:1::/64", name: "dummy-ipv6-prefix", registryName: "Dummy IPv6 Prefix", rfc: "RFC 9780", globallyReachable: false, scope: "reserved" },
  { prefix: "2001::/23", name: "ietf-protocol-assignments", registryName: "IETF Protocol Assignments", rfc: "RFC 2928", globallyReachable: false, scope: "reserved" },
  { prefix: "2001::/32", name: "teredo", registryName: "TEREDO", rfc: "RFC 4380, RFC 8190", globallyReachable: null, scope: "transition" },
  { prefix: "2001:1::1/128", name: "port-control-protocol-anycast", registryName: "Port Control Protocol Anycast", rfc: "RFC 7723", globallyReachable: true, scope: "internet" },
  { prefix: "2001:1::2/128", name: "traversal-using-relays-around-nat-anycast", registryName: "Traversal Using Relays around NAT Anycast", rfc: "RFC 8155", globallyReachable: true, scope: "internet" },
  { prefix: "2001:1::3/128", name: "dns-sd-service-registration-protocol-anycast", registryName: "DNS-SD Service Registration Protocol Anycast", rfc: "RFC 9665", globallyReachable: true, scope: "internet" },
  { prefix: "2001:2::/48", name: "benchmarking", registryName: "Benchmarking", rfc: "RFC 5180", globallyReachable: false, scope: "reserved" },
  { prefix: "2001:3::/32", name: "amt", registryName: "AMT", rfc: "RFC 7450", globallyReachable: true, scope: "internet" },
  { prefix: "2001:4:112::/48", name: "as112-v6", registryName: "AS112-v6", rfc: "RFC 7535", globallyReachable: true, scope: "internet" },
  { prefix: "2001:10::/28", name: "deprecated-orchid", registryName: "Deprecated (previously ORCHID)", rfc: "RFC 4843", globallyReachable: null, scope: "reserved" },
  { prefix: "2001:20::/28", name: "orchidv2", registryName: "ORCHIDv2", rfc: "RFC 7343", globallyReachable: true, scope: "internet" },
  { prefix: "2001:30::/28", name: "drone-remote-id-protocol-entity-tags-prefix", registryName: "Drone Remote ID Protocol Entity Tags (DETs) Prefix", rfc: "RFC 9374", globallyReachable: true, scope: "internet" },
  { prefix: "2001:db8::/32", name: "documentation", registryName: "Documentation", rfc: "RFC 3849", globallyReachable: false, scope: "reserved" },
  { prefix: "2002::/16", name: "6to4", registryName: "6to4", rfc: "RFC 3056", globallyReachable: null, scope: "transition" },
  { prefix: "2620:4f:8000::/48", name: "direct-delegation-as112-service", registryName: "Direct Delegation AS112 Service", rfc: "RFC 7534", globallyReachable: true, scope: "internet" },
  { prefix: "3fff::/20", name: "documentation", registryName: "Documentation", rfc: "RFC 9637", globallyReachable: false, scope: "reserved" },
  { prefix: "5f00::/16", name: "segment-routing-sids", registryName: "Segment Routing (SRv6) SIDs", rfc: "RFC 9602", globallyReachable: false, scope: "reserved" },
  { prefix: "fc00::/7", name: "unique-local", registryName: "Unique-Local", rfc: "RFC 4193, RFC 8190", globallyReachable: false, scope: "reserved" },
  { prefix: "fe80::/10", name: "link-local", registryName: "Link-Local Unicast", rfc: "RFC 4291", globallyReachable: false, scope: "link-local" },
  { prefix: "ff00::/8", name: "multicast", registryName: "Multicast", rfc: "RFC 4291", globallyReachable: null, scope: "multicast" },
];

/** The space that IANA hands out for global unicast: no row of its own. Source: RFC 4291 section 2.4. */
export const GLOBAL_UNICAST = "2000::/3";

const TABLE = createPrefixSet<RegistryRow | undefined>(
  [...REGISTRY, undefined].map((row) => ({ prefix: knownPrefix(row?.prefix ?? GLOBAL_UNICAST), row })),
);

/** The row of the longest prefix that holds the address; undefined for plain global unicast. */
export function registryRow(ip: IpAddress): RegistryRow | undefined {
  return TABLE.lookup(ip);
}
