/**
 * Observations as columns: how they go to another thread. As rows they would be copied with the name of every field,
 * and come out with nothing in common.
 */
import type { Observation, ObservedEnd } from "./observation.ts";
import { sharedList, sharedText } from "./shared.ts";

/** A list per field, with a value per observation; an empty list where none has one. */
export type PackedObservations = ReturnType<typeof pack>;

/** Packs observations. */
export function pack(observations: readonly Observation[]) {
  const column = <T>(pick: (observation: Observation) => T | undefined): readonly (T | undefined)[] => {
    const values = observations.map(pick);
    return values.some((value) => value !== undefined) ? values : [];
  };
  const ends = (pick: (observation: Observation) => ObservedEnd) => ({
    ip: column((observation) => pick(observation).ip),
    effective: column((observation) => pick(observation).effective),
    port: column((observation) => pick(observation).port),
    scope: column((observation) => pick(observation).scope),
    addressClass: column((observation) => pick(observation).addressClass),
    address: column((observation) => pick(observation).address),
    nat: column((observation) => pick(observation).nat),
  });
  return {
    count: observations.length,
    rules: column(({ rules }) => rules),
    filtered: column(({ filtered }) => filtered),
    file: column(({ file }) => file),
    offset: column(({ offset }) => offset),
    dataset: column(({ dataset }) => dataset),
    byteCounting: column(({ byteCounting }) => byteCounting),
    ms: column(({ start }) => start?.ms),
    fraction: column(({ start }) => start?.fraction),
    endMs: column(({ endMs }) => endMs),
    source: ends(({ source }) => source),
    destination: ends(({ destination }) => destination),
    domain: column(({ destination }) => destination.domain),
    transport: column(({ transport }) => transport),
    applications: column(({ applications }) => applications),
    action: column(({ action }) => action),
    providerAction: column(({ providerAction }) => providerAction),
    reason: column(({ reason }) => reason),
    state: column(({ state }) => state),
    outcome: column(({ outcome }) => outcome),
    bytesOut: column(({ bytesOut }) => bytesOut),
    bytesIn: column(({ bytesIn }) => bytesIn),
    packetsIn: column(({ packetsIn }) => packetsIn),
    flipped: column(({ flipped }) => flipped),
    flowId: column(({ flowId }) => flowId),
    observer: column(({ observer }) => observer),
    policy: column(({ policy }) => policy),
    ingress: column(({ ingress }) => ingress),
    egress: column(({ egress }) => egress),
    user: column(({ user }) => user),
    process: column(({ process }) => process),
    auth: column(({ auth }) => auth),
    transfer: column(({ transfer }) => transfer),
    fromHost: column(({ fromHost }) => fromHost),
    document: column(({ document }) => document),
    reference: column(({ reference }) => reference),
  };
}

/** Makes the observations again; what they have in common is shared. */
export function* unpack(packed: PackedObservations): Generator<Observation> {
  for (let at = 0; at < packed.count; at++) yield observationAt(packed, at);
}

function observationAt(packed: PackedObservations, at: number): Observation {
  const ms = packed.ms[at];
  return {
    rules: sharedList(packed.rules[at] ?? []),
    filtered: packed.filtered[at],
    file: sharedText(packed.file[at] ?? ""),
    offset: packed.offset[at] ?? 0,
    dataset: sharedText(packed.dataset[at] ?? ""),
    byteCounting: packed.byteCounting[at] ?? "frame",
    start: ms === undefined ? undefined : { ms, fraction: packed.fraction[at] ?? "" },
    endMs: packed.endMs[at],
    source: endAt(packed.source, at),
    destination: { ...endAt(packed.destination, at), domain: packed.domain[at] },
    transport: shared(packed.transport[at]),
    applications: sharedList(packed.applications[at] ?? []),
    action: shared(packed.action[at]),
    providerAction: shared(packed.providerAction[at]),
    reason: shared(packed.reason[at]),
    state: shared(packed.state[at]),
    outcome: packed.outcome[at] ?? "unknown",
    bytesOut: packed.bytesOut[at],
    bytesIn: packed.bytesIn[at],
    packetsIn: packed.packetsIn[at],
    flipped: packed.flipped[at] ?? false,
    flowId: packed.flowId[at],
    observer: shared(packed.observer[at]),
    policy: shared(packed.policy[at]),
    ingress: shared(packed.ingress[at]),
    egress: shared(packed.egress[at]),
    user: shared(packed.user[at]),
    process: shared(packed.process[at]),
    auth: packed.auth[at],
    transfer: shared(packed.transfer[at]),
    fromHost: packed.fromHost[at],
    document: packed.document[at],
    reference: packed.reference[at],
  };
}

function endAt(end: PackedObservations["source"], at: number): ObservedEnd {
  const ip = end.ip[at] ?? "";
  const effective = end.effective[at] ?? "";
  return {
    ip,
    effective: effective === ip ? ip : effective,
    port: end.port[at],
    scope: sharedText(end.scope[at] ?? ""),
    addressClass: sharedText(end.addressClass[at] ?? ""),
    address: end.address[at],
    nat: end.nat[at],
  };
}

function shared(text: string | undefined): string | undefined {
  return text === undefined ? undefined : sharedText(text);
}
