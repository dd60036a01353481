/** What a sink is: one file per output. In: rows, then the run's report. Out: text, piece by piece. */
import type { Advisory } from "../advisories/advisory.ts";
import type { ResponseTemplate } from "../advisories/responses.ts";
import type { Finding } from "../findings/finding.ts";
import type { EventDocument, MatchDocument, RunInfo, RunReport } from "../findings/run.ts";

/** One row of output, by what was asked to be emitted. */
export type Row =
  | { readonly kind: "finding"; readonly finding: Finding }
  | { readonly kind: "match"; readonly match: MatchDocument }
  | { readonly kind: "event"; readonly event: EventDocument };

/** Writes text; resolves when the reader is ready for more. */
export type Write = (text: string) => void | Promise<void>;

/** Content that outputs for people show beside the findings. */
export interface Guidance {
  readonly advisories: readonly Advisory[];
  readonly responses: readonly ResponseTemplate[];
}

export interface SinkContext {
  readonly write: Write;
  /** Columns of the terminal; Infinity when there is none. */
  readonly width: number;
  readonly color: boolean;
  readonly run: RunInfo;
  readonly guidance?: Guidance | undefined;
}

/** An open output. `close` is called once, also after a failure of the scan, with what is known by then. */
export interface SinkWriter {
  row(row: Row): void | Promise<void>;
  close(report: RunReport): void | Promise<void>;
}

export interface Sink {
  readonly name: string;
  readonly title: string;
  readonly mediaType: string;
  /** What it can show; a person's outputs show findings only. */
  readonly emits: readonly Row["kind"][];
  open(context: SinkContext): SinkWriter;
}

/** Declares a sink; gives types, nothing else. */
export function defineSink<const S extends Sink>(sink: S): S {
  return sink;
}
