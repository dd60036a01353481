// What a second thread gains on this machine at its best: two busy loops at once against one.
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker } from "node:worker_threads";

const SELF = fileURLToPath(import.meta.url);
/** About half a second of work. */
const STEPS = 5e8;

/** Two threads' work over one thread's in the same time: 2 on two idle cores, 1 on one. */
export async function busyGain() {
  const one = await busySeconds(1);
  const two = await busySeconds(2);
  return (2 * one) / two;
}

// Each thread says when it is ready, so that its start is not counted.
async function busySeconds(threads) {
  const workers = Array.from({ length: threads }, () => new Worker(SELF));
  await Promise.all(workers.map((worker) => answer(worker)));
  const start = performance.now();
  await Promise.all(
    workers.map((worker) => {
      worker.postMessage("go");
      return answer(worker);
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  await Promise.all(workers.map((worker) => worker.terminate()));
  return seconds;
}

function answer(worker) {
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

function spin() {
  let state = 1;
  for (let step = 0; step < STEPS; step++) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return state;
}

if (!isMainThread && parentPort !== null) {
  parentPort.on("message", () => parentPort.postMessage(spin()));
  parentPort.postMessage("ready");
}
