/** From observations to the report: sessions joined, exceptions applied, findings built, coverage drawn up. */

import { adaptGuide } from "../advisories/guide.ts";
import { type Baseline, compareWithBaseline, markAgainst } from "../findings/baseline.ts";
import type { Coverage } from "../findings/coverage.ts";
import { draftFindings } from "../findings/draft.ts";
import type { ExceptionIndex } from "../findings/exceptions.ts";
import type { Finding, FindingBrief, FindingDraft, FindingHead } from "../findings/finding.ts";
import { OWN_PROFILE } from "../findings/profiles/profile.ts";
import { drawProfileVerdict } from "../findings/profiles/profile-verdict.ts";
import type { Retention } from "../findings/retention.ts";
import type { ExceptionUse, MatchDocument, RunInfo, RunReport, Verdict } from "../findings/run.ts";
import { timelineOf } from "../findings/timeline.ts";
import { drawVerdict } from "../findings/verdict.ts";
import { compareSeverity } from "../sigma/level.ts";
import { drawCoverage } from "./draw-coverage.ts";
import { toMatches } from "./match-rows.ts";
import type { Prepared } from "./prepare.ts";
import { finishReferences } from "./references.ts";
import { ruleSessions } from "./rule-sessions.ts";
import type { InputResult } from "./scan-input.ts";

/** What a finished scan has to print. */
export interface Finished {
  /** What was found, in brief, in the order of output. */
  readonly briefs: readonly FindingBrief[];
  /** The same in full: each is written out as its turn comes, and let go of when the next one's does. */
  readonly findings: Iterable<Finding>;
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
  const { request, assets, baseline } = prepared;
  const { ruled, exceptions, hid, backscatter, notes } = ruleSessions(prepared, results, retention);
  const open = ruled.filter(({ suppressedBy }) => suppressedBy === null);
  const shown = request.showSuppressed ? ruled : open;
  const references = finishReferences(prepared, retention, presentIn(results));
  const drafts = [...draftFindings(shown, assets), ...references.findings.map(draftOf)];
  const enough = drafts.filter((draft) => isEnough(draft, prepared));
  const outside = results.reduce((sum, result) => sum + result.outside, 0);
  const coverage = drawCoverage(prepared, results, retention, {
    dropped: {
      ...count("backscatter: the client sent nothing", backscatter),
      ...count("outside the time bounds", outside),
      ...count("findings below the minimum severity", drafts.length - enough.length),
    },
    hid,
    notes: [...notes, ...references.notes],
    interrupted,
  });
  const timeline = timelineOf(open.map(({ session }) => session));
  const report: RunReport = {
    run,
    verdict: verdictOf(enough, coverage, prepared),
    coverage,
    exceptions: useOf(prepared, exceptions, hid),
    baseline: baseline === null ? null : compareWithBaseline(headsOf(enough), baseline),
    ...(timeline === undefined ? {} : { timeline }),
  };
  return {
    briefs: enough.map(({ id, profile, severity, suppressed_by }) => ({
      id,
      profile,
      severity,
      suppressed_by,
    })),
    findings: writeOut(enough, results, baseline),
    matches: toMatches(shown, prepared),
    report,
  };
}

/** A finding that is whole already. */
function draftOf(finding: Finding): FindingDraft {
  const { id, profile, severity, suppressed_by } = finding;
  return { id, profile, severity, suppressed_by, head: finding, finish: () => finding };
}

function* headsOf(drafts: readonly FindingDraft[]): Generator<FindingHead> {
  for (const { head } of drafts) yield head;
}

/** Findings in full: our own with the steps that their data call for, all with their mark against the baseline. */
function* writeOut(
  drafts: readonly FindingDraft[],
  results: readonly InputResult[],
  baseline: Baseline | null,
): Generator<Finding> {
  const datasets = [...new Set(results.flatMap(({ tally }) => Object.keys(tally.datasets)))];
  for (const draft of drafts) {
    const bare = draft.finish();
    const finding = bare.profile === OWN_PROFILE ? { ...bare, guide: adaptGuide(bare, { datasets }) } : bare;
    yield baseline === null ? finding : { ...finding, baseline: markAgainst(baseline, finding) };
  }
}

/** Columns that reference profiles require and that some input had. */
function presentIn(results: readonly InputResult[]): ReadonlySet<string> {
  return new Set(results.flatMap(({ present }) => present ?? []));
}

/** Ours speaks of our own findings; where they were not asked for, the reference profiles' are counted. */
function verdictOf(
  drafts: readonly FindingDraft[],
  coverage: Coverage,
  { rules, profiles }: Prepared,
): Verdict {
  if (rules.length === 0 && profiles.length > 0) {
    const names = profiles.map(({ name }) => name);
    return drawProfileVerdict(headsOf(drafts), coverage, names);
  }
  const own = drafts.filter(({ profile }) => profile === OWN_PROFILE);
  return drawVerdict(headsOf(own), coverage);
}

function isEnough({ severity }: FindingDraft, { request }: Prepared): boolean {
  return request.minSeverity === null || compareSeverity(severity, request.minSeverity) <= 0;
}

function useOf(
  prepared: Prepared,
  index: ExceptionIndex,
  hid: ReadonlyMap<string, number>,
): readonly ExceptionUse[] {
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
