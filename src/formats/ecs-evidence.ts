/**
 * What the products behind ECS documents prove: a row per product, by its dataset as Elastic's integrations
 * name it. A row knows the product's own fields; everything else about ECS is in ecs.ts.
 */
import type { NetworkEvent } from "../event/event.ts";
import { toInteger, toKeyword } from "../event/values.ts";
import type { Verdict } from "./action-words.ts";
import { firstOf } from "./map.ts";
import type { Named } from "./pick.ts";
import { type SensorState, sensorState } from "./zeek-conn-state.ts";

type Evidence<T> = (event: NetworkEvent, record: Named) => T | undefined;

export interface Product {
  /** Starts of event.dataset, or whole values of event.provider. */
  readonly from: readonly string[];
  /** Where the product's own word for its verdict is kept. */
  readonly actionNames?: readonly string[];
  /** False where event.type or event.action says something else than a verdict. */
  readonly typeIsVerdict?: false;
  readonly actionIsVerdict?: false;
  /** True where network.protocol is only the usual name of the port. */
  readonly protocolIsGuess?: true;
  /** A verdict that outranks the words. */
  readonly verdict?: Evidence<Verdict>;
  readonly state?: Evidence<SensorState>;
}

const PRODUCTS: readonly Product[] = [
  // Elastic's pipeline gives a refused connection (REJ) the type "denied"; Zeek itself never judges.
  { from: ["zeek.", "corelight."], typeIsVerdict: false, state: zeekEvidence },
  { from: ["cisco_asa.", "cisco.asa", "cisco_ftd.", "cisco.ftd"], state: asaEvidence },
  {
    from: ["panw.panos", "panw.ngfw"],
    actionNames: ["panw.panos.action"],
    verdict: panVerdict,
    state: panEvidence,
  },
  {
    from: ["fortinet_fortigate.", "fortinet."],
    actionNames: ["fortinet.firewall.action"],
    state: fortigateEvidence,
  },
  { from: ["aws.vpcflow"], actionNames: ["aws.vpcflow.action"], state: vpcEvidence },
  { from: ["suricata."], actionNames: ["suricata.eve.alert.action"], state: suricataEvidence },
  { from: ["checkpoint.", "checkpoint_"], actionNames: ["checkpoint.rule_action"] },
  {
    from: ["windows.sysmon", "Microsoft-Windows-Sysmon"],
    actionIsVerdict: false,
    protocolIsGuess: true,
    state: sysmonEvidence,
  },
  { from: ["system.security", "Microsoft-Windows-Security-Auditing"], verdict: filteringPlatformVerdict },
  { from: ["endpoint.events.network"], actionIsVerdict: false, state: endpointEvidence },
];

/** The row of the product that wrote a record, by dataset, else by provider. */
export function productOf(dataset: string | undefined, provider: string | undefined): Product | undefined {
  if (dataset !== last.dataset || provider !== last.provider) {
    const product = PRODUCTS.find(({ from }) =>
      from.some((start) => dataset?.startsWith(start) === true || provider === start),
    );
    last = { dataset, provider, product };
  }
  return last.product;
}

interface Origin {
  readonly dataset: string | undefined;
  readonly provider: string | undefined;
  readonly product: Product | undefined;
}

/** The last answer: neighbours in a log are of one product. */
let last: Origin = { dataset: undefined, provider: undefined, product: undefined };

function zeekEvidence(event: NetworkEvent, record: Named): SensorState | undefined {
  // A row of these logs is written only once the two ends talk the protocol.
  if (/^zeek\.(?:smb_|ntlm|dce_rpc)/.test(event["event.dataset"] ?? "")) return "established";
  const state = toKeyword(record.get("zeek.connection.state"));
  return state === undefined
    ? undefined
    : connState(event, state, toKeyword(record.get("zeek.connection.history")));
}

/**
 * Zeek's conn_state as proof, where the event's counters may be those of the wire. Then the history tells who sent
 * payload; without a history, what is left when the headers of every packet are taken off.
 */
