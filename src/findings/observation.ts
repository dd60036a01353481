/**
 * Observation: what is kept of an event that met a rule, or that is evidence for a session of one.
 * Plain data, so that it can cross to another thread; joined into sessions only at the end of a run.
 */
import { ownText } from "../bytes/own-text.ts";
import type { NestedDocument } from "../event/document.ts";
import type { NetworkEvent } from "../event/event.ts";
import { type ByteCounting, gotOut, type Outcome } from "../event/outcome.ts";
import type { Timestamp } from "../event/timestamp.ts";
import type { IpAddress } from "../net/address.ts";
import { sharedList, sharedText } from "./shared.ts";

/** One end of a connection as an observation keeps it. */
export interface ObservedEnd {
  readonly ip: string;
  readonly effective: string;
  readonly port: number | undefined;
  readonly scope: string;
  readonly addressClass: string;
  readonly address: string | undefined;
  readonly nat: { readonly ip: string; readonly port: number | undefined } | undefined;
}

/** Units: bytes and packets per direction; times in UTC milliseconds. */
export interface Observation {
  /** Places of the rules that it met, in the run's list; none for mere evidence. */
  readonly rules: readonly number[];
  /** Rules that it would have met, had no filter taken it away. */
  readonly filtered?: readonly FilteredRule[] | undefined;
  readonly file: string;
  readonly offset: number;
  readonly dataset: string;
  readonly byteCounting: ByteCounting;
  readonly start: Timestamp | undefined;
  readonly endMs: number | undefined;
  readonly source: ObservedEnd;
  readonly destination: ObservedEnd & { readonly domain: string | undefined };
  readonly transport: string | undefined;
  readonly applications: readonly string[];
  readonly action: string | undefined;
  readonly providerAction: string | undefined;
  readonly reason: string | undefined;
  readonly state: string | undefined;
  readonly outcome: Outcome;
  readonly bytesOut: number | undefined;
  readonly bytesIn: number | undefined;
  readonly packetsIn: number | undefined;
  readonly flipped: boolean;
  readonly flowId: string | undefined;
  readonly observer: string | undefined;
  readonly policy: string | undefined;
  readonly ingress: string | undefined;
  readonly egress: string | undefined;
  readonly user: string | undefined;
  readonly process: string | undefined;
  readonly auth: ObservedAuth | undefined;
  readonly transfer: string | undefined;
  /** The record was made by the host at one of the ends, not by something between them. */
  readonly fromHost?: boolean | undefined;
  /** The whole event, only where matches are asked for. */
  readonly document: NestedDocument | undefined;
  /** A match of a reference profile's rule: what that system would have had of the event. */
  readonly reference?: ReferenceColumns | undefined;
}

/** What a reference profile's unit needs of an event, in that system's names and values. */
export interface ReferenceColumns {
  /** When the record reached its store, else when it happened. */
  readonly storedMs: number | undefined;
  readonly eventId: string | undefined;
  /** The record has client and server the other way round than the observation. */
  readonly swapped: boolean;
  readonly columns: Readonly<Record<string, readonly (string | number)[]>>;
}

/** A rule's place, and the filter that took the event away from it. */
export interface FilteredRule {
  readonly rule: number;
  readonly filter: string;
}

export interface ObservedAuth {
  readonly protocol: string;
  readonly user: string | undefined;
  readonly domain: string | undefined;
  readonly success: boolean | undefined;
}

export interface ObserveContext {
  readonly file: string;
  readonly byteCounting: ByteCounting;
  readonly document: NestedDocument | undefined;
  readonly filtered?: readonly FilteredRule[] | undefined;
}

/** Keeps what a session needs of an event. What many records have in common is kept once for all of them. */
export function observe(event: NetworkEvent, rules: readonly number[], context: ObserveContext): Observation {
  return {
    rules: sharedList(rules),
    filtered: context.filtered,
    file: context.file,
    offset: event.offset,
    dataset: sharedText(event["event.dataset"] ?? event.dataset),
    byteCounting: context.byteCounting,
    start: event["@timestamp"],
    endMs: event["event.end"]?.ms,
    source: observedSource(event),
    destination: observedDestination(event),
    transport: shared(event["network.transport"]),
    applications: sharedList(event["network.application"] ?? NO_APPLICATIONS),
    action: event["event.action"],
    providerAction: shared(event["event.provider_action"]),
    reason: shared(event["event.reason"]),
    state: event["sallyport.state"],
    outcome: (event["sallyport.outcome"] as Outcome | undefined) ?? "unknown",
    bytesOut: event["source.bytes"],
    bytesIn: event["destination.bytes"],
    packetsIn: event["destination.packets"],
    flipped: event["sallyport.flipped"] === true,
    flowId: own(event["network.session_id"]),
    observer: shared(event["observer.name"] ?? event["observer.product"]),
    policy: shared(event["rule.name"]),
    ingress: shared(event["observer.ingress.zone"]),
    egress: shared(event["observer.egress.zone"]),
    user: shared(joinUser(event["user.domain"], event["user.name"])),
    process: shared(event["process.executable"]),
    auth: observedAuth(event),
    transfer: event["sallyport.transfer"],
    fromHost: isFromHost(event),
    document: context.document,
  };
}

