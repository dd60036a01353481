/** SMB over QUIC that follows a block: Windows turns to it once TCP has failed, and so does whoever wants to get out. */
import type { RiskModifier } from "./finding.ts";
import { leakOfSession } from "./leak.ts";
import { groupBy, representative, type Session } from "./session.ts";

/** How long after the block the other way is taken. Units: milliseconds. */
const FALLBACK_MS = 60_000;

/** Tells of SMB over QUIC whether SMB over TCP between the same two was blocked just before. */
export function createFallbackTest(
  sessions: readonly Session[],
): (session: Session) => readonly RiskModifier[] {
  const isBlocked = (session: Session): boolean =>
    session.outcome === "blocked" && leakOfSession(session) === "smb";
  const blocked = groupBy(sessions.filter(isBlocked), pairOf);
  return (session) => {
    const start = session.first?.ms;
    if (start === undefined || leakOfSession(session) !== "quic") return [];
    const before = blocked.get(pairOf(session))?.some(({ first, lastMs }) => {
      return first !== undefined && first.ms <= start && start - (lastMs ?? first.ms) <= FALLBACK_MS;
    });
    const why = "SMB over TCP to the same destination was blocked within the minute before";
    return before === true ? [{ name: "SMB over TCP was blocked", delta: 1, why }] : [];
  };
}

function pairOf(session: Session): string {
  const { source, destination } = representative(session);
  return `${source.effective}>${destination.effective}`;
}
