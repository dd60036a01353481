/** From observations to the report: sessions joined, exceptions applied, findings built, coverage drawn up. */
import type { Finding } from "../findings/finding.ts";
import { type InputTally, isoOrNull, sumProblems, toAccount } from "../findings/account.ts";
import { compareWithBaseline, parseBaseline } from "../findings/baseline.ts";
import { buildFindings, type RuledSession, ruleSession } from "../findings/build.ts";
import type { Coverage, TimeGap } from "../findings/coverage.ts";
import { createExceptionIndex, type ExceptionIndex } from "../findings/exceptions.ts";
import type { Retention } from "../findings/retention.ts";
import { coverRules } from "../findings/rule-coverage.ts";
import type { ExceptionUse, MatchDocument, RunInfo, RunReport } from "../findings/run.ts";
import { joinSessions, representative, type Session } from "../findings/session.ts";
import { timelineOf } from "../findings/timeline.ts";
import { drawVerdict } from "../findings/verdict.ts";
import { parseIp } from "../net/parse-ip.ts";
import { compareSeverity } from "../sigma/level.ts";
import { setNested } from "../event/document.ts";
import type { InputResult } from "./scan-input.ts";
import type { Prepared } from "./prepare.ts";

/** What a finished scan has to print. */
export interface Finished {
  readonly findings: readonly Finding[];
  readonly matches: readonly MatchDocument[];
  readonly report: RunReport;
}

/** Duplicated inputs and missing ones come in as finished accounts of their own. */
export function finish(
  prepared: Prepared,
  run: RunInfo,
  results: readonly InputResult[],
  retention: Retention,
  interrupted: boolean,
): Finished {
  const { request, rules, assets } = prepared;
  const exceptions = createExceptionIndex(prepared.site.exceptions, request.nowMs);
  const { sessions, backscatter } = joinSessions(retention.observations());
  const hid = new Map<string, number>();
  const ruled = sessions.map((session) => {
    const exception = exceptionFor(session, prepared, exceptions);
    if (exception !== null) hid.set(exception, (hid.get(exception) ?? 0) + 1);
    return ruleSession(session, rules, assets, exception);
  });
  const shown = ruled.filter(({ suppressedBy }) => suppressedBy === null || request.showSuppressed);
  const built = buildFindings(shown, assets);
  const enough = built.filter((finding) => isEnough(finding, prepared));
  const dropped = {
    ...count("backscatter: the client sent nothing", backscatter),
    ...count("outside the time bounds", results.reduce((sum, { outside }) => sum + outside, 0)),
    ...count("findings below the minimum severity", built.length - enough.length),
  };
  const baseline = request.baseline === null ? null : parseBaseline(request.baseline.text, request.baseline.file);
  const compared = baseline === null ? null : compareWithBaseline(enough, baseline);
  const findings = compared?.findings ?? enough;
  const coverage = drawCoverage(prepared, results, retention, { dropped, hid, interrupted });
  const timeline = timelineOf(shown.filter(({ suppressedBy }) => suppressedBy === null).map(({ session }) => session));
  const report: RunReport = {
    run,
    verdict: drawVerdict(findings, coverage),
    coverage,
    exceptions: useOf(prepared, exceptions, hid),
    baseline: compared?.summary ?? null,
    ...(timeline === undefined ? {} : { timeline }),
  };
  return { findings, matches: toMatches(shown, prepared), report };
}

function exceptionFor(session: Session, { rules }: Prepared, exceptions: ExceptionIndex): string | null {
  const seen = representative(session);
  const [source, destination] = [parseIp(seen.source.ip), parseIp(seen.destination.ip)];
  if (source === undefined || destination === undefined) return null;
  const exception = exceptions.match({
    ruleIds: session.rules.flatMap((at) => rules[at]?.id ?? []),
    source,
    destination,
    effectiveSource: parseIp(seen.source.effective) ?? source,
    effectiveDestination: parseIp(seen.destination.effective) ?? destination,
    domain: session.observations.find((observation) => observation.destination.domain !== undefined)?.destination.domain,
    port: seen.destination.port,
    applications: seen.applications,
    timeMs: session.first?.ms,
  });
  return exception?.id ?? null;
}

function isEnough({ severity }: Finding, { request }: Prepared): boolean {
  return request.minSeverity === null || compareSeverity(severity, request.minSeverity) <= 0;
}

