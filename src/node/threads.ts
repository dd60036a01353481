/** Reading threads: how many an input is worth, and their start. */
import { statSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";

/** Below so many bytes a thread takes longer to start than it helps, whatever is done with them. Units: bytes of text. */
const LEAST_BYTES = 64 * 1024 * 1024;

/** The same where the kernel reads them: one thread is through with so many before a second one has gained. */
const WORTH_BYTES = 400 * 1024 * 1024;

/** What logs are packed to, about: an eighth. */
const PACKED = /\.(?:gz|zst)$/i;
const UNPACKED_TIMES = 8;

/** What is to be read, and the user's word on it. */
export interface Reading {
  /** Units: bytes of text. */
  readonly bytes: number;
  /** A number of threads; undefined leaves it to the machine and to what they gain. */
  readonly asked: number | undefined;
  readonly decodesAll: boolean;
}

/** How many threads read, the calling one among them. */
export function threadsFor({ bytes, asked, decodesAll }: Reading): number {
  const least = asked === undefined && !decodesAll ? WORTH_BYTES : LEAST_BYTES;
  return bytes < least ? 1 : (asked ?? availableParallelism());
}

/** About how much text a stored file holds. Units: bytes. */
export function textBytes(path: string, stored: number): number {
  return PACKED.test(path) ? stored * UNPACKED_TIMES : stored;
}

/** Threads that have started, or are about to, and have no work yet. */
const waiting: Worker[] = [];

/**
 * Starts threads for files while the rest of the program is still being loaded: Node takes about as long for either.
 * Compressed files and folders are left out; threads for them start when it is known what there is to do.
 */
export async function startThreadsEarly(paths: readonly string[], asked: number | undefined): Promise<void> {
  const bytes = paths.reduce((sum, path) => sum + plainBytes(path), 0);
  const worth = Math.min(threadsFor({ bytes, asked, decodesAll: false }), Math.ceil(bytes / LEAST_BYTES));
  while (waiting.length < worth - 1) waiting.push(await startThread());
}

function plainBytes(path: string): number {
  if (PACKED.test(path)) return 0;
  try {
    const stats = statSync(path);
    return stats.isFile() ? stats.size : 0;
  } catch {
    // Whoever opens it says what is wrong with it.
    return 0;
  }
}

/** A thread that waits for its work. */
export async function takeThread(): Promise<Worker> {
  const thread = waiting.pop() ?? (await startThread());
  thread.ref();
  return thread;
}

/** Ends the threads that nobody took. */
export function dismissThreads(): void {
  for (const thread of waiting.splice(0)) void thread.terminate();
}

async function startThread(): Promise<Worker> {
  const { Worker } = await import("node:worker_threads");
  const thread = new Worker(new URL("./scan-worker.js", import.meta.url));
  // A run that ends without having had work for it does not wait for it.
  thread.unref();
  return thread;
}
