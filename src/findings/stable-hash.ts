/** Hashes that are the same everywhere and for ever: finding ids, and the choice of what keeps its detail. */

/**
 * Hashes a text to 128 bits as 32 hex digits. Not for secrets: it only has to be stable and well spread.
 * Source: four lanes of a multiply-xorshift hash over UTF-16 units, with murmur3's finalizer.
 */
export function stableId(text: string): string {
  return [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35, 0x27d4eb2f]
    .map((seed) => hash32(text, seed).toString(16).padStart(8, "0"))
    .join("");
}

/** Hashes a text to 32 bits. */
export function hash32(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
