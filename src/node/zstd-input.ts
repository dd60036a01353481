/** The content of zstd inputs, by the fastest decoder that there is. */
import type { ByteReader } from "../bytes/byte-reader.ts";
import { readZstd } from "../bytes/zstd-frames.ts";
import { nativeZstd } from "./native-zstd.ts";
import { oneAhead } from "./zlib-pieces.ts";

/**
 * The content of all frames: decoded in the thread pool while the caller works, or in this thread by a script.
 * Errors: SourceError `cut` or `corrupt`, after what came before the damage; `unreadable` for too large a window.
 */
export async function readZstdInput(input: ByteReader): Promise<AsyncIterable<Uint8Array>> {
  const native = nativeZstd();
  if (native !== undefined) return oneAhead(readZstd(input, native));
  const { SCRIPT_ZSTD } = await import("../bytes/zstd-blocks.ts");
  return readZstd(input, SCRIPT_ZSTD);
}
