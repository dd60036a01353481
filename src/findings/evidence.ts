/** Evidence rows: at most ten, the first, the last and the strongest, each in one line. */
import { OUTCOMES } from "../event/outcome.ts";
import { formatTimestamp } from "../event/timestamp.ts";
import type { EvidenceRow } from "./finding.ts";
import type { Observation } from "./observation.ts";
import { formatBytes } from "./quantity.ts";
import { inOrder } from "./session.ts";

const MAX_ROWS = 10;

/** Chooses and describes the rows; in order of time. */
export function chooseEvidence(observations: readonly Observation[]): readonly EvidenceRow[] {
  if (observations.length === 1) return observations.map(toRow);
  const ordered = [...observations].sort(inOrder);
  const strongest = [...ordered].sort((a, b) => OUTCOMES.indexOf(b.outcome) - OUTCOMES.indexOf(a.outcome));
  const chosen = new Set([...ordered.slice(0, 1), ...ordered.slice(-1)]);
  for (const observation of strongest) {
    if (chosen.size >= MAX_ROWS) break;
    chosen.add(observation);
  }
  return [...chosen].sort(inOrder).map(toRow);
}

function toRow(observation: Observation): EvidenceRow {
  return {
    file: observation.file,
    offset: observation.offset,
    "@timestamp": observation.start === undefined ? null : formatTimestamp(observation.start),
    dataset: observation.dataset,
    outcome: observation.outcome,
    summary: summarize(observation),
  };
}

function summarize(observation: Observation): string {
  const { source, destination, transport, bytesOut, bytesIn, auth } = observation;
  const parts = [
    `${withPort(source.ip, source.port)} → ${withPort(destination.ip, destination.port)}${transport === undefined ? "" : ` ${transport}`}`,
    observation.applications.join("+"),
    observation.providerAction ?? observation.action,
    observation.policy === undefined ? undefined : `policy ${observation.policy}`,
    observation.state,
    bytesOut === undefined ? undefined : `${formatBytes(bytesOut)} out`,
    bytesIn === undefined ? undefined : `${formatBytes(bytesIn)} in`,
    auth === undefined ? undefined : [auth.protocol, auth.user].filter(Boolean).join(" "),
    observation.transfer,
    observation.flipped ? "ends flipped" : undefined,
  ];
  return parts.filter((part) => part !== undefined && part !== "").join(", ");
}

function withPort(ip: string, port: number | undefined): string {
  if (port === undefined) return ip;
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}
