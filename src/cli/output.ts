/** Where rows go: standard output or a named file, with back-pressure; a closed pipe ends the program quietly. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import type { Writable } from "node:stream";
import { SallyportError } from "../errors.ts";

/** Thrown when the reader of a pipe has gone: not an error, a quiet end. */
export class PipeClosed extends Error {}

export interface Output {
  write(text: string): void | Promise<void>;
  close(): Promise<void>;
}

/** Opens the output. Errors: output_unwritable for a file that cannot be written. */
export function openOutput(file: string | undefined): Output {
  const stream: Writable = file === undefined ? process.stdout : createWriteStream(file);
  let failure: Error | undefined;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    failure =
      error.code === "EPIPE"
        ? new PipeClosed()
        : new SallyportError("output_unwritable", { detail: `${file ?? "standard output"}: ${error.message}` });
  });
  const check = (): void => {
    if (failure !== undefined) throw failure;
  };
  return {
    write(text) {
      check();
      if (stream.write(text)) return;
      return waitFor(stream, "drain").then(check);
    },
    async close() {
      check();
      if (file !== undefined) {
        stream.end();
        if (failure === undefined) await waitFor(stream, "close");
      } else if (stream.writableLength > 0) await waitFor(stream, "drain");
      check();
    },
  };
}

/** Waits for an event, or for the error that makes it never come; the error is kept by its own listener. */
async function waitFor(stream: Writable, event: string): Promise<void> {
  await Promise.race([once(stream, event).catch(() => undefined), once(stream, "close").catch(() => undefined)]);
}
