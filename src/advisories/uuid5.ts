/** UUIDs made from names: the same name gives the same UUID everywhere, so that a feed can be published again. */

/**
 * The version 5 UUID of a name in a namespace.
 * Source: RFC 9562 section 5.5.
 */
export function uuid5(namespace: string, name: string): string {
  const space = namespace.replaceAll("-", "").match(/../g) ?? [];
  const bytes = [...space.map((hex) => Number.parseInt(hex, 16)), ...new TextEncoder().encode(name)];
  const hash = sha1(Uint8Array.from(bytes)).slice(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/**
 * SHA-1 of some bytes. It names things here and keeps nothing secret.
 * Source: RFC 3174 section 6.1.
 */
export function sha1(message: Uint8Array): Uint8Array {
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const view = padded(message);
  for (let at = 0; at < view.byteLength; at += 64) addBlock(state, view, at);
  const digest = new DataView(new ArrayBuffer(20));
  for (const [at, word] of state.entries()) digest.setUint32(at * 4, word);
  return new Uint8Array(digest.buffer);
}

function padded(message: Uint8Array): DataView {
  const size = Math.ceil((message.length + 9) / 64) * 64;
  const bytes = new Uint8Array(size);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(size - 8, BigInt(message.length) * 8n);
  return view;
}

function addBlock(state: Uint32Array, view: DataView, at: number): void {
  const words = new Uint32Array(80);
  for (let t = 0; t < 16; t++) words[t] = view.getUint32(at + t * 4);
  const word = (t: number): number => words[t] ?? 0;
  for (let t = 16; t < 80; t++) {
    words[t] = rotate(word(t - 3) ^ word(t - 8) ^ word(t - 14) ^ word(t - 16), 1);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let t = 0; t < 80; t++) {
    const next = (rotate(a, 5) + mix(t, b, c, d) + e + word(t)) >>> 0;
    [a, b, c, d, e] = [next, a, rotate(b, 30), c, d];
  }
  for (const [index, value] of [a, b, c, d, e].entries()) state[index] = (state[index] ?? 0) + value;
}

/** The function of a round, with its constant. */
function mix(t: number, b: number, c: number, d: number): number {
  if (t < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (t < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (t < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function rotate(value: number, by: number): number {
  return ((value << by) | (value >>> (32 - by))) >>> 0;
}
