/** Strict address parsing: what is not plainly an address is no address. */
import type { IpAddress } from "./address.ts";
import { formatIpv4, formatIpv6 } from "./format-ip.ts";

const ZERO = 0x30;
const COLON = 0x3a;
const LETTER_A = 0x61;
/** The bit that makes an ASCII letter lower case. */
const LOWER_CASE = 0x20;
const ZEROS: readonly number[] = new Array<number>(8).fill(0);
/** Eight groups of four digits, or six and dotted decimal: no address text is longer. */
const LONGEST_IPV6 = 45;

/**
 * Reads an address. Brackets around IPv6 and a zone id are dropped; leading zeros, hex, octal and short
 * IPv4 forms, prefix lengths, host:port and blanks are refused.
 * Errors: undefined for what is no address.
 * Source: RFC 4291 section 2.2, RFC 4007 section 11, RFC 6943 section 3.1.1.
 */
export function parseIp(text: string): IpAddress | undefined {
  if (!text.includes(":")) return parseIpv4(text);
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const zone = bare.indexOf("%");
  if (zone < 0) return parseIpv6(bare);
  return /^\S+$/.test(bare.slice(zone + 1)) ? parseIpv6(bare.slice(0, zone)) : undefined;
}

/** Makes an IPv4 address of its 32-bit value. */
export function ipv4(value: number): IpAddress {
  const w3 = value >>> 0;
  return { family: 4, w0: 0, w1: 0, w2: 0, w3, text: formatIpv4(w3) };
}

/** Makes an IPv6 address of its four words. */
export function ipv6(w0: number, w1: number, w2: number, w3: number): IpAddress {
  const words = [w0 >>> 0, w1 >>> 0, w2 >>> 0, w3 >>> 0] as const;
  return { family: 6, w0: words[0], w1: words[1], w2: words[2], w3: words[3], text: formatIpv6(...words) };
}

function parseIpv4(text: string): IpAddress | undefined {
  const w3 = ipv4Value(text);
  if (w3 === undefined) return undefined;
  // Only the canonical form gets this far. A longer text is printed anew: as a slice it would keep its line alive.
  return text.length < 13 ? { family: 4, w0: 0, w1: 0, w2: 0, w3, text } : ipv4(w3);
}

/** The value of dotted decimal; undefined for anything else. */
function ipv4Value(text: string): number | undefined {
  if (text.length < 7 || text.length > 15) return undefined;
  let value = 0;
  let from = 0;
  for (let part = 0; part < 4; part++) {
    const end = part < 3 ? text.indexOf(".", from) : text.length;
    const byte = byteOf(text, from, end);
    if (byte < 0) return undefined;
    value = value * 256 + byte;
    from = end + 1;
  }
  return value;
}

/** The byte written in decimal from one place to another; -1 for anything else, a leading zero included. */
function byteOf(text: string, from: number, to: number): number {
  const digits = to - from;
  if (digits < 1 || digits > 3 || (digits > 1 && text.charCodeAt(from) === ZERO)) return -1;
  let byte = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return -1;
    byte = byte * 10 + digit;
  }
  return byte > 255 ? -1 : byte;
}

function parseIpv6(text: string): IpAddress | undefined {
  if (text.length < 2 || text.length > LONGEST_IPV6) return undefined;
  const groups: number[] = [];
  const gap = readGroups(text, groups);
  if (gap === undefined) return undefined;
  if (gap < 0 ? groups.length !== 8 : groups.length > 7) return undefined;
  if (gap >= 0) groups.splice(gap, 0, ...ZEROS.slice(groups.length));
  const word = (at: number): number => ((groups[at] ?? 0) * 0x10000 + (groups[at + 1] ?? 0)) >>> 0;
  return ipv6(word(0), word(2), word(4), word(6));
}

/** Reads the groups that are written; gives how many stand before "::", -1 without one, undefined for no address. */
function readGroups(text: string, groups: number[]): number | undefined {
  let gap = text.startsWith("::") ? 0 : -1;
  let at = gap === 0 ? 2 : 0;
  while (at < text.length) {
    const colon = text.indexOf(":", at);
    const end = colon < 0 ? text.length : colon;
    if (!readGroup(text, at, end, groups)) return undefined;
    if (colon < 0) return gap;
    at = colon + 1;
    if (at === text.length) return undefined;
    if (text.charCodeAt(at) !== COLON) continue;
    if (gap >= 0) return undefined;
    gap = groups.length;
    at++;
  }
  return gap;
}

/** Reads one group of hex digits, or dotted decimal at the end of the text, which makes two. */
function readGroup(text: string, from: number, to: number, groups: number[]): boolean {
  const group = hexOf(text, from, to);
  if (group >= 0) return groups.push(group) <= 8;
  const embedded = to === text.length ? ipv4Value(text.slice(from)) : undefined;
  return embedded !== undefined && groups.push(Math.floor(embedded / 0x10000), embedded % 0x10000) <= 8;
}

/** The value of one to four hex digits; -1 for anything else. */
function hexOf(text: string, from: number, to: number): number {
  if (to <= from || to - from > 4) return -1;
  let value = 0;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    const digit = code <= ZERO + 9 ? code - ZERO : (code | LOWER_CASE) - LETTER_A + 10;
    if (digit < 0 || digit > 15 || (code > ZERO + 9 && digit < 10)) return -1;
    value = value * 16 + digit;
  }
  return value;
}
