/** The inputs of a command: what is named, or the pipe it stands in, and what of it can be read. */
import type { Source } from "../bytes/source.ts";
import { SallyportError } from "../errors.ts";
import { splitDuplicates } from "../node/duplicates.ts";
import { resolveSources } from "../node/sources.ts";
import type { ScanRequest } from "../pipeline/request.ts";
import type { UnreadInput } from "../scan.ts";
import { withoutOutput } from "./output.ts";

/** Without an input, a pipe is read; a terminal would wait for ever. Errors: usage. */
export function inputsOrPipe(inputs: readonly string[], command: string): readonly string[] {
  if (inputs.length > 0) return inputs;
  if (process.stdin.isTTY !== true) return ["-"];
  throw new SallyportError("usage", {
    detail: "No input is named",
    hint: `Name files, folders or globs, or '-' for standard input: sallyport ${command} /var/log/zeek`,
  });
}

/** Standard input, opened when it is read: that takes longer than to read a small file. */
const STDIN: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator](),
};

/** What a command is to read, and what it cannot or need not read. */
export interface GatheredInputs {
  readonly sources: readonly Source[];
  /** What is not there, and what repeats another source. */
  readonly unread: readonly UnreadInput[];
}

/**
 * Finds the sources behind the inputs; each content once, and never the file that is being written.
 * Errors: SallyportError, for a glob that cannot be read.
 */
export async function gatherInputs(
  inputs: readonly string[],
  { nowMs }: Pick<ScanRequest, "nowMs">,
  out?: string,
): Promise<GatheredInputs> {
  const { sources, missing } = await resolveSources(inputs, { now: nowMs, stdin: STDIN });
  const { unique, duplicates } = await splitDuplicates(await withoutOutput(sources, out));
  return {
    sources: unique,
    unread: [
      ...missing.map(({ path, reason }): UnreadInput => ({ path, status: "unreadable", reason })),
      ...duplicates.map(
        ({ path, of }): UnreadInput => ({ path, status: "duplicate", reason: `the same content as ${of}` }),
      ),
    ],
  };
}
