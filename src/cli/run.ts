/** One run of the command line, with as little loaded as its command takes; the one place that sets the exit code. */
import { SallyportError } from "../errors.ts";
import { startThreadsEarly } from "../node/threads.ts";
import { endQuietlyWhenClosed, exitNow } from "./output.ts";
import { type PlainScan, plainScan } from "./plain-scan.ts";
import { formatError } from "./terminal.ts";

/** By convention 128 and the number of SIGINT. */
const INTERRUPTED = 130;

/** What Node itself says of a module that waits for ever. */
const STALLED = 13;

/** Runs what the command line asks for, and sets the exit code. Shape: `args` are what the user wrote. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  endQuietlyWhenClosed(process.stdout, process.stderr);
  // Node ends, without a word, when all that is left waits for what never comes: that is no success.
  process.exitCode = STALLED;
  process.exitCode = await run(args);
  if (process.exitCode === INTERRUPTED) exitNow(INTERRUPTED);
}

async function run(args: readonly string[]): Promise<number> {
  try {
    return await runCommand(args);
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    process.stderr.write(formatError(error));
    if (args.includes("--debug")) process.stderr.write(`${error.stack ?? ""}\n`);
    return error.exitCode;
  }
}

/** A scan in plain words needs no commander; to load it takes a tenth of such a run. */
async function runCommand(args: readonly string[]): Promise<number> {
  const plain = plainScan(args);
  if (plain === undefined) {
    const { runProgram } = await import("./program.ts");
    return runProgram(args);
  }
  if (plain.flags.emit !== "events") await startThreadsEarly(plain.inputs, threadsAsked(plain));
  const { scanCommand } = await import("./scan.ts");
  return scanCommand(plain.inputs, plain.flags);
}

/** Shape: 1 for what is no number; the scan itself says so. */
function threadsAsked({ flags: { workers } }: PlainScan): number | undefined {
  return workers === undefined ? undefined : Math.max(1, Math.trunc(Number(workers)) || 1);
}
