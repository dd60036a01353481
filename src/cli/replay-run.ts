/** Runs a data set: each case under each profile it is checked with, and what was expected beside what was found. */

import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { SallyportError } from "../errors.ts";
import { getPath } from "../event/record.ts";
import { readText } from "../node/content.ts";
import type { DataSet, DataSetCase, DataSetCheck, ExpectedRow } from "../node/data-set.ts";
import { resolveSources } from "../node/sources.ts";
import { defaultRequest, type ScanRequest } from "../pipeline/request.ts";
import { scan } from "../scan.ts";
import type { Row } from "../sinks/sink.ts";
import { chooseProfiles } from "./request.ts";

type Found = Readonly<Record<string, unknown>>;

/** A value that is not what it should be. */
export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** One expectation: met, missed, or missed with a row that comes near. */
export interface Expectation {
  readonly title: string;
  readonly row: Readonly<Record<string, unknown>>;
  readonly met: boolean;
  /** Of the nearest row that nobody else expects; none where no row shares its first value. */
  readonly differences: readonly Difference[];
}

/** One case under one profile. */
export interface ReplayResult {
  readonly dataset: string;
  readonly case: string;
  readonly profile: string;
  readonly emit: DataSetCheck["emit"];
  readonly expectations: readonly Expectation[];
  /** Rows that nobody expects, in a few words each. */
  readonly tooMany: readonly string[];
}

/** Runs a data set; `profiles` leaves out the checks of all others. Errors: SallyportError. */
export async function replay(
  dataSet: DataSet,
  profiles?: readonly string[],
): Promise<readonly ReplayResult[]> {
  refuseStrays(dataSet);
  const results: ReplayResult[] = [];
  for (const check of dataSet.checks) {
    if (profiles !== undefined && !profiles.includes(check.profile)) continue;
    for (const one of dataSet.cases) {
      if (check.cases === undefined || check.cases.includes(one.name))
        results.push(await runCase(dataSet, one, check));
    }
  }
  return results;
}

/** An expectation that no check looks at would pass unseen. */
function refuseStrays({ checks, cases, expected, folder }: DataSet): void {
  const isSeen = (row: ExpectedRow): boolean =>
    cases.some(({ name }) => name === row.case) &&
    checks.some(
      (check) =>
        check.profile === row.profile && check.emit === row.emit && (check.cases?.includes(row.case) ?? true),
    );
  const stray = expected.find((row) => !isSeen(row));
  if (stray === undefined) return;
  throw new SallyportError("dataset_invalid", {
    detail: `No check looks at the expectation "${stray.title}" (case ${stray.case}, profile ${stray.profile}, ${stray.emit})`,
    at: { file: folder },
  });
}

async function runCase(dataSet: DataSet, one: DataSetCase, check: DataSetCheck): Promise<ReplayResult> {
  const found = await findRows(dataSet, one, check);
  const expected = dataSet.expected.filter(
    (row) => row.case === one.name && row.profile === check.profile && row.emit === check.emit,
  );
  const free = new Set(found);
  const met = expected.map(({ row }) => {
    const fitting = [...free].find((document) => differences(row, document).length === 0);
    if (fitting !== undefined) free.delete(fitting);
    return fitting !== undefined;
  });
  const expectations = expected.map(({ title, row }, at): Expectation => {
    return { title, row, met: met[at] === true, differences: met[at] === true ? [] : nearest(row, free) };
  });
  return {
    dataset: dataSet.name,
    case: one.name,
    profile: check.profile,
    emit: check.emit,
    expectations,
    tooMany: [...free].map((document) => describe(document)),
  };
}

async function findRows(dataSet: DataSet, one: DataSetCase, check: DataSetCheck): Promise<readonly Found[]> {
  const request = await requestOf(dataSet, one, check);
  const inputs = one.inputs.map((input) => join(dataSet.folder, input));
  const { sources, missing } = await resolveSources(inputs, { now: request.nowMs, stdin: nothing() });
  const [first] = missing;
  if (first !== undefined) {
    throw new SallyportError("input_missing", {
      detail: `${dataSet.name}: ${first.path}: ${first.reason}`,
      hint: "The logs of some data sets are in the source repository only; see the data set's README.",
    });
  }
  const found: Found[] = [];
  const keep = (row: Row): void => {
    found.push(
      (row.kind === "finding" ? row.finding : row.kind === "match" ? row.match : row.event) as Found,
    );
  };
  await scan(sources, request, { openSink: () => ({ row: keep, close: () => {} }) });
  return found;
}

async function requestOf(
  dataSet: DataSet,
  { runs }: DataSetCase,
  { profile, emit }: DataSetCheck,
): Promise<ScanRequest> {
  const beside = async (file: string | undefined) =>
    file === undefined ? null : await readText(join(dataSet.folder, file));
  return {
    ...defaultRequest([], Date.parse(dataSet.now)),
    ...(await chooseProfiles([profile])),
    emit,
    formats: dataSet.format === undefined ? [] : [{ name: dataSet.format }],
    site: await beside(dataSet.site),
    assets: await beside(dataSet.assets),
    runs: runs?.map(({ first, last }) => ({ firstMs: Date.parse(first), lastMs: Date.parse(last) })) ?? null,
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function differences(row: ExpectedRow["row"], found: Found): readonly Difference[] {
  return Object.entries(row).flatMap(([path, expected]) => {
    const value = valueAt(found, path);
    return isDeepStrictEqual(value, expected) ? [] : [{ path, expected, found: value ?? null }];
  });
}

/** Null and absent are one and the same in an expectation. */
function valueAt(found: Found, path: string): unknown {
  return getPath(found, path) ?? null;
}

/** What separates an expectation from the row that has its first value and differs least. */
function nearest(row: ExpectedRow["row"], free: ReadonlySet<Found>): readonly Difference[] {
  const [identity] = Object.entries(row);
  if (identity === undefined) return [];
  const [path, value] = identity;
  const near = [...free].filter((document) => isDeepStrictEqual(valueAt(document, path), value));
  const [best] = near.map((document) => differences(row, document)).sort((a, b) => a.length - b.length);
  return best ?? [];
}

const DESCRIBING = [
  "rule.id",
  "event.event.id",
  "row.event_id",
  "severity",
  "outcome",
  "event.sallyport.outcome",
  "reason",
];

function describe(found: Found): string {
  return DESCRIBING.flatMap((path) => {
    const value = getPath(found, path);
    return value === undefined || value === null ? [] : [String(value)];
  }).join(", ");
}
