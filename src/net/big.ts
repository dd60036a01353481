/** Addresses as big integers, for arithmetic when tables are built. Too slow for one per event. */
import type { IpAddress } from "./address.ts";
import { ipv4, ipv6 } from "./parse-ip.ts";

/** The address as a number of 32 or 128 bits. */
export function bigintOf(ip: IpAddress): bigint {
  return (BigInt(ip.w0) << 96n) | (BigInt(ip.w1) << 64n) | (BigInt(ip.w2) << 32n) | BigInt(ip.w3);
}

/** The four words of a number, most significant first. */
export function wordsOf(value: bigint): readonly [number, number, number, number] {
  const word = (shift: bigint): number => Number((value >> shift) & 0xffff_ffffn);
  return [word(96n), word(64n), word(32n), word(0n)];
}

/** The address of a number. */
export function ipOf(value: bigint, family: 4 | 6): IpAddress {
  const words = wordsOf(value);
  return family === 4 ? ipv4(words[3]) : ipv6(...words);
}
