/**
 * XXH64, the checksum of a zstd frame's content, in 32-bit halves: several times as fast as BigInt.
 * Source: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */

/** A 64-bit prime: its halves, and the low half's own halves for the high part of a product. */
interface Prime {
  readonly lo: number;
  readonly hi: number;
  readonly lo0: number;
  readonly lo1: number;
}

const PRIME1 = prime(0x9e3779b1, 0x85ebca87);
const PRIME2 = prime(0xc2b2ae3d, 0x27d4eb4f);
const PRIME3 = prime(0x165667b1, 0x9e3779f9);
const PRIME4 = prime(0x85ebca77, 0xc2b2ae63);
const PRIME5 = prime(0x27d4eb2f, 0x165667c5);

/** Bytes are taken in stripes of four lanes of eight bytes. */
const STRIPE = 32;

/** A running XXH64 with seed 0. */
export class Xxh64 {
  /** Four accumulators, low half first. */
  readonly #lanes = new Int32Array(8);
  readonly #pending = new Uint8Array(STRIPE);
  readonly #pendingView = new DataView(this.#pending.buffer);
  #pendingBytes = 0;
  #total = 0;

  constructor() {
    const word = new Word(PRIME1.lo, PRIME1.hi);
    this.#setLane(0, word.add(PRIME2.lo, PRIME2.hi));
    this.#setLane(1, word.set(PRIME2.lo, PRIME2.hi));
    this.#setLane(2, word.set(0, 0));
    this.#setLane(3, word.set(~PRIME1.lo, ~PRIME1.hi).add(1, 0));
  }

