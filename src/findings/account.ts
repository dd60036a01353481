/**
 * The account of one input while it is read: exact counts, problems with their first samples, and what a
 * sample of its events carries. Plain data comes out, so that it can cross to another thread.
 */
import { ownText } from "../bytes/own-text.ts";
import { PROBLEMS, type ProblemCode } from "../errors.ts";
import type { NetworkEvent } from "../event/event.ts";
import type { InputAccount, ProblemCount, ProblemSample, ReadingPath, SampleShares } from "./coverage.ts";

/** How many samples of each problem are kept, and how long an excerpt may be. */
const SAMPLES = 3;
const EXCERPT_LENGTH = 160;

/** All events that begin in so many first bytes of an input are looked at, then one in so many, by offset. */
export const FULL_SAMPLE_BYTES = 128 * 1024;
export const SAMPLE_ONE_IN = 512;
/** Beyond so many bytes there are samples enough: then it is one in so many. */
export const SPARSE_FROM = 16 * 1024 * 1024;
export const SPARSE_ONE_IN = 4096;

export type ProblemTally = Record<string, { count: number; readonly samples: ProblemSample[] }>;

/** What was counted of one input. */
export interface InputTally {
  readonly path: string;
  status: InputAccount["status"];
  reason: string | null;
  readonly formats: Record<string, number>;
  readonly datasets: Record<string, number>;
  bytes: number;
  compressedBytes: number | null;
  ruledOut: number;
  decoded: number;
  rejected: number;
  skipped: number;
  undecodable: number;
  events: number;
  firstMs: number;
  lastMs: number;
  /** Hours (since 1970) in which there is an event, to find gaps. */
  readonly hours: Set<number>;
  readonly problems: ProblemTally;
  readonly paths: ReadingPath[];
  readonly shares: { -readonly [K in keyof SampleShares]: number };
}

export function createTally(path: string): InputTally {
  return {
    path,
    status: "read",
    reason: null,
    formats: {},
    datasets: {},
    bytes: 0,
    compressedBytes: null,
    ruledOut: 0,
    decoded: 0,
    rejected: 0,
    skipped: 0,
    undecodable: 0,
    events: 0,
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: Number.NEGATIVE_INFINITY,
    hours: new Set(),
    problems: {},
    paths: [],
    shares: noShares(),
  };
}

/** Shares before anything was looked at. */
export function noShares(): InputTally["shares"] {
  return {
    sampled: 0,
    direction: 0,
    action: 0,
    state: 0,
    bytes: 0,
    application: 0,
    ipv6: 0,
    internal_source: 0,
  };
}

/** Counts a problem, keeping its first samples. */
export function countProblem(
  tally: InputTally,
  code: ProblemCode,
  offset: number,
  line: string,
  detail?: string,
): void {
  const entry = tally.problems[code] ?? { count: 0, samples: [] };
  tally.problems[code] = entry;
  entry.count++;
  if (entry.samples.length < SAMPLES) {
    const excerpt = detail === undefined ? line : `${detail}: ${line}`;
    entry.samples.push({ file: tally.path, offset, excerpt: ownText(excerpt.slice(0, EXCERPT_LENGTH)) });
  }
}

/**
 * Counts an event; if it is in the sample, its time, dataset, problems and what it carries as well. Lines may be ruled
 * out before they are decoded, so only a sample that is the same on every path can speak of the whole input.
 * Units: all events that begin in the first `fullBytes` are in it.
 */
export function countEvent(
  tally: InputTally,
  event: NetworkEvent,
  line: string,
  fullBytes = FULL_SAMPLE_BYTES,
): void {
  tally.events++;
  if (event.offset >= fullBytes && !isDrawn(event.offset)) return;
  const dataset = event.dataset;
  tally.datasets[dataset] = (tally.datasets[dataset] ?? 0) + 1;
  const ms = event["@timestamp"]?.ms;
  if (ms !== undefined) countTime(tally, ms);
  for (const code of event.problems ?? []) countProblem(tally, code, event.offset, line);
  countShares(tally, event);
}

function countTime(tally: InputTally, ms: number): void {
  if (ms < tally.firstMs) tally.firstMs = ms;
  if (ms > tally.lastMs) tally.lastMs = ms;
  const hour = Math.floor(ms / 3_600_000);
  tally.hours.add(hour);
}

function isDrawn(offset: number): boolean {
  const oneIn = offset < SPARSE_FROM ? SAMPLE_ONE_IN : SPARSE_ONE_IN;
  return Math.imul(offset, 0x9e3779b1) >>> 0 < 0x1_0000_0000 / oneIn;
}

