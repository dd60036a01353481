/** Look-ups in the list of formats: a format by its name, every dataset by its name. */
import { SallyportError } from "../errors.ts";
import type { DatasetTable } from "../event/dataset.ts";
import type { Format } from "./format.ts";
import { FORMATS } from "./index.ts";

/**
 * Finds a format by its name.
 * Errors: format_unknown, with the nearest name when it is near.
 */
export function formatByName(name: string): Format {
  const format = FORMATS.find((known) => known.name === name.toLowerCase());
  if (format !== undefined) return format;
  const near = nearestName(name.toLowerCase());
  const hint =
    near === undefined ? {} : { hint: `Did you mean '${near}'? 'sallyport formats' lists them all.` };
  throw new SallyportError("format_unknown", { detail: `There is no log format '${name}'`, ...hint });
}

/** Every dataset of every format, by name. Formats that share a dataset share its row. */
export function datasetTable(): DatasetTable {
  return new Map(FORMATS.flatMap((format) => Object.entries(format.datasets)));
}

/** Three letters may be wrong, or the start of a longer name given. */
function nearestName(name: string): string | undefined {
  const byDistance = FORMATS.map((format) => ({
    name: format.name,
    distance: format.name.startsWith(name) ? 1 : editDistance(name, format.name),
  })).sort((a, b) => a.distance - b.distance);
  const [near] = byDistance;
  return near !== undefined && near.distance <= 3 ? near.name : undefined;
}

/** Levenshtein distance, one row at a time. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
