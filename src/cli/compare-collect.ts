/** Collects, batch by batch, which profiles' rules the events of each connection meet, and what decides where not. */
import type { OnMatch } from "../engines/engine.ts";
import { type DecidingClause, whyNot } from "../engines/why-not.ts";
import { type DatasetTable, feeds } from "../event/dataset.ts";
import type { EventBatch, NetworkEvent } from "../event/event.ts";
import { type Outcome, strongerOutcome } from "../event/outcome.ts";
import { OWN_PROFILE } from "../findings/profiles/profile.ts";
import type { Prepared } from "../pipeline/prepare.ts";
import type { Plan } from "../sigma/plan.ts";
import type { Connection, Contender } from "./comparison.ts";

/** What was collected. Shape: contenders are in the order of output; `counts` has one number for each. */
export interface Collected {
  readonly contenders: readonly Contender[];
  readonly counts: readonly number[];
  readonly connections: readonly Connection[];
  /** The connection of an event by `file#offset`. */
  readonly places: ReadonlyMap<string, Connection>;
  readonly unkept: number;
}

export class Collector {
  readonly #limit: number;
  readonly #connections = new Map<string, Connection>();
  readonly #places = new Map<string, Connection>();
  readonly #unkept = new Set<string>();
  #datasets: DatasetTable = new Map();
  #contenders: readonly Contender[] = [];
  #counts: number[] = [];
  /** The contender that each plan belongs to. */
  #owners: readonly number[] = [];
  #run: ((batch: EventBatch, onMatch: OnMatch) => void) | undefined;

  /** `limit` bounds the connections that are kept. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a batch; the first one says which profiles there are. */
  batch(batch: EventBatch, prepared: Prepared): void {
    if (this.#run === undefined) this.#start(prepared);
    const met = new Map<NetworkEvent, Set<number>>();
    this.#run?.(batch, (plan, event) => {
      const owner = this.#owners[plan];
      if (owner !== undefined) met.set(event, (met.get(event) ?? new Set()).add(owner));
    });
    for (const [event, owners] of met) this.#take(event, owners, batch.file);
  }

  collected(): Collected {
    return {
      contenders: this.#contenders,
      counts: this.#counts,
      connections: [...this.#connections.values()],
      places: this.#places,
      unkept: this.#unkept.size,
    };
  }

  #start(prepared: Prepared): void {
    this.#datasets = prepared.datasets;
    this.#contenders = contendersOf(prepared);
    this.#counts = this.#contenders.map(() => 0);
    this.#owners = this.#contenders.flatMap(({ plans }, at) => plans.map(() => at));
    const plans = this.#contenders.flatMap((contender) => contender.plans);
    this.#run = prepared.engine.prepare(plans, prepared.datasets);
  }

  #take(event: NetworkEvent, met: ReadonlySet<number>, file: string): void {
    for (const at of met) this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    const connection = this.#connectionOf(event);
    if (connection === undefined) return;
    this.#places.set(`${file}#${event.offset}`, connection);
    addEvent(connection, event);
    for (const at of met) connection.met.add(at);
    this.#contenders.forEach(({ plans }, at) => {
      if (connection.met.has(at)) return;
      const why = closest(plans, event, this.#datasets);
      const known = connection.why.get(at);
      if (known === undefined || distance(why) < distance(known)) connection.why.set(at, why);
    });
  }

  #connectionOf(event: NetworkEvent): Connection | undefined {
    const source = event["source.ip"]?.text ?? "unknown";
    const destination = event["destination.ip"]?.text ?? "unknown";
    const key = `${source}>${destination}`;
    const known = this.#connections.get(key);
    if (known !== undefined) return known;
    if (this.#connections.size >= this.#limit) {
      this.#unkept.add(key);
      return undefined;
    }
    const made = newConnection(source, destination);
    this.#connections.set(key, made);
    return made;
  }
}

function contendersOf({ plans, eventPlaces, profiles }: Prepared): readonly Contender[] {
  const own = eventPlaces.flatMap((at) => plans[at] ?? []);
  return [
    ...(own.length === 0 ? [] : [{ name: OWN_PROFILE, plans: own }]),
    ...profiles.map(({ name, plan }) => ({ name, plans: [plan] })),
  ];
}

function newConnection(source: string, destination: string): Connection {
  return {
    source,
    destination,
    ports: new Set(),
    events: 0,
    outcome: "unknown",
    met: new Set(),
    why: new Map(),
    silent: true,
  };
}

function addEvent(connection: Connection, event: NetworkEvent): void {
  const port = event["destination.port"];
  if (port !== undefined) connection.ports.add(port);
  connection.events++;
  const outcome = (event["sallyport.outcome"] as Outcome | undefined) ?? "unknown";
  connection.outcome = strongerOutcome(connection.outcome, outcome);
  if (event["sallyport.state"] !== "client-silent") connection.silent = false;
}

/** Of several rules the one that lacks least speaks; where a rule's log source is another, that decides. */
function closest(
  plans: readonly Plan[],
  event: NetworkEvent,
  datasets: DatasetTable,
): readonly DecidingClause[] {
  const dataset = datasets.get(event.dataset);
  const fed = plans.filter(({ logsource }) => dataset !== undefined && feeds(dataset, logsource));
  const [least] = fed.map((plan) => whyNot(plan, event)).sort((a, b) => a.length - b.length);
  if (least !== undefined) return least;
  const { category, product, service } = plans[0]?.logsource ?? {};
  const wants = `of ${[product, category, service].filter((word) => word !== undefined).join(" ")}`;
  const value = event["event.dataset"] ?? event.dataset;
  return [{ kind: "asks", field: LOG, wants, value, network: null, isAlternative: false }];
}

/** The subject of a clause that asks for another kind of log. */
const LOG = "a log";

/** How far an event is from meeting a rule; the kind of log says least. */
function distance(clauses: readonly DecidingClause[]): number {
  return clauses[0]?.field === LOG ? Number.POSITIVE_INFINITY : clauses.length;
}
