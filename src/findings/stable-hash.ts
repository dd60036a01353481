/** Hashes that are the same everywhere and for ever: finding ids, and the choice of what keeps its detail. */

/**
 * Hashes a text to 128 bits as 32 hex digits. Not for secrets: it only has to be stable and well spread.
 * Source: four lanes of a multiply-xorshift hash over UTF-16 units, with murmur3's finalizer.
 */
export function stableId(text: string): string {
  let [a, b, c, d] = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    a = mix(a, unit);
    b = mix(b, unit);
    c = mix(c, unit);
    d = mix(d, unit);
  }
  return hex(a) + hex(b) + hex(c) + hex(d);
}

/** Hashes a text to 32 bits. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = mix(hash, text.charCodeAt(at));
  return finalize(hash);
}

function mix(hash: number, unit: number): number {
  const mixed = Math.imul(hash ^ unit, 0x01000193);
  return mixed ^ (mixed >>> 15);
}

function finalize(mixed: number): number {
  let hash = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function hex(mixed: number): string {
  return finalize(mixed).toString(16).padStart(8, "0");
}
