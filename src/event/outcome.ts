/** Outcomes: how far a connection got, decided by the strongest evidence. */

/** From the weakest to the strongest; `unknown` means that nothing tells. */
export const OUTCOMES = [
  "unknown",
  "blocked",
  "attempted",
  "established",
  "authenticated",
  "transferred",
] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** What byte counters of a source count. */
export type ByteCounting = "payload" | "ip" | "frame";

/** Bytes from which a session counts as a transfer. Units: bytes, one direction. */
const TRANSFER_BYTES = 1_000_000;

/** Server bytes that a bare handshake cannot reach where headers are counted and packets are unknown. */
const HANDSHAKE_BYTES = 200;

/** Server packets that a bare handshake does not reach. */
const HANDSHAKE_PACKETS = 3;

/** What one record, or one merged session, proves. Units: bytes and packets per direction. */
export interface OutcomeEvidence {
  readonly action: string | undefined;
  readonly state: string | undefined;
  readonly transport: string | undefined;
  readonly bytesOut: number | undefined;
  readonly bytesIn: number | undefined;
  readonly packetsIn: number | undefined;
  readonly byteCounting: ByteCounting;
  readonly credentials: boolean;
  readonly transfer: string | undefined;
  /** Only the flipped half is known: it never proves more than an attempt. */
  readonly flippedOnly: boolean;
}

/**
 * Decides how far a connection got.
 * Source: an explicit block stands; a sensor's state outranks counters; counters prove a session only when
 * the server sent more than a handshake does.
 */
export function decideOutcome(evidence: OutcomeEvidence): Outcome {
  if (evidence.action === "blocked") return "blocked";
  if (isEstablished(evidence)) return evidence.flippedOnly ? "attempted" : furthest(evidence);
  if (evidence.state === "client-silent" || evidence.transport === undefined) return "unknown";
  if (evidence.state === "no-answer" || evidence.state === "refused" || evidence.flippedOnly)
    return "attempted";
  return evidence.action === "allowed" && evidence.state !== "midstream" ? "attempted" : "unknown";
}

/** The stronger of two outcomes of one session; an explicit block beats an attempt. */
export function strongerOutcome(a: Outcome, b: Outcome): Outcome {
  if (a === "blocked" && b === "attempted") return a;
  if (b === "blocked" && a === "attempted") return b;
  return OUTCOMES.indexOf(a) >= OUTCOMES.indexOf(b) ? a : b;
}

/** Tells whether an outcome means that a session came about. */
export function gotOut(outcome: Outcome): boolean {
  return outcome === "established" || outcome === "authenticated" || outcome === "transferred";
}

function isEstablished(evidence: OutcomeEvidence): boolean {
  if (evidence.state === "established" || evidence.transfer !== undefined || evidence.credentials)
    return true;
  if (evidence.state === "no-answer" || evidence.state === "refused" || evidence.state === "client-silent") {
    return false;
  }
  return (evidence.bytesOut ?? 0) > 0 && serverSpoke(evidence);
}

function serverSpoke({ bytesIn, packetsIn, byteCounting }: OutcomeEvidence): boolean {
  if (bytesIn === undefined) return false;
  if (byteCounting === "payload") return bytesIn > 0;
  return packetsIn === undefined ? bytesIn > HANDSHAKE_BYTES : packetsIn >= HANDSHAKE_PACKETS;
}

function furthest({ transfer, bytesOut = 0, bytesIn = 0, credentials }: OutcomeEvidence): Outcome {
  if (transfer !== undefined || bytesOut >= TRANSFER_BYTES || bytesIn >= TRANSFER_BYTES) return "transferred";
  return credentials ? "authenticated" : "established";
}
