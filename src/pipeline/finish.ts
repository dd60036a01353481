/** From observations to the report: sessions joined, exceptions applied, findings built, coverage drawn up. */

import { adaptGuide } from "../advisories/guide.ts";
import { type Baseline, compareWithBaseline, markAgainst } from "../findings/baseline.ts";
import { draftFindings } from "../findings/build.ts";
import type { Coverage } from "../findings/coverage.ts";
import type { ExceptionIndex } from "../findings/exceptions.ts";
import type { FindingDraft, FindingHead } from "../findings/finding.ts";
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
  /** In the order of output; each is written out as its turn comes. */
  readonly drafts: readonly FindingDraft[];
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
  const shown = ruled.filter(({ suppressedBy }) => suppressedBy === null || request.showSuppressed);
  const references = finishReferences(prepared, retention, presentIn(results));
  const drafts = [
    ...withGuides(draftFindings(shown, assets), results),
    ...references.findings.map((finding) => ({ head: finding, finish: () => finding })),
  ];
  const enough = drafts.filter(({ head }) => isEnough(head, prepared));
  const heads = enough.map(({ head }) => head);
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
  const timeline = timelineOf(
    shown.filter(({ suppressedBy }) => suppressedBy === null).map(({ session }) => session),
  );
  const report: RunReport = {
    run,
    verdict: verdictOf(heads, coverage, prepared),
    coverage,
    exceptions: useOf(prepared, exceptions, hid),
    baseline: baseline === null ? null : compareWithBaseline(heads, baseline),
    ...(timeline === undefined ? {} : { timeline }),
  };
  return { drafts: withMarks(enough, baseline), matches: toMatches(shown, prepared), report };
}

/** Our own findings with the steps that their data call for. */
function withGuides(
  drafts: readonly FindingDraft[],
  results: readonly InputResult[],
): readonly FindingDraft[] {
  const datasets = [...new Set(results.flatMap(({ tally }) => Object.keys(tally.datasets)))];
  return drafts.map(({ head, finish: written }) => ({
    head,
    finish: () => {
      const finding = written();
      return { ...finding, guide: adaptGuide(finding, { datasets }) };
    },
  }));
}

function withMarks(drafts: readonly FindingDraft[], baseline: Baseline | null): readonly FindingDraft[] {
  if (baseline === null) return drafts;
  return drafts.map(({ head, finish: written }) => ({
    head,
    finish: () => ({ ...written(), baseline: markAgainst(baseline, head) }),
  }));
}

/** Columns that reference profiles require and that some input had. */
function presentIn(results: readonly InputResult[]): ReadonlySet<string> {
  return new Set(results.flatMap(({ present }) => present ?? []));
}

/** Ours speaks of our own findings; where they were not asked for, the reference profiles' are counted. */
function verdictOf(
  findings: readonly FindingHead[],
  coverage: Coverage,
  { rules, profiles }: Prepared,
): Verdict {
  if (rules.length === 0 && profiles.length > 0) {
    const names = profiles.map(({ name }) => name);
    return drawProfileVerdict(findings, coverage, names);
  }
  const own = findings.filter(({ profile }) => profile === OWN_PROFILE);
  return drawVerdict(own, coverage);
}

function isEnough({ severity }: FindingHead, { request }: Prepared): boolean {
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
