/** Which exceptions may cover a match, without looking at each: they stand under what they ask for. */
import type { IpAddress } from "../net/address.ts";
import type { IpRange } from "../net/prefix.ts";
import { createPrefixIndex, type PrefixIndex, prefixesOf } from "../net/prefix-index.ts";
import { domainKeys, type ExceptionSubject, ends, FEW, type Ready } from "./exception-cover.ts";

/** In the order of the file. */
type Positions = number[];

/** Exceptions that stand in one place. Where they are many, the others are looked up by what else they ask for. */
interface Bucket {
  readonly few: Positions;
  /** By the names of the things that are asked for. */
  many: Map<string, Table> | undefined;
}

/** Exceptions that ask for the same things, by the values of these. */
interface Table {
  readonly things: readonly Thing[];
  readonly byValues: Map<string, Positions>;
}

/** Exceptions of one destination prefix. Where they are many, those with a source are looked up by it. */
interface DestinationShelf {
  readonly any: Bucket;
  bySource: PrefixIndex<Bucket> | undefined;
}

/** Each exception stands on one kind of shelf, under the narrowest thing that it asks for. */
export interface Shelves {
  readonly byDestination: PrefixIndex<DestinationShelf>;
  readonly bySource: PrefixIndex<Bucket>;
  readonly byDomain: Map<string, Bucket>;
  readonly byApplication: Map<string, Bucket>;
}

/** Above this many pairs of prefixes, only the destinations are indexed; the source is checked all the same. */
const PAIRS_LIMIT = 4096;

/** Makes empty shelves. */
export function createShelves(): Shelves {
  return {
    byDestination: createPrefixIndex(() => ({ any: createBucket(), bySource: undefined })),
    bySource: createPrefixIndex(createBucket),
    byDomain: new Map(),
    byApplication: new Map(),
  };
}

/** Puts an exception on its shelf. Shape: `position` is its place in the file; they come in order. */
export function shelve(shelves: Shelves, item: Ready, position: number): void {
  const { source, destination, domain } = item.exception;
  if (destination !== undefined) shelveDestination(shelves, destination, item, position);
  else if (source !== undefined) {
    for (const prefix of source.flatMap(prefixesOf)) put(shelves.bySource.at(prefix), item, position);
  } else if (domain !== undefined) {
    for (const name of domain) put(bucketAt(shelves.byDomain, name), item, position);
  } else {
    for (const name of item.applications ?? []) put(bucketAt(shelves.byApplication, name), item, position);
  }
}

function shelveDestination(
  shelves: Shelves,
  destination: readonly IpRange[],
  item: Ready,
  position: number,
): void {
  const destinations = destination.flatMap(prefixesOf);
  const sources = item.exception.source?.flatMap(prefixesOf) ?? [];
  const isPaired = sources.length > 0 && sources.length * destinations.length <= PAIRS_LIMIT;
  for (const prefix of destinations) {
    const shelf = shelves.byDestination.at(prefix);
    if (!isPaired || shelf.any.few.length < FEW) put(shelf.any, item, position);
    else {
      shelf.bySource ??= createPrefixIndex(createBucket);
      for (const from of sources) put(shelf.bySource.at(from), item, position);
    }
  }
}

function createBucket(): Bucket {
  return { few: [], many: undefined };
}

function bucketAt(map: Map<string, Bucket>, key: string): Bucket {
  const bucket = map.get(key) ?? createBucket();
  map.set(key, bucket);
  return bucket;
}

/** What an exception may ask for besides addresses. */
const THINGS = ["rule", "port", "application", "domain"] as const;
type Thing = (typeof THINGS)[number];

/** What an exception asks for, and what a subject has of it, as texts. */
type Asked = Readonly<Record<Thing, readonly string[]>>;

function put(bucket: Bucket, item: Ready, position: number): void {
  if (bucket.few.length < FEW) {
    bucket.few.push(position);
    return;
  }
  const asked = askedBy(item);
  const things = THINGS.filter((thing) => asked[thing].length > 0);
  if (things.reduce((product, thing) => product * asked[thing].length, 1) > PAIRS_LIMIT) {
    bucket.few.push(position);
    return;
  }
  bucket.many ??= new Map();
  const name = things.join();
  const table = bucket.many.get(name) ?? { things, byValues: new Map<string, Positions>() };
  bucket.many.set(name, table);
  for (const key of keysFor(things, asked)) push(table.byValues, key, position);
}

function askedBy({ exception, rules, ports, applications }: Ready): Asked {
  return {
    rule: [...(rules ?? [])],
    port: [...(ports ?? [])].map(String),
    application: [...(applications ?? [])],
    domain: exception.domain ?? [],
  };
}

function askedOf({ ruleIds, port, applications, domain }: ExceptionSubject): Asked {
  return {
    rule: ruleIds.map((id) => id.toLowerCase()),
    port: port === undefined ? [] : [String(port)],
    application: applications.map((name) => name.toLowerCase()),
    domain: domainKeys(domain),
  };
}

/** Every choice of one value for each of the things. */
function keysFor(things: readonly Thing[], asked: Asked): readonly string[] {
  return things.reduce<readonly string[]>(
    (keys, thing) => keys.flatMap((key) => asked[thing].map((value) => `${key}\n${value}`)),
    [""],
  );
}

function push(map: Map<string, Positions>, key: string, position: number): void {
  const positions = map.get(key);
  if (positions === undefined) map.set(key, [position]);
  else positions.push(position);
}

/** Lists of exceptions that may cover a subject; all others cannot. */
export function* candidates(shelves: Shelves, subject: ExceptionSubject): Generator<Positions> {
  const sources = ends(subject.source, subject.effectiveSource);
  const asked = askedOf(subject);
  for (const ip of ends(subject.destination, subject.effectiveDestination)) {
    for (const { any, bySource } of shelves.byDestination.covering(ip)) {
      yield* listsOf(any, asked);
      if (bySource !== undefined) yield* under(bySource, sources, asked);
    }
  }
  yield* under(shelves.bySource, sources, asked);
  for (const key of asked.domain) yield* listsOf(shelves.byDomain.get(key), asked);
  for (const name of asked.application) yield* listsOf(shelves.byApplication.get(name), asked);
}

function* under(index: PrefixIndex<Bucket>, ips: readonly IpAddress[], asked: Asked): Generator<Positions> {
  for (const ip of ips) for (const bucket of index.covering(ip)) yield* listsOf(bucket, asked);
}

function* listsOf(bucket: Bucket | undefined, asked: Asked): Generator<Positions> {
  if (bucket === undefined) return;
  yield bucket.few;
  for (const { things, byValues } of bucket.many?.values() ?? []) {
    for (const key of keysFor(things, asked)) {
      const positions = byValues.get(key);
      if (positions !== undefined) yield positions;
    }
  }
}
