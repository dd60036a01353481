/** Sessions: observations of one connection, joined; duplicates, start and end rows, and reverse halves become one. */
import { decideOutcome, type Outcome, strongerOutcome } from "../event/outcome.ts";
import type { Timestamp } from "../event/timestamp.ts";
import { type Observation, type ObservedAuth, tupleOf, wasMet } from "./observation.ts";

/** Records of one 5-tuple join while the gap between their activity is at most this. Units: milliseconds. */
const JOIN_GAP_MS = 60_000;

/** Units: bytes per direction, undefined where no record counts. */
export interface Session {
  /** In order of time, file and offset. */
  readonly observations: readonly Observation[];
  /** Places of the rules that any observation met; of a filtered session, those it would have met. */
  readonly rules: readonly number[];
  /** The filter that took every match away, if one did. */
  readonly filteredBy?: string | undefined;
  readonly outcome: Outcome;
  readonly bytesOut: number | undefined;
  readonly bytesIn: number | undefined;
  readonly first: Timestamp | undefined;
  readonly lastMs: number | undefined;
  /** Every record had server and client the other way round. */
  readonly flippedOnly: boolean;
  readonly auth: ObservedAuth | undefined;
}

/** What joining leaves: sessions, and how many observations proved that their client sent nothing. */
export interface Joined {
  readonly sessions: readonly Session[];
  readonly backscatter: number;
}

/** Joins observations into sessions; the order they come in does not matter. */
export function joinSessions(observations: readonly Observation[]): Joined {
  let backscatter = 0;
  const sessions: Session[] = [];
  for (const same of byTuple(observations)) {
    for (const group of splitByGap(same)) {
      const active = withoutSilent(group);
      if (active.length === 0) backscatter += group.length;
      else if (active.some(wasMet)) sessions.push(toSession(active));
    }
  }
  return { sessions: sessions.sort((a, b) => inOrder(first(a), first(b))), backscatter };
}

/** Observations of one connection together, each list in order. */
function byTuple(observations: readonly Observation[]): Iterable<readonly Observation[]> {
  const aliases = natAliases(observations);
  return groupBy([...observations].sort(inOrder), (observation) =>
    innermost(tupleOf(observation), aliases),
  ).values();
}

function withoutSilent(group: readonly Observation[]): readonly Observation[] {
  return group.some(isSilent) ? group.filter((observation) => !isSilent(observation)) : group;
}

function isSilent({ state }: Observation): boolean {
  return state === "client-silent";
}

/** Orders observations by time, then file, then offset; those without a time come last. */
export function inOrder(a: Observation, b: Observation): number {
  const byTime = (a.start?.ms ?? Number.MAX_VALUE) - (b.start?.ms ?? Number.MAX_VALUE);
  if (byTime !== 0) return byTime;
  const byFraction = compareText(a.start?.fraction ?? "", b.start?.fraction ?? "");
  return byFraction || compareText(a.file, b.file) || a.offset - b.offset;
}

/** The observation that stands for the session: the first that was not flipped and met a rule. */
export function representative(session: Session, rule?: number): Observation {
  if (session.observations.length === 1) return first(session);
  const rulesOf = ({ rules, filtered = [] }: Observation): readonly number[] =>
    session.filteredBy === undefined ? rules : filtered.map((one) => one.rule);
  const fits = (observation: Observation): boolean =>
    rule === undefined ? rulesOf(observation).length > 0 : rulesOf(observation).includes(rule);
  return (
    session.observations.find((observation) => !observation.flipped && fits(observation)) ??
    session.observations.find(fits) ??
    first(session)
  );
}

/**
 * A record made after source translation has the translated ends as its 5-tuple; where another record
 * names that translation, both have the inner key.
 */
function natAliases(observations: readonly Observation[]): ReadonlyMap<string, string> {
  const aliases = new Map<string, string>();
  for (const observation of observations) {
    const { source, destination, transport } = observation;
    if (source.nat === undefined && destination.nat === undefined) continue;
    const key = tupleOf(observation);
    const from = source.nat ?? { ip: source.effective, port: source.port };
    const to = destination.nat ?? { ip: destination.effective, port: destination.port };
    const ports = `${from.port ?? source.port ?? "?"}>${to.port ?? destination.port ?? "?"}`;
    const outer = `${from.ip}>${to.ip}|${ports}|${transport ?? "?"}`;
    const known = aliases.get(outer);
    if (outer !== key && (known === undefined || key < known)) aliases.set(outer, key);
  }
  return aliases;
}

