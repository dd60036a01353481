/** The inputs of a command: what is named, or the pipe it stands in. */
import { SallyportError } from "../errors.ts";

/** Without an input, a pipe is read; a terminal would wait for ever. Errors: usage. */
export function inputsOrPipe(inputs: readonly string[], command: string): readonly string[] {
  if (inputs.length > 0) return inputs;
  if (process.stdin.isTTY !== true) return ["-"];
  throw new SallyportError("usage", {
    detail: "No input is named",
    hint: `Name files, folders or globs, or '-' for standard input: sallyport ${command} /var/log/zeek`,
  });
}
