// The built command itself: fast path or reference, with one or more workers, on its shipped or on other rules.
import { foundIn } from "../found.mjs";
import { CLI, scanOnce, timed } from "../measure.mjs";

/**
 * A way to run the command.
 * Shape: `reference` decodes every line; `rules` is a folder of rules instead of the shipped ones; `detailLimit` is how
 * many records keep their detail.
 */
export function own({ name, workers = 1, reference = false, rules = undefined, detailLimit = undefined }) {
  const extra = ["--workers", String(workers), "-q"];
  if (reference) extra.push("--no-fast-path");
  if (detailLimit !== undefined) extra.push("--detail-limit", String(detailLimit));
  if (rules !== undefined) extra.push("--rules", rules);
  return {
    name,
    decides: true,
    missing: ({ format }) => (reads(format) ? undefined : `the command has no format for ${format}`),
    async run(log, scratch) {
      const { out, ...run } = scanOnce(log.path, scratch, extra);
      const found = await foundIn(out);
      return { ...run, found, count: found.sessions + found.folded };
    },
  };
}

export const FAST = own({ name: "sallyport, one worker" });
export const FAST_2 = own({ name: "sallyport, two workers", workers: 2 });
export const REFERENCE = own({ name: "sallyport, reference path", reference: true });

let formats;

// VPC flow logs can be generated for the rivals even where the command does not read them.
function reads(format) {
  formats ??= timed(process.execPath, [CLI, "formats"]).stdout;
  return format !== "vpc" || /vpc/i.test(formats);
}

/** Demands that a run found what the generator put in: a fast wrong answer is no result. */
export function verify(log, found) {
  const wrong = [];
  if (found.records !== log.records) wrong.push(`records: ${found.records}, not ${log.records}`);
  if (found.folded === 0 && found.findings !== log.sources) {
    wrong.push(`findings: ${found.findings}, not ${log.sources}`);
  }
  if (found.sessions + found.folded !== log.leaks) {
    wrong.push(`sessions: ${found.sessions} and ${found.folded} folded, not ${log.leaks}`);
  }
  if (wrong.length > 0) throw new Error(`${log.path}: wrong answer\n  ${wrong.join("\n  ")}`);
}
