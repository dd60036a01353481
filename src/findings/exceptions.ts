/** Which exception, if any, covers a match. Indexed, so that a hundred thousand cost no more than ten. */
import type { IpAddress } from "../net/address.ts";
import { type IpRange, inRange } from "../net/prefix.ts";
import { createPrefixIndex, type PrefixIndex, prefixesOf } from "../net/prefix-index.ts";
import { createPrefixSet } from "../net/prefix-set.ts";
import type { Exception } from "./site-facts.ts";

/** What an exception looks at. */
export interface ExceptionSubject {
  /** Ids and names of the rule. */
  readonly ruleIds: readonly string[];
  readonly source: IpAddress | undefined;
  readonly destination: IpAddress | undefined;
  readonly effectiveSource: IpAddress | undefined;
  readonly effectiveDestination: IpAddress | undefined;
  readonly domain?: string | undefined;
  readonly port: number | undefined;
  readonly applications: readonly string[];
  /** When the event happened; without it, `now` counts. */
  readonly timeMs: number | undefined;
}

export type ExceptionState = "active" | "expired" | "not yet";

export interface ExceptionIndex {
  /** The first exception, in the order of the file, that covers the subject. */
  match(subject: ExceptionSubject): Exception | undefined;
  /** Every exception with its state at `now`, in the order of the file. */
  readonly states: readonly { readonly exception: Exception; readonly state: ExceptionState }[];
  /** Those that no longer hold at `now`. */
  readonly expired: readonly Exception[];
}

/** Epoch milliseconds of the start of a day in UTC, from YYYY-MM-DD. */
function dayMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/**
 * Indexes exceptions.
 * Units: `now` in epoch milliseconds.
 */
export function createExceptionIndex(exceptions: readonly Exception[], now: number): ExceptionIndex {
  const ready = exceptions.map(prepare);
  const shelves = createShelves();
  for (const [position, item] of ready.entries()) shelve(shelves, item, position);
  const states = ready.map((item) => ({ exception: item.exception, state: stateAt(item, now) }));
  return {
    states,
    expired: states.filter(({ state }) => state === "expired").map(({ exception }) => exception),
    match: (subject) => {
      let first = Number.POSITIVE_INFINITY;
      for (const position of candidates(shelves, subject)) {
        const item = ready[position];
        if (position < first && item !== undefined && covers(item, subject, now)) first = position;
      }
      return ready[first]?.exception;
    },
  };
}

type Has = (ip: IpAddress) => boolean;

/** An exception with its lists made into lookups. */
interface Ready {
  readonly exception: Exception;
  readonly from: number;
  readonly to: number;
  readonly rules: ReadonlySet<string> | undefined;
  readonly source: Has | undefined;
  readonly destination: Has | undefined;
  readonly ports: ReadonlySet<number> | undefined;
  readonly applications: ReadonlySet<string> | undefined;
}

function prepare(exception: Exception): Ready {
  return {
    exception,
    from: dayMs(exception.created),
    to: dayMs(exception.expires),
    rules: exception.rule && new Set(exception.rule.map((rule) => rule.toLowerCase())),
    source: exception.source && holds(exception.source),
    destination: exception.destination && holds(exception.destination),
    ports: exception.port && new Set(exception.port),
    applications: exception.application && new Set(exception.application.map((name) => name.toLowerCase())),
  };
}

/** So many are compared one by one: tables for each exception would cost more memory than they save time. */
const FEW = 8;

function holds(ranges: readonly IpRange[]): Has {
  if (ranges.length <= FEW) return (ip) => ranges.some((range) => inRange(range, ip));
  return createPrefixSet(ranges.map((prefix) => ({ prefix, row: true }))).has;
}

function stateAt({ from, to }: Ready, time: number): ExceptionState {
  if (time >= to) return "expired";
  return time < from ? "not yet" : "active";
}

function covers(item: Ready, subject: ExceptionSubject, now: number): boolean {
  if (stateAt(item, subject.timeMs ?? now) !== "active") return false;
  const { rules, ports, applications, source, destination } = item;
  const { domain } = item.exception;
  if (rules !== undefined && !subject.ruleIds.some((id) => rules.has(id.toLowerCase()))) return false;
  if (ports !== undefined && (subject.port === undefined || !ports.has(subject.port))) return false;
  if (source !== undefined && !ends(subject.source, subject.effectiveSource).some(source)) return false;
  if (destination !== undefined && !ends(subject.destination, subject.effectiveDestination).some(destination))
    return false;
  if (domain !== undefined && !domainKeys(subject.domain).some((key) => domain.includes(key))) return false;
  return (
    applications === undefined || subject.applications.some((name) => applications.has(name.toLowerCase()))
  );
}

