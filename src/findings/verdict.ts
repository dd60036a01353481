/** The verdict: is SMB leaving, did it get out, and would we know? In a sentence, and in counts. */
import { gotOut, OUTCOMES, type Outcome } from "../event/outcome.ts";
import type { Coverage } from "./coverage.ts";
import type { Finding } from "./finding.ts";
import { countOf, formatBytes } from "./quantity.ts";
import type { Verdict } from "./run.ts";

/** Draws the verdict from the findings that are not suppressed and from the coverage. */
export function drawVerdict(findings: readonly Finding[], coverage: Coverage): Verdict {
  const open = findings.filter((finding) => finding.suppressed_by === null);
  const hosts = new Map<string, Outcome>();
  const sessions: Record<string, number> = {};
  for (const finding of open) {
    const known = hosts.get(finding.source.effective_ip);
    if (known === undefined || rank(finding.outcome) > rank(known)) {
      hosts.set(finding.source.effective_ip, finding.outcome);
    }
    for (const [outcome, row] of Object.entries(finding.outcomes)) {
      sessions[outcome] = (sessions[outcome] ?? 0) + row.count;
    }
  }
  const byOutcome: Record<string, number> = {};
  for (const outcome of hosts.values()) byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1;
  const sentence = [leaving(open, hosts, sessions), wouldWeKnow(coverage)].filter(Boolean).join(" ");
  return { sentence, findings: open.length, hosts: byOutcome, sessions };
}

function leaving(
  findings: readonly Finding[],
  hosts: ReadonlyMap<string, Outcome>,
  sessions: Readonly<Record<string, number>>,
): string {
  if (findings.length === 0) return "No SMB to the Internet was found in what was read.";
  const out = [...hosts.values()].filter(gotOut).length;
  const bytes = findings.filter(({ outcome }) => gotOut(outcome)).reduce((sum, { bytes: b }) => sum + (b.out ?? 0), 0);
  const rest = [
    sessions["blocked"] === undefined ? [] : `${countOf(sessions["blocked"], "session")} blocked`,
    sessions["attempted"] === undefined ? [] : `${countOf(sessions["attempted"], "attempt")} without proof of completion`,
    sessions["unknown"] === undefined ? [] : `${countOf(sessions["unknown"], "session")} of unknown outcome`,
  ].flat();
  const got =
    out === 0
      ? `${countOf(hosts.size, "host")} tried SMB to the Internet; no session is known to have come about`
      : `${countOf(out, "host")} completed SMB sessions to the Internet${bytes > 0 ? `, ${formatBytes(bytes)} out` : ""}`;
  return `${[got, ...rest].join("; ")}.`;
}

/** The caveats that belong beside the verdict: what was not read, and what could not have been seen. */
function wouldWeKnow(coverage: Coverage): string {
  const { totals, inputs, rules, folded } = coverage;
  const caveats: string[] = [];
  const unread = inputs.filter(({ status }) => status === "unreadable" || status === "incomplete" || status === "not-recognised").length;
  if (totals.events === 0) caveats.push("Nothing that was read could have shown it");
  if (unread > 0) caveats.push(`${countOf(unread, "input")} could not be read whole`);
  if (totals.rejected > 0) caveats.push(`${countOf(totals.rejected, "record")} rejected`);
  const blind = rules.filter(({ status }) => status === "no source here").length;
  if (totals.events > 0 && blind > 0) caveats.push(`${countOf(blind, "rule")} had no source here`);
  if (folded !== null) caveats.push(`${countOf(folded.observations, "record")} kept only as totals`);
  if (coverage.incomplete) caveats.push("the run was interrupted");
  return caveats.length === 0 ? "" : `${caveats.join("; ")}.`;
}

function rank(outcome: Outcome): number {
  return OUTCOMES.indexOf(outcome);
}
