/** A merged session in the shape of an event, so that rules can be written about sessions as they are about records. */
import type { LogRecord, NetworkEvent } from "../event/event.ts";
import { timestampFromMs } from "../event/timestamp.ts";
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
  const { observations, auth } = session;
  const seen = representative(session);
  const first = <T>(pick: (observation: Observation) => T | undefined): T | undefined =>
    observations.map(pick).find((value) => value !== undefined);
  const applications = [...new Set(observations.flatMap((observation) => observation.applications))];
  return {
    format: "session",
    dataset: "session",
    record: NO_RECORD,
    offset: seen.offset,
    "@timestamp": session.first,
    "event.end": session.lastMs === undefined ? undefined : timestampFromMs(session.lastMs),
    "event.dataset": seen.dataset,
    "event.action": strongest(
      VERDICTS,
      observations.map(({ action }) => action),
    ),
    "event.provider_action": first(({ providerAction }) => providerAction),
    "event.reason": first(({ reason }) => reason),
    ...endFields("source", seen.source),
    ...endFields("destination", seen.destination),
    "destination.domain": first(({ destination }) => destination.domain),
    "source.bytes": session.bytesOut,
    "destination.bytes": session.bytesIn,
    "network.transport": first(({ transport }) => transport),
    "network.application": applications.length === 0 ? undefined : applications,
    "network.session_id": first(({ flowId }) => flowId),
    "observer.name": first(({ observer }) => observer),
    "observer.ingress.zone": first(({ ingress }) => ingress),
    "observer.egress.zone": first(({ egress }) => egress),
    "rule.name": first(({ policy }) => policy),
    "user.name": first(({ user }) => user),
    "process.executable": first(({ process }) => process),
    "sallyport.state": strongest(
      STATES,
      observations.map(({ state }) => state),
    ),
    "sallyport.auth.protocol": auth?.protocol,
    "sallyport.auth.user": auth?.user,
    "sallyport.auth.domain": auth?.domain,
    "sallyport.auth.success": auth?.success,
    "sallyport.transfer": transferOf(observations),
    "sallyport.flipped": session.flippedOnly ? true : undefined,
    "sallyport.vantage": observations.every(({ fromHost }) => fromHost === true) ? "host" : "network",
    "sallyport.outcome": session.outcome,
  };
}

const VERDICTS = ["blocked", "allowed", "unknown"];
const STATES = ["established", "refused", "no-answer", "midstream"];

function strongest(order: readonly string[], values: readonly (string | undefined)[]): string | undefined {
  return order.find((word) => values.includes(word));
}

/** A session in which files went both ways counts as an upload: what left weighs more. */
function transferOf(observations: readonly Observation[]): string | undefined {
  return strongest(
    ["upload", "download"],
    observations.map(({ transfer }) => transfer),
  );
}

function endFields(end: "source" | "destination", seen: ObservedEnd): Partial<NetworkEvent> {
  const ip = parseIp(seen.ip);
  const effective: IpAddress | undefined = parseIp(seen.effective) ?? ip;
  return {
    [`${end}.ip`]: ip,
    [`${end}.effective_ip`]: effective,
    [`${end}.port`]: seen.port,
    [`${end}.scope`]: seen.scope,
    [`${end}.address_class`]: seen.addressClass,
    [`${end}.address`]: seen.address,
  };
}
