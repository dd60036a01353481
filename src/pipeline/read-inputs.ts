/** Reads inputs one after the other; other ways to read them have the same shape. */
import type { Source } from "../bytes/source.ts";
import type { NestedDocument } from "../event/document.ts";
import type { Retention } from "../findings/retention.ts";
import type { Prepared } from "./prepare.ts";
import { type InputResult, type OnBatch, scanInput } from "./scan-input.ts";

export interface ReadInputsContext {
  readonly prepared: Prepared;
  /** Takes the observations. */
  readonly retention: Retention;
  readonly onEvent?: ((document: NestedDocument) => void | Promise<void>) | undefined;
  /** Takes each batch once its events are complete, in order. */
  readonly onBatch?: OnBatch | undefined;
  /** Raw bytes of all inputs taken so far, and the input that is being read. */
  readonly onRaw?: ((path: string, bytes: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A way to read inputs. The results may come in any order. */
export type ReadInputs = (
  sources: readonly Source[],
  context: ReadInputsContext,
) => Promise<readonly InputResult[]>;

export const readInOrder: ReadInputs = async (sources, { onRaw, ...context }) => {
  const results: InputResult[] = [];
  let before = 0;
  for (const source of sources) {
    if (context.signal?.aborted) break;
    let current = 0;
    const told = (bytes: number): void => {
      current = bytes;
      onRaw?.(source.path, before + bytes);
    };
    results.push(await scanInput(source, { ...context, onRaw: told }));
    before += current;
  }
  return results;
};
