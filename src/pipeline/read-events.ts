/** Bytes in, derived events out: every record of an input is decoded or counted as what it is. */
import { readAskedLines, STRETCHES } from "../bytes/asked-lines.ts";
import type { Kernel } from "../bytes/kernel.ts";
import { type LineBatch, MAX_LINE_BYTES } from "../bytes/lines.ts";
import { LOOK, sniffText, transcoder } from "../bytes/sniff-text.ts";
import { type Room, type Source, SourceError } from "../bytes/source.ts";
import type { EventBatch, NetworkEvent } from "../event/event.ts";
import type { RawShape } from "../event/raw-shape.ts";
import { countProblem, type InputTally, notePath } from "../findings/account.ts";
import type { Router } from "../formats/detect.ts";
import type { KernelChoice } from "./kernel-for.ts";
import { createRecordReader, type RecordContext, type RecordReader, reject } from "./record-reader.ts";

/** Events handed on at once. */
const BATCH_EVENTS = 1024;

export interface ReadContext extends RecordContext {
  /** Makes a kernel for the lines that a decoder expects; undefined where every line must be decoded. */
  readonly kernelFor?: ((shape: RawShape) => KernelChoice) | undefined;
  /** Raw bytes of the file taken so far, for progress. */
  readonly onRaw?: ((bytes: number) => void) | undefined;
}

/**
 * Reads one input to its end, or to where it is cut; the tally says which.
 * Shape: a batch per stretch of bytes, also where no event was in it, so that reading can be stopped anywhere.
 */
export async function* readEvents(source: Source, context: ReadContext): AsyncGenerator<EventBatch> {
  const { tally } = context;
  const reader = createRecordReader(context);
  try {
    const steering = {
      // Inside a record of several lines the kernel would take its rest for records.
      kernel: () => (reader.isOpen() ? undefined : kernelNow(context)),
      ruledOut: (lines: number) => {
        tally.ruledOut += lines;
      },
    };
    const { part } = source;
    const chunks = (room: Room): AsyncIterable<Uint8Array> => source.open(context.onRaw, room);
    const text = (room: Room): AsyncIterable<Uint8Array> => textChunks(chunks(room), tally);
    const { head = STRETCHES.head, retry = STRETCHES.retry } = context.tuning ?? {};
    const lines =
      part === undefined || part.start === 0
        ? readAskedLines(text, steering, MAX_LINE_BYTES, { start: 0, head, retry })
        : readAskedLines(chunks, steering, MAX_LINE_BYTES, { start: part.start, head: 0, retry });
    for await (const batch of lines) {
      tally.bytes = batch.end - (part?.start ?? 0);
      for (const events of readBatch(batch, reader, context)) yield { file: tally.path, events };
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    tally.status = error.kind === "unreadable" ? "unreadable" : "incomplete";
    tally.reason = error.message;
  }
  const rest: NetworkEvent[] = [];
  reader.finish(rest);
  if (rest.length > 0) yield { file: tally.path, events: rest };
}

/** Lets a router see a file's first lines without reading their records: headers are applied, the format is known. */
export function primeRouter(router: Router, lines: readonly string[]): void {
  for (const line of lines) {
    const routed = line.trim() === "" ? "unknown_format" : router.route(line);
    if (typeof routed !== "string") routed.decoder.frame(routed.text);
  }
}

/**
 * What the router expects of the lines to come, as a text to compare; undefined where lines are not alone enough, as
 * those of CSV, where a quote that is still open takes any line for its own.
 */
export function expectedShape(router: Router): string | undefined {
  const shape = router.expected()?.rawShape?.();
  return shape === undefined || shape.framing.kind === "csv" ? undefined : JSON.stringify(shape);
}

function kernelNow({ router, kernelFor, tally }: ReadContext): Kernel | undefined {
  if (kernelFor === undefined) return undefined;
  const shape = router.expected()?.rawShape?.();
  const { kernel, way, because } = shape === undefined ? SHAPELESS : kernelFor(shape);
  const format = router.format();
  if (format !== undefined) notePath(tally, { format, way, because });
  return kernel;
}

const SHAPELESS: KernelChoice = {
  kernel: undefined,
  way: "decoder",
  because: "what its records say is only known once they are decoded",
};

/** Passes text on; of a binary file it says what it is, counts it as one rejected record, and stops. */
async function* textChunks(chunks: AsyncIterable<Uint8Array>, tally: InputTally): AsyncGenerator<Uint8Array> {
  let transcode: ReturnType<typeof transcoder> | undefined;
  let first = true;
  for await (const chunk of withWholeHead(chunks)) {
    const nature = first ? sniffText(chunk) : undefined;
    first = false;
    if (nature?.kind === "binary") {
      tally.reason = nature.title;
      tally.rejected++;
      tally.bytes = Math.min(chunk.length, LOOK);
      countProblem(tally, "not_text", 0, nature.title);
      return;
    }
    if (nature?.kind === "utf-16") transcode = transcoder(nature.label);
    yield transcode === undefined ? chunk : transcode(chunk);
  }
  if (transcode !== undefined) yield transcode();
}

/** Joins the first chunks until there is enough to tell text from other files, however small the chunks are. */
async function* withWholeHead(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0);
  let whole = false;
  try {
    for await (const chunk of chunks) {
      const known: Uint8Array = whole ? chunk : join(head, chunk);
      whole = whole || known.length >= LOOK;
      head = known.subarray(0, whole ? 0 : known.length);
      if (whole) yield known;
    }
  } finally {
    // What came before the end, or before damage, counts.
    if (head.length > 0) yield head;
  }
}

function join(head: Uint8Array, chunk: Uint8Array): Uint8Array {
  const whole = new Uint8Array(head.length + chunk.length);
  whole.set(head);
  whole.set(chunk, head.length);
  return whole;
}

function* readBatch(
  batch: LineBatch,
  reader: RecordReader,
  { tally, strict }: ReadContext,
): Generator<readonly NetworkEvent[]> {
  let events: NetworkEvent[] = [];
  let rejected = 0;
  const rejectLongBefore = (offset: number): void => {
    for (; (batch.tooLong[rejected] ?? offset) < offset; rejected++) {
      reader.finish(events);
      reject(tally, "line_too_long", batch.tooLong[rejected] as number, "", strict);
    }
  };
  for (let at = 0; at < batch.lines.length; at++) {
    const offset = batch.offsets[at] as number;
    rejectLongBefore(offset);
    reader.line(batch.lines[at] as string, offset, events);
    if (events.length >= BATCH_EVENTS) {
      yield events;
      events = [];
    }
  }
  rejectLongBefore(Number.POSITIVE_INFINITY);
  yield events;
}
