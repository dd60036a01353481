/** What Suricata's flow state and TCP flags prove about a connection. */
import { isJsonObject } from "../bytes/json.ts";
import type { NetworkEvent } from "../event/event.ts";
import { toKeyword } from "../event/values.ts";
import type { Named } from "./pick.ts";

/** TCP flags as Suricata collects them per direction. */
const SYN = 0x02;
const RST = 0x04;
const PSH = 0x08;
const ACK = 0x10;

/** What a flow row says of the flow's course. */
interface Course {
  readonly state: string | undefined;
  readonly isTcp: boolean;
  /** All flags of one side; 0 where the stream engine did not follow the flow; undefined in old releases. */
  readonly clientFlags: number | undefined;
  readonly serverFlags: number | undefined;
  readonly isIdentified: boolean;
}

/**
 * What the sensor's state proves. SMB rows come from a parser that runs only on a followed session. Of the other
 * rows only a flow's own tells how it ended; the counters in an alert row are those of a moment, so that silence
 * in them proves nothing.
 */
export function suricataState(event: NetworkEvent, row: Named, dataset: string): string | undefined {
  if (isJsonObject(row.get("smb"))) return "established";
  const isIdentified = event["network.application"] !== undefined;
  const toClient = event["destination.packets"] ?? 0;
  if (dataset === "suricata.alert") return isIdentified && toClient > 0 ? "established" : undefined;
  if (dataset !== "suricata.flow") return undefined;
  if (event["source.packets"] === 0 && toClient > 0) return "client-silent";
  const course: Course = {
    state: toKeyword(row.get("flow.state")),
    isTcp: event["network.transport"] === "tcp",
    clientFlags: flagsOf(row.get("tcp.tcp_flags_ts")),
    serverFlags: flagsOf(row.get("tcp.tcp_flags_tc")),
    isIdentified,
  };
  return event["destination.packets"] === 0 ? unanswered(course) : answered(course);
}

/** No packet came back. A client that acknowledges, or whose SYN was not seen, had an answer by another way. */
function unanswered({ state, isTcp, clientFlags }: Course): string {
  if (!isTcp) return "no-answer";
  if (clientFlags === undefined) return state === "new" || state === undefined ? "no-answer" : "midstream";
  return (clientFlags & (SYN | ACK)) === SYN ? "no-answer" : "midstream";
}

/**
 * Packets went both ways. `new`: the handshake was not completed, or not followed. `established`: it was.
 * `closed`: ended by FIN or RST, where a RST may have been the answer to the SYN. `bypassed`: the sensor stopped
 * looking, which says nothing by itself.
 */
function answered(course: Course): string | undefined {
  const { state, isTcp, clientFlags = 0, serverFlags = 0, isIdentified } = course;
  if (state === "established") return "established";
  if (!isTcp) return undefined;
  if ((clientFlags & SYN) !== 0 && (serverFlags & (SYN | RST)) === RST) return "refused";
  const isFollowed = clientFlags !== 0 || serverFlags !== 0;
  if (state === "new") return isFollowed ? undefined : "midstream";
  if (state === "closed" && isFollowed) return closed(clientFlags, serverFlags);
  return isIdentified ? "established" : undefined;
}

/** As with Zeek's RSTO and RSTR, a session that was reset counts only when both sides had sent data. */
function closed(clientFlags: number, serverFlags: number): string | undefined {
  const isReset = ((clientFlags | serverFlags) & RST) !== 0;
  if (!isReset || (clientFlags & serverFlags & PSH) !== 0) return "established";
  return (serverFlags & RST) === 0 ? undefined : "refused";
}

function flagsOf(value: unknown): number | undefined {
  const text = toKeyword(value);
  return text !== undefined && /^[0-9a-f]{2}$/i.test(text) ? Number.parseInt(text, 16) : undefined;
}
