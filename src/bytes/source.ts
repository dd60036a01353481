/** What an input is to the rest of the program: a path, and bytes that can be asked for. */

export type Compression = "gzip" | "zstd";

/**
 * `unreadable`: could not be opened, or reading failed. `cut`: ends before its compressed data does.
 * `corrupt`: its compressed data is not valid.
 */
export type SourceErrorKind = "unreadable" | "cut" | "corrupt";

/**
 * An input that could not be read whole.
 * Shape: `detail` is what is wrong, in a sentence without its full stop; it does not name the file.
 */
export class SourceError extends Error {
  readonly kind: SourceErrorKind;
  readonly detail: string;

  constructor(kind: SourceErrorKind, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.name = "SourceError";
    this.kind = kind;
    this.detail = detail;
  }
}

/** Told how many bytes of the input, as stored, have been read so far. */
export type RawProgress = (bytes: number) => void;

/** Where its reader would have the next bytes, so that they need not be moved; undefined where it has no wish. */
export type Room = () => Uint8Array | undefined;

/** A source that is a stretch of a file, from a line's beginning to a line's end; others read the rest. */
export interface SourcePart {
  /** Where in the file the stretch begins. Units: bytes. */
  readonly start: number;
  /** The file's first lines: they say what the columns are, and what format to expect. */
  readonly primer: readonly string[];
}

export interface Source {
  /** As the user sees it, with forward slashes; "-" for standard input. */
  readonly path: string;
  /** Named by the user, or matched by a pattern of theirs; false for a file met while walking a folder. */
  readonly named: boolean;
  /** The year (UTC) of the file's last change, or of now where there is no file. */
  readonly year: number;
  /** Units: bytes as stored. Null where that is not known (standard input, pipes). */
  readonly size: number | null;
  /** How the bytes are stored. Known from the first chunk on; null before it, and for plain bytes. */
  readonly compression: Compression | null;
  /** Absent for a whole input. */
  readonly part?: SourcePart | undefined;
  /**
   * The plain bytes, in order. A chunk may be overwritten once the next one is asked for: copy what is to be kept.
   * A source may put its bytes into the room, or heed it not.
   * Each call reads afresh, except from standard input and pipes, which can be read once.
   * Errors: SourceError, after all bytes that came before the damage.
   */
  open(onRaw?: RawProgress, room?: Room): AsyncIterable<Uint8Array>;
}
