/**
 * Derivation: what Sallyport works out of a recorded event. In: recorded fields. Out: the same event,
 * oriented client to server, with scopes, classes, effective addresses and its own outcome.
 */
import type { AddressModel } from "../net/model.ts";
import { type EventFields, type NetworkEvent, noteProblem } from "./event.ts";
import { type ByteCounting, decideOutcome } from "./outcome.ts";

function isSmbPort(port: number | undefined): boolean {
  return port === 445 || port === 139;
}

/** What derivation has to know besides the event. */
export interface DeriveContext {
  readonly model: AddressModel;
  readonly byteCounting: ByteCounting;
}

/** Fills in every derived field of an event. */
export function deriveFields(event: NetworkEvent, { model, byteCounting }: DeriveContext): NetworkEvent {
  if (isServerFirst(event)) flip(event);
  if (event["source.ip"] === undefined) noteProblem(event, "missing_source");
  if (event["destination.ip"] === undefined) noteProblem(event, "missing_destination");
  deriveSource(event, model);
  deriveDestination(event, model);
  deriveCredentials(event);
  event["sallyport.outcome"] = decideOutcome({
    action: event["event.action"],
    state: event["sallyport.state"],
    transport: event["network.transport"],
    bytesOut: event["source.bytes"],
    bytesIn: event["destination.bytes"],
    packetsIn: event["destination.packets"],
    byteCounting,
    credentials: event["sallyport.auth.protocol"] !== undefined,
    transfer: event["sallyport.transfer"],
    flippedOnly: event["sallyport.flipped"] === true,
  });
  return event;
}

/** The server's end stands first: an SMB port facing an ephemeral one. Never decided by the application alone. */
function isServerFirst(event: EventFields): boolean {
  const from = event["source.port"];
  const to = event["destination.port"];
  if (from === undefined || to === undefined) return false;
  return isSmbPort(from) && to > 1023 && !isSmbPort(to);
}

const PAIRS = [
  ["source.ip", "destination.ip"],
  ["source.port", "destination.port"],
  ["source.address", "destination.address"],
  ["source.bytes", "destination.bytes"],
  ["source.packets", "destination.packets"],
  ["source.nat.ip", "destination.nat.ip"],
  ["source.nat.port", "destination.nat.port"],
  ["observer.ingress.zone", "observer.egress.zone"],
] as const;

/** What a sensor's state says once client and server have changed places. */
const FLIPPED_STATES: Readonly<Record<string, string | undefined>> = {
  "no-answer": "client-silent",
  "client-silent": "no-answer",
  established: "established",
};

function flip(event: NetworkEvent): void {
  event["recorded.source.ip"] ??= event["source.ip"]?.text;
  event["recorded.destination.ip"] ??= event["destination.ip"]?.text;
  event["recorded.source.port"] = event["source.port"];
  event["recorded.destination.port"] = event["destination.port"];
  const fields: Record<string, unknown> = event as EventFields;
  for (const [here, there] of PAIRS) {
    const value = fields[here];
    fields[here] = fields[there];
    fields[there] = value;
  }
  // The name belonged to the recorded destination, which is the client; it must not pass for the server's.
  event["destination.domain"] = undefined;
  event["sallyport.flipped"] = true;
  const state = event["sallyport.state"];
  if (state !== undefined) event["sallyport.state"] = FLIPPED_STATES[state] ?? "midstream";
}

/** Each end by itself, since names that stand in the code are read and stored several times faster. */
function deriveSource(event: NetworkEvent, model: AddressModel): void {
  const ip = event["source.ip"];
  const classified = model.classify(ip);
  event["source.scope"] = classified.scope;
  event["source.address_class"] = classified.addressClass;
  if (ip !== undefined) event["source.effective_ip"] = classified.effective;
  if (classified.note !== undefined) noteProblem(event, classified.note);
}

function deriveDestination(event: NetworkEvent, model: AddressModel): void {
  const ip = event["destination.ip"];
  const classified = model.classify(ip);
  event["destination.scope"] = classified.scope;
  event["destination.address_class"] = classified.addressClass;
  if (ip !== undefined) event["destination.effective_ip"] = classified.effective;
  if (classified.note !== undefined) noteProblem(event, classified.note);
}

/** An analyzer that saw NTLM or Kerberos inside an SMB connection proves that credentials were offered. */
function deriveCredentials(event: EventFields): void {
  if (event["sallyport.auth.protocol"] !== undefined) return;
  const applications = event["network.application"];
  if (applications === undefined) return;
  const isSmb = isSmbPort(event["destination.port"]) || applications.some((name) => name.includes("smb"));
  if (!isSmb) return;
  if (applications.some((name) => name.startsWith("ntlm"))) event["sallyport.auth.protocol"] = "ntlm";
  else if (applications.some((name) => name.startsWith("krb") || name === "kerberos")) {
    event["sallyport.auth.protocol"] = "kerberos";
  }
}
