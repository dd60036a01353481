/** A merged session in the shape of an event, so that rules can be written about sessions as they are about records. */
import type { LogRecord, NetworkEvent } from "../event/event.ts";
import { type Timestamp, timestampFromMs } from "../event/timestamp.ts";
import type { IpAddress } from "../net/address.ts";
import { parseIp } from "../net/parse-ip.ts";
import type { Observation, ObservedEnd } from "./observation.ts";
import { representative, type Session } from "./session.ts";

/** A session has no record of its own. */
const NO_RECORD: LogRecord = { get: () => undefined, entries: () => [] };

/**
 * Shows a session as an event.
 * Shape: ends from its representative record; outcome, byte totals, credentials and transfer from all of its
 * records; lists are unions; of what can only be one, the first that any record has.
 */
export function toSessionEvent(session: Session): NetworkEvent {
  return new SessionEvent(session);
}

/** Fields are worked out as they are read: rules look at a few of them, and filling in all took as long as all rules. */
class SessionEvent implements NetworkEvent {
  readonly format = "session";
  readonly dataset = "session";
  readonly record = NO_RECORD;
  readonly offset: number;
  readonly #session: Session;
  readonly #seen: Observation;

  constructor(session: Session) {
    this.#session = session;
    this.#seen = representative(session);
    this.offset = this.#seen.offset;
  }

  get "@timestamp"(): Timestamp | undefined {
    return this.#session.first;
  }
  get "event.end"(): Timestamp | undefined {
    const { lastMs } = this.#session;
    return lastMs === undefined ? undefined : timestampFromMs(lastMs);
  }
  get "event.dataset"(): string {
    return this.#seen.dataset;
  }
  get "event.action"(): string | undefined {
    return this.#strongest(VERDICTS, ({ action }) => action);
  }
  get "event.provider_action"(): string | undefined {
    return this.#first(({ providerAction }) => providerAction);
  }
  get "event.reason"(): string | undefined {
    return this.#first(({ reason }) => reason);
  }

  get "source.ip"(): IpAddress | undefined {
    return parseIp(this.#seen.source.ip);
  }
  get "source.effective_ip"(): IpAddress | undefined {
    return effectiveOf(this.#seen.source);
  }
  get "source.port"(): number | undefined {
    return this.#seen.source.port;
  }
  get "source.scope"(): string {
    return this.#seen.source.scope;
  }
  get "source.address_class"(): string {
    return this.#seen.source.addressClass;
  }
  get "source.address"(): string | undefined {
    return this.#seen.source.address;
  }
  get "source.bytes"(): number | undefined {
    return this.#session.bytesOut;
  }

  get "destination.ip"(): IpAddress | undefined {
    return parseIp(this.#seen.destination.ip);
  }
  get "destination.effective_ip"(): IpAddress | undefined {
    return effectiveOf(this.#seen.destination);
  }
  get "destination.port"(): number | undefined {
    return this.#seen.destination.port;
  }
  get "destination.scope"(): string {
    return this.#seen.destination.scope;
  }
  get "destination.address_class"(): string {
    return this.#seen.destination.addressClass;
  }
  get "destination.address"(): string | undefined {
    return this.#seen.destination.address;
  }
  get "destination.domain"(): string | undefined {
    return this.#first(({ destination }) => destination.domain);
  }
  get "destination.bytes"(): number | undefined {
    return this.#session.bytesIn;
  }

  get "network.transport"(): string | undefined {
    return this.#first(({ transport }) => transport);
  }
  get "network.application"(): readonly string[] | undefined {
    const names = new Set(this.#session.observations.flatMap(({ applications }) => applications));
    return names.size === 0 ? undefined : [...names];
  }
  get "network.session_id"(): string | undefined {
    return this.#first(({ flowId }) => flowId);
  }

  get "observer.name"(): string | undefined {
    return this.#first(({ observer }) => observer);
  }
  get "observer.ingress.zone"(): string | undefined {
    return this.#first(({ ingress }) => ingress);
  }
  get "observer.egress.zone"(): string | undefined {
    return this.#first(({ egress }) => egress);
  }
  get "rule.name"(): string | undefined {
    return this.#first(({ policy }) => policy);
  }
  get "user.name"(): string | undefined {
    return this.#first(({ user }) => user);
  }
  get "process.executable"(): string | undefined {
    return this.#first(({ process }) => process);
  }

  get "sallyport.state"(): string | undefined {
    return this.#strongest(STATES, ({ state }) => state);
  }
  get "sallyport.auth.protocol"(): string | undefined {
    return this.#session.auth?.protocol;
  }
  get "sallyport.auth.user"(): string | undefined {
    return this.#session.auth?.user;
  }
  get "sallyport.auth.domain"(): string | undefined {
    return this.#session.auth?.domain;
  }
  get "sallyport.auth.success"(): boolean | undefined {
    return this.#session.auth?.success;
  }
  /** A session in which files went both ways counts as an upload: what left weighs more. */
  get "sallyport.transfer"(): string | undefined {
    return this.#strongest(TRANSFERS, ({ transfer }) => transfer);
  }
  get "sallyport.flipped"(): boolean | undefined {
    return this.#session.flippedOnly ? true : undefined;
  }
  get "sallyport.vantage"(): string {
    return this.#session.observations.every(({ fromHost }) => fromHost === true) ? "host" : "network";
  }
  get "sallyport.outcome"(): string {
    return this.#session.outcome;
  }

  #first(pick: (observation: Observation) => string | undefined): string | undefined {
    for (const observation of this.#session.observations) {
      const value = pick(observation);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #strongest(
    order: readonly string[],
    pick: (observation: Observation) => string | undefined,
  ): string | undefined {
    return order.find((word) => this.#session.observations.some((observation) => pick(observation) === word));
  }
}

const VERDICTS = ["blocked", "allowed", "unknown"];
const STATES = ["established", "refused", "no-answer", "midstream"];
const TRANSFERS = ["upload", "download"];

function effectiveOf({ ip, effective }: ObservedEnd): IpAddress | undefined {
  return parseIp(effective) ?? parseIp(ip);
}
