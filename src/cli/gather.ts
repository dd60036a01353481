/** Texts gathered into larger pieces: writing has a price per piece, and a row is small. */

/** Units: UTF-16 code units. */
const PIECE = 64 * 1024;

/** Writes text; resolves when the reader is ready for more. */
type Write = (text: string) => void | Promise<void>;

export interface Gathered {
  readonly write: Write;
  /** Writes what is left; called once, at the end. */
  flush(): void | Promise<void>;
}

/** Gathers texts until they are worth writing. */
export function gather(write: Write): Gathered {
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
