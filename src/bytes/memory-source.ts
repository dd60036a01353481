/** A source that is in memory already: for the library, where there are no files. */
import type { Source } from "./source.ts";

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
      yield bytes;
      onRaw?.(bytes.length);
    },
  };
}
