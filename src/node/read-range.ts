/** The bytes of the lines that begin in a range of a file: what a thread reads of a file that several share. */
import { closeSync } from "node:fs";
import type { Room } from "../bytes/source.ts";
import { openNow, readInTurn, readNow } from "./read-file.ts";

/** Units: bytes from the start of the file; `to` is excluded. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/** What of a range is read: where its first line begins, and the bytes from there on. */
export interface RangeBytes {
  /** The range's end where no line begins in it. */
  readonly start: number;
  chunks(room?: Room): AsyncIterable<Uint8Array>;
}

const NEWLINE = 0x0a;

/**
 * Opens a range. Each chunk is valid until the next is asked for.
 * Errors: SourceError `unreadable`, after what could be read.
 */
export function openRange(path: string, range: ByteRange): RangeBytes {
  const start = range.from === 0 ? 0 : firstLine(path, range);
  return { start, chunks: (room) => readLinesOf(path, start, range.to, room) };
}

/** Where the first line begins at or after `from`; `to` where there is none before it. */
function firstLine(path: string, { from, to }: ByteRange): number {
  const file = openNow(path);
  try {
    const buffer = new Uint8Array(64 * 1024);
    for (let at = from - 1; at < to - 1; ) {
      const length = readNow(file, buffer, at);
      if (length === 0) return to;
      const newline = buffer.subarray(0, length).indexOf(NEWLINE);
      if (newline >= 0) return Math.min(at + newline + 1, to);
      at += length;
    }
    return to;
  } finally {
    closeSync(file);
  }
}

/** The bytes from a line's beginning up to the end of the line that holds byte `to - 1`. */
async function* readLinesOf(
  path: string,
  start: number,
  to: number,
  room: Room | undefined,
): AsyncGenerator<Uint8Array> {
  if (start >= to) return;
  let at = start;
  for await (const chunk of readInTurn(openNow(path), start, room)) {
    const end = at + chunk.length < to ? -1 : chunk.indexOf(NEWLINE, Math.max(to - 1 - at, 0));
    yield end < 0 ? chunk : chunk.subarray(0, end + 1);
    if (end >= 0) return;
    at += chunk.length;
  }
}