  update(bytes: Uint8Array): void {
    this.#total += bytes.length;
    let at = 0;
    if (this.#pendingBytes > 0) {
      at = Math.min(STRIPE - this.#pendingBytes, bytes.length);
      this.#pending.set(bytes.subarray(0, at), this.#pendingBytes);
      this.#pendingBytes += at;
      if (this.#pendingBytes < STRIPE) return;
      takeStripes(this.#lanes, this.#pendingView, 0, STRIPE);
      this.#pendingBytes = 0;
    }
    const end = bytes.length - ((bytes.length - at) % STRIPE);
    takeStripes(this.#lanes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at, end);
    this.#pending.set(bytes.subarray(end));
    this.#pendingBytes = bytes.length - end;
  }

  /** The hash of all bytes so far, as an unsigned 64-bit number. */
  digest(): bigint {
    const word = this.#total >= STRIPE ? this.#mergedLanes() : new Word(PRIME5.lo, PRIME5.hi);
    word.add(this.#total | 0, Math.floor(this.#total / 0x1_0000_0000));
    this.#takeTail(word);
    word.xorShift(33).multiply(PRIME2).xorShift(29).multiply(PRIME3).xorShift(32);
    return (BigInt(word.hi >>> 0) << 32n) | BigInt(word.lo >>> 0);
  }

  #setLane(lane: number, word: Word): void {
    this.#lanes[lane * 2] = word.lo;
    this.#lanes[lane * 2 + 1] = word.hi;
  }

  #mergedLanes(): Word {
    const lanes = [0, 1, 2, 3].map((lane) => {
      return new Word(this.#lanes[lane * 2] ?? 0, this.#lanes[lane * 2 + 1] ?? 0);
    });
    const merged = new Word(0, 0);
    for (const [lane, bits] of [1, 7, 12, 18].entries()) {
      const rotated = (lanes[lane] as Word).clone().rotate(bits);
      merged.add(rotated.lo, rotated.hi);
    }
    for (const lane of lanes) {
      lane.multiply(PRIME2).rotate(31).multiply(PRIME1);
      merged.xor(lane.lo, lane.hi).multiply(PRIME1).add(PRIME4.lo, PRIME4.hi);
    }
    return merged;
  }

  #takeTail(word: Word): void {
    let at = 0;
    for (; at + 8 <= this.#pendingBytes; at += 8) {
      const lane = new Word(this.#pendingView.getInt32(at, true), this.#pendingView.getInt32(at + 4, true));
      lane.multiply(PRIME2).rotate(31).multiply(PRIME1);
      word.xor(lane.lo, lane.hi).rotate(27).multiply(PRIME1).add(PRIME4.lo, PRIME4.hi);
    }
    if (at + 4 <= this.#pendingBytes) {
      const lane = new Word(this.#pendingView.getInt32(at, true), 0).multiply(PRIME1);
      word.xor(lane.lo, lane.hi).rotate(23).multiply(PRIME2).add(PRIME3.lo, PRIME3.hi);
      at += 4;
    }
    for (; at < this.#pendingBytes; at++) {
      const lane = new Word(this.#pending[at] ?? 0, 0).multiply(PRIME5);
      word.xor(lane.lo, lane.hi).rotate(11).multiply(PRIME1);
    }
  }
}

/** A 64-bit number that changes in place; for the few steps at the end, not for the loop over the bytes. */
class Word {
  lo: number;
  hi: number;

  constructor(lo: number, hi: number) {
    this.lo = lo | 0;
    this.hi = hi | 0;
  }

  clone(): Word {
    return new Word(this.lo, this.hi);
  }

  set(lo: number, hi: number): this {
    this.lo = lo | 0;
    this.hi = hi | 0;
    return this;
  }

  add(lo: number, hi: number): this {
    const sum = (this.lo >>> 0) + (lo >>> 0);
    return this.set(sum, this.hi + hi + (sum > 0xffff_ffff ? 1 : 0));
  }

  xor(lo: number, hi: number): this {
    return this.set(this.lo ^ lo, this.hi ^ hi);
  }

  /** Units: bits, 1 to 31. */
  rotate(bits: number): this {
    return this.set(
      (this.lo << bits) | (this.hi >>> (32 - bits)),
      (this.hi << bits) | (this.lo >>> (32 - bits)),
    );
  }

  /** Xors in the number shifted right. Units: bits, 29 to 33. */
  xorShift(bits: number): this {
    if (bits >= 32) return this.set(this.lo ^ (this.hi >>> (bits - 32)), this.hi);
    return this.set(this.lo ^ ((this.lo >>> bits) | (this.hi << (32 - bits))), this.hi ^ (this.hi >>> bits));
  }

  multiply(by: Prime): this {
    const hi = highOfProduct(this.lo, by) + Math.imul(this.lo, by.hi) + Math.imul(this.hi, by.lo);
    return this.set(Math.imul(this.lo, by.lo), hi);
  }
}

function prime(hi: number, lo: number): Prime {
  return { lo: lo | 0, hi: hi | 0, lo0: lo & 0xffff, lo1: lo >>> 16 };
}

/** The upper 32 bits of a 32-bit number times the low half of a prime, from four 16-bit products. */
function highOfProduct(value: number, { lo0, lo1 }: Prime): number {
  const low = value & 0xffff;
  const high = value >>> 16;
  const lowHigh = Math.imul(low, lo1);
  const highLow = Math.imul(high, lo0);
  const middle = (Math.imul(low, lo0) >>> 16) + (lowHigh & 0xffff) + (highLow & 0xffff);
  return (Math.imul(high, lo1) + (lowHigh >>> 16) + (highLow >>> 16) + (middle >>> 16)) | 0;
}

/** lane = rotate(lane + input × PRIME2, 31) × PRIME1, for every lane of every stripe. */
function takeStripes(lanes: Int32Array, view: DataView, from: number, to: number): void {
  for (let lane = 0; lane < 4; lane++) {
    let lo = lanes[lane * 2] ?? 0;
    let hi = lanes[lane * 2 + 1] ?? 0;
    for (let at = from + lane * 8; at < to; at += STRIPE) {
      const inputLo = view.getInt32(at, true);
      const inputHi = view.getInt32(at + 4, true);
      const productLo = Math.imul(inputLo, PRIME2.lo);
      hi = (hi + highOfProduct(inputLo, PRIME2) + Math.imul(inputLo, PRIME2.hi)) | 0;
      hi = (hi + Math.imul(inputHi, PRIME2.lo)) | 0;
      const sum = (lo + productLo) | 0;
      if (sum >>> 0 < productLo >>> 0) hi = (hi + 1) | 0;
      lo = (sum << 31) | (hi >>> 1);
      hi = (hi << 31) | (sum >>> 1);
      hi = (highOfProduct(lo, PRIME1) + Math.imul(lo, PRIME1.hi) + Math.imul(hi, PRIME1.lo)) | 0;
      lo = Math.imul(lo, PRIME1.lo);
    }
    lanes[lane * 2] = lo;
    lanes[lane * 2 + 1] = hi;
  }
}
