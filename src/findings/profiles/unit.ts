/** What a unit is: how a system makes its rows of the events that met its rule. One file per kind of unit. */
import type { Observation, ReferenceColumns } from "../observation.ts";
import type { Profile } from "./profile.ts";

/** An event that met a profile's rule. */
export interface ReferenceMatch extends Observation {
  readonly reference: ReferenceColumns;
}

/** A stretch of runs, both ends included. Units: UTC milliseconds. */
export interface RunStretch {
  readonly firstMs: number;
  readonly lastMs: number;
}

export interface UnitContext {
  readonly profile: Profile;
  /** Zone of the times that a row shows. */
  readonly timeZone: string;
  /** The search window, as text. */
  readonly window: string;
  /** When the rule ran; null simulates it over the logs' own time. */
  readonly runs: readonly RunStretch[] | null;
}

/** One row, not yet a finding. */
export interface UnitRow {
  /** What makes it itself, beside profile and rule. */
  readonly identity: readonly string[];
  /** What it stands for, in order of time; the first one speaks for it. */
  readonly matches: readonly ReferenceMatch[];
  readonly row: Readonly<Record<string, unknown>>;
  readonly reason: string;
}

export interface UnitRows {
  readonly rows: readonly UnitRow[];
  /** What a reader must know of the whole. */
  readonly notes: readonly string[];
}

/** Makes rows of matches, which come in order of time, file and offset. */
export type Unit = (matches: readonly ReferenceMatch[], context: UnitContext) => UnitRows;

/** A match's document as the original would name it: its own id, else its place. */
export function documentOf({ reference, file, offset }: ReferenceMatch): string {
  return reference.eventId ?? `${file}#${offset}`;
}

/** The ends of a match as its record has them. */
export function recordedEnds({ reference, source, destination }: ReferenceMatch) {
  return reference.swapped
    ? { source: destination, destination: { ...source, domain: undefined } }
    : { source, destination };
}

/** `10.1.2.3`, `8.8.8.8 port 445`. */
export function placeText({ ip, port }: { readonly ip: string; readonly port: number | undefined }): string {
  return port === undefined ? ip : `${ip} port ${port}`;
}
