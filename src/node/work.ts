/** Work that threads share: files and ranges of files, taken one after the other by a common counter. */
import type { Source } from "../bytes/source.ts";
import { createRetention } from "../findings/retention.ts";
import type { Prepared } from "../pipeline/prepare.ts";
import { expectedShape } from "../pipeline/read-events.ts";
import { routerFor, scanInput } from "../pipeline/scan-input.ts";
import { type ByteRange, openRange } from "./read-range.ts";
import { reopenSource } from "./sources.ts";
import type { WorkItem, WorkResult } from "./worker-messages.ts";

/**
 * How much of a file one turn takes: much at first, since each turn has its price, and little at the end, so that the
 * threads end together. Units: bytes.
 */
const MOST_BYTES = 64 * 1024 * 1024;
const LEAST_BYTES = 4 * 1024 * 1024;

/** Smaller files are not divided. Units: bytes. */
const WHOLE_BYTES = 32 * 1024 * 1024;

/** How much of a file's beginning is looked at. Units: bytes. */
const PRIMER_BYTES = 64 * 1024;

/**
 * Cuts the files into items for so many threads, in order. Files whose lines do not stand alone, and compressed ones,
 * stay whole.
 */
export async function cutWork(
  sources: readonly Source[],
  threads: number,
  prepared: Prepared,
): Promise<readonly WorkItem[]> {
  const items: WorkItem[] = [];
  for (const source of sources) {
    const { path, named, size } = source;
    if (size === null) continue;
    const primer = size < WHOLE_BYTES ? undefined : await primerOf(source, prepared);
    if (primer === undefined) items.push({ path, named, size });
    else
      for (const range of rangesOf(size, threads)) items.push({ path, named, size, part: { range, primer } });
  }
  return items;
}

/** What the lines of a file are expected to be once its first lines are known. */
export function shapeAfter(
  source: Source,
  primer: readonly string[],
  prepared: Prepared,
): string | undefined {
  return expectedShape(routerFor({ ...source, part: { start: 1, primer } }, prepared));
}

/**
 * Takes items until there are none, and gives what was found of each.
 * Shape: `next` is shared by all threads.
 */
export async function takeWork(
  items: readonly WorkItem[],
  next: Int32Array<SharedArrayBuffer>,
  prepared: Prepared,
  signal: AbortSignal | undefined,
  onFound: (found: WorkResult) => void,
): Promise<void> {
  const opened = new Map<string, Source>();
  for (;;) {
    const place = Atomics.add(next, 0, 1);
    const item = items[place];
    if (item === undefined || signal?.aborted) return;
    const retention = createRetention(prepared.request.detailLimit);
    const source = await sourceOf(item, prepared.request.nowMs, opened);
    const result = await scanInput(source, { prepared, retention, signal });
    onFound({ item: place, result, dump: retention.dump() });
  }
}

/** The source of an item; a file in parts is looked at once by each thread. */
async function sourceOf(
  { path, named, part }: WorkItem,
  nowMs: number,
  opened: Map<string, Source>,
): Promise<Source> {
  const whole = opened.get(path) ?? (await reopenSource(path, named, nowMs));
  if (part === undefined) return whole;
  opened.set(path, whole);
  const { start, chunks } = openRange(path, part.range);
  return { ...whole, part: { start, primer: part.primer }, open: (_, room) => chunks(room) };
}

async function primerOf(source: Source, prepared: Prepared): Promise<readonly string[] | undefined> {
  const bytes = new Uint8Array(PRIMER_BYTES);
  let length = 0;
  try {
    for await (const chunk of source.open()) {
      const taken = chunk.subarray(0, PRIMER_BYTES - length);
      bytes.set(taken, length);
      length += taken.length;
      if (length === PRIMER_BYTES) break;
    }
  } catch {
    // The scan itself reads the file again, and reports what is wrong with it.
    return undefined;
  }
  if (source.compression !== null) return undefined;
  const lines = new TextDecoder().decode(bytes.subarray(0, length)).split("\n").slice(0, -1);
  return shapeAfter(source, lines, prepared) === undefined ? undefined : lines;
}

function rangesOf(size: number, threads: number): readonly ByteRange[] {
  const ranges: ByteRange[] = [];
  for (let from = 0; from < size; ) {
    const share = Math.floor((size - from) / (2 * threads));
    const to = Math.min(from + Math.min(Math.max(share, LEAST_BYTES), MOST_BYTES), size);
    ranges.push({ from, to });
    from = to;
  }
  return ranges;
}
