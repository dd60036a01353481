/** From what the user named to the inputs to read: files, folders, patterns and standard input. */
import type { Stats } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { posix, sep } from "node:path";
import type { Compression, RawProgress, Room, Source } from "../bytes/source.ts";
import { decompress } from "./decompress.ts";
import { expandGlob, isGlob } from "./glob.ts";
import { describeFileError, readFileChunks, readStdinChunks } from "./read-file.ts";

/** Standard input, as it is written on the command line and in every output. */
const STDIN_PATH = "-";

export interface ResolveOptions {
  /** Gives standard input its year. Units: milliseconds since 1970, UTC. */
  readonly now: number;
  readonly stdin: AsyncIterable<Uint8Array>;
}

/** Something the user named, or a folder below it, that cannot be read. */
export interface MissingInput {
  readonly path: string;
  readonly reason: string;
}

export interface ResolvedInputs {
  /** By path, in code-unit order; each file once. */
  readonly sources: readonly Source[];
  readonly missing: readonly MissingInput[];
}

/**
 * Finds the inputs. Folders are walked to the bottom; names that begin with a dot, and whatever is no file, are
 * left out there, and so are links that lead nowhere or to what was found already. A name that exists is never
 * taken for a pattern.
 * Errors: none are thrown; what cannot be found or listed is in `missing`.
 */
export async function resolveSources(
  inputs: readonly string[],
  options: ResolveOptions,
): Promise<ResolvedInputs> {
  const search = new Search();
  for (const input of [...inputs].sort()) {
    if (input !== STDIN_PATH) await search.add(forwardSlashes(input));
  }
  await search.followLinks();
  const files = search.uniqueFiles().map((found) => fileSource(found, options.now));
  const sources = inputs.includes(STDIN_PATH) ? [...files, stdinSource(options)] : files;
  return { sources: sources.sort(byPath), missing: search.missingInputs() };
}

interface FoundFile {
  readonly path: string;
  readonly realPath: string;
  readonly named: boolean;
  readonly linked: boolean;
  readonly stats: Stats;
}

interface Place {
  readonly path: string;
  readonly named: boolean;
  /** Reached through a link; such places are visited last, so that a file goes by its own path. */
  readonly linked: boolean;
}

/** The state of finding: what was found, what was not, and the folders seen (links may lead in circles). */
class Search {
  readonly #files: FoundFile[] = [];
  readonly #missing = new Map<string, string>();
  readonly #folders = new Set<string>();
  readonly #links: Place[] = [];

  async add(input: string): Promise<void> {
    if (!isGlob(input) || (await exists(input))) return await this.#addNamed(input);
    const matches = await expandGlob(input);
    if (matches.length === 0) this.#missing.set(input, "no file matches the pattern");
    for (const match of matches) await this.#addNamed(match);
  }

  async followLinks(): Promise<void> {
    // Links found on the way are followed too: the next round has them.
    for (let links = this.#takeLinks(); links.length > 0; links = this.#takeLinks()) {
      for (const link of links) await this.#visitAll(link);
    }
  }

  /** One entry for each file: the named before the walked, the file's own path before a link to it, then by path. */
  uniqueFiles(): FoundFile[] {
    const preferred = [...this.#files].sort((a, b) => {
      return Number(b.named) - Number(a.named) || Number(a.linked) - Number(b.linked) || byPath(a, b);
    });
    const unique = new Map<string, FoundFile>();
    for (const file of preferred) {
      if (!unique.has(file.realPath)) unique.set(file.realPath, file);
    }
    return [...unique.values()];
  }

  missingInputs(): MissingInput[] {
    return [...this.#missing].map(([path, reason]) => ({ path, reason })).sort(byPath);
  }

  #takeLinks(): Place[] {
    return this.#links.splice(0).sort(byPath);
  }

  async #addNamed(input: string): Promise<void> {
    const path = input === "" ? "" : posix.normalize(input).replace(/(?<=.)\/$/, "");
    await this.#visitAll({ path, named: true, linked: false });
  }

  async #visitAll(start: Place): Promise<void> {
    const open = [start];
    for (let place = open.pop(); place !== undefined; place = open.pop()) {
      const reason = await this.#visit(place, open);
      if (reason !== undefined && !place.linked) this.#missing.set(place.path, reason);
    }
  }

  /** Shape: why the place cannot be read, if so. */
  async #visit(place: Place, open: Place[]): Promise<string | undefined> {
    try {
      const stats = await stat(place.path);
      if (stats.isDirectory()) await this.#walk(place, open);
      else if (stats.isFile() || (place.named && !stats.isSocket())) await this.#found(place, stats);
      else if (place.named) return "it is a socket";
      return undefined;
    } catch (error) {
      return describeFileError(error);
    }
  }

  async #found(place: Place, stats: Stats): Promise<void> {
    // A pipe has no path of its own to follow.
    const realPath = await realpath(place.path).catch(() => place.path);
    this.#files.push({ ...place, realPath, stats });
  }

  async #walk(place: Place, open: Place[]): Promise<void> {
    const real = await realpath(place.path);
    if (this.#folders.has(real)) return;
    this.#folders.add(real);
    for (const entry of await readdir(place.path, { withFileTypes: true })) {
      if (entry.name.startsWith(".")) continue;
      const path = posix.join(place.path, entry.name);
      if (entry.isSymbolicLink()) this.#links.push({ path, named: false, linked: true });
      else open.push({ path, named: false, linked: place.linked });
    }
  }
}

/** Opens again, in another thread, a file that was found before. Errors: that of stat, when it is gone. */
export async function reopenSource(path: string, named: boolean, now: number): Promise<Source> {
  return fileSource({ path, named, stats: await stat(path) }, now);
}

function fileSource(
  { path, named, stats }: Pick<FoundFile, "path" | "named" | "stats">,
  now: number,
): Source {
  const regular = stats.isFile();
  return createSource({
    path,
    named,
    year: new Date(regular ? stats.mtimeMs : now).getUTCFullYear(),
    size: regular ? stats.size : null,
    read: (room) => readFileChunks(path, room),
  });
}

function stdinSource({ now, stdin }: ResolveOptions): Source {
  return createSource({
    path: STDIN_PATH,
    named: true,
    year: new Date(now).getUTCFullYear(),
    size: null,
    read: () => readStdinChunks(stdin),
  });
}

interface StoredInput extends Omit<Source, "compression" | "open"> {
  read(room?: Room): AsyncIterable<Uint8Array>;
}

function createSource({ read, ...facts }: StoredInput): Source {
  let compression: Compression | null = null;
  // Only of plain bytes is what is stored what is read.
  const roomWhilePlain = (room: Room | undefined): Room | undefined =>
    room && (() => (compression === null ? room() : undefined));
  return {
    ...facts,
    get compression() {
      return compression;
    },
    open: (onRaw, room) => {
      const stored = read(roomWhilePlain(room));
      return decompress(onRaw === undefined ? stored : counted(stored, onRaw), (kind) => {
        compression = kind;
      });
    },
  };
}

async function* counted(chunks: AsyncIterable<Uint8Array>, onRaw: RawProgress): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    onRaw(total);
    yield chunk;
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

function forwardSlashes(path: string): string {
  return sep === "\\" ? path.replaceAll("\\", "/") : path;
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : Number(a.path > b.path);
}
