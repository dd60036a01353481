/** Bytes in, derived events out: every record of an input is decoded or counted as what it is. */
import { type LineBatch, readLines } from "../bytes/lines.ts";
import { sniffText, transcoder } from "../bytes/sniff-text.ts";
import { type Source, SourceError } from "../bytes/source.ts";
import { PROBLEMS, type ProblemCode, SallyportError } from "../errors.ts";
import { deriveFields } from "../event/derive.ts";
import type { EventBatch, NetworkEvent } from "../event/event.ts";
import { countEvent, countProblem, type InputTally } from "../findings/account.ts";
import type { RoutedLine, Router } from "../formats/detect.ts";
import { Undecodable } from "../formats/format.ts";
import type { AddressModel } from "../net/model.ts";

/** A quoted field may run over so many lines; beyond that its first line is rejected. */
const MAX_RECORD_LINES = 64;

/** Events handed on at once. */
const BATCH_EVENTS = 1024;

export interface ReadContext {
  readonly router: Router;
  readonly model: AddressModel;
  readonly tally: InputTally;
  readonly strict: boolean;
  readonly sinceMs: number | null;
  readonly untilMs: number | null;
  /** Called for each event outside the time bounds. */
  readonly onOutside: () => void;
  /** Put the record's text on each event's document. */
  readonly onLine?: ((event: NetworkEvent, line: string) => void) | undefined;
  /** Raw bytes of the file taken so far, for progress. */
  readonly onRaw?: ((bytes: number) => void) | undefined;
}

/** Reads one input to its end, or to where it is cut; the tally says which. */
export async function* readEvents(source: Source, context: ReadContext): AsyncGenerator<EventBatch> {
  const { tally } = context;
  const reader = createRecordReader(context);
  try {
    for await (const batch of readLines(textChunks(source.open(context.onRaw), tally))) {
      tally.bytes = batch.end;
      for (const events of readBatch(batch, reader, context)) yield { file: tally.path, events };
    }
    const rest: NetworkEvent[] = [];
    reader.finish(rest);
    if (rest.length > 0) yield { file: tally.path, events: rest };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    tally.status = error.kind === "unreadable" ? "unreadable" : "incomplete";
    tally.reason = error.message;
  }
}

/** Passes text on; of a binary file it says what it is, counts it as one rejected record, and stops. */
async function* textChunks(chunks: AsyncIterable<Uint8Array>, tally: InputTally): AsyncGenerator<Uint8Array> {
  let transcode: ((chunk: Uint8Array) => Uint8Array) | undefined;
  let first = true;
  for await (const chunk of chunks) {
    const nature = first ? sniffText(chunk) : undefined;
    first = first && chunk.length === 0;
    if (nature?.kind === "binary") {
      tally.reason = nature.title;
      tally.rejected++;
      tally.bytes += chunk.length;
      countProblem(tally, "not_text", 0, nature.title);
      return;
    }
    if (nature?.kind === "utf-16") transcode = transcoder(nature.label);
    yield transcode === undefined ? chunk : transcode(chunk);
  }
}

function* readBatch(
  batch: LineBatch,
  reader: RecordReader,
  { tally, strict }: ReadContext,
): Generator<readonly NetworkEvent[]> {
  for (const offset of batch.tooLong) reject(tally, "line_too_long", offset, "", strict);
  let events: NetworkEvent[] = [];
  for (let at = 0; at < batch.lines.length; at++) {
    reader.line(batch.lines[at] as string, batch.offsets[at] as number, events);
    if (events.length >= BATCH_EVENTS) {
      yield events;
      events = [];
    }
  }
  if (events.length > 0) yield events;
}

interface RecordReader {
  line(line: string, offset: number, into: NetworkEvent[]): void;
  finish(into: NetworkEvent[]): void;
}

/** A record whose quotes are still open, waiting for more lines. */
interface OpenRecord {
  readonly routed: RoutedLine;
  readonly lines: { readonly text: string; readonly offset: number }[];
}

function createRecordReader(context: ReadContext): RecordReader {
  const { router, tally, strict } = context;
  let open: OpenRecord | undefined;

  const line = (text: string, offset: number, into: NetworkEvent[]): void => {
    if (open !== undefined) return more(open, text, offset, into);
    if (text.trim() === "") {
      tally.skipped++;
      return;
    }
    if (text.includes("\0")) return reject(tally, "not_text", offset, text, strict);
    const routed = router.route(text);
    if (typeof routed === "string") return reject(tally, routed, offset, text, strict);
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
    if (verdict === "incomplete") return onIncomplete();
    if (verdict === "skip") tally.skipped++;
    else if (verdict === "record") decode(context, routed, text, offset, into);
    else reject(tally, verdict, offset, text, strict);
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

function decode(context: ReadContext, routed: RoutedLine, text: string, offset: number, into: NetworkEvent[]): void {
  const { tally, model, onLine } = context;
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
  countEvent(tally, event, text);
  if (isOutside(event, context)) return context.onOutside();
  onLine?.(event, text);
  into.push(event);
}

/** An event without a time is never outside the bounds: it may be inside. */
function isOutside(event: NetworkEvent, { sinceMs, untilMs }: ReadContext): boolean {
  const ms = event["@timestamp"]?.ms;
  if (ms === undefined) return false;
  return (sinceMs !== null && ms < sinceMs) || (untilMs !== null && ms >= untilMs);
}

function reject(tally: InputTally, code: ProblemCode, offset: number, line: string, strict: boolean): void {
  tally.rejected++;
  countProblem(tally, code, offset, line);
  if (strict) {
    throw new SallyportError("line_rejected", {
      detail: `${tally.path}, byte ${offset}: ${PROBLEMS[code].message}: ${line.slice(0, 80)}`,
    });
  }
}
