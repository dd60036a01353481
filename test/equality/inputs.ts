/** Logs to read on every path: what lies in the repository, as it is and as files come to look on their way. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, relative } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Input } from "./paths.ts";

export const REPOSITORY = join(import.meta.dirname, "..", "..");

const FOLDERS = ["test/conformance/fixtures", "test/golden/cases", "examples/logs"];

/** The logs of a folder and what is below it, by path. */
export function logsIn(folder: string): readonly Input[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isLog(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => {
      const bytes = readFileSync(path);
      return {
        path: relative(REPOSITORY, path).replaceAll("\\", "/"),
        bytes: new Uint8Array(extname(path) === ".gz" ? gunzipSync(bytes) : bytes),
      };
    });
}

function isLog(name: string): boolean {
  return !/^(?:README|args|site|assets|expected)|\.expected\.|\.yml$/.test(name);
}

/** Every log of the repository's own. */
export const LOGS: readonly Input[] = FOLDERS.flatMap((folder) => logsIn(join(REPOSITORY, folder)));

const ENCODER = new TextEncoder();
const MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

/** What happens to files on their way, by what is done. */
export const CHANGES: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
  "with CRLF": (bytes) => ENCODER.encode(new TextDecoder().decode(bytes).replaceAll(/\r?\n/g, "\r\n")),
  "without its last newline": (bytes) => bytes.subarray(0, bytes.findLastIndex((byte) => byte > 0x20) + 1),
  "twice over, each with a byte order mark": (bytes) => concat([MARK, bytes, MARK, bytes]),
};

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The lines of several logs in turn: one of each, as a collector writes what it receives. */
export function interleave(logs: readonly Input[]): Uint8Array {
  const lines = logs.map(({ bytes }) => linesOf(bytes));
  const longest = Math.max(...lines.map(({ length }) => length));
  const mixed: Uint8Array[] = [];
  for (let at = 0; at < longest; at++) for (const list of lines) mixed.push(...list.slice(at, at + 1));
  return concat(mixed);
}

/** The lines of a log, each with its newline. */
export function linesOf(bytes: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0x0a, at) + 1 || bytes.length;
    const line = bytes.subarray(at, end);
    lines.push(line.at(-1) === 0x0a ? line : concat([line, Uint8Array.of(0x0a)]));
    at = end;
  }
  return lines;
}

/** The generated formats that the kernel knows. */
export const GENERATED = ["zeek-json", "zeek-tsv", "suricata", "panos", "ecs", "sysmon"] as const;

/** A generated log: ordinary traffic, SMB inside, traps, and a known number of leaks. Units: `size` in MB. */
export async function generatedLog(format: string, size: number, leaks: number): Promise<Input> {
  // Plain JavaScript without types.
  const { makeLog } = (await import("../../bench/generate.mjs" as string)) as { makeLog: MakeLog };
  const folder = mkdtempSync(join(tmpdir(), "sallyport-equality-"));
  try {
    const { path } = makeLog({ folder, format, size, leaks, sources: 12, smb: 0.1, ipv6: 0.1 });
    return { path: `generated/${format}.log`, bytes: new Uint8Array(readFileSync(path)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type MakeLog = (plan: {
  readonly folder: string;
  readonly format: string;
  readonly size: number;
  readonly leaks: number;
  readonly sources: number;
  readonly smb: number;
  readonly ipv6: number;
}) => { readonly path: string };
