/** What a thread does: takes items from the common counter and hands over what it finds of each. */
import { parentPort } from "node:worker_threads";
import { SallyportError } from "../errors.ts";
import { loadFor } from "../pipeline/compile-request.ts";
import { prepare } from "../pipeline/prepare.ts";
import { takeWork } from "./work.ts";
import type { FromWorker, ToWorker, WorkerFacts } from "./worker-messages.ts";

const interrupt = new AbortController();

/** Waits for work, which comes once. */
export function waitForWork(): void {
  parentPort?.on("message", (message: ToWorker) => {
    if (message.kind === "stop") interrupt.abort();
    else void takeShare(message.facts);
  });
}

function send(message: FromWorker): void {
  parentPort?.postMessage(message);
}

/** Takes this thread's share of the work. */
async function takeShare({ compiled, items, next }: WorkerFacts): Promise<void> {
  try {
    await loadFor(compiled);
    send({ kind: "started" });
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
