/** Runs the built command line as a process of its own, as a user does. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";

export const MAIN = join(import.meta.dirname, "..", "..", "dist", "cli", "main.js");

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Given to standard input, which is empty otherwise. */
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** The user that the process runs as, where it is another. */
  readonly uid?: number;
}

/** Starts the command line, with an environment that says nothing about colours. */
export function startCli(args: readonly string[], { cwd, env, uid }: RunOptions = {}): ChildProcess {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  return spawn(process.execPath, [MAIN, ...args], {
    cwd,
    ...(uid === undefined ? {} : { uid }),
    env: { ...inherited, TERM: "xterm", ...env },
    stdio: "pipe",
  });
}

/** Runs the command line to its end. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = startCli(args, options);
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null || stderr === null) throw new Error("the process has no pipes");
  // A process that ends before it has read everything closes the pipe.
  stdin.on("error", () => {});
  stdin.end(options.input ?? "");
  const [out, words] = await Promise.all([text(stdout), text(stderr), once(child, "close")]);
  return { code: child.exitCode, stdout: out, stderr: words };
}

/** The rows of an NDJSON output. */
export function rowsOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
