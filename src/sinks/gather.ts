/** Rows gathered into larger pieces: writing has a price per piece, and a row is small. */
import type { RunInfo } from "../findings/run.ts";
import type { Write } from "./sink.ts";

/** Units: UTF-16 code units. */
const PIECE = 64 * 1024;

export interface Gathered {
  readonly write: Write;
  /** Writes what is left; called once, at the end. */
  flush(): void | Promise<void>;
}

/**
 * Gathers rows until they are worth writing. Events are written at once: they are printed while they are read, perhaps
 * from a pipe that never ends; all else comes when reading is done.
 */
export function gather(write: Write, emit: RunInfo["emit"]): Gathered {
  if (emit === "events") return { write, flush: () => {} };
  let piece = "";
  const flush = (): void | Promise<void> => {
    const text = piece;
    piece = "";
    return text === "" ? undefined : write(text);
  };
  return {
    write(text) {
      piece += text;
      if (piece.length >= PIECE) return flush();
    },
    flush,
  };
}
