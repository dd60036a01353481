/** The windows of zstd frames: one byte says how far back content may point. Source: RFC 8878 section 3.1.1.1.2. */

/** What a window descriptor stands for. Units: bytes. */
export function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** The smallest window that can be written and holds so many bytes. */
export function windowDescriptor(window: number): number {
  let descriptor = 0;
  while (windowSize(descriptor) < window) descriptor++;
  return descriptor;
}
