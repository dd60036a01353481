/**
 * The unit of Elastic's new_terms rules. A run at T looks at the documents of [T − look-back, T] and keeps a value
 * whose earliest document in [T − history, T] is later than T − look-back; the row is that document, once.
 * Missed runs are not caught up. What one run of the original raises at most is not applied but counted.
 */
import { durationMs, type NewTermsUnit } from "../../sigma/profile.ts";
import { countOf } from "../quantity.ts";
import { groupBy } from "../session.ts";
import {
  documentOf,
  placeText,
  type ReferenceMatch,
  type RunStretch,
  recordedEnds,
  type Unit,
  type UnitRow,
} from "./unit.ts";

interface Spans {
  readonly historyMs: number;
  readonly everyMs: number;
  readonly lookBackMs: number;
}

/** A document that a run raises for a value. */
interface Raised {
  readonly value: string;
  readonly match: ReferenceMatch;
  readonly runMs: number;
  /** Documents of the same value that no run raises, up to the next that is raised. */
  readonly silent: readonly ReferenceMatch[];
}

export const newTerms: Unit = (matches, { profile, runs }) => {
  const unit = profile.about.unit as NewTermsUnit;
  const spans = {
    historyMs: durationMs(unit.history),
    everyMs: durationMs(unit.every),
    lookBackMs: durationMs(unit.look_back),
  };
  const dated = matches.filter(({ reference }) => reference.storedMs !== undefined).sort(byStoredTime);
  const schedule = runs ?? simulated(dated, spans);
  const pairs = dated.flatMap((match) =>
    [...new Set(match.reference.columns[unit.field])].map((value) => ({ value: String(value), match })),
  );
  const raised = [...groupBy(pairs, ({ value }) => value)].flatMap(([value, same]) =>
    raise(
      value,
      same.map(({ match }) => match),
      schedule,
      spans,
    ),
  );
  raised.sort((a, b) => a.runMs - b.runMs || byStoredTime(a.match, b.match) || (a.value < b.value ? -1 : 1));
  return {
    rows: raised.map((one) => toRow(one, unit)),
    notes: [
      ...undatedNote(matches.length - dated.length),
      ...warmUpNote(runs, dated, unit),
      ...capNote(raised, unit),
    ],
  };
};

/** Goes through one value's documents in order of time. */
function raise(
  value: string,
  documents: readonly ReferenceMatch[],
  schedule: readonly RunStretch[],
  spans: Spans,
): readonly Raised[] {
  const raised: (Raised & { silent: ReferenceMatch[] })[] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const match of documents) {
    const ms = timeOf(match);
    const runMs = firstRun(schedule, spans.everyMs, {
      atLeast: ms,
      // The document before must have left the history, and this one must still be in the interval.
      after: before + spans.historyMs,
      before: ms + spans.lookBackMs,
    });
    if (runMs === undefined) raised.at(-1)?.silent.push(match);
    else raised.push({ value, match, runMs, silent: [] });
    before = ms;
  }
  return raised;
}

/** The first run at or after one time, after another, and before a third. */
function firstRun(
  schedule: readonly RunStretch[],
  everyMs: number,
  { atLeast, after, before }: { readonly atLeast: number; readonly after: number; readonly before: number },
): number | undefined {
  for (const { firstMs, lastMs } of schedule) {
    const least = Math.max(firstMs, atLeast);
    let run = firstMs + Math.ceil((least - firstMs) / everyMs) * everyMs;
    if (run <= after) run += (Math.floor((after - run) / everyMs) + 1) * everyMs;
    if (run <= lastMs && run < before) return run;
  }
  return undefined;
}

/** Runs at whole multiples of the interval since 1970, from the first document until the last has been looked at. */
function simulated(
  documents: readonly ReferenceMatch[],
  { everyMs, lookBackMs }: Spans,
): readonly RunStretch[] {
  const [first, last] = [documents[0], documents.at(-1)];
  if (first === undefined || last === undefined) return [];
  const firstMs = Math.ceil(timeOf(first) / everyMs) * everyMs;
  return [{ firstMs, lastMs: timeOf(last) + lookBackMs + everyMs }];
}

function toRow({ value, match, runMs, silent }: Raised, unit: NewTermsUnit): UnitRow {
  const run = new Date(runMs).toISOString();
  const { destination } = recordedEnds(match);
  const later =
    silent.length === 0
      ? ""
      : `; ${countOf(silent.length, "later document")} of ${value} raised nothing, to ${countOf(new Set(silent.map((one) => recordedEnds(one).destination.ip)).size, "address", "addresses")}`;
  return {
    identity: [value, documentOf(match), String(timeOf(match))],
    matches: [match],
    row: {
      event_id: match.reference.eventId ?? null,
      [unit.field.replaceAll(".", "_")]: value,
      "@timestamp": iso(match.start?.ms ?? timeOf(match)),
      run: run.replace(".000Z", "Z"),
      file: match.file,
      offset: match.offset,
      silent: silent.length,
    },
    reason: `${value} is new in ${unit.history}: its first document goes to ${placeText(destination)}${later}`,
  };
}

function undatedNote(count: number): readonly string[] {
  return count === 0 ? [] : [`${countOf(count, "match", "matches")} without a time: no run could see them`];
}

function warmUpNote(
  runs: readonly RunStretch[] | null,
  dated: readonly ReferenceMatch[],
  { history, every }: NewTermsUnit,
): readonly string[] {
  const [first] = dated;
  if (runs !== null || first === undefined) return [];
  const end = iso(timeOf(first) + durationMs(history));
  return [
    `runs are simulated every ${every} over the logs' own time with an empty history: until ${end} every value is new`,
  ];
}

function capNote(raised: readonly Raised[], { most_per_run }: NewTermsUnit): readonly string[] {
  const perRun = groupBy(raised, ({ runMs }) => String(runMs));
  const beyond = [...perRun.values()].reduce((sum, same) => sum + Math.max(0, same.length - most_per_run), 0);
  return beyond === 0
    ? []
    : [
        `${countOf(beyond, "row")} beyond the ${most_per_run} that one run raises at most; the original drops them`,
      ];
}

function byStoredTime(a: ReferenceMatch, b: ReferenceMatch): number {
  return timeOf(a) - timeOf(b) || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.offset - b.offset);
}

function timeOf({ reference }: ReferenceMatch): number {
  return reference.storedMs ?? Number.NaN;
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