/** An end as written and as it takes effect; an exception may name either. */
function ends(written: IpAddress | undefined, effective: IpAddress | undefined): IpAddress[] {
  const both = written === undefined ? [] : [written];
  if (effective !== undefined && effective.text !== written?.text) both.push(effective);
  return both;
}

/** A name and the globs above it: a.b.c is also under *.b.c and *.c. */
function domainKeys(domain: string | undefined): string[] {
  if (domain === undefined) return [];
  const labels = domain.toLowerCase().replace(/\.$/, "").split(".");
  return labels.map((_, at) => (at === 0 ? labels.join(".") : `*.${labels.slice(at).join(".")}`));
}

type Positions = number[];

/** Exceptions of one destination prefix. Where they are many, those with a source are looked up by it. */
interface DestinationShelf {
  readonly any: Positions;
  bySource: PrefixIndex<Positions> | undefined;
}

/** Each exception stands on one kind of shelf, under the narrowest thing that it asks for. */
interface Shelves {
  readonly byDestination: PrefixIndex<DestinationShelf>;
  readonly bySource: PrefixIndex<Positions>;
  readonly byDomain: Map<string, Positions>;
  readonly byApplication: Map<string, Positions>;
}

/** Above this many pairs of prefixes, only the destinations are indexed; the source is checked all the same. */
const PAIRS_LIMIT = 4096;

function createShelves(): Shelves {
  return {
    byDestination: createPrefixIndex(() => ({ any: [], bySource: undefined })),
    bySource: createPrefixIndex(() => []),
    byDomain: new Map(),
    byApplication: new Map(),
  };
}

function shelve(shelves: Shelves, { exception, applications }: Ready, position: number): void {
  const { source, destination, domain } = exception;
  if (destination !== undefined) shelveDestination(shelves, destination, source, position);
  else if (source !== undefined) {
    for (const prefix of source.flatMap(prefixesOf)) shelves.bySource.at(prefix).push(position);
  } else if (domain !== undefined) {
    for (const name of domain) push(shelves.byDomain, name, position);
  } else {
    for (const name of applications ?? []) push(shelves.byApplication, name, position);
  }
}

function shelveDestination(
  shelves: Shelves,
  destination: readonly IpRange[],
  source: readonly IpRange[] | undefined,
  position: number,
): void {
  const destinations = destination.flatMap(prefixesOf);
  const sources = source?.flatMap(prefixesOf) ?? [];
  const isPaired = sources.length > 0 && sources.length * destinations.length <= PAIRS_LIMIT;
  for (const prefix of destinations) {
    const shelf = shelves.byDestination.at(prefix);
    if (!isPaired || shelf.any.length < FEW) shelf.any.push(position);
    else {
      shelf.bySource ??= createPrefixIndex(() => []);
      for (const from of sources) shelf.bySource.at(from).push(position);
    }
  }
}

function push(map: Map<string, Positions>, key: string, position: number): void {
  const positions = map.get(key);
  if (positions === undefined) map.set(key, [position]);
  else positions.push(position);
}

function* candidates(shelves: Shelves, subject: ExceptionSubject): Generator<number> {
  const sources = ends(subject.source, subject.effectiveSource);
  for (const ip of ends(subject.destination, subject.effectiveDestination)) {
    for (const { any, bySource } of shelves.byDestination.covering(ip)) {
      yield* any;
      if (bySource !== undefined) yield* under(bySource, sources);
    }
  }
  yield* under(shelves.bySource, sources);
  for (const key of domainKeys(subject.domain)) yield* shelves.byDomain.get(key) ?? [];
  for (const name of subject.applications) yield* shelves.byApplication.get(name.toLowerCase()) ?? [];
}

function* under(index: PrefixIndex<Positions>, ips: readonly IpAddress[]): Generator<number> {
  for (const ip of ips) for (const positions of index.covering(ip)) yield* positions;
}