/** Follows translations inwards, also through several firewalls; of a circle, its smallest key. */
function innermost(outer: string, aliases: ReadonlyMap<string, string>): string {
  if (!aliases.has(outer)) return outer;
  const passed = new Set([outer]);
  let key = outer;
  for (let inner = aliases.get(key); inner !== undefined; inner = aliases.get(key)) {
    if (passed.has(inner)) return smallestOfCircle(inner, aliases);
    passed.add(inner);
    key = inner;
  }
  return key;
}

function smallestOfCircle(start: string, aliases: ReadonlyMap<string, string>): string {
  let least = start;
  for (let key = aliases.get(start); key !== undefined && key !== start; key = aliases.get(key)) {
    if (key < least) least = key;
  }
  return least;
}

interface Stretch {
  readonly observations: Observation[];
  startMs: number;
  endMs: number;
}

/** Cuts one 5-tuple's observations into sessions: a flow id bridges any gap, otherwise 60 seconds do. */
function splitByGap(observations: readonly Observation[]): readonly (readonly Observation[])[] {
  if (observations.length === 1) return [observations];
  const stretches = byFlow(observations).sort((a, b) => a.startMs - b.startMs);
  const groups: Stretch[] = [];
  for (const stretch of stretches) {
    const last = groups.at(-1);
    const joins = last !== undefined && !(stretch.startMs - last.endMs > JOIN_GAP_MS);
    if (!joins) groups.push(stretch);
    else {
      last.observations.push(...stretch.observations);
      last.endMs = Math.max(last.endMs, stretch.endMs);
    }
  }
  return groups.map((group) => group.observations.sort(inOrder));
}

function byFlow(observations: readonly Observation[]): Stretch[] {
  const flows = new Map<string, Stretch>();
  observations.forEach((observation, at) => {
    const id =
      observation.flowId === undefined ? `#${at}` : `${observerOf(observation)}|${observation.flowId}`;
    const startMs = observation.start?.ms ?? Number.POSITIVE_INFINITY;
    const endMs = Math.max(startMs, observation.endMs ?? startMs);
    const flow = flows.get(id);
    if (flow === undefined) flows.set(id, { observations: [observation], startMs, endMs });
    else {
      flow.observations.push(observation);
      flow.startMs = Math.min(flow.startMs, startMs);
      flow.endMs = Math.max(flow.endMs, endMs);
    }
  });
  return [...flows.values()];
}

/** Who made a record: its product line and its name. Zeek's logs are one observer whatever their dataset. */
function observerOf({ dataset, observer }: Observation): string {
  return `${dataset.split(".")[0]}|${observer ?? ""}`;
}

function toSession(observations: readonly Observation[]): Session {
  const [only] = observations;
  if (only !== undefined && observations.length === 1) return sessionOfOne(only);
  const flippedOnly = observations.every((observation) => observation.flipped);
  const views = [...groupBy(observations, observerOf).values()].map((same) => viewOf(same, flippedOnly));
  const outcome = views.map((view) => view.outcome).reduce(strongerOutcome);
  const starts = observations.flatMap(({ start }) => start ?? []);
  const ends = observations.flatMap(({ start, endMs }) => endMs ?? start?.ms ?? []);
  return {
    observations,
    ...rulesMet(observations),
    outcome,
    bytesOut: largest(views.map((view) => view.bytesOut)),
    bytesIn: largest(views.map((view) => view.bytesIn)),
    first: starts[0],
    lastMs: ends.length === 0 ? undefined : ends.reduce((a, b) => Math.max(a, b)),
    flippedOnly,
    auth: bestAuth(observations),
  };
}

