/** One input from its bytes to observations: what a thread does with a file. */
import type { Source } from "../bytes/source.ts";
import { type NestedDocument, setNested, toDocument } from "../event/document.ts";
import type { NetworkEvent } from "../event/event.ts";
import { createTally, type InputTally } from "../findings/account.ts";
import { isEvidence, observe } from "../findings/observation.ts";
import type { Retention } from "../findings/retention.ts";
import { createRouter } from "../formats/detect.ts";
import { FORMATS } from "../formats/index.ts";
import type { Prepared } from "./prepare.ts";
import { readEvents } from "./read-events.ts";

export interface InputContext {
  readonly prepared: Prepared;
  readonly retention: Retention;
  /** Takes each event's document where events are asked for. */
  readonly onEvent?: ((document: NestedDocument) => void | Promise<void>) | undefined;
  readonly onRaw?: ((bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What became of an input: its account, and the events that were outside the time bounds. */
export interface InputResult {
  readonly tally: InputTally;
  readonly outside: number;
}

/** Reads an input, runs the rules over its events, and keeps the observations. */
export async function scanInput(source: Source, context: InputContext): Promise<InputResult> {
  const { prepared, retention, onEvent, onRaw, signal } = context;
  const { request, engine, plans, datasets, model } = prepared;
  const tally = createTally(source.path);
  const lines = new WeakMap<NetworkEvent, string>();
  let outside = 0;
  const run = engine.prepare(plans, datasets);
  const batches = readEvents(source, {
    router: createRouter(FORMATS, prepared.formatsFor(source.path), prepared.contextFor(source.path, source.year)),
    model,
    tally,
    strict: request.strict,
    sinceMs: request.sinceMs,
    untilMs: request.untilMs,
    onOutside: () => outside++,
    onLine: request.original ? (event, line) => lines.set(event, line) : undefined,
    onRaw,
  });
  const documentOf = (event: NetworkEvent): NestedDocument => {
    const document = toDocument(event, source.path);
    const original = lines.get(event);
    if (original !== undefined) setNested(document, "event.original", original);
    return document;
  };
  for await (const batch of batches) {
    if (onEvent !== undefined) for (const event of batch.events) await onEvent(documentOf(event));
    else keepObservations(batch, { run, source, prepared, retention, documentOf });
    if (signal?.aborted) {
      tally.status = "incomplete";
      tally.reason = "interrupted";
      break;
    }
  }
  closeTally(tally, source, prepared.formatsFor(source.path) !== undefined);
  return { tally, outside };
}

interface KeepContext {
  readonly run: ReturnType<Prepared["engine"]["prepare"]>;
  readonly source: Source;
  readonly prepared: Prepared;
  readonly retention: Retention;
  readonly documentOf: (event: NetworkEvent) => NestedDocument;
}

function keepObservations(batch: { file: string; events: readonly NetworkEvent[] }, context: KeepContext): void {
  const { run, prepared, retention, documentOf } = context;
  const withDocuments = prepared.request.emit === "matches";
  const met = new Map<NetworkEvent, number[]>();
  run(batch, (plan, event) => {
    const rules = met.get(event);
    if (rules === undefined) met.set(event, [plan]);
    else rules.push(plan);
  });
  for (const event of batch.events) {
    const rules = met.get(event);
    if (rules === undefined && !isEvidence(event)) continue;
    const byteCounting = FORMATS.find(({ name }) => name === event.format)?.byteCounting ?? "frame";
    const document = withDocuments && rules !== undefined ? documentOf(event) : undefined;
    retention.add(observe(event, rules ?? [], { file: batch.file, byteCounting, document }));
  }
}

/** Settles what kind of input it was once all of it was seen. */
function closeTally(tally: InputTally, source: Source, formatNamed: boolean): void {
  tally.compressedBytes = source.compression === null ? null : source.size;
  if (tally.status !== "read" || formatNamed || tally.decoded > 0 || tally.rejected === 0) return;
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
