/** Compressed inputs: known by their first bytes, not by their names. */
import { ByteReader } from "../bytes/byte-reader.ts";
import { isGzip, isZstd } from "../bytes/magic-bytes.ts";
import { type Compression, SourceError } from "../bytes/source.ts";

/** Enough of a file to know every kind of compression by. Units: bytes. */
const HEAD_BYTES = 10;

/** Kinds that are known but not read. */
const NOT_READ: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ["bzip2", /^BZh[1-9](?:1AY&SY|\x17rE8P\x90)/],
  ["xz", /^\xfd7zXZ\0/],
  ["zip", /^PK(?:\x03\x04|\x05\x06)/],
  ["lz4", /^\x04"M\x18/],
  ["compress (.Z)", /^\x1f\x9d/],
  ["7-Zip", /^7z\xbc\xaf'\x1c/],
];

/**
 * The plain bytes of an input, whatever it is compressed with.
 * Shape: `onCompression` is told the kind before the first chunk comes.
 * Errors: SourceError, after what came before the damage; `unreadable` for kinds of compression that are not read.
 */
export async function* decompress(
  raw: AsyncIterable<Uint8Array>,
  onCompression: (compression: Compression | null) => void,
): AsyncGenerator<Uint8Array> {
  const input = new ByteReader(raw);
  try {
    const head = await input.peek(HEAD_BYTES);
    const compression = sniff(head);
    onCompression(compression);
    yield* await plainBytes(input, compression);
  } finally {
    await input.close();
  }
}

/** Decompressors are loaded when they are needed: most logs are plain text. */
async function plainBytes(
  input: ByteReader,
  compression: Compression | null,
): Promise<AsyncIterable<Uint8Array>> {
  switch (compression) {
    case "gzip":
      return (await import("./gzip-members.ts")).readGzip(input);
    case "zstd":
      return (await import("./zstd-input.ts")).readZstdInput(input);
    case null:
      return input.rest();
    default:
      return compression satisfies never;
  }
}

function sniff(head: Uint8Array): Compression | null {
  if (isGzip(head)) return "gzip";
  if (isZstd(head)) return "zstd";
  const text = String.fromCharCode(...head);
  const kind = NOT_READ.find(([, pattern]) => pattern.test(text))?.[0];
  if (kind !== undefined) {
    throw new SourceError("unreadable", `${kind}-compressed: not read; decompress it first`);
  }
  return null;
}
