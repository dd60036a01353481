/** NetworkEvent: one record of any log, in ECS names. EventBatch: what flows between the stages. */
import type { ProblemCode } from "../errors.ts";
import type { FieldName, FieldValue } from "./fields.ts";

/**
 * One row of a log, by the source's own field names.
 * Shape: `get` takes a name as the source writes it; nested objects are reached by dots, and a key that
 * itself contains dots wins over nesting.
 */
export interface LogRecord {
  get(name: string): unknown;
  /** Every field of the record, flattened, in the record's order. */
  entries(): Iterable<readonly [name: string, value: unknown]>;
}

/** The fields of an event. Absent fields are undefined, never null or "". */
export type EventFields = { -readonly [F in FieldName]?: FieldValue<F> | undefined };

/**
 * A record in ECS names, oriented client to server once `deriveFields` has seen it.
 * Units: bytes and packets as integers; `offset` in decompressed bytes.
 */
export interface NetworkEvent extends EventFields {
  /** The format that made the event: a key of the formats list. */
  readonly format: string;
  /** The key of the format's datasets that the event belongs to; `event.dataset` may say more. */
  readonly dataset: string;
  readonly record: LogRecord;
  /** What was absent or doubtful; counted by the pipeline. */
  problems?: ProblemCode[] | undefined;
  /** Where the record begins; set by the reader. */
  offset: number;
}

/** A batch of events of one input. Valid until the next pull. */
export interface EventBatch {
  readonly file: string;
  readonly events: readonly NetworkEvent[];
}

/** Notes a quality problem on an event. */
export function noteProblem(event: NetworkEvent, code: ProblemCode): void {
  if (event.problems === undefined) event.problems = [code];
  else if (!event.problems.includes(code)) event.problems.push(code);
}
