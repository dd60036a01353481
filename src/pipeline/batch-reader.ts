/** What is done with batches while they are read: rows of the reference profiles, and what a caller asks for. */
import type { EventBatch } from "../event/event.ts";
import type { SinkWriter } from "../sinks/sink.ts";
import type { Prepared } from "./prepare.ts";
import { referenceRows } from "./references.ts";
import type { OnBatch } from "./scan-input.ts";

/** Makes it; undefined where nothing has to be done, so that inputs may be read in several threads. */
export function batchReader(
  prepared: Prepared,
  sink: SinkWriter,
  asked?: (batch: EventBatch, prepared: Prepared) => void | Promise<void>,
): OnBatch | undefined {
  const prints = prepared.request.emit === "matches" && prepared.profiles.length > 0;
  if (!prints && asked === undefined) return undefined;
  const rowsOf = referenceRows(prepared);
  return async (batch, toDocument) => {
    await asked?.(batch, prepared);
    if (!prints) return;
    for (const match of rowsOf(batch, toDocument)) await sink.row({ kind: "match", match });
  };
}
