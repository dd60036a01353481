/**
 * The unit of an aggregating Splunk search: rows by a key, with the earliest and latest time, a count, and the
 * distinct values of some columns sorted as text. The row filter has been applied before; that is how tstats does it.
 */
import type { RowsUnit } from "../../sigma/profile.ts";
import { countOf } from "../quantity.ts";
import { groupBy } from "../session.ts";
import { clockText } from "../zone.ts";
import { placeText, type ReferenceMatch, recordedEnds, type Unit, type UnitRow } from "./unit.ts";

type Cell = string | number | null;

/** A match under one combination of its key's values. */
interface Keyed {
  readonly key: readonly Cell[];
  readonly match: ReferenceMatch;
}

export const rows: Unit = (matches, { profile, timeZone, window }) => {
  const unit = profile.about.unit as RowsUnit;
  const keyed = matches.flatMap((match) => keysOf(match, unit).map((key): Keyed => ({ key, match })));
  const lost = matches.length - new Set(keyed.map(({ match }) => match)).size;
  const clock = clockText(timeZone);
  const groups = [...groupBy(keyed, ({ key }) => JSON.stringify(key)).values()];
  const annotations = { ...profile.about.annotations };
  return {
    rows: groups.map((group) => toRow(group, { unit, clock, window, annotations })),
    notes:
      lost === 0 ? [] : [`${countOf(lost, "match", "matches")} without ${unit.key.join(", ")}: in no row`],
  };
};

/** Every combination of the key's values; none where a column that must be there is not. */
function keysOf(match: ReferenceMatch, unit: RowsUnit): readonly (readonly Cell[])[] {
  return unit.by.reduce<readonly (readonly Cell[])[]>(
    (keys, column) => {
      const cells = cellsOf(match, column, unit);
      if (cells.length > 0) return keys.flatMap((key) => cells.map((cell) => [...key, cell]));
      return unit.key.includes(column) ? [] : keys.map((key) => [...key, null]);
    },
    [[]],
  );
}

function cellsOf(
  { reference }: ReferenceMatch,
  column: string,
  { fill }: RowsUnit,
): readonly (string | number)[] {
  const cells = reference.columns[column] ?? [];
  const filled = fill[column];
  return cells.length === 0 && filled !== undefined ? [filled] : cells;
}

interface RowContext {
  readonly unit: RowsUnit;
  readonly clock: (utcMs: number) => string;
  readonly window: string;
  readonly annotations: Readonly<Record<string, unknown>>;
}

function toRow(group: readonly Keyed[], { unit, clock, window, annotations }: RowContext): UnitRow {
  const matches = group.map(({ match }) => match);
  const key = group[0]?.key ?? [];
  const times = matches.flatMap(({ start }) => start?.ms ?? []);
  const shown = (ms: number | undefined): string | null => (ms === undefined ? null : clock(ms));
  const row: Record<string, unknown> = {
    [unit.first]: shown(
      times.reduce<number | undefined>((a, b) => (a === undefined || b < a ? b : a), undefined),
    ),
    [unit.last]: shown(
      times.reduce<number | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined),
    ),
    count: matches.length,
  };
  unit.by.forEach((column, at) => {
    row[column] = key[at] ?? null;
  });
  for (const column of unit.values) {
    const texts = matches.flatMap((match) => cellsOf(match, column, unit).map(String));
    row[column] = [...new Set(texts)].sort();
  }
  for (const [from, to] of Object.entries(unit.rename)) {
    row[to] = row[from];
    delete row[from];
  }
  const identity = [...key.map((cell) => JSON.stringify(cell)), ...(unit.one_per_window ? [window] : [])];
  return {
    identity,
    matches,
    row: { ...row, ...objectsOf(row, unit), annotations },
    reason: reasonOf(matches, unit),
  };
}

function objectsOf(row: Readonly<Record<string, unknown>>, { risk_object, threat_object }: RowsUnit) {
  return {
    ...(risk_object === undefined ? {} : { risk_object: { field: risk_object, value: row[risk_object] } }),
    ...(threat_object === undefined
      ? {}
      : { threat_object: { field: threat_object, value: row[threat_object] } }),
  };
}

function reasonOf(matches: readonly ReferenceMatch[], unit: RowsUnit): string {
  const ends = matches.map(recordedEnds);
  const [first] = ends;
  const places = [...new Set(ends.map(({ destination }) => placeText(destination)))].sort();
  const shown = places.slice(0, 3).join(", ");
  const more = places.length > 3 ? ` and ${places.length - 3} more` : "";
  const by = unit.by.length === 1 ? `one row by ${unit.by.join()}` : `one row by ${unit.by.length} columns`;
  return `${first?.source.ip ?? "unknown"} to ${shown}${more}: ${by} of ${countOf(matches.length, "event")}`;
}
