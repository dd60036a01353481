/**
 * The arguments of a plain scan, read without commander. Whatever is not written in the plainest way, help and mistakes
 * included, is left to it: it alone has words for them.
 */
import { OPTIONS } from "../options.ts";
import type { ScanFlags } from "./request.ts";

/** Inputs and flags as commander hands them over. */
export interface PlainScan {
  readonly inputs: readonly string[];
  readonly flags: ScanFlags;
}

/** What of an option's description matters here. */
interface PlainOption {
  readonly flag: string;
  readonly type: string;
  readonly choices?: readonly string[];
  readonly default?: string | number | boolean;
}

/** Reads the arguments of `scan`; undefined where commander has to. */
export function plainScan(args: readonly string[]): PlainScan | undefined {
  const [command, ...rest] = args;
  if (command !== "scan") return undefined;
  const inputs: string[] = [];
  const flags = defaults();
  for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
    if (!looksLikeFlag(next)) inputs.push(next);
    else if (!readFlag(next, rest, flags)) return undefined;
  }
  // The table of options says of each flag what ScanFlags says of it.
  return { inputs, flags: flags as unknown as ScanFlags };
}

/** A dash alone is standard input. */
function looksLikeFlag(text: string): boolean {
  return text.length > 1 && text.startsWith("-");
}

function defaults(): Record<string, unknown> {
  const options: readonly (readonly [string, PlainOption])[] = Object.entries(OPTIONS);
  return Object.fromEntries(
    options.flatMap(([name, { default: value }]) =>
      value === undefined ? [] : [[camelCase(name), String(value)]],
    ),
  );
}

/** Reads a flag, and its value off the other arguments. Shape: false for what is not plain. */
function readFlag(text: string, rest: string[], flags: Record<string, unknown>): boolean {
  const found = Object.entries(OPTIONS).find(([, { flag }]) => wordsOf(flag).includes(text));
  if (found === undefined) return false;
  const [name, option]: readonly [string, PlainOption] = found;
  const key = camelCase(name);
  if (option.type === "boolean") {
    flags[key] = true;
    return true;
  }
  const value = rest.shift();
  if (value === undefined || looksLikeFlag(value) || option.choices?.includes(value) === false) return false;
  flags[key] = option.type === "texts" ? [...((flags[key] as string[] | undefined) ?? []), value] : value;
  return true;
}

/** `-o, --output <name>` is written as `-o` or as `--output`. */
function wordsOf(flag: string): readonly string[] {
  return flag.split(/[ ,]+/).filter((word) => word.startsWith("-"));
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
