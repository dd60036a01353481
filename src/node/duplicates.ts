/** Identical content given twice, `x.log` beside `x.log.gz`, is found before the scan and read once. */
import { type Source, SourceError } from "../bytes/source.ts";

/** Contents that differ at all mostly differ this early. Units: plain bytes. */
const HEAD_BYTES = 1024 * 1024;

export interface DuplicateSource {
  readonly path: string;
  /** The path of the source that is read in its place. */
  readonly of: string;
}

export interface SplitSources {
  readonly unique: readonly Source[];
  readonly duplicates: readonly DuplicateSource[];
}

/**
 * Sets aside sources whose plain content equals that of one before them. What can be read only once, is empty, or
 * cannot be read whole is never a duplicate.
 * Shape: the order of the sources is kept; of equal ones the first stays.
 */
export async function splitDuplicates(sources: readonly Source[]): Promise<SplitSources> {
  const original = await findOriginals(sources);
  return {
    unique: sources.filter((source) => !original.has(source)),
    duplicates: [...original].map(([{ path }, of]) => ({ path, of: of.path })),
  };
}

/** For every duplicate, in the order of the sources, the source that it repeats. */
async function findOriginals(sources: readonly Source[]): Promise<Map<Source, Source>> {
  const originals = new Map<Source, Source>();
  const files = sources.filter((source) => source.size !== null && source.size > 0);
  if (files.length < 2) return originals;
  const alike = (await groupBy(files, HEAD_BYTES)).filter((group) => group.length > 1);
  for (const group of alike) {
    for (const [first, ...others] of await groupBy(group, Number.POSITIVE_INFINITY)) {
      if (first !== undefined) for (const other of others) originals.set(other, first);
    }
  }
  return new Map([...originals].sort(([a], [b]) => sources.indexOf(a) - sources.indexOf(b)));
}

/** Groups of sources with equal beginnings. Units: `limit` in plain bytes. */
async function groupBy(sources: readonly Source[], limit: number): Promise<Source[][]> {
  const groups = new Map<string, Source[]>();
  for (const source of sources) {
    const hash = await hashOf(source, limit);
    if (hash === undefined) continue;
    const group = groups.get(hash);
    if (group === undefined) groups.set(hash, [source]);
    else group.push(source);
  }
  return [...groups.values()];
}

/** Shape: undefined when there is nothing to compare: no content, or it cannot be read. */
async function hashOf(source: Source, limit: number): Promise<string | undefined> {
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256");
  let total = 0;
  try {
    for await (const chunk of source.open()) {
      hash.update(chunk.subarray(0, limit - total));
      total += chunk.length;
      if (total >= limit) break;
    }
  } catch (error) {
    if (error instanceof SourceError) return undefined;
    throw error;
  }
  return total === 0 ? undefined : hash.digest("hex");
}
