/**
 * What a log format is: one file that knows the source's own field names, and one line in index.ts.
 * In: a framed line, its envelope already stripped. Out: a NetworkEvent with recorded fields only.
 * A format must not know of scopes, outcomes, flips or rules.
 */
import type { ProblemCode } from "../errors.ts";
import type { Dataset } from "../event/dataset.ts";
import type { NetworkEvent } from "../event/event.ts";
import type { FieldName } from "../event/fields.ts";
import type { RawShape } from "../event/raw-shape.ts";

/** Which of several claims wins: a vendor's own shape over a common schema over a bare syntax. */
export type FormatRank = "vendor" | "schema" | "syntax";

/** What `frame` says of a line: a record, a line to skip, the first part of a record, or a rejection. */
export type Framed = "record" | "skip" | "incomplete" | ProblemCode;

/** A framed record that could not be decoded. */
export class Undecodable {
  readonly code: ProblemCode;
  readonly detail: string | undefined;

  constructor(code: ProblemCode, detail?: string) {
    this.code = code;
    this.detail = detail;
  }
}

/** What a decoder may know besides the line. */
export interface DecodeContext {
  /** The input's path as the user sees it; "-" for standard input. */
  readonly file: string;
  /** Turns local wall-clock milliseconds into UTC milliseconds, for times without a zone. */
  readonly zone: (localMs: number) => number;
  /** The year for times that carry none (from the file's time, or the clock). */
  readonly year: number;
}

/** What an envelope (a syslog header) said of the line it carried. */
export interface Envelope {
  readonly host?: string | undefined;
}

/** The state of reading one input in one format; header-bound formats keep their header here. */
export interface Decoder {
  /** Looks at framing alone: never parses a record. A directive or header line updates the header and is skipped. */
  frame(line: string): Framed;
  /**
   * Decodes a line that `frame` called a record.
   * Shape: undefined when the record is sound but is no network event (a DNS row, a statistics row).
   */
  decode(line: string, envelope?: Envelope): NetworkEvent | Undecodable | undefined;
  /** What the byte kernel may rely on from here on; absent, or undefined, where every line must be decoded. */
  rawShape?(): RawShape | undefined;
}

export interface Format {
  /** Kebab-case, as in --format. */
  readonly name: string;
  readonly title: string;
  /** Where the vendor documents the format. */
  readonly reference: string;
  readonly rank: FormatRank;
  /**
   * "line": each line stands alone and formats may mix in a file.
   * "header": a header line says what the columns are; claimed by that line, and the file follows it.
   */
  readonly binding: "line" | "header";
  /** What byte counters count, so that a handshake is not taken for a session. */
  readonly byteCounting: "payload" | "ip" | "frame";
  readonly datasets: Readonly<Record<string, Dataset>>;
  /** The record's own names that can produce a field, first match wins. Used to map, to explain, and as raw pre-images. */
  readonly fields: Readonly<Partial<Record<FieldName, readonly string[]>>>;
  /** A cheap look at one line (envelope stripped): is it this format? For "header" formats: is it such a header? */
  claims(line: string): boolean;
  open(context: DecodeContext): Decoder;
  /**
   * Texts that lines of this format hold whose events may match without any text that a rule names, because the kind
   * of log alone says what they are.
   */
  readonly literals?: readonly string[] | undefined;
}

/** Declares a format; gives types, nothing else. */
export function defineFormat<const F extends Format>(format: F): F {
  return format;
}

/** Starts an event of a format; the reader sets the offset. */
export function newEvent(format: Format, record: NetworkEvent["record"], dataset: string): NetworkEvent {
  return { format: format.name, dataset, record, offset: 0, "event.dataset": dataset };
}
