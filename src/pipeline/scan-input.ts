/** One input from its bytes to observations: what a thread does with a file. */
import { type Source, SourceError } from "../bytes/source.ts";
import { type NestedDocument, setNested, toDocument } from "../event/document.ts";
import type { EventBatch, NetworkEvent } from "../event/event.ts";
import { createTally, FULL_SAMPLE_BYTES, type InputTally, notePath } from "../findings/account.ts";
import { type FilteredRule, isEvidence, observe } from "../findings/observation.ts";
import type { Retention } from "../findings/retention.ts";
import { createRouter, type Router } from "../formats/detect.ts";
import { FORMATS } from "../formats/index.ts";
import { isOutside } from "./bounds.ts";
import type { Prepared } from "./prepare.ts";
import { expectedShape, primeRouter, readEvents } from "./read-events.ts";
import { startReferences } from "./references.ts";

/** Takes a batch; `toDocument` makes the document of one of its events. */
export type OnBatch = (
  batch: EventBatch,
  toDocument: (event: NetworkEvent) => NestedDocument,
) => void | Promise<void>;

export interface InputContext {
  readonly prepared: Prepared;
  readonly retention: Retention;
  /** Takes each event's document where events are asked for. */
  readonly onEvent?: ((document: NestedDocument) => void | Promise<void>) | undefined;
  readonly onBatch?: OnBatch | undefined;
  readonly onRaw?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What became of an input: its account, and the events that were outside the time bounds. */
export interface InputResult {
  readonly tally: InputTally;
  readonly outside: number;
  /** Of a part: what the lines after it would be read as. */
  readonly shapeAtEnd?: string | undefined;
  /** Columns that reference profiles require and that some event had. */
  readonly present?: readonly string[] | undefined;
}

/** Reads an input, runs the rules over its events, and keeps the observations. */
export async function scanInput(source: Source, context: InputContext): Promise<InputResult> {
  const { prepared, retention, onEvent, onBatch, onRaw, signal } = context;
  const { request, model } = prepared;
  const tally = createTally(source.path);
  const lines = new WeakMap<NetworkEvent, string>();
  let outside = 0;
  const references = startReferences(prepared, retention);
  const stoppable: Source = {
    ...source,
    open: (told, room) => untilAborted(source.open(told, room), signal),
  };
  const router = routerFor(source, prepared);
  const whyEveryLine = whyNoKernel(context);
  const batches = readEvents(stoppable, {
    router,
    model,
    tally,
    strict: request.strict,
    kernelFor: whyEveryLine === undefined ? (shape) => prepared.kernelFor(shape) : undefined,
    tuning: request.tuning,
    onLine: request.original ? (event, line) => lines.set(event, line) : undefined,
    onRaw,
  });
  const documentOf = (event: NetworkEvent): NestedDocument => {
    const document = toDocument(event, source.path);
    const original = lines.get(event);
    if (original !== undefined) setNested(document, "event.original", original);
    return document;
  };
  const take = async (batch: EventBatch): Promise<void> => {
    const inside = { ...batch, events: batch.events.filter((event) => !isOutside(event, request)) };
    if (onEvent !== undefined) {
      for (const event of inside.events) {
        const written = onEvent(documentOf(event));
        // Most are taken at once: waiting for each costs a turn of the queue.
        if (written !== undefined) await written;
      }
    }
    references.batch(inside);
    await onBatch?.(inside, documentOf);
    outside += keepObservations(batch, { source, prepared, retention, documentOf });
  };
  for await (const batch of batches) {
    // Most stretches hold no line that had to be decoded.
    if (batch.events.length > 0) await take(batch);
    if (signal?.aborted) {
      tally.status = "incomplete";
      tally.reason = "interrupted";
      break;
    }
  }
  if (whyEveryLine !== undefined && tally.bytes > FULL_SAMPLE_BYTES) {
    for (const format of Object.keys(tally.formats)) {
      notePath(tally, { format, way: "decoder", because: whyEveryLine });
    }
  }
  if (source.part !== undefined) {
    return { tally, outside, present: references.present(), shapeAtEnd: expectedShape(router) };
  }
  closeTally(tally, source, prepared.formatsFor(source.path) !== undefined);
  return { tally, outside, present: references.present() };
}

/** A router for a source; one for a later part of a file knows the file's first lines. */
export function routerFor(
  { path, year, part }: Pick<Source, "path" | "year" | "part">,
  prepared: Prepared,
): Router {
  const router = createRouter(FORMATS, prepared.formatsFor(path), prepared.contextFor(path, year));
  if (part !== undefined && part.start > 0) primeRouter(router, part.primer);
  return router;
}

/** The chunks until the run is interrupted: a pipe that stays silent must not keep it waiting. */
async function* untilAborted(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (signal === undefined) return yield* chunks;
  const iterator = chunks[Symbol.asyncIterator]();
  let stop: ((error: SourceError) => void) | undefined;
  const onAbort = (): void => stop?.(new SourceError("cut", "interrupted"));
  signal.addEventListener("abort", onAbort);
  try {
    for (;;) {
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        stop = reject;
        if (signal.aborted) onAbort();
        else iterator.next().then(resolve, reject);
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    // Not waited for: a read that hangs would never let go.
    iterator.return?.()?.catch(() => {});
  }
}

interface KeepContext {
  readonly source: Source;
  readonly prepared: Prepared;
  readonly retention: Retention;
  readonly documentOf: (event: NetworkEvent) => NestedDocument;
}

/** Keeps what met a rule. Shape: how many of those events lie outside the time bounds, and are not kept. */
function keepObservations(
  batch: { file: string; events: readonly NetworkEvent[] },
  context: KeepContext,
): number {
  const { prepared, retention, documentOf } = context;
  const withDocuments = prepared.request.emit === "matches";
  const met = matchBatch(batch, context);
  const keep = (event: NetworkEvent, known: MetRules | undefined): void => {
    const byteCounting = FORMATS.find(({ name }) => name === event.format)?.byteCounting ?? "frame";
    const document = withDocuments && known !== undefined ? documentOf(event) : undefined;
    const filtered = known === undefined || known.filtered.length === 0 ? undefined : known.filtered;
    retention.add(observe(event, known?.rules ?? [], { file: batch.file, byteCounting, document, filtered }));
  };
  let outside = 0;
  for (const event of batch.events) {
    const known = met.get(event);
    if (known === undefined && !isEvidence(event)) continue;
    if (!isOutside(event, prepared.request)) keep(event, known);
    else if (known !== undefined) outside++;
  }
  return outside;
}

interface MetRules {
  readonly rules: number[];
  readonly filtered: FilteredRule[];
}

/** The rules that each event met, by their places, and those that a filter took it away from. */
function matchBatch(batch: EventBatch, { prepared }: KeepContext): ReadonlyMap<NetworkEvent, MetRules> {
  const met = new Map<NetworkEvent, MetRules>();
  prepared.runEventRules(batch, (plan, event) => {
    const place = prepared.eventPlaces[plan] ?? plan;
    const known = met.get(event) ?? { rules: [], filtered: [] };
    met.set(event, known);
    const filter = prepared.filters.takenBy(place, event);
    if (filter === undefined) known.rules.push(place);
    else known.filtered.push({ rule: place, filter });
  });
  return met;
}

/** Lines may be ruled out unread only where nothing but our own rules looks at the events. Shape: what else does. */
export function whyNoKernel({
  prepared,
  onEvent,
  onBatch,
}: Pick<InputContext, "prepared" | "onEvent" | "onBatch">): string | undefined {
  if (!prepared.request.fastPath) return "--no-fast-path";
  if (onEvent !== undefined) return "every event is asked for";
  if (prepared.profiles.length > 0) return "a profile looks at every event";
  return onBatch === undefined ? undefined : "every event is looked at";
}

/** Settles what kind of input it was once all of it was seen. */
function closeTally(tally: InputTally, source: Source, formatNamed: boolean): void {
  tally.compressedBytes = source.compression === null ? null : source.size;
  if (tally.status !== "read" || formatNamed || tally.rejected === 0) return;
  if (tally.decoded + tally.ruledOut > 0) return;
  const codes = Object.keys(tally.problems);
  if (!codes.every((code) => code === "unknown_format" || code === "not_text")) return;
  if (source.named) {
    tally.status = "not-recognised";
    tally.reason ??= "no line is in a format that is known; 'sallyport formats' lists them";
    return;
  }
  tally.status = "skipped";
  tally.reason = `not a log that can be read: ${tally.reason ?? "no line is in a format that is known"}`;
  tally.skipped += tally.rejected;
  tally.rejected = 0;
  for (const code of codes) delete tally.problems[code];
}
