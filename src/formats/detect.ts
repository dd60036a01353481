/** Detection: which format each line of an input is in. It runs once a line, so it stays lean. */
import { stripSyslog } from "../bytes/syslog.ts";
import type { ProblemCode } from "../errors.ts";
import type { DecodeContext, Decoder, Envelope, Format, FormatRank } from "./format.ts";

/** A line with the format it is in. Shape: `text` is the line without its envelope. */
export interface RoutedLine {
  readonly format: Format;
  readonly decoder: Decoder;
  readonly text: string;
  readonly envelope: Envelope | undefined;
}

/** Where a line goes, or why it goes nowhere. */
export type Routed = RoutedLine | RouteProblem;

type RouteProblem = Extract<ProblemCode, "unknown_format" | "ambiguous_format">;

/** The routing of one input: it remembers the header and the last format, and keeps one decoder per format. */
export interface Router {
  /**
   * Finds the format of the next line. The reader passes over blank lines, and gives lines that continue an
   * "incomplete" record to that record's decoder: neither is to be routed.
   */
  route(line: string): Routed;
  /** The decoder of the format that the next line is expected in. */
  expected(): Decoder | undefined;
  /** That format's name. */
  format(): string | undefined;
  /** The decoders of all formats that were met. */
  met(): readonly Decoder[];
}

/**
 * Starts the routing of one input.
 * Shape: `chosen` is what the user named; a single format then gets every line, several are detected among themselves.
 * `contextFor` is asked once for each format that is met, since the zone of its times may depend on it.
 */
export function createRouter(
  formats: readonly Format[],
  chosen: readonly Format[] | undefined,
  contextFor: (format: Format) => DecodeContext,
): Router {
  const pool = chosen ?? formats;
  const only = chosen?.length === 1 ? chosen[0] : undefined;
  const headerBound = pool.filter((format) => format.binding === "header");
  const decoders = new Map<Format, Decoder>();
  let current = only;
  let first = true;

  const to = (format: Format, text: string, envelope: Envelope | undefined): RoutedLine => {
    let decoder = decoders.get(format);
    if (decoder === undefined) {
      decoder = format.open(contextFor(format));
      decoders.set(format, decoder);
    }
    return { format, decoder, text, envelope };
  };

  return {
    expected: () => (current === undefined ? undefined : decoders.get(current)),
    format: () => current?.name,
    met: () => [...decoders.values()],
    route(raw) {
      const line = first ? trimCarriageReturn(withoutMark(raw)) : trimCarriageReturn(raw);
      first = false;
      if (current?.binding === "header") {
        const header = only ?? claimant(headerBound, line) ?? current;
        if (header === "ambiguous_format") return header;
        current = header;
        return to(header, line, undefined);
      }
      const stripped = stripSyslog(line);
      const text = stripped === undefined ? line : stripped.message;
      const found = only ?? lineFormat(pool, current, text);
      if (typeof found !== "object") return found ?? "unknown_format";
      current = found;
      return to(found, text, stripped);
    },
  };
}

const RANKS: Readonly<Record<FormatRank, number>> = { vendor: 3, schema: 2, syntax: 1 };

/** The last format goes first; only a format of a higher rank can take the line from it. */
function lineFormat(
  pool: readonly Format[],
  last: Format | undefined,
  text: string,
): Format | "ambiguous_format" | undefined {
  if (last?.claims(text) !== true) return claimant(pool, text);
  return last.rank === "vendor" ? last : (claimant(pool, text, RANKS[last.rank]) ?? last);
}

/**
 * Asks every format of a rank above the given one.
 * Shape: the claimant of the highest rank; a problem when that rank has several; undefined when there is none.
 */
function claimant(pool: readonly Format[], text: string, above = 0): Format | "ambiguous_format" | undefined {
  let best: Format | undefined;
  let bestRank = 0;
  let tied = false;
  for (const format of pool) {
    const rank = RANKS[format.rank];
    if (rank <= above || rank < bestRank || !format.claims(text)) continue;
    tied = rank === bestRank;
    best = format;
    bestRank = rank;
  }
  return tied ? "ambiguous_format" : best;
}

const BYTE_ORDER_MARK = 0xfeff;

function withoutMark(line: string): string {
  return line.charCodeAt(0) === BYTE_ORDER_MARK ? line.slice(1) : line;
}

function trimCarriageReturn(line: string): string {
  return line.charCodeAt(line.length - 1) === 0x0d ? line.slice(0, -1) : line;
}
