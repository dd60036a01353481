/** What the command line knows of its terminal: widths, colours, streams; and how it prints an error. */
import type { SallyportError } from "../errors.ts";
import { inertText } from "../sinks/inert.ts";

export interface Terminal {
  readonly width: number;
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  /** Whether each stream gets colour. */
  readonly stdoutColor: boolean;
  readonly stderrColor: boolean;
}

/** Looks at the process's streams and environment. NO_COLOR and FORCE_COLOR count only with `auto`. */
export function lookAtTerminal(when: string): Terminal {
  const { stdout, stderr, env } = process;
  const wants = (isTty: boolean): boolean => {
    if (when !== "auto") return when === "always";
    if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
    if (env["FORCE_COLOR"] !== undefined) return env["FORCE_COLOR"] !== "0";
    return isTty && env["TERM"] !== "dumb";
  };
  const stdoutIsTty = stdout.isTTY === true;
  const stderrIsTty = stderr.isTTY === true;
  return {
    width: stdoutIsTty ? stdout.columns || 80 : Number.POSITIVE_INFINITY,
    stdoutIsTty,
    stderrIsTty,
    stdoutColor: wants(stdoutIsTty),
    stderrColor: wants(stderrIsTty),
  };
}

/** An error as its user reads it: what, where with a caret, why, what next. */
export function formatError(error: SallyportError): string {
  const { at } = error;
  const place =
    at?.file === undefined
      ? ""
      : `${[at.file, at.line, at.column].filter((part) => part !== undefined).join(":")}: `;
  const lines = [inertText(`sallyport: ${place}${error.message}`)];
  if (at?.source !== undefined) {
    // One blank for each: the caret below has to stay under its column.
    lines.push(`    ${at.source.replace(/\p{Cc}/gu, " ")}`);
    if (at.column !== undefined) lines.push(`    ${" ".repeat(Math.max(at.column - 1, 0))}^`);
  }
  lines.push(`  ${inertText(error.hint)}`);
  return `${lines.join("\n")}\n`;
}