function countShares({ shares }: InputTally, event: NetworkEvent): void {
  shares.sampled++;
  if (event["network.direction"] !== undefined) shares.direction++;
  if (event["event.action"] !== undefined) shares.action++;
  if (event["sallyport.state"] !== undefined) shares.state++;
  if (event["source.bytes"] !== undefined || event["destination.bytes"] !== undefined) shares.bytes++;
  if (event["network.application"] !== undefined) shares.application++;
  if (event["source.ip"]?.family === 6 || event["destination.ip"]?.family === 6) shares.ipv6++;
  if (event["source.scope"] === "internal") shares.internal_source++;
}

/** Notes how a format's records are looked at, once. */
export function notePath(tally: InputTally, path: ReadingPath): void {
  if (!tally.paths.some((known) => isSamePath(known, path))) tally.paths.push(path);
}

function isSamePath(a: ReadingPath, b: ReadingPath): boolean {
  return a.format === b.format && a.way === b.way && a.because === b.because;
}

/** The ways of all inputs, each once, by format. */
export function joinPaths(tallies: readonly InputTally[]): readonly ReadingPath[] {
  const all = createTally("");
  for (const { paths } of tallies) for (const path of paths) notePath(all, path);
  return all.paths.sort((a, b) => (`${a.format} ${a.way}` < `${b.format} ${b.way}` ? -1 : 1));
}

/** Adds up the tallies of a file's parts, given in order. */
export function mergeTallies(parts: readonly InputTally[]): InputTally {
  const [first, ...rest] = parts;
  if (first === undefined) throw new Error("a file has at least one part");
  for (const part of rest) {
    for (const key of COUNTERS) first[key] += part[key];
    for (const key of Object.keys(first.shares) as (keyof SampleShares)[])
      first.shares[key] += part.shares[key];
    addCounts(first.formats, part.formats);
    addCounts(first.datasets, part.datasets);
    for (const hour of part.hours) first.hours.add(hour);
    for (const path of part.paths) notePath(first, path);
    first.firstMs = Math.min(first.firstMs, part.firstMs);
    first.lastMs = Math.max(first.lastMs, part.lastMs);
    for (const [code, { count, samples }] of Object.entries(part.problems)) {
      const sum = first.problems[code] ?? { count: 0, samples: [] };
      first.problems[code] = sum;
      sum.count += count;
      sum.samples.push(...samples.slice(0, SAMPLES - sum.samples.length));
    }
    if (first.status === "read") {
      first.status = part.status;
      first.reason = part.reason;
    }
  }
  return first;
}

const COUNTERS = ["bytes", "ruledOut", "decoded", "rejected", "skipped", "undecodable", "events"] as const;

function addCounts(into: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const [key, count] of Object.entries(from)) into[key] = (into[key] ?? 0) + count;
}

/** The tally as the coverage prints it. */
export function toAccount(tally: InputTally): InputAccount {
  const records = tally.ruledOut + tally.decoded + tally.rejected + tally.skipped;
  return {
    path: tally.path,
    status: tally.status,
    reason: tally.reason,
    formats: tally.formats,
    bytes: tally.bytes,
    compressed_bytes: tally.compressedBytes,
    records,
    ruled_out: tally.ruledOut,
    decoded: tally.decoded,
    rejected: tally.rejected,
    skipped: tally.skipped,
    undecodable: tally.undecodable,
    events: tally.events,
    first_seen: isoOrNull(tally.firstMs),
    last_seen: isoOrNull(tally.lastMs),
  };
}

/** Adds up the problems of all inputs, the most frequent first; samples in order of file and offset. */
export function sumProblems(tallies: readonly InputTally[]): readonly ProblemCount[] {
  const sums = new Map<ProblemCode, { count: number; samples: ProblemSample[] }>();
  for (const tally of tallies) {
    for (const [code, { count, samples }] of Object.entries(tally.problems)) {
      const sum = sums.get(code as ProblemCode) ?? { count: 0, samples: [] };
      sum.count += count;
      sum.samples.push(...samples);
      sums.set(code as ProblemCode, sum);
    }
  }
  return [...sums]
    .map(([code, { count, samples }]) => ({
      code,
      kind: PROBLEMS[code].kind,
      message: PROBLEMS[code].message,
      count,
      samples: samples.slice(0, SAMPLES),
    }))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}

/** Milliseconds as ISO 8601, or null when nothing was seen. */
export function isoOrNull(ms: number | undefined): string | null {
  return ms === undefined || !Number.isFinite(ms) ? null : new Date(ms).toISOString();
}