export function connState(
  event: NetworkEvent,
  state: string,
  history: string | undefined,
): SensorState | undefined {
  const payload = (end: "source" | "destination"): number | undefined => {
    const bytes = event[`${end}.bytes`];
    if (bytes === undefined || history !== undefined) return undefined;
    return Math.max(0, bytes - MOST_HEADER_BYTES * (event[`${end}.packets`] ?? HANDSHAKE_PACKETS));
  };
  return sensorState({
    state,
    history,
    transport: event["network.transport"],
    originBytes: payload("source"),
    responseBytes: payload("destination"),
    originPackets: event["source.packets"],
  });
}

/** IPv6 with the usual TCP options; what one side sends to open and to close a connection. */
const MOST_HEADER_BYTES = 72;
const HANDSHAKE_PACKETS = 3;

function asaEvidence(event: NetworkEvent, record: Named): SensorState | undefined {
  if (event["event.code"] !== "302014") return undefined;
  const reason = toKeyword(firstOf(record, ["event.reason", "event.original", "message"])) ?? "";
  return asaTeardown(totalBytes(event), reason);
}

/**
 * What the end of a TCP connection on an ASA proves.
 * Source: Cisco ASA syslog messages, 302014.
 */
export function asaTeardown(bytes: number | undefined, reason: string): SensorState | undefined {
  if (reason.includes("SYN Timeout")) return "no-answer";
  if (bytes === undefined) return undefined;
  if (bytes > 0) return "established";
  return reason.includes("Reset-O") ? "refused" : "no-answer";
}

/** Session end reasons of a session that was let through at first and then cut off by the firewall. */
const CUT_OFF = /^(?:policy-deny|threat|decrypt-.*)$/;

function panVerdict(event: NetworkEvent): Verdict | undefined {
  return CUT_OFF.test(event["event.reason"]?.toLowerCase() ?? "") ? "blocked" : undefined;
}

/**
 * App-ID gives a name, or finds too little data for one, only after the handshake; "incomplete" proves nothing.
 * Source: Palo Alto Networks knowledge base, "Not-applicable, incomplete, insufficient data in the application field".
 */
export function panEvidence(event: NetworkEvent): SensorState | undefined {
  const application = event["network.protocol"]?.toLowerCase();
  if (application === undefined || application === "incomplete" || application === "not-applicable")
    return undefined;
  // One TCP packet cannot be both the server's half of the handshake and its data.
  const tooFew = event["network.transport"] === "tcp" && event["destination.packets"] === 1;
  return (event["destination.bytes"] ?? 0) > 0 && !tooFew ? "established" : undefined;
}

function fortigateEvidence(event: NetworkEvent): SensorState | undefined {
  return event["event.provider_action"]?.toLowerCase() === "ip-conn" ? "no-answer" : undefined;
}

/** The flags of one direction, OR-ed: with SYN and ACK both there, the sender answered a SYN. */
function vpcEvidence(_event: NetworkEvent, record: Named): SensorState | undefined {
  const flags = toInteger(record.get("aws.vpcflow.tcp_flags"));
  return flags !== undefined && (flags & 0x12) === 0x12 ? "established" : undefined;
}

function suricataEvidence(event: NetworkEvent, record: Named): SensorState | undefined {
  if (event["source.packets"] === 0) return "client-silent";
  const state = record.get("suricata.eve.flow.state");
  if (state === "established") return "established";
  return state === "new" && event["destination.packets"] === 0 ? "no-answer" : undefined;
}

/** Sysmon logs event 3 for a connection that was made; a datagram proves no answer. */
function sysmonEvidence(event: NetworkEvent): SensorState | undefined {
  return event["event.code"] === "3" && event["network.transport"] !== "udp" ? "established" : undefined;
}

function filteringPlatformVerdict(event: NetworkEvent): Verdict | undefined {
  if (event["event.code"] === "5156") return "allowed";
  return event["event.code"] === "5157" || event["event.code"] === "5152" ? "blocked" : undefined;
}

function endpointEvidence(_event: NetworkEvent, record: Named): SensorState | undefined {
  return toKeyword(record.get("event.action")) === "connection_accepted" ? "established" : undefined;
}

function totalBytes(event: NetworkEvent): number | undefined {
  const total = event["network.bytes"];
  if (total !== undefined) return total;
  const [out, back] = [event["source.bytes"], event["destination.bytes"]];
  return out === undefined && back === undefined ? undefined : (out ?? 0) + (back ?? 0);
}
