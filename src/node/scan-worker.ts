/** A reading thread: reads the files it is given, keeps their observations, and hands them over at the end. */
import { parentPort, workerData } from "node:worker_threads";
import { SallyportError } from "../errors.ts";
import { createRetention } from "../findings/retention.ts";
import { prepare } from "../pipeline/prepare.ts";
import { scanInput } from "../pipeline/scan-input.ts";
import { reopenSource } from "./sources.ts";
import type { FromWorker, ToWorker, WorkerFacts, WorkItem } from "./worker-messages.ts";

/** Progress is told at most so often. Units: milliseconds. */
const RAW_EVERY_MS = 200;

const { request } = workerData as WorkerFacts;
const prepared = prepare(request);
const retention = createRetention(request.detailLimit);
const interrupt = new AbortController();
let toldAt = 0;

function send(message: FromWorker): void {
  parentPort?.postMessage(message);
}

function tellRaw(path: string, bytes: number): void {
  const now = Date.now();
  if (now - toldAt < RAW_EVERY_MS) return;
  toldAt = now;
  send({ kind: "raw", path, bytes });
}

async function read({ path, named }: WorkItem): Promise<void> {
  try {
    const source = await reopenSource(path, named, request.nowMs);
    const result = await scanInput(source, {
      prepared,
      retention,
      onRaw: (bytes) => tellRaw(path, bytes),
      signal: interrupt.signal,
    });
    send({ kind: "read", result });
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    send({ kind: "failed", error: { code: error.code, detail: error.message, hint: error.hint, at: error.at } });
  }
}

parentPort?.on("message", (message: ToWorker) => {
  if (message.kind === "read") void read(message.item);
  else if (message.kind === "stop") interrupt.abort();
  else send({ kind: "finished", dump: retention.dump() });
});
