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
  /** Raw bytes of an input taken so far. */
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
  for (const source of sources) {
    if (context.signal?.aborted) break;
    results.push(await scanInput(source, { ...context, onRaw: (bytes) => onRaw?.(source.path, bytes) }));
  }
  return results;
};
