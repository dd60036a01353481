/** Prefixes and ranges: blocks of addresses, read strictly from text. */
import type { IpAddress } from "./address.ts";
import { ipv4, ipv6, parseIp } from "./parse-ip.ts";
import { whyNoAddress } from "./why-no-address.ts";

/** A block of addresses of one family, both ends included. */
export interface IpRange {
  readonly first: IpAddress;
  readonly last: IpAddress;
  /** Canonical text: `10.0.0.0/8`, or `10.0.0.5-10.0.0.9`. */
  readonly text: string;
}

/** A block that is a prefix. `ip` is its first address. */
export interface Prefix extends IpRange {
  readonly ip: IpAddress;
  readonly length: number;
}

/** Why a text is no prefix or range, in a sentence without its full stop. */
interface Refusal {
  readonly why: string;
}

/**
 * Reads a prefix; a bare address is one of full length.
 * Errors: undefined for anything else, host bits set included; `whyNoNetwork` has the reason.
 */
export function parsePrefix(text: string): Prefix | undefined {
  const read = readPrefix(text);
  return "why" in read ? undefined : read;
}

/** Reads what a person lists as a network: a prefix, an address or a range `first-last`; undefined for anything else. */
export function parseNetwork(text: string): IpRange | undefined {
  const read = readNetwork(text);
  return "why" in read ? undefined : read;
}

/** Says why a text is no prefix, address or range; undefined where it is one. */
export function whyNoNetwork(text: string): string | undefined {
  const read = readNetwork(text);
  return "why" in read ? read.why : undefined;
}

/** A prefix that is written in the program. Errors: throws for anything but a prefix, which is a bug. */
export function knownPrefix(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (prefix === undefined) throw new TypeError(`${text} is no prefix`);
  return prefix;
}

/** Makes the prefix of a length that an address lies in. */
export function prefixOf(ip: IpAddress, length: number): Prefix {
  const masked = maskIp(ip, length);
  // One object for addresses that are the same: of a hundred thousand networks, less is kept.
  const first = compareIp(masked, ip) === 0 ? ip : masked;
  const last = length === (ip.family === 4 ? 32 : 128) ? first : lastIp(first, length);
  return { ip: first, length, first, last, text: `${first.text}/${length}` };
}

/** Sets the bits after `length` to zero. */
function maskIp(ip: IpAddress, length: number): IpAddress {
  if (ip.family === 4) return ipv4(ip.w3 & wordMask(length));
  return ipv6(
    ip.w0 & wordMask(length),
    ip.w1 & wordMask(length - 32),
    ip.w2 & wordMask(length - 64),
    ip.w3 & wordMask(length - 96),
  );
}

/** The mask of the first `bits` bits of a word; below 0 is none, above 32 is all. */
export function wordMask(bits: number): number {
  if (bits <= 0) return 0;
  return bits >= 32 ? 0xffff_ffff : (0xffff_ffff << (32 - bits)) >>> 0;
}

/** Orders addresses of one family. Negative, zero or positive. */
function compareIp(a: IpAddress, b: IpAddress): number {
  return a.w0 - b.w0 || a.w1 - b.w1 || a.w2 - b.w2 || a.w3 - b.w3;
}

/** Tells whether an address lies in a block. */
export function inRange(range: IpRange, ip: IpAddress): boolean {
  return (
    range.first.family === ip.family && compareIp(range.first, ip) <= 0 && compareIp(ip, range.last) <= 0
  );
}

const MAPPED = prefixOf(ipv6(0, 0, 0xffff, 0), 96);

function lastIp(first: IpAddress, length: number): IpAddress {
  if (first.family === 4) return ipv4(first.w3 | ~wordMask(length));
  return ipv6(
    first.w0 | ~wordMask(length),
    first.w1 | ~wordMask(length - 32),
    first.w2 | ~wordMask(length - 64),
    first.w3 | ~wordMask(length - 96),
  );
}

function readNetwork(text: string): IpRange | Refusal {
  const dash = text.indexOf("-");
  const read = dash < 0 ? readPrefix(text) : readRange(text.slice(0, dash), text.slice(dash + 1));
  // Mapped addresses are classified by the IPv4 inside, so a mapped network could never match.
  const isMapped = "first" in read && inRange(MAPPED, read.first);
  return isMapped ? { why: "write the IPv4 network instead of the IPv4-mapped one" } : read;
}

function readPrefix(text: string): Prefix | Refusal {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const ip = readPlainIp(address);
  if ("why" in ip) return ip;
  const bits = ip.family === 4 ? 32 : 128;
  const digits = slash < 0 ? String(bits) : text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(digits)) return { why: `"${digits}" after the slash is no prefix length` };
  const length = Number(digits);
  if (length > bits) return { why: `an IPv${ip.family} prefix has at most ${bits} bits, not ${length}` };
  const prefix = prefixOf(ip, length);
  if (compareIp(prefix.ip, ip) !== 0) {
    return { why: `${ip.text}/${length} has bits set after the prefix; the network is ${prefix.text}` };
  }
  return prefix;
}

function readRange(from: string, to: string): IpRange | Refusal {
  const first = readPlainIp(from.trim());
  if ("why" in first) return first;
  const last = readPlainIp(to.trim());
  if ("why" in last) return last;
  if (first.family !== last.family) return { why: "a range cannot go from IPv4 to IPv6" };
  if (compareIp(first, last) > 0)
    return { why: `the range ends (${last.text}) before it begins (${first.text})` };
  return { first, last, text: `${first.text}-${last.text}` };
}

function readPlainIp(text: string): IpAddress | Refusal {
  const ip = parseIp(text);
  if (ip === undefined) return { why: whyNoAddress(text) ?? "it is no address" };
  if (/[[%]/.test(text)) return { why: "a network is written without brackets and without a zone" };
  return ip;
}
