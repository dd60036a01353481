/** Reads inputs in several threads, this one among them; what they find is the same for any number of them. */
import type { Source } from "../bytes/source.ts";
import { SallyportError } from "../errors.ts";
import { mergeTallies } from "../findings/account.ts";
import type { Prepared } from "../pipeline/prepare.ts";
import { type ReadInputs, type ReadInputsContext, readInOrder } from "../pipeline/read-inputs.ts";
import { type InputResult, whyNoKernel } from "../pipeline/scan-input.ts";
import { optimiseLater } from "./optimise.ts";
import { dismissThreads, takeThread, textBytes, threadsFor } from "./threads.ts";
import { cutWork, shapeAfter, takeWork } from "./work.ts";
import type { FromWorker, ToWorker, WorkerFacts, WorkItem, WorkResult } from "./worker-messages.ts";

/**
 * Makes a reader with a number of threads; without a number, there is one for every core. Small inputs, pipes, and
 * whatever must be seen in order, are read in this thread alone.
 */
export function readWithWorkers(asked: number | undefined): ReadInputs {
  return async (sources, context) => {
    const bytes = sources.reduce((sum, { path, size }) => sum + textBytes(path, size ?? 0), 0);
    const inOrder = context.onEvent !== undefined || context.onBatch !== undefined;
    const decodesAll = whyNoKernel(context) !== undefined;
    const count = threadsFor({ bytes, asked, decodesAll });
    if (count < 2 || inOrder) {
      dismissThreads();
      if (!decodesAll) optimiseLater();
      return readInOrder(sources, context);
    }
    const items = await cutWork(sources, count, context.prepared);
    const found = await findAll(items, Math.min(count, items.length), context);
    const pipes = await readInOrder(
      sources.filter(({ size }) => size === null),
      context,
    );
    return [...(await settle(sources, items, found, context)), ...pipes];
  };
}

/** Runs the threads until all items are taken. Shape: by the item's place. */
async function findAll(
  items: readonly WorkItem[],
  threads: number,
  context: ReadInputsContext,
): Promise<ReadonlyMap<number, WorkResult>> {
  const { prepared, onRaw, signal } = context;
  const next = new Int32Array(new SharedArrayBuffer(4));
  const found = new Map<number, WorkResult>();
  let done = 0;
  const take = (result: WorkResult): void => {
    const item = items[result.item];
    found.set(result.item, result);
    done +=
      item === undefined
        ? 0
        : item.part === undefined
          ? item.size
          : item.part.range.to - item.part.range.from;
    onRaw?.(item?.path ?? "", done);
  };
  let starting = threads;
  const started = (): void => {
    // Not before: what Node and the build keep of compiled code is for V8's own setting.
    if (--starting === 0 && whyNoKernel(context) === undefined) optimiseLater();
  };
  const facts = { compiled: prepared.compiled, items, next };
  const others = Array.from({ length: threads - 1 }, () => runWorker(facts, { started, take, signal }));
  dismissThreads();
  started();
  await Promise.all([...others, takeWork(items, next, prepared, signal, take)]);
  return found;
}

interface WorkerListener {
  /** It is loaded, and reads. */
  readonly started: () => void;
  readonly take: (found: WorkResult) => void;
  readonly signal: AbortSignal | undefined;
}

async function runWorker(facts: WorkerFacts, { started, take, signal }: WorkerListener): Promise<void> {
  const worker = await takeThread();
  const send = (message: ToWorker): void => worker.postMessage(message);
  const stop = (): void => send({ kind: "stop" });
  signal?.addEventListener("abort", stop, { once: true });
  return new Promise<void>((resolve, reject) => {
    worker.on("error", reject);
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "found") take(message.found);
      else if (message.kind === "failed") reject(revive(message.error));
      else if (message.kind === "started") started();
      else resolve();
    });
    send({ kind: "work", facts });
  }).finally(() => {
    signal?.removeEventListener("abort", stop);
    // Not waited for: it has nothing left to do.
    void worker.terminate();
  });
}

function revive({
  code,
  detail,
  at,
  hint,
}: Extract<FromWorker, { kind: "failed" }>["error"]): SallyportError {
  return new SallyportError(code, { detail, hint, ...(at === undefined ? {} : { at }) });
}

/** Puts the parts of each file together, and keeps their observations. */
async function settle(
  sources: readonly Source[],
  items: readonly WorkItem[],
  found: ReadonlyMap<number, WorkResult>,
  context: ReadInputsContext,
): Promise<readonly InputResult[]> {
  const results: InputResult[] = [];
  for (const source of sources) {
    const places = items.flatMap(({ path }, place) => (path === source.path ? [place] : []));
    const parts = places.flatMap((place) => found.get(place) ?? []);
    if (parts.length === 0) continue;
    if (turnsInside(source, items[places[0] ?? 0], parts, context.prepared)) {
      results.push(...(await readInOrder([source], context)));
      continue;
    }
    for (const { dump } of parts) context.retention.absorb(dump);
    results.push(merge(parts, places.length));
  }
  return results;
}

/** A header in the middle of a file changes what later lines mean: such a file is read again from its beginning. */
function turnsInside(
  source: Source,
  first: WorkItem | undefined,
  parts: readonly WorkResult[],
  prepared: Prepared,
): boolean {
  if (first?.part === undefined) return false;
  const expected = shapeAfter(source, first.part.primer, prepared);
  return parts.slice(0, -1).some(({ result }) => result.shapeAtEnd !== expected);
}

function merge(parts: readonly WorkResult[], wanted: number): InputResult {
  const tally = mergeTallies(parts.map(({ result }) => result.tally));
  if (parts.length < wanted && tally.status === "read") {
    tally.status = "incomplete";
    tally.reason = "interrupted";
  }
  return {
    tally,
    outside: parts.reduce((sum, { result }) => sum + result.outside, 0),
    present: [...new Set(parts.flatMap(({ result }) => result.present ?? []))].sort(),
  };
}
