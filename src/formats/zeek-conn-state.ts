/**
 * What a row of Zeek's conn.log proves about its connection, from `conn_state` and `history`.
 * Source: Zeek, base/protocols/conn/main.zeek: the function `conn_state` and the table of history letters.
 */

/** What of a conn row bears on its state. Units: payload bytes, packets. */
export interface ConnEvidence {
  readonly state: string | undefined;
  /** Upper case: the originator's packets; lower case: the responder's; `^`: Zeek swapped the ends. */
  readonly history: string | undefined;
  readonly transport: string | undefined;
  readonly originBytes: number | undefined;
  readonly responseBytes: number | undefined;
  readonly originPackets: number | undefined;
}

/** A word of the field `sallyport.state`. */
export type SensorState = "established" | "refused" | "no-answer" | "client-silent" | "midstream";

/**
 * Gives the state that a conn row proves.
 * Shape: undefined for protocols without a session (ICMP), for an absent and for an unknown `conn_state`.
 */
export function sensorState(conn: ConnEvidence): SensorState | undefined {
  if (conn.transport !== undefined && conn.transport !== "tcp" && conn.transport !== "udp") return undefined;
  switch (conn.state) {
    case "S1":
    case "SF":
    case "S2":
    case "S3":
      return "established";
    case "REJ":
      return "refused";
    case "S0":
    case "RSTOS0":
    case "SH":
      return isWholeAttempt(conn) ? "no-answer" : "midstream";
    case "RSTO":
    case "RSTR":
      return resetState(conn);
    case "RSTRH":
    case "SHR":
    case "OTH":
      return isClientSilent(conn) ? "client-silent" : "midstream";
    default:
      return undefined;
  }
}

/**
 * An attempt is whole when nothing of the responder was seen and the originator did not go on as if it had been
 * answered. Zeek also gives these states to the tail of an older connection, and to one whose answers take
 * another way past the sensor.
 */
function isWholeAttempt({ history, transport, responseBytes }: ConnEvidence): boolean {
  if (responseBytes !== undefined && responseBytes > 0) return false;
  if (history === undefined) return true;
  if (/[a-z]/.test(history)) return false;
  return transport === "udp" || (history.includes("S") && !/[AD]/.test(history));
}

/**
 * After a reset only payload from both sides proves a session. Without any from the server, the host was reached
 * but gave no service; payload of the server alone is a connection seen in part.
 */
function resetState({ history = "", originBytes, responseBytes }: ConnEvidence): SensorState {
  const served = responseBytes === undefined ? history.includes("d") : responseBytes > 0;
  const asked = originBytes === undefined ? history.includes("D") : originBytes > 0;
  if (!served) return "refused";
  return asked ? "established" : "midstream";
}

/**
 * Backscatter: the sensor saw packets of the responder alone. `X` is no packet, `C` is one with a bad checksum, which
 * Zeek leaves out of its packet count. A TCP server that sends payload must have been spoken to, past the sensor.
 */
function isClientSilent(conn: ConnEvidence): boolean {
  const { history, transport, originBytes, responseBytes, originPackets } = conn;
  if (history !== undefined && /[A-WYZ]/.test(history)) return false;
  if ((originBytes ?? 0) > 0) return false;
  if (transport !== "udp" && ((responseBytes ?? 0) > 0 || history?.includes("d") === true)) return false;
  return originPackets === undefined ? history !== undefined : originPackets === 0;
}
