/** The stored bytes of a file, a pipe or standard input, read no faster than they are asked for. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type Room, SourceError } from "../bytes/source.ts";

/** More makes nothing faster, and what is decoded of it stays in memory longer. Units: bytes. */
const READ_BYTES = 256 * 1024;

/** After so many bytes a reader lets the thread do something else. */
const PAUSE_BYTES = 16 * 1024 * 1024;

/** What the system's error codes mean, in words. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ENOENT: "no such file or folder",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "the name is too long",
  EBUSY: "another program holds it",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  ENXIO: "it is a socket or a device that cannot be opened",
  EIO: "the disk or the connection failed",
};

/** What went wrong with a file, in words, with the system's own code. */
export function describeFileError(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  const words = code === undefined ? undefined : REASONS[code];
  if (words !== undefined) return `${words} (${code})`;
  return error instanceof Error ? error.message : String(error);
}

/**
 * The bytes of a file. Each chunk is valid until the next is asked for.
 * Errors: SourceError `unreadable`, after what could be read.
 */
export async function* readFileChunks(path: string, room?: Room): AsyncGenerator<Uint8Array> {
  if (isRegular(path)) yield* readInTurn(openNow(path), 0, room);
  else yield* readAhead(await openFile(path));
}

function isRegular(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    // Whoever opens it says what is wrong with it.
    return false;
  }
}

/** Opens a regular file, in this thread. Errors: SourceError `unreadable`. */
export function openNow(path: string): number {
  try {
    return openSync(path, "r");
  } catch (error) {
    throw new SourceError("unreadable", describeFileError(error), error);
  }
}

/**
 * Reads a regular file in this thread, and closes it: what is in the system's cache comes faster than another thread
 * could hand it over, and the system reads ahead by itself.
 */
export async function* readInTurn(file: number, from: number, room?: Room): AsyncGenerator<Uint8Array> {
  try {
    const own = new Uint8Array(READ_BYTES);
    for (let at = from, pauseAt = from + PAUSE_BYTES; ; ) {
      const buffer = room?.() ?? own;
      const length = readNow(file, buffer, at);
      if (length === 0) return;
      at += length;
      yield buffer.subarray(0, length);
      if (at < pauseAt) continue;
      pauseAt = at + PAUSE_BYTES;
      await untilOthersRan();
    }
  } finally {
    closeSync(file);
  }
}

/** Lets signals, timers and messages have their turn. */
function untilOthersRan(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** Reads at a place. Errors: SourceError `unreadable`. */
export function readNow(file: number, buffer: Uint8Array, at: number): number {
  try {
    return readSync(file, buffer, 0, buffer.length, at);
  } catch (error) {
    throw unreadableAt(at, error);
  }
}

/** Reads a pipe, which may keep its reader waiting, and closes it: two buffers in turn, one ahead. */
async function* readAhead(file: FileHandle): AsyncGenerator<Uint8Array> {
  let [here, there] = [new Uint8Array(READ_BYTES), new Uint8Array(READ_BYTES)];
  let at = 0;
  let pending = readNext(file, here, at);
  try {
    for (;;) {
      const length = await pending;
      if (length === 0) return;
      at += length;
      pending = readNext(file, there, at);
      // A failure is met when its turn comes.
      pending.catch(() => {});
      yield here.subarray(0, length);
      [here, there] = [there, here];
    }
  } finally {
    await pending.catch(() => {});
    await file.close();
  }
}

/** The bytes of standard input; it can be read once. Errors: SourceError `unreadable`. */
export async function* readStdinChunks(stdin: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stdin) yield new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
  } catch (error) {
    throw new SourceError("unreadable", `reading failed: ${describeFileError(error)}`, error);
  }
}

/** Opens a file. Errors: SourceError `unreadable`. */
async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (error) {
    throw new SourceError("unreadable", describeFileError(error), error);
  }
}

/** Reads on from the last place. Errors: SourceError `unreadable`. */
async function readNext(file: FileHandle, buffer: Uint8Array, at: number): Promise<number> {
  try {
    return (await file.read(buffer, 0, buffer.length, null)).bytesRead;
  } catch (error) {
    throw unreadableAt(at, error);
  }
}

function unreadableAt(at: number, error: unknown): SourceError {
  return new SourceError("unreadable", `reading failed at byte ${at}: ${describeFileError(error)}`, error);
}
