/** Lines in, derived events out: every record is decoded, or counted as what it is. */
import { PROBLEMS, type ProblemCode, SallyportError } from "../errors.ts";
import { deriveFields } from "../event/derive.ts";
import type { NetworkEvent } from "../event/event.ts";
import { isFramedAs } from "../event/raw-shape.ts";
import { countEvent, countProblem, type InputTally } from "../findings/account.ts";
import type { RoutedLine, Router } from "../formats/detect.ts";
import { Undecodable } from "../formats/format.ts";
import type { AddressModel } from "../net/model.ts";
import type { Tuning } from "./request.ts";

/** A quoted field may run over so many lines; beyond that its first line is rejected. */
const MAX_RECORD_LINES = 64;

/** What records are read with. */
export interface RecordContext {
  readonly router: Router;
  readonly model: AddressModel;
  readonly tally: InputTally;
  readonly strict: boolean;
  readonly tuning?: Tuning | undefined;
  /** Put the record's text on each event's document. */
  readonly onLine?: ((event: NetworkEvent, line: string) => void) | undefined;
}

/** Reads an input's records, line by line. */
export interface RecordReader {
  /** Whether a record waits for more lines. */
  isOpen(): boolean;
  line(line: string, offset: number, into: NetworkEvent[]): void;
  /** Gives up on a record whose rest will not come. */
  finish(into: NetworkEvent[]): void;
}

/** A record whose quotes are still open, waiting for more lines. */
interface OpenRecord {
  readonly routed: RoutedLine;
  readonly lines: { readonly text: string; readonly offset: number }[];
}

/** Creates a reader for one input. */
export function createRecordReader(context: RecordContext): RecordReader {
  const { router, tally, strict } = context;
  let open: OpenRecord | undefined;

  const line = (text: string, offset: number, into: NetworkEvent[]): void => {
    if (open !== undefined) more(open, text, offset, into);
    else if (text.trim() === "") tally.skipped++;
    else begin(text, offset, into);
  };

  const begin = (text: string, offset: number, into: NetworkEvent[]): void => {
    const routed = text.includes("\0") ? "not_text" : router.route(text);
    if (typeof routed === "string") {
      refuse(routed, text, offset);
      return;
    }
    framed(routed, routed.text, offset, into, () => {
      open = { routed, lines: [{ text: routed.text, offset }] };
    });
  };

  const framed = (
    routed: RoutedLine,
    text: string,
    offset: number,
    into: NetworkEvent[],
    onIncomplete: () => void,
  ): void => {
    const verdict = routed.decoder.frame(text);
    if (verdict === "incomplete") onIncomplete();
    else if (verdict === "skip") tally.skipped++;
    else if (verdict === "record") decode(context, routed, text, offset, into);
    else refuse(verdict, text, offset);
  };

  /**
   * A line that no format takes is a record that cannot be decoded where it is framed as records of this input are: the
   * kernel may rule such a line out unread, so that it cannot count as rejected on any path.
   */
  const refuse = (code: ProblemCode, text: string, offset: number): void => {
    const isStrange = code === "unknown_format" || code === "ambiguous_format";
    if (isStrange && isFramedAsBefore(router, text)) undecodable(tally, offset, text);
    else reject(tally, code, offset, text, strict);
  };

  const more = (record: OpenRecord, text: string, offset: number, into: NetworkEvent[]): void => {
    record.lines.push({ text, offset });
    const whole = record.lines.map((part) => part.text).join("\n");
    open = undefined;
    framed(record.routed, whole, record.lines[0]?.offset ?? offset, into, () => {
      if (record.lines.length < MAX_RECORD_LINES) open = record;
      else giveUp(record, into);
    });
  };

  const giveUp = ({ lines }: OpenRecord, into: NetworkEvent[]): void => {
    const [first, ...rest] = lines;
    if (first !== undefined) reject(tally, "csv_invalid", first.offset, first.text, strict);
    for (const { text, offset } of rest) line(text, offset, into);
  };

  return {
    isOpen: () => open !== undefined,
    line,
    finish(into) {
      while (open !== undefined) {
        const record = open;
        open = undefined;
        giveUp(record, into);
      }
    },
  };
}

function decode(
  context: RecordContext,
  routed: RoutedLine,
  text: string,
  offset: number,
  into: NetworkEvent[],
): void {
  const { tally, model, tuning, onLine } = context;
  const { format, decoder, envelope } = routed;
  tally.decoded++;
  tally.formats[format.name] = (tally.formats[format.name] ?? 0) + 1;
  const event = decoder.decode(text, envelope);
  if (event === undefined) return;
  if (event instanceof Undecodable) {
    tally.undecodable++;
    countProblem(tally, event.code, offset, text, event.detail);
    return;
  }
  event.offset = offset;
  deriveFields(event, { model, byteCounting: format.byteCounting });
  countEvent(tally, event, text, tuning?.head);
  onLine?.(event, text);
  into.push(event);
}

function isFramedAsBefore(router: Router, line: string): boolean {
  return router.met().some((decoder) => {
    const shape = decoder.rawShape?.();
    return shape !== undefined && isFramedAs(shape, line);
  });
}

function undecodable(tally: InputTally, offset: number, line: string): void {
  tally.decoded++;
  tally.undecodable++;
  countProblem(tally, "record_invalid", offset, line, "in no format that is known");
}

/** Counts a rejected line. Errors: line_rejected, where the run is strict. */
export function reject(
  tally: InputTally,
  code: ProblemCode,
  offset: number,
  line: string,
  strict: boolean,
): void {
  tally.rejected++;
  countProblem(tally, code, offset, line);
  if (strict) {
    throw new SallyportError("line_rejected", {
      detail: `${tally.path}, byte ${offset}: ${PROBLEMS[code].message}: ${line.slice(0, 80)}`,
    });
  }
}
