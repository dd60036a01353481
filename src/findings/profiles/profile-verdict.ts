/** The verdict of a run with reference profiles alone: what they report, and that they do not judge how far it got. */
import type { Coverage } from "../coverage.ts";
import type { FindingHead } from "../finding.ts";
import { countOf } from "../quantity.ts";
import type { Verdict } from "../run.ts";
import { drawVerdict, wouldWeKnow } from "../verdict.ts";
import { OWN_PROFILE } from "./profile.ts";

/** Draws it; the counts are by Sallyport's outcome of the records, as ever. */
export function drawProfileVerdict(
  findings: Iterable<FindingHead>,
  coverage: Coverage,
  names: readonly string[],
): Verdict {
  let count = 0;
  const sources = new Set<string>();
  for (const { profile, source } of findings) {
    count++;
    sources.add(`${profile} ${source.ip}`);
  }
  const what =
    count === 0
      ? `${names.join(", ")}: no finding.`
      : `${names.join(", ")}: ${countOf(count, "finding")} from ${countOf(sources.size, "source")}.`;
  const not = `Such rules do not judge whether SMB reached the Internet and got out; the profile ${OWN_PROFILE} does.`;
  const sentence = [what, not, wouldWeKnow(coverage)].filter(Boolean).join(" ");
  return { ...drawVerdict(findings, coverage), sentence };
}
