/** Reads inputs in several threads, a file at a time; what they found is the same for any number of them. */
import { Worker } from "node:worker_threads";
import { SallyportError } from "../errors.ts";
import { type ReadInputs, readInOrder } from "../pipeline/read-inputs.ts";
import type { InputResult } from "../pipeline/scan-input.ts";
import type { FromWorker, ToWorker, WorkItem, WorkerFacts } from "./worker-messages.ts";

/** Below so many bytes a thread costs more than it gains. Units: bytes as stored. */
const WORTH_BYTES = 32 * 1024 * 1024;

/**
 * Makes a reader with a number of threads. Small inputs, pipes, and rows of events (which have an order) are
 * read in this thread.
 */
export function readWithWorkers(count: number): ReadInputs {
  return async (sources, context) => {
    const total = sources.reduce((sum, { size }) => sum + (size ?? 0), 0);
    const files = sources.filter(({ size }) => size !== null);
    const threads = Math.min(count, files.length);
    if (context.onEvent !== undefined || context.onBatch !== undefined || threads < 2 || total < WORTH_BYTES) return readInOrder(sources, context);
    const queue = files
      .toSorted((a, b) => (b.size ?? 0) - (a.size ?? 0))
      .map(({ path, named }): WorkItem => ({ path, named }));
    const results: InputResult[] = [];
    const workers = Array.from({ length: threads }, () => runWorker(queue, results, context));
    const pipes = readInOrder(sources.filter(({ size }) => size === null), context);
    await Promise.all([...workers, pipes]);
    return [...results, ...(await pipes)];
  };
}

/** Feeds one thread from the queue until it is empty; resolves once its observations are in. */
function runWorker(queue: WorkItem[], results: InputResult[], context: Parameters<ReadInputs>[1]): Promise<void> {
  const { prepared, retention, onRaw, signal } = context;
  const facts: WorkerFacts = { request: prepared.request };
  const worker = new Worker(new URL("./scan-worker.js", import.meta.url), { workerData: facts });
  const send = (message: ToWorker): void => worker.postMessage(message);
  const next = (): void => {
    const item = signal?.aborted ? undefined : queue.shift();
    send(item === undefined ? { kind: "finish" } : { kind: "read", item });
  };
  const stop = (): void => send({ kind: "stop" });
  signal?.addEventListener("abort", stop, { once: true });
  return new Promise<void>((resolve, reject) => {
    worker.on("error", reject);
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "raw") onRaw?.(message.path, message.bytes);
      else if (message.kind === "failed") reject(revive(message.error));
      else if (message.kind === "read") {
        results.push(message.result);
        next();
      } else {
        retention.absorb(message.dump);
        resolve();
      }
    });
    next();
  }).finally(() => {
    signal?.removeEventListener("abort", stop);
    return worker.terminate();
  });
}

function revive({ code, detail, at, hint }: Extract<FromWorker, { kind: "failed" }>["error"]): SallyportError {
  return new SallyportError(code, { detail, hint, ...(at === undefined ? {} : { at }) });
}
