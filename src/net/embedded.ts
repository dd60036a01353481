/** IPv4 addresses inside IPv6 ones: mapped, compatible, NAT64, 6to4, Teredo. */
import type { IpAddress } from "./address.ts";
import { ipv4 } from "./parse-ip.ts";
import { knownPrefix, type Prefix } from "./prefix.ts";

export type EmbeddedKind = "ipv4-mapped" | "ipv4-compatible" | "nat64" | "6to4" | "teredo";

/** An IPv4 address found inside an IPv6 one. */
export interface EmbeddedIpv4 {
  readonly kind: EmbeddedKind;
  readonly ip: IpAddress;
  /** The prefix that says so. */
  readonly prefix: string;
  /** Teredo only: the server that the client uses. */
  readonly server?: IpAddress;
}

/** The well-known prefix of NAT64. Source: RFC 6052 section 2.1. */
export const WELL_KNOWN_NAT64: Prefix = knownPrefix("64:ff9b::/96");

/** Reserved for translators inside one network, whose prefix only the operator knows. Source: RFC 8215. */
export const LOCAL_USE_NAT64: Prefix = knownPrefix("64:ff9b:1::/48");

/** Every prefix that `mappedIpv4` and `transitionIpv4` know. */
export const EMBEDDING: readonly Prefix[] = [
  ...["::/96", "::ffff:0:0/96", "2001::/32", "2002::/16"].map(knownPrefix),
  WELL_KNOWN_NAT64,
];

/** Lengths a NAT64 prefix can have. Source: RFC 6052 section 2.2. */
const NAT64_LENGTHS: readonly number[] = [32, 40, 48, 56, 64, 96];

/** The IPv4 address of an IPv4-mapped one. Source: RFC 4291 section 2.5.5.2. */
export function mappedIpv4(ip: IpAddress): EmbeddedIpv4 | undefined {
  if (ip.family !== 6 || ip.w0 !== 0 || ip.w1 !== 0 || ip.w2 !== 0xffff) return undefined;
  return { kind: "ipv4-mapped", ip: ipv4(ip.w3), prefix: "::ffff:0:0/96" };
}

/** The IPv4 address inside an address of a prefix that every network knows; mapped ones are not looked for. */
export function transitionIpv4(ip: IpAddress): EmbeddedIpv4 | undefined {
  if (ip.family !== 6) return undefined;
  if (ip.w0 === 0x0064_ff9b && ip.w1 === 0 && ip.w2 === 0) return nat64Ipv4(ip, WELL_KNOWN_NAT64);
  // RFC 3056 section 2: 2002:V4ADDR::/48.
  if (ip.w0 >>> 16 === 0x2002) {
    return { kind: "6to4", ip: ipv4(((ip.w0 & 0xffff) << 16) | (ip.w1 >>> 16)), prefix: "2002::/16" };
  }
  // RFC 4380 section 4: the server is in the clear, the client has every bit inverted.
  if (ip.w0 === 0x2001_0000) {
    return { kind: "teredo", ip: ipv4(~ip.w3), prefix: "2001::/32", server: ipv4(ip.w1) };
  }
  // RFC 4291 section 2.5.5.1, deprecated; :: and ::1 have rows of their own.
  if (ip.w0 === 0 && ip.w1 === 0 && ip.w2 === 0 && ip.w3 > 1) {
    return { kind: "ipv4-compatible", ip: ipv4(ip.w3), prefix: "::/96" };
  }
  return undefined;
}

/**
 * The IPv4 address inside an address of a translator's prefix. Bits 64 to 71 hold no part of it.
 * Source: RFC 6052 section 2.2.
 */
export function nat64Ipv4(ip: IpAddress, prefix: Prefix): EmbeddedIpv4 {
  return { kind: "nat64", ip: ipv4(nat64Value(ip, prefix.length)), prefix: prefix.text };
}

function nat64Value(ip: IpAddress, length: number): number {
  if (length === 96) return ip.w3;
  if (length === 32) return ip.w1;
  // 24 bits of the third word after the u octet, then the top of the fourth.
  const afterU = ip.w2 & 0x00ff_ffff;
  if (length === 64) return (afterU << 8) | (ip.w3 >>> 24);
  const highBits = 64 - length;
  return (ip.w1 << (32 - highBits)) | (afterU >>> (highBits - 8));
}

/** Says why a prefix cannot be a NAT64 prefix; undefined where it can. Source: RFC 6052 section 2.2. */
export function whyNoNat64(prefix: Prefix): string | undefined {
  if (prefix.ip.family === 4) return "a NAT64 prefix is an IPv6 prefix";
  if (!NAT64_LENGTHS.includes(prefix.length)) {
    return `a NAT64 prefix is ${NAT64_LENGTHS.join(", ").replace(/, (\d+)$/, " or $1")} bits long, not ${prefix.length}`;
  }
  return prefix.ip.w2 >>> 24 === 0 ? undefined : "bits 64 to 71 of a NAT64 prefix must be zero";
}
