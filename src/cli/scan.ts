/** `sallyport scan`: the main job. Rows go to the output, words to standard error, the exit code to the caller. */
import { SallyportError } from "../errors.ts";
import { readWithWorkers } from "../node/workers.ts";
import { type ScanResult, scan, type UnreadInput } from "../scan.ts";
import { loadSink } from "../sinks/load.ts";
import type { Guidance, Sink } from "../sinks/sink.ts";
import { summaryText } from "../sinks/summary.ts";
import { exitCode, exitWords } from "./exit-code.ts";
import { gatherInputs, inputsOrPipe } from "./inputs.ts";
import { openOutput } from "./output.ts";
import { createProgress } from "./progress.ts";
import { type ScanFlags, toCount, toRequest, toSeverity } from "./request.ts";
import { lookAtTerminal, type Terminal } from "./terminal.ts";

/** Runs a scan. Gives the exit code. Errors: SallyportError. */
export async function scanCommand(inputs: readonly string[], flags: ScanFlags): Promise<number> {
  const request = await toRequest(flags);
  const failOn = flags.failOn === undefined ? null : toSeverity(flags.failOn, "--fail-on");
  const workers = flags.workers === undefined ? undefined : toCount(flags.workers, "--workers", 1);
  const terminal = lookAtTerminal(flags.color);
  const sink = await chooseSink(flags, terminal);
  const { sources, unread } = await gatherInputs(inputsOrPipe(inputs, "scan"), request, flags.out);
  const guidance = await loadGuidance(sink.name);
  // Events are printed while they are read, perhaps from a pipe that never ends; all else comes when reading is done.
  const output = await openOutput(flags.out, request.emit === "events" ? "at once" : "gathered");
  const nothing = sources.length + unread.length === 0;
  const progress = createProgress({
    stream: process.stderr,
    isTty: terminal.stderrIsTty && flags.quiet !== true,
    totalBytes: sources.reduce((sum, { size }) => sum + (size ?? 0), 0),
    now: Date.now,
  });
  const interrupt = onInterrupt();
  const toTerminal = flags.out === undefined && terminal.stdoutIsTty;
  let result: ScanResult;
  try {
    result = await scan(sources, request, {
      openSink: (run) =>
        sink.open({
          write: (text) => {
            if (toTerminal) progress.clear();
            return output.write(text);
          },
          width: toTerminal ? terminal.width : Number.POSITIVE_INFINITY,
          color: flags.out === undefined ? terminal.stdoutColor : flags.color === "always",
          run,
          guidance,
        }),
      unread: nothing ? inputs.map(asEmptyFolder) : unread,
      onRaw: (path, bytes) => progress.update(bytes, path),
      signal: interrupt.signal,
      readInputs: readWithWorkers(workers),
    });
    await output.close();
  } catch (error) {
    // What failed is what is told.
    await output.leave().catch(() => {});
    throw error;
  } finally {
    progress.clear();
    interrupt.forget();
  }
  if (flags.quiet !== true) {
    process.stderr.write(
      summaryText(result.report, {
        color: terminal.stderrColor,
        width: summaryWidth(terminal),
        verdict: !(toTerminal && sink.name === "table"),
      }),
    );
  }
  process.stderr.write(exitWords(result, failOn, flags.quiet === true));
  return exitCode(result, failOn);
}

/** Advisories and block rules are loaded only for the outputs that show them. */
async function loadGuidance(output: string): Promise<Guidance | undefined> {
  if (output !== "html" && output !== "markdown") return undefined;
  const { loadAdvisories, loadResponses } = await import("./guidance.ts");
  return { advisories: await loadAdvisories(undefined), responses: await loadResponses() };
}

function asEmptyFolder(path: string): UnreadInput {
  return { path, status: "unreadable", reason: "there is no file in this folder" };
}

async function chooseSink(flags: ScanFlags, terminal: Terminal): Promise<Sink> {
  const toTerminal = flags.out === undefined && terminal.stdoutIsTty;
  const name = flags.output ?? (toTerminal ? "table" : "ndjson");
  const kind = ({ findings: "finding", matches: "match", events: "event" } as const)[flags.emit];
  const sink = await loadSink(name);
  if (sink === undefined)
    throw new SallyportError("option_invalid", { detail: `-o ${name}: no such output` });
  if (sink.emits.includes(kind)) return sink;
  const { SINKS } = await import("../sinks/index.ts");
  const able = SINKS.filter((candidate) => candidate.emits.includes(kind)).map((candidate) => candidate.name);
  throw new SallyportError("option_invalid", {
    detail: `-o ${name} cannot print ${flags.emit}`,
    hint: `Outputs that can: ${able.join(", ")}.`,
  });
}

/** The first Ctrl-C ends reading and prints what there is; the second ends the process at once. */
function onInterrupt(): { readonly signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write("\nsallyport: stopping; press Ctrl-C again to stop at once\n");
    controller.abort();
  };
  process.on("SIGINT", stop);
  return { signal: controller.signal, forget: () => process.off("SIGINT", stop) };
}

function summaryWidth(terminal: Terminal): number {
  return terminal.stderrIsTty ? process.stderr.columns || 80 : 100;
}
