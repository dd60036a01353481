/**
 * The scan: the whole way of the data. Sources in; rows go to a sink; the report comes back.
 * Chunk → Line → LogRecord → NetworkEvent → RuleMatch → Observation → Session → Finding → Row.
 */
import type { Source } from "./bytes/source.ts";
import type { EventBatch } from "./event/event.ts";
import { createTally } from "./findings/account.ts";
import type { FindingBrief } from "./findings/finding.ts";
import { createRetention } from "./findings/retention.ts";
import type { RunInfo, RunReport } from "./findings/run.ts";
import { batchReader } from "./pipeline/batch-reader.ts";
import { compileRequest } from "./pipeline/compile-request.ts";
import { finish } from "./pipeline/finish.ts";
import { type Prepared, prepare } from "./pipeline/prepare.ts";
import { type ReadInputs, readInOrder } from "./pipeline/read-inputs.ts";
import type { ScanRequest } from "./pipeline/request.ts";
import { runInfo } from "./pipeline/run-info.ts";
import type { InputResult } from "./pipeline/scan-input.ts";
import type { SinkWriter } from "./sinks/sink.ts";

/** An input that is not read, with the reason: missing, or the same content as another. */
export interface UnreadInput {
  readonly path: string;
  readonly status: "unreadable" | "duplicate";
  readonly reason: string;
}

export interface ScanHooks {
  /** Opens the output once the run is known. */
  readonly openSink: (run: RunInfo) => SinkWriter;
  readonly unread?: readonly UnreadInput[] | undefined;
  /** Takes each batch of events, in order; the inputs are then read one after the other. */
  readonly onBatch?: ((batch: EventBatch, prepared: Prepared) => void | Promise<void>) | undefined;
  /** Raw bytes of all inputs taken so far, and the input that is being read. */
  readonly onRaw?: ((path: string, bytes: number) => void) | undefined;
  /** Stops reading; what was found by then is still reported, marked incomplete. */
  readonly signal?: AbortSignal | undefined;
  /** How inputs are read; default: one after the other, in this thread. */
  readonly readInputs?: ReadInputs | undefined;
}

export interface ScanResult {
  readonly report: RunReport;
  /** What was found, in brief; the sink had the whole. */
  readonly findings: readonly FindingBrief[];
}

/**
 * Scans sources in order and writes rows to the sink.
 * Errors: SallyportError for a request that cannot be run; bad data is counted in the report instead.
 */
export async function scan(
  sources: readonly Source[],
  request: ScanRequest,
  hooks: ScanHooks,
): Promise<ScanResult> {
  const prepared = prepare(await compileRequest(request));
  const unread = hooks.unread ?? [];
  const run = runInfo(prepared, [...sources, ...unread].map(({ path }) => path).sort());
  const sink = hooks.openSink(run);
  const retention = createRetention(request.detailLimit);
  const known: InputResult[] = unread.map(({ path, status, reason }) => {
    return { tally: { ...createTally(path), status, reason }, outside: 0 };
  });
  const end = (read: readonly InputResult[], interrupted: boolean) => {
    const seen = new Set(read.map(({ tally }) => tally.path));
    const missed = sources
      .filter(({ path }) => !seen.has(path))
      .map(({ path }): InputResult => {
        return {
          tally: { ...createTally(path), status: "unreadable", reason: "the run was interrupted before" },
          outside: 0,
        };
      });
    const results = [...known, ...read, ...missed].sort((a, b) => (a.tally.path < b.tally.path ? -1 : 1));
    return finish(prepared, run, results, retention, interrupted);
  };
  const reading = (hooks.readInputs ?? readInOrder)(sources, {
    prepared,
    retention,
    onEvent: request.emit === "events" ? (event) => sink.row({ kind: "event", event }) : undefined,
    onBatch: batchReader(prepared, sink, hooks.onBatch),
    onRaw: hooks.onRaw,
    signal: hooks.signal,
  });
  const read = await reading.catch(async (error: unknown) => {
    await sink.close(end([], true).report);
    throw error;
  });
  const finished = end(read, hooks.signal?.aborted ?? false);
  if (request.emit === "findings")
    for (const finding of finished.findings) await sink.row({ kind: "finding", finding });
  if (request.emit === "matches")
    for (const match of finished.matches) await sink.row({ kind: "match", match });
  await sink.close(finished.report);
  return { report: finished.report, findings: finished.briefs };
}
