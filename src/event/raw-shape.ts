/** RawShape: what a format's raw lines let the byte kernel rely on, before anything is decoded. */
import { isFramedObject } from "../bytes/json.ts";
import type { KernelFraming } from "../bytes/kernel-plan.ts";
import type { FieldName } from "./fields.ts";

/** The event fields that the kernel can type from raw bytes. */
export type RawField =
  | "source.ip"
  | "destination.ip"
  | "source.port"
  | "destination.port"
  | "network.application";

/** Where a raw value stands: under JSON keys, or in a column (zero-based). */
export interface RawPlace {
  readonly keys: readonly string[];
  readonly column: number;
  /** A line without it is not ruled out: it may be another kind of log. */
  readonly required: boolean;
}

/**
 * The pre-images of a format: every value of these fields comes from these places, as written there. A field without a
 * place may come from anywhere.
 */
export interface RawShape {
  readonly framing: KernelFraming;
  /** Fields that these lines can carry; a rule that needs another one cannot be met by them. */
  readonly carries: readonly FieldName[];
  readonly places: Readonly<Partial<Record<RawField, RawPlace | undefined>>>;
  /** Places that a line of the expected kind always has, besides the fields: without them it is decoded. */
  readonly required: readonly RawPlace[];
  /** A place that tells the kind of line: one without any of these texts there is decoded. */
  readonly kind?: { readonly place: RawPlace; readonly needles: readonly string[] } | undefined;
  /** The record may name server and client the other way round for reasons that its ports do not show. */
  readonly eitherWay: boolean;
  /** Lines with one of these texts in the place, or with any value but 0, are decoded whatever the rules say. */
  readonly marks: readonly { readonly place: RawPlace; readonly needles: readonly string[] | "any" }[];
}

/** Tells whether a line is framed so that the kernel could take it for a record, whatever it says. */
export function isFramedAs({ framing, required }: RawShape, line: string): boolean {
  switch (framing.kind) {
    case "json":
      return isFramedObject(line);
    case "csv":
      return hasParts(line, ",", framing.columns);
    case "key-value":
      return required.every(({ keys }) => keys.some((key) => line.includes(`${key}=`)));
    case "delimited":
      return hasParts(line, String.fromCharCode(framing.separator), framing.columns);
  }
}

function hasParts(line: string, separator: string, count: number): boolean {
  return line.split(separator, count).length === count;
}
