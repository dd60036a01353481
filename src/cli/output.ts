/** Where rows go: standard output or a named file, with back-pressure; a closed pipe ends the program quietly. */
import { closeSync, constants, ftruncateSync, openSync, statSync, writeSync } from "node:fs";
import { open, stat } from "node:fs/promises";
import type { Writable } from "node:stream";
import type { Source } from "../bytes/source.ts";
import { SallyportError } from "../errors.ts";
import { describeFileError } from "../node/read-file.ts";
import { gather } from "./gather.ts";

/** Bytes that one UTF-16 code unit takes at the most in UTF-8. */
const MOST_BYTES = 3;

/** What is written to a file at a time. Units: bytes. */
const PIECE_BYTES = 256 * 1024;

/** What a file holds stays until the first write. */
const FOR_WRITING = constants.O_WRONLY | constants.O_CREAT;

export interface Output {
  write(text: string): void | Promise<void>;
  /** Writes what is left. */
  close(): Promise<void>;
  /** Writes what is left of a run that failed. A file to which nothing was written keeps what it holds. */
  leave(): Promise<void>;
}

/** When texts are written: as they come, or gathered into pieces that are worth it. */
export type Pace = "at once" | "gathered";

/** A reader that has gone, as `head` does, is a quiet end; words that nobody reads any more are lost. */
export function endQuietlyWhenClosed(stdout: Writable, stderr: Writable): void {
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
  });
  stderr.on("error", () => {});
}

/** Ends the program although something is still being read; what was written is out by then. */
export function exitNow(code: number): void {
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)));
}

/**
 * Opens the output. A file keeps what it holds until the first write, so that a run that cannot start loses nothing.
 * Errors: output_unwritable for a file that cannot be written.
 */
export async function openOutput(file: string | undefined, pace: Pace = "gathered"): Promise<Output> {
  if (file === undefined) return openStream(process.stdout, "standard output", { pace });
  try {
    const known = statSync(file, { throwIfNoEntry: false });
    if (known === undefined || known.isFile()) return openFile(openSync(file, FOR_WRITING), file, pace);
    // A pipe keeps its writer waiting until somebody reads.
    const handle = await open(file, FOR_WRITING);
    return openStream(handle.createWriteStream(), file, { pace, owned: true });
  } catch (cause) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const why = isMissing ? "its folder does not exist" : describeFileError(cause);
    throw new SallyportError("output_unwritable", { detail: `--out ${file}: ${why}`, cause });
  }
}

/** Writes to a regular file in this thread: the system takes the bytes faster than another thread could be handed them. */
function openFile(file: number, name: string, pace: Pace): Output {
  const encoder = new TextEncoder();
  // One piece of memory for all that is written: to fill a new one each time takes longer than the rest.
  let room = new Uint8Array(PIECE_BYTES);
  let used = 0;
  let emptied = false;
  const flush = (): void => {
    const end = used;
    // Also when it fails: what a disk did not take is not offered again.
    used = 0;
    try {
      if (!emptied) ftruncateSync(file, 0);
      emptied = true;
      for (let at = 0; at < end; ) at += writeSync(file, room, at, end - at);
    } catch (cause) {
      throw unwritable(name, cause);
    }
  };
  return {
    write(text) {
      const most = text.length * MOST_BYTES;
      if (used > 0 && used + most > room.length) flush();
      if (most > room.length) room = new Uint8Array(most);
      used += encoder.encodeInto(text, used === 0 ? room : room.subarray(used)).written;
      if (pace === "at once") flush();
    },
    async close() {
      flush();
      closeSync(file);
    },
    async leave() {
      if (used > 0) flush();
      closeSync(file);
    },
  };
}

function unwritable(name: string, cause: unknown): SallyportError {
  return new SallyportError("output_unwritable", { detail: `${name}: ${describeFileError(cause)}`, cause });
}

/**
 * The sources without the output file, which a walk may meet when it is there from an earlier run.
 * Errors: usage when the output file is named as an input.
 */
export async function withoutOutput(
  sources: readonly Source[],
  file: string | undefined,
): Promise<readonly Source[]> {
  const out = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (out === undefined || !out.isFile()) return sources;
  const kept: Source[] = [];
  for (const source of sources) {
    const own = source.size === null ? undefined : await stat(source.path).catch(() => undefined);
    if (own === undefined || own.ino !== out.ino || own.dev !== out.dev) kept.push(source);
    else if (source.named) {
      throw new SallyportError("usage", {
        detail: `--out ${file}: it is one of the inputs, and would be overwritten`,
        hint: "Write to another file.",
      });
    }
  }
  return kept;
}

/** Writes to a stream. Shape: `name` is for errors; closing ends a stream that is `owned`. */
export function openStream(
  stream: Writable,
  name: string,
  { pace = "gathered", owned = false }: { readonly pace?: Pace; readonly owned?: boolean } = {},
): Output {
  let failure: SallyportError | undefined;
  stream.on("error", (cause) => {
    failure = unwritable(name, cause);
  });
  const check = (): void => {
    if (failure !== undefined) throw failure;
  };
  const writeNow = (text: string): void | Promise<void> => {
    check();
    if (stream.write(text)) return;
    return waitFor(stream, "drain").then(check);
  };
  const { write, flush } = pace === "gathered" ? gather(writeNow) : { write: writeNow, flush: () => {} };
  const close = async (): Promise<void> => {
    await flush();
    check();
    if (owned) {
      stream.end();
      if (failure === undefined) await waitFor(stream, "close");
    } else if (stream.writableLength > 0) await flushed(stream);
    check();
  };
  return { write, close, leave: close };
}

/** Waits until everything is out. A stream whose buffer never was full says no "drain". */
function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => stream.write("", () => resolve()));
}

/** Waits for an event, or for the end of a stream that failed; the error itself is kept by its own listener. */
function waitFor(stream: Writable, event: "drain" | "close"): Promise<void> {
  const names = [event, "close", "error"];
  return new Promise((resolve) => {
    const done = (): void => {
      for (const name of names) stream.off(name, done);
      resolve();
    };
    for (const name of names) stream.once(name, done);
  });
}
