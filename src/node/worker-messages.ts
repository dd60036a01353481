/** What the main thread and a reading thread say to each other. */
import type { ErrorCode, ErrorPlace } from "../errors.ts";
import type { RetentionDump } from "../findings/retention.ts";
import type { ScanRequest } from "../pipeline/request.ts";
import type { InputResult } from "../pipeline/scan-input.ts";

export interface WorkerFacts {
  readonly request: ScanRequest;
}

/** A file to read. */
export interface WorkItem {
  readonly path: string;
  readonly named: boolean;
}

export type ToWorker =
  | { readonly kind: "read"; readonly item: WorkItem }
  | { readonly kind: "stop" }
  | { readonly kind: "finish" };

export type FromWorker =
  | { readonly kind: "raw"; readonly path: string; readonly bytes: number }
  | { readonly kind: "read"; readonly result: InputResult }
  | { readonly kind: "finished"; readonly dump: RetentionDump }
  | {
      readonly kind: "failed";
      readonly error: {
        readonly code: ErrorCode;
        readonly detail: string;
        readonly hint: string;
        readonly at: ErrorPlace | undefined;
      };
    };
