/** The verdict: is SMB leaving, did it get out, and would we know? In a sentence, and in counts. */
import { gotOut, OUTCOMES, type Outcome } from "../event/outcome.ts";
import type { Coverage } from "./coverage.ts";
import type { FindingHead } from "./finding.ts";
import { type Leak, leakOf } from "./leak.ts";
import { countOf, formatBytes } from "./quantity.ts";
import type { Verdict } from "./run.ts";

/** Draws the verdict from the findings that are not suppressed and from the coverage. */
export function drawVerdict(findings: Iterable<FindingHead>, coverage: Coverage): Verdict {
  const byLeak = countByLeak(findings);
  const left = byLeak.smb;
  addTally(left, byLeak.quic);
  const [inbound, netbios] = [byLeak.inbound.sessions, byLeak.netbios.sessions];
  const hosts: Record<string, number> = {};
  for (const outcome of left.hosts.values()) hosts[outcome] = (hosts[outcome] ?? 0) + 1;
  const parts = [...leaving(left), ...strays(netbios), ...arriving(inbound)];
  const sentence = [`${parts.join("; ")}.`, wouldWeKnow(coverage)].filter(Boolean).join(" ");
  const open = left.findings + byLeak.inbound.findings + byLeak.netbios.findings;
  return { sentence, findings: open, hosts, sessions: left.sessions, inbound, netbios };
}

/**
 * What the verdict needs of all findings of a kind.
 * Shape: hosts by the furthest that any of their findings got; sessions by outcome. Units: bytes of what got out.
 */
interface LeakTally {
  findings: number;
  bytesOut: number;
  readonly hosts: Map<string, Outcome>;
  readonly sessions: Record<string, number>;
}

/** Goes through the findings once, so that none has to be kept. */
function countByLeak(findings: Iterable<FindingHead>): Readonly<Record<Leak, LeakTally>> {
  const tally = (): LeakTally => ({ findings: 0, bytesOut: 0, hosts: new Map(), sessions: {} });
  const tallies = { smb: tally(), quic: tally(), inbound: tally(), netbios: tally() };
  for (const { source, network, destination, outcome, outcomes, bytes, suppressed_by } of findings) {
    if (suppressed_by !== null) continue;
    const leak = tallies[leakOf(source.scope, network.transport, destination.port)];
    leak.findings++;
    if (gotOut(outcome)) leak.bytesOut += bytes.out ?? 0;
    addHost(leak, source.effective_ip, outcome);
    for (const [name, { count }] of Object.entries(outcomes)) addSessions(leak, name, count);
  }
  return tallies;
}

function addTally(into: LeakTally, from: LeakTally): void {
  into.findings += from.findings;
  into.bytesOut += from.bytesOut;
  for (const [host, outcome] of from.hosts) addHost(into, host, outcome);
  for (const [outcome, count] of Object.entries(from.sessions)) addSessions(into, outcome, count);
}

function addHost({ hosts }: LeakTally, host: string, outcome: Outcome): void {
  const known = hosts.get(host);
  if (known === undefined || rank(outcome) > rank(known)) hosts.set(host, outcome);
}

function addSessions({ sessions }: LeakTally, outcome: string, count: number): void {
  sessions[outcome] = (sessions[outcome] ?? 0) + count;
}

/** NetBIOS is no file sharing, so it is told apart. */
function strays(sessions: Readonly<Record<string, number>>): readonly string[] {
  const total = sum(Object.values(sessions));
  return total === 0 ? [] : [`${countOf(total, "session")} of NetBIOS datagrams to the Internet`];
}

/** What came from the Internet: a scan that was stopped, or somebody who got in. */
function arriving(sessions: Readonly<Record<string, number>>): readonly string[] {
  const total = sum(Object.values(sessions));
  if (total === 0) return [];
  const reached = sum(OUTCOMES.filter(gotOut).map((outcome) => sessions[outcome] ?? 0));
  if (reached > 0)
    return [`${reached} of ${countOf(total, "inbound SMB session")} from the Internet completed`];
  const blocked = sessions["blocked"] ?? 0;
  const stopped =
    blocked === total ? "all blocked" : blocked === 0 ? "none known to be blocked" : `${blocked} blocked`;
  return [`${countOf(total, "inbound scan")} from the Internet, ${stopped}`];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function leaving({ findings, hosts, sessions, bytesOut }: LeakTally): readonly string[] {
  if (findings === 0) return ["No SMB to the Internet was found in what was read"];
  const out = [...hosts.values()].filter(gotOut).length;
  const rest = [
    sessions["blocked"] === undefined ? [] : `${countOf(sessions["blocked"], "session")} blocked`,
    sessions["attempted"] === undefined
      ? []
      : `${countOf(sessions["attempted"], "attempt")} without proof of completion`,
    sessions["unknown"] === undefined ? [] : `${countOf(sessions["unknown"], "session")} of unknown outcome`,
  ].flat();
  const got =
    out === 0
      ? `${countOf(hosts.size, "host")} tried SMB to the Internet; no session is known to have come about`
      : `${countOf(out, "host")} completed SMB sessions to the Internet${bytesOut > 0 ? `, ${formatBytes(bytesOut)} out` : ""}`;
  return [got, ...rest];
}

/** The caveats that belong beside the verdict: what was not read, and what could not have been seen. */
export function wouldWeKnow(coverage: Coverage): string {
  const { totals, inputs, rules, folded, shares } = coverage;
  // Of the events the sample alone is the same whether lines were ruled out unread or not.
  const isBlind = shares.sampled === 0;
  const caveats: string[] = [];
  const unread = inputs.filter(
    ({ status }) => status === "unreadable" || status === "incomplete" || status === "not-recognised",
  ).length;
  if (isBlind) caveats.push("nothing that was read could have shown it");
  if (unread > 0) caveats.push(`${countOf(unread, "input")} could not be read whole`);
  if (totals.rejected > 0) caveats.push(`${countOf(totals.rejected, "record")} rejected`);
  const blind = rules.filter(({ status }) => status === "no source here").length;
  if (!isBlind && blind > 0) caveats.push(`${countOf(blind, "rule")} had no source here`);
  if (folded !== null) caveats.push(`${countOf(folded.observations, "record")} kept only as totals`);
  if (coverage.incomplete) caveats.push("the run was interrupted");
  const [first = "", ...rest] = caveats;
  return first === "" ? "" : `${[first.charAt(0).toUpperCase() + first.slice(1), ...rest].join("; ")}.`;
}

function rank(outcome: Outcome): number {
  return OUTCOMES.indexOf(outcome);
}
