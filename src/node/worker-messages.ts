/** What the main thread and the reading threads share, and what they say to each other. */
import type { ErrorCode, ErrorPlace } from "../errors.ts";
import type { RetentionDump } from "../findings/retention.ts";
import type { CompiledRequest } from "../pipeline/compile-request.ts";
import type { InputResult } from "../pipeline/scan-input.ts";
import type { ByteRange } from "./read-range.ts";

/** A file, or a range of one. */
export interface WorkItem {
  readonly path: string;
  readonly named: boolean;
  /** Units: bytes as stored. */
  readonly size: number;
  /** Absent for a file that is read whole. */
  readonly part?: { readonly range: ByteRange; readonly primer: readonly string[] } | undefined;
}

/** What became of an item. */
export interface WorkResult {
  readonly item: number;
  readonly result: InputResult;
  readonly dump: RetentionDump;
}

/** What a thread works on. Shape: `next` is one shared counter, the place of the item that is to be taken next. */
export interface WorkerFacts {
  readonly compiled: CompiledRequest;
  readonly items: readonly WorkItem[];
  readonly next: Int32Array<SharedArrayBuffer>;
}

export type ToWorker = { readonly kind: "work"; readonly facts: WorkerFacts } | { readonly kind: "stop" };

export type FromWorker =
  | { readonly kind: "started" }
  | { readonly kind: "found"; readonly found: WorkResult }
  | { readonly kind: "finished" }
  | {
      readonly kind: "failed";
      readonly error: {
        readonly code: ErrorCode;
        readonly detail: string;
        readonly hint: string;
        readonly at: ErrorPlace | undefined;
      };
    };
