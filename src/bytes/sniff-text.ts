/** A look at the first bytes: UTF-8 text, UTF-16 text as Windows writes it, or a binary file. */

export type TextNature =
  | { readonly kind: "text" }
  | { readonly kind: "utf-16"; readonly label: "utf-16le" | "utf-16be" }
  | { readonly kind: "binary"; readonly title: string };

/** Binary files that people take for logs, by their first bytes. */
const MAGICS: readonly (readonly [magic: readonly number[], title: string])[] = [
  [[0xd4, 0xc3, 0xb2, 0xa1], "a packet capture (pcap), which is not read"],
  [[0xa1, 0xb2, 0xc3, 0xd4], "a packet capture (pcap), which is not read"],
  [[0x4d, 0x3c, 0xb2, 0xa1], "a packet capture (pcap), which is not read"],
  [[0x0a, 0x0d, 0x0d, 0x0a], "a packet capture (pcapng), which is not read"],
  [[0x45, 0x6c, 0x66, 0x46, 0x69, 0x6c, 0x65], "a Windows event log (EVTX); export it as JSON first"],
  [[0x50, 0x4b, 0x03, 0x04], "a ZIP archive; unpack it first"],
  [[0x50, 0x41, 0x52, 0x31], "a Parquet file, which is not read"],
];

/** How much of a file's beginning is looked at. Units: bytes. */
export const LOOK = 1024;
/** Text has hardly any control characters; of random bytes they are one in nine. */
const MAX_CONTROLS = 0.05;

/** Tells what a file holds by its first LOOK bytes, or by all of it where it is shorter. */
export function sniffText(chunk: Uint8Array): TextNature {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return { kind: "utf-16", label: "utf-16le" };
  if (chunk[0] === 0xfe && chunk[1] === 0xff) return { kind: "utf-16", label: "utf-16be" };
  const known = MAGICS.find(([magic]) => magic.every((byte, at) => chunk[at] === byte));
  if (known !== undefined) return { kind: "binary", title: known[1] };
  const head = chunk.subarray(0, LOOK);
  const controls = head.reduce((count, byte) => count + (isControl(byte) ? 1 : 0), 0);
  return controls > head.length * MAX_CONTROLS
    ? { kind: "binary", title: "a binary file" }
    : { kind: "text" };
}

/** White space, and the escape that begins a terminal's colours, are text. */
function isControl(byte: number): boolean {
  return byte < 0x20 && (byte < 0x07 || byte > 0x0d) && byte !== 0x1b;
}

/**
 * Makes a function that turns chunks of UTF-16 into UTF-8, whatever their borders.
 * Shape: called without a chunk at the end, it gives what was left: U+FFFD for half a character.
 */
export function transcoder(label: "utf-16le" | "utf-16be"): (chunk?: Uint8Array) => Uint8Array {
  const decoder = new TextDecoder(label);
  const encoder = new TextEncoder();
  return (chunk) => encoder.encode(decoder.decode(chunk, { stream: chunk !== undefined }));
}
