/** Compressed data by its first bytes. Apart from what reads it, which is loaded only where there is some. */

/** Units: the first four bytes, as a little-endian number. Source: RFC 8878 section 3.1.1. */
export const ZSTD_FRAME = 0xfd2fb528;
/** The lowest of sixteen. Source: RFC 8878 section 3.1.2. */
const ZSTD_SKIPPABLE = 0x184d2a50;

/** Tells whether these are the first bytes of a gzip member. Source: RFC 1952 section 2.3.1. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** Tells whether these are the first bytes of a zstd frame or of a skippable one. */
export function isZstd(head: Uint8Array): boolean {
  if (head.length < 4) return false;
  const magic = new DataView(head.buffer, head.byteOffset).getUint32(0, true);
  return magic === ZSTD_FRAME || (magic & ~0xf) >>> 0 === ZSTD_SKIPPABLE;
}
