/** `sallyport compare`: what each profile makes of the same logs, what only one of them sees, and why. */
import { SallyportError } from "../errors.ts";
import { splitDuplicates } from "../node/duplicates.ts";
import { resolveSources } from "../node/sources.ts";
import type { UnreadInput } from "../scan.ts";
import { summaryText } from "../sinks/summary.ts";
import { compare } from "./compare-run.ts";
import { type CompareOutput, compareText } from "./compare-text.ts";
import { exitCode } from "./exit-code.ts";
import { openOutput, withoutOutput } from "./output.ts";
import { type ScanFlags, toRequest } from "./request.ts";
import { lookAtTerminal } from "./terminal.ts";

export interface CompareFlags extends Omit<ScanFlags, "output"> {
  readonly output: CompareOutput;
}

/** Every profile there is, ours first. */
const ALL = [
  "sallyport",
  "elastic",
  "elastic-2020",
  "splunk-2020",
  "splunk-14",
  "sigma-generic",
  "sigma-panos",
];

/** Compares profiles over the inputs. Gives the exit code. Errors: SallyportError. */
export async function compareCommand(inputs: readonly string[], flags: CompareFlags): Promise<number> {
  const request = await toRequest({ ...flags, profile: flags.profile ?? ALL });
  if (inputs.length === 0 && process.stdin.isTTY === true) {
    throw new SallyportError("usage", {
      detail: "No input is named",
      hint: "Name files, folders or globs, or '-' for standard input: sallyport compare /var/log/zeek",
    });
  }
  const named = inputs.length === 0 ? ["-"] : inputs;
  const resolved = await resolveSources(named, { now: request.nowMs, stdin: process.stdin });
  const sources = await withoutOutput(resolved.sources, flags.out);
  const { unique, duplicates } = await splitDuplicates(sources);
  const unread: UnreadInput[] = [
    ...resolved.missing.map(({ path, reason }) => ({ path, status: "unreadable" as const, reason })),
    ...duplicates.map(({ path, of }) => ({
      path,
      status: "duplicate" as const,
      reason: `the same content as ${of}`,
    })),
  ];
  const output = await openOutput(flags.out);
  const comparison = await compare(unique, request, { unread });
  await output.write(compareText(comparison, flags.output));
  await output.close();
  const { report } = comparison;
  const terminal = lookAtTerminal(flags.color);
  if (flags.quiet !== true) {
    process.stderr.write(summaryText(report, { color: terminal.stderrColor, width: 100, verdict: false }));
  }
  return exitCode({ report, findings: [] }, null);
}