const NO_APPLICATIONS: readonly string[] = [];

/**
 * The 5-tuple, client to server, by effective addresses. Made when it is asked for: as a property of every observation
 * it would be a fifth of their memory.
 */
export function tupleOf({ source, destination, transport }: Observation): string {
  const ports = `${source.port ?? "?"}>${destination.port ?? "?"}`;
  return `${known(source.effective)}>${known(destination.effective)}|${ports}|${transport ?? "?"}`;
}

function known(address: string): string {
  return address === UNKNOWN ? "?" : address;
}

/**
 * Tells whether an event that met no rule may still prove something about a session that did: credentials
 * or a file transfer with one end on the Internet. What happens among our own hosts is far too much to keep.
 */
export function isEvidence(event: NetworkEvent): boolean {
  const proves = event["sallyport.auth.protocol"] !== undefined || event["sallyport.transfer"] !== undefined;
  return proves && (event["destination.scope"] === "internet" || event["source.scope"] === "internet");
}

/** What an observation weighs when not all can be kept: proof of a session, a mere attempt, or side evidence. */
export function observationClass(observation: Observation): "proof" | "attempt" | "evidence" | "reference" {
  if (observation.reference !== undefined) return "reference";
  if (!wasMet(observation)) return "evidence";
  return gotOut(observation.outcome) ? "proof" : "attempt";
}

/** Tells whether an observation met a rule, also one that a filter took it away from. */
export function wasMet({ rules, filtered }: Observation): boolean {
  return rules.length > 0 || (filtered !== undefined && filtered.length > 0);
}

/** Windows' own channels, and records that name a process, come from the host itself. */
function isFromHost(event: NetworkEvent): boolean {
  if (event["process.pid"] !== undefined || event["process.executable"] !== undefined) return true;
  return event["event.provider"]?.startsWith("Microsoft-Windows-") === true;
}

/** Where a record names no address. */
const UNKNOWN = "unknown";

function observedSource(event: NetworkEvent): ObservedEnd {
  const ip = event["source.ip"]?.text ?? UNKNOWN;
  return {
    ip,
    effective: event["source.effective_ip"]?.text ?? ip,
    port: event["source.port"],
    scope: event["source.scope"] ?? "unknown",
    addressClass: event["source.address_class"] ?? "unknown",
    address: own(event["source.address"]),
    nat: observedNat(event["source.nat.ip"], event["source.nat.port"]),
  };
}

function observedDestination(event: NetworkEvent): Observation["destination"] {
  const ip = event["destination.ip"]?.text ?? UNKNOWN;
  return {
    ip,
    effective: event["destination.effective_ip"]?.text ?? ip,
    port: event["destination.port"],
    scope: event["destination.scope"] ?? "unknown",
    addressClass: event["destination.address_class"] ?? "unknown",
    address: own(event["destination.address"]),
    nat: observedNat(event["destination.nat.ip"], event["destination.nat.port"]),
    domain: own(event["destination.domain"]),
  };
}

function observedNat(ip: IpAddress | undefined, port: number | undefined): ObservedEnd["nat"] {
  return ip === undefined ? undefined : { ip: ip.text, port };
}

function observedAuth(event: NetworkEvent): ObservedAuth | undefined {
  const protocol = event["sallyport.auth.protocol"];
  if (protocol === undefined) return undefined;
  return {
    protocol,
    user: shared(event["sallyport.auth.user"]),
    domain: shared(event["sallyport.auth.domain"]),
    success: event["sallyport.auth.success"],
  };
}

function own(text: string | undefined): string | undefined {
  return text === undefined ? undefined : ownText(text);
}

function shared(text: string | undefined): string | undefined {
  return text === undefined ? undefined : sharedText(text);
}

function joinUser(domain: string | undefined, name: string | undefined): string | undefined {
  return name === undefined || domain === undefined ? name : `${domain}\\${name}`;
}