/** What the general way gives for a single record. Most sessions are one, and this costs a tenth. */
function sessionOfOne(observation: Observation): Session {
  const { rules, filtered, start, endMs, bytesOut, bytesIn, flipped, auth } = observation;
  const isPlain = rules.length === 1 && filtered === undefined;
  const { filteredBy, rules: met } = isPlain ? { rules, filteredBy: undefined } : rulesMet([observation]);
  return {
    observations: [observation],
    rules: met,
    filteredBy,
    outcome: decideOutcome({
      action: VERDICTS.find((verdict) => verdict === observation.action),
      state: STATES.find((state) => state === observation.state),
      transport: observation.transport,
      bytesOut,
      bytesIn,
      packetsIn: observation.packetsIn,
      byteCounting: observation.byteCounting,
      credentials: auth !== undefined,
      transfer: observation.transfer,
      flippedOnly: flipped,
    }),
    bytesOut,
    bytesIn,
    first: start,
    lastMs: endMs ?? start?.ms,
    flippedOnly: flipped,
    auth,
  };
}

function rulesMet(observations: readonly Observation[]): Pick<Session, "rules"> & {
  readonly filteredBy: string | undefined;
} {
  const places = (rules: readonly number[]): readonly number[] => [...new Set(rules)].sort((a, b) => a - b);
  const rules = places(observations.flatMap((observation) => observation.rules));
  if (rules.length > 0) return { rules, filteredBy: undefined };
  const filtered = observations.flatMap((observation) => observation.filtered ?? []);
  const [filteredBy] = filtered.map(({ filter }) => filter).sort(compareText);
  return { rules: places(filtered.map(({ rule }) => rule)), filteredBy };
}

interface View {
  readonly outcome: Outcome;
  readonly bytesOut: number | undefined;
  readonly bytesIn: number | undefined;
}

/** What one observer's records prove together. Counters of one flow are cumulative: its largest row counts. */
function viewOf(observations: readonly Observation[], flippedOnly: boolean): View {
  const flows = [...groupBy(observations, ({ flowId }) => flowId ?? "").values()];
  const total = (pick: (observation: Observation) => number | undefined): number | undefined => {
    const known = flows.flatMap((flow) => largest(flow.map(pick)) ?? []);
    return known.length === 0 ? undefined : known.reduce((a, b) => a + b);
  };
  const bytesOut = total((observation) => observation.bytesOut);
  const bytesIn = total((observation) => observation.bytesIn);
  const outcome = decideOutcome({
    action: verdictOf(observations),
    state: strongestState(observations),
    transport: observations.find(({ transport }) => transport !== undefined)?.transport,
    bytesOut,
    bytesIn,
    packetsIn: total((observation) => observation.packetsIn),
    byteCounting: observations.find(({ bytesIn: count }) => count !== undefined)?.byteCounting ?? "frame",
    credentials: observations.some(({ auth }) => auth !== undefined),
    transfer: observations.find(({ transfer }) => transfer !== undefined)?.transfer,
    flippedOnly,
  });
  return { outcome, bytesOut, bytesIn };
}

function verdictOf(observations: readonly Observation[]): string | undefined {
  const actions = new Set(observations.map(({ action }) => action));
  return VERDICTS.find((action) => actions.has(action));
}

const VERDICTS = ["blocked", "allowed", "unknown"];
const STATES = ["established", "refused", "no-answer", "midstream"];

function strongestState(observations: readonly Observation[]): string | undefined {
  const states = new Set(observations.map(({ state }) => state));
  return STATES.find((state) => states.has(state));
}

function bestAuth(observations: readonly Observation[]): ObservedAuth | undefined {
  const seen = observations.flatMap(({ auth }) => auth ?? []);
  const weight = (auth: ObservedAuth): number =>
    (auth.user === undefined ? 0 : 2) + (auth.success === undefined ? 0 : 1);
  const [best] = [...seen].sort((a, b) => weight(b) - weight(a));
  if (best === undefined) return undefined;
  const success = best.success ?? seen.find((auth) => auth.success !== undefined)?.success;
  return { ...best, success };
}

function largest(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((a, b) => (a === undefined ? b : b === undefined ? a : Math.max(a, b)), undefined);
}

/** Groups by a text, keeping the order of first sight. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function first(session: Session): Observation {
  return session.observations[0] as Observation;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