/** One row per session and rule, in order of file and offset; the outcome is the session's. */
function toMatches(sessions: readonly RuledSession[], { rules, request }: Prepared): readonly MatchDocument[] {
  if (request.emit !== "matches") return [];
  const rows = sessions.flatMap(({ session, rule: primary, scored, suppressedBy }) =>
    session.rules.flatMap((at) => {
      const rule = rules[at];
      const seen = representative(session, at);
      if (rule === undefined || seen.document === undefined) return [];
      const event = structuredClone(seen.document);
      setNested(event, "sallyport.outcome", session.outcome);
      const match: MatchDocument = {
        rule: { id: rule.id, name: rule.title },
        profile: request.profile,
        severity: rule === primary ? scored.severity : rule.level,
        ...(suppressedBy === null ? {} : { suppressed_by: suppressedBy }),
        event,
      };
      return [{ match, file: seen.file, offset: seen.offset, at }];
    }),
  );
  return rows
    .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.offset - b.offset || a.at - b.at))
    .map(({ match }) => match);
}

function drawCoverage(
  prepared: Prepared,
  results: readonly InputResult[],
  retention: Retention,
  facts: {
    readonly dropped: Readonly<Record<string, number>>;
    readonly hid: ReadonlyMap<string, number>;
    readonly interrupted: boolean;
  },
): Coverage {
  const tallies = results.map(({ tally }) => tally);
  const inputs = tallies.map(toAccount);
  const total = (pick: (account: (typeof inputs)[number]) => number): number =>
    inputs.reduce((sum, account) => sum + pick(account), 0);
  const firstMs = tallies.reduce((least, { firstMs: ms }) => Math.min(least, ms), Number.POSITIVE_INFINITY);
  const lastMs = tallies.reduce((most, { lastMs: ms }) => Math.max(most, ms), Number.NEGATIVE_INFINITY);
  const seen: Record<string, number> = {};
  for (const { datasets } of tallies) {
    for (const [name, events] of Object.entries(datasets)) seen[name] = (seen[name] ?? 0) + events;
  }
  return {
    inputs,
    totals: {
      inputs: inputs.length,
      read: inputs.filter(({ status }) => status === "read").length,
      bytes: total(({ bytes }) => bytes),
      records: total(({ records }) => records),
      ruled_out: total(({ ruled_out }) => ruled_out),
      decoded: total(({ decoded }) => decoded),
      rejected: total(({ rejected }) => rejected),
      skipped: total(({ skipped }) => skipped),
      undecodable: total(({ undecodable }) => undecodable),
      events: total(({ events }) => events),
    },
    first_seen: isoOrNull(firstMs),
    last_seen: isoOrNull(lastMs),
    gaps: gapsOf(tallies),
    problems: sumProblems(tallies),
    shares: sumShares(tallies),
    rules: coverRules(prepared.plans, prepared.datasets, seen),
    dropped: facts.dropped,
    suppressed: Object.fromEntries([...facts.hid].sort(([a], [b]) => (a < b ? -1 : 1))),
    notes: [],
    folded: retention.folded(),
    incomplete: facts.interrupted,
  };
}

function sumShares(tallies: readonly InputTally[]): Coverage["shares"] {
  const sum = { sampled: 0, direction: 0, action: 0, state: 0, bytes: 0, application: 0, ipv6: 0, internal_source: 0 };
  for (const { shares } of tallies) {
    for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += shares[key];
  }
  return sum;
}

const HOUR_MS = 3_600_000;
const MAX_GAPS = 10;

/** Whole hours without any event, in a span of a day or more: the longest ones, in order of time. */
function gapsOf(tallies: readonly InputTally[]): readonly TimeGap[] {
  const hours = [...new Set(tallies.flatMap((tally) => [...tally.hours]))].sort((a, b) => a - b);
  const span = (hours.at(-1) ?? 0) - (hours[0] ?? 0);
  if (span < 24) return [];
  const gaps = hours.flatMap((hour, at) => {
    const before = hours[at - 1];
    return before === undefined || hour - before < 2 ? [] : [{ from: before + 1, to: hour }];
  });
  return gaps
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, MAX_GAPS)
    .sort((a, b) => a.from - b.from)
    .map(({ from, to }) => ({ from: new Date(from * HOUR_MS).toISOString(), to: new Date(to * HOUR_MS).toISOString() }));
}

function useOf(prepared: Prepared, index: ExceptionIndex, hid: ReadonlyMap<string, number>): readonly ExceptionUse[] {
  const expired = new Set(index.expired.map(({ id }) => id));
  const today = new Date(prepared.request.nowMs).toISOString().slice(0, 10);
  return prepared.site.exceptions.map(({ id, created, expires }) => ({
    id,
    state: expired.has(id) ? "expired" : created > today ? "not yet" : "active",
    expires,
    hid: hid.get(id) ?? 0,
  }));
}

function count(name: string, value: number): Readonly<Record<string, number>> {
  return value === 0 ? {} : { [name]: value };
}
