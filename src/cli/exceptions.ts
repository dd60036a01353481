/** `sallyport exceptions check`: which allowances are stale, idle or too wide, and what each one hid. */
import { SallyportError } from "../errors.ts";
import {
  type ExceptionReview,
  type HiddenSession,
  type ReviewedLogs,
  reviewExceptions,
} from "../findings/exception-review.ts";
import { createRetention } from "../findings/retention.ts";
import { readWithWorkers } from "../node/workers.ts";
import type { Prepared } from "../pipeline/prepare.ts";
import { ruleSessions } from "../pipeline/rule-sessions.ts";
import type { InputResult } from "../pipeline/scan-input.ts";
import { inertText } from "../sinks/inert.ts";
import { EXCEPTION_OUTPUTS, type ExceptionOutput } from "./exceptions-text.ts";
import { gatherInputs } from "./inputs.ts";
import { prepareFlags } from "./prepare-flags.ts";
import { type ScanFlags, toCount } from "./request.ts";
import { lookAtTerminal } from "./terminal.ts";
import { parseDuration } from "./time-options.ts";

export interface ExceptionsFlags extends Omit<ScanFlags, "output"> {
  readonly output: ExceptionOutput;
  readonly expiring: string;
  readonly failOnProblem?: boolean;
}

interface Checked {
  readonly text: string;
  /** For standard error. */
  readonly words: string;
  readonly code: number;
}

/**
 * Checks the exceptions of the site file, against logs where any are named.
 * Errors: SallyportError; usage where there is no site file.
 */
export async function exceptionsCheck(inputs: readonly string[], flags: ExceptionsFlags): Promise<Checked> {
  const { output, ...scanFlags } = flags;
  const expiringMs = parseDuration(flags.expiring, "--expiring");
  const prepared = await prepareFlags(scanFlags);
  const { request, site } = prepared;
  if (site.file === null) {
    throw new SallyportError("usage", {
      detail: "There is no site file, so there are no exceptions to check",
      hint: "Name it with --site, or run where sallyport.yml lies; see docs/guide/site.md.",
    });
  }
  const read = inputs.length === 0 ? null : await readLogs(inputs, prepared, flags);
  const review = reviewExceptions({
    exceptions: site.exceptions,
    logs: read?.logs ?? null,
    nowMs: request.nowMs,
    expiringMs,
  });
  const whole = { ...review, notes: [...review.notes, ...(read?.notes ?? [])] };
  const words = (read?.unread ?? []).map((line) => `sallyport: ${inertText(line)}\n`).join("");
  const color = lookAtTerminal("auto").stdoutColor;
  const text = EXCEPTION_OUTPUTS[output](whole, { site: site.file, nowMs: request.nowMs, color });
  return { text, words, code: codeOf(whole, read, flags) };
}

/** 1 a problem with --fail-on-problem; 3 an input that could not be read whole; else 0. */
function codeOf({ exceptions }: ExceptionReview, read: ReadLogs | null, flags: ExceptionsFlags): number {
  // Information is no reason to fail.
  const failing = exceptions.some(({ problems }) => problems.some(({ severity }) => severity !== "info"));
  if (flags.failOnProblem === true && failing) return 1;
  return (read?.unread.length ?? 0) > 0 ? 3 : 0;
}

interface ReadLogs {
  readonly logs: ReviewedLogs;
  readonly notes: readonly string[];
  /** Inputs that could not be read whole, with the reason. */
  readonly unread: readonly string[];
}

async function readLogs(
  inputs: readonly string[],
  prepared: Prepared,
  flags: ExceptionsFlags,
): Promise<ReadLogs> {
  const { request } = prepared;
  const workers = flags.workers === undefined ? undefined : toCount(flags.workers, "--workers", 1);
  const { sources, unread } = await gatherInputs(inputs, request);
  const retention = createRetention(request.detailLimit);
  const results = await readWithWorkers(workers)(sources, { prepared, retention });
  const { ruled } = ruleSessions(prepared, results, retention);
  const hidden = ruled.flatMap(({ session, suppressedBy }): HiddenSession[] =>
    suppressedBy === null || session.filteredBy !== undefined
      ? []
      : [{ exception: suppressedBy, outcome: session.outcome, ms: session.lastMs ?? session.first?.ms }],
  );
  const folded = retention.folded();
  return {
    logs: { hidden, ...spanOf(results) },
    notes:
      folded === null
        ? []
        : ["Some records were kept only as totals, so the counts are too low: raise --detail-limit."],
    unread: [
      ...unread.flatMap(({ path, status, reason }) =>
        status === "unreadable" ? [`${path}: ${reason}`] : [],
      ),
      ...results.flatMap(({ tally: { path, status, reason } }) =>
        status === "read" || status === "skipped" ? [] : [`${path}: ${status}: ${reason ?? ""}`],
      ),
    ],
  };
}

function spanOf(results: readonly InputResult[]): Pick<ReviewedLogs, "firstMs" | "lastMs"> {
  const firstMs = results.reduce(
    (least, { tally }) => Math.min(least, tally.firstMs),
    Number.POSITIVE_INFINITY,
  );
  const lastMs = results.reduce((most, { tally }) => Math.max(most, tally.lastMs), Number.NEGATIVE_INFINITY);
  return {
    firstMs: Number.isFinite(firstMs) ? firstMs : undefined,
    lastMs: Number.isFinite(lastMs) ? lastMs : undefined,
  };
}
