/** The verdict: is SMB leaving, did it get out, and would we know? In a sentence, and in counts. */
import { gotOut, OUTCOMES, type Outcome } from "../event/outcome.ts";
import type { Coverage } from "./coverage.ts";
import type { FindingHead } from "./finding.ts";
import { leakOf } from "./leak.ts";
import { countOf, formatBytes } from "./quantity.ts";
import type { Verdict } from "./run.ts";
import { groupBy } from "./session.ts";

/** Draws the verdict from the findings that are not suppressed and from the coverage. */
export function drawVerdict(findings: readonly FindingHead[], coverage: Coverage): Verdict {
  const open = findings.filter((finding) => finding.suppressed_by === null);
  const byLeak = groupBy(open, ({ source, network, destination }) =>
    leakOf(source.scope, network.transport, destination.port),
  );
  const left = [...(byLeak.get("smb") ?? []), ...(byLeak.get("quic") ?? [])];
  const hosts = new Map<string, Outcome>();
  for (const finding of left) {
    const known = hosts.get(finding.source.effective_ip);
    if (known === undefined || rank(finding.outcome) > rank(known)) {
      hosts.set(finding.source.effective_ip, finding.outcome);
    }
  }
  const sessions = countSessions(left);
  const inbound = countSessions(byLeak.get("inbound") ?? []);
  const netbios = countSessions(byLeak.get("netbios") ?? []);
  const byOutcome: Record<string, number> = {};
  for (const outcome of hosts.values()) byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1;
  const parts = [...leaving(left, hosts, sessions), ...strays(netbios), ...arriving(inbound)];
  const sentence = [`${parts.join("; ")}.`, wouldWeKnow(coverage)].filter(Boolean).join(" ");
  return { sentence, findings: open.length, hosts: byOutcome, sessions, inbound, netbios };
}

function countSessions(findings: readonly FindingHead[]): Readonly<Record<string, number>> {
  const sessions: Record<string, number> = {};
  for (const { outcomes } of findings) {
    for (const [outcome, row] of Object.entries(outcomes)) {
      sessions[outcome] = (sessions[outcome] ?? 0) + row.count;
    }
  }
  return sessions;
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

function leaving(
  findings: readonly FindingHead[],
  hosts: ReadonlyMap<string, Outcome>,
  sessions: Readonly<Record<string, number>>,
): readonly string[] {
  if (findings.length === 0) return ["No SMB to the Internet was found in what was read"];
  const out = [...hosts.values()].filter(gotOut).length;
  const bytes = findings
    .filter(({ outcome }) => gotOut(outcome))
    .reduce((total, { bytes: b }) => total + (b.out ?? 0), 0);
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
      : `${countOf(out, "host")} completed SMB sessions to the Internet${bytes > 0 ? `, ${formatBytes(bytes)} out` : ""}`;
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
