/** A source that is in memory already: for the library, where there are no files. */
import type { Source } from "./source.ts";

/** Units: bytes. Small, since a chunk is worked off as a whole. */
const CHUNK = 64 * 1024;

/**
 * Makes one of a text or of bytes, which are taken as they are: nothing is decompressed.
 * Shape: `path` is what the input goes by in the results.
 */
export function memorySource(path: string, content: string | Uint8Array): Source {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return {
    path,
    named: true,
    year: new Date().getUTCFullYear(),
    size: bytes.length,
    compression: null,
    async *open(onRaw) {
      for (let at = 0; at < bytes.length; at += CHUNK) {
        yield bytes.subarray(at, at + CHUNK);
        onRaw?.(Math.min(at + CHUNK, bytes.length));
      }
    },
  };
}
