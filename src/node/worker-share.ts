/** What a thread does: takes items from the common counter and hands over what it finds of each. */
import { parentPort, workerData } from "node:worker_threads";
import { SallyportError } from "../errors.ts";
import { loadFor } from "../pipeline/compile-request.ts";
import { prepare } from "../pipeline/prepare.ts";
import { takeWork } from "./work.ts";
import type { FromWorker, WorkerFacts } from "./worker-messages.ts";

const { compiled, items, next } = workerData as WorkerFacts;
const interrupt = new AbortController();

function send(message: FromWorker): void {
  parentPort?.postMessage(message);
}

parentPort?.on("message", () => interrupt.abort());

/** Takes this thread's share of the work. */
export async function takeShare(): Promise<void> {
  try {
    await loadFor(compiled);
    await takeWork(items, next, prepare(compiled), interrupt.signal, (found) =>
      send({ kind: "found", found }),
    );
    send({ kind: "finished" });
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    send({
      kind: "failed",
      error: { code: error.code, detail: error.message, hint: error.hint, at: error.at },
    });
  }
}
