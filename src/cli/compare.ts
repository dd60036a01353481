/** `sallyport compare`: what each profile makes of the same logs, what only one of them sees, and why. */
import { summaryText } from "../sinks/summary.ts";
import { compare } from "./compare-run.ts";
import { type CompareOutput, compareText } from "./compare-text.ts";
import { exitCode } from "./exit-code.ts";
import { gatherInputs, inputsOrPipe } from "./inputs.ts";
import { openOutput } from "./output.ts";
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
  const { sources, unread } = await gatherInputs(inputsOrPipe(inputs, "compare"), request, flags.out);
  const output = await openOutput(flags.out);
  const comparison = await compare(sources, request, { unread });
  await output.write(compareText(comparison, flags.output));
  await output.close();
  const { report } = comparison;
  const terminal = lookAtTerminal(flags.color);
  if (flags.quiet !== true) {
    process.stderr.write(summaryText(report, { color: terminal.stderrColor, width: 100, verdict: false }));
  }
  return exitCode({ report, findings: [] }, null);
}
