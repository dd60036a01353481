/** One input on every path: the reference, and the byte kernel in each of its modes; what all of them have to agree on. */
import { expect } from "vitest";
import type { KernelMode } from "../../src/bytes/kernel.ts";
import { type Source, SourceError } from "../../src/bytes/source.ts";
import { PROBLEMS, type ProblemCode } from "../../src/errors.ts";
import type { InputAccount } from "../../src/findings/coverage.ts";
import { shippedRules } from "../../src/node/content.ts";
import { defaultRequest, type ScanRequest } from "../../src/pipeline/request.ts";
import { scan } from "../../src/scan.ts";
import type { Row } from "../../src/sinks/sink.ts";

const NOW = Date.UTC(2026, 10, 22);

const RULES = await shippedRules();

/** An input in memory. */
export interface Input {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The stored data turns out to be damaged behind the last byte. */
  readonly damaged?: boolean | undefined;
}

/** A way through the kernel. Units: bytes; the head and the retry stretch are small, so that small inputs reach it. */
export interface Path {
  readonly mode: KernelMode;
  readonly chunk: number;
  readonly head?: number | undefined;
  readonly retry?: number | undefined;
  readonly capacity?: number | undefined;
}

/** What came out, as texts to compare, and how much of it the kernel ruled out. */
export interface Seen {
  readonly rows: readonly string[];
  readonly report: string;
  readonly ruledOut: number;
  readonly records: number;
}

/** Makes a source that overwrites its chunks, as real ones may, and heeds the reader's room for every other one. */
function sourceOf({ path, bytes, damaged = false }: Input, chunk: number): Source {
  return {
    path,
    named: true,
    year: 2026,
    size: bytes.length,
    compression: null,
    async *open(_, room) {
      const own = new Uint8Array(chunk);
      for (let at = 0, heeds = false; at < bytes.length; heeds = !heeds) {
        const buffer = (heeds ? room?.() : undefined) ?? own;
        const part = bytes.subarray(at, at + Math.min(chunk, buffer.length));
        own.fill(0x0a);
        buffer.set(part);
        yield buffer.subarray(0, part.length);
        at += part.length;
      }
      if (damaged) throw new SourceError("cut", "the data end too early");
    },
  };
}

/** Reads inputs with every line decoded. Shape: the sample is full for as many bytes as on the path to compare with. */
function reference(inputs: readonly Input[], head: number, over: Partial<ScanRequest> = {}): Promise<Seen> {
  return look(inputs, 65_536, { ...over, fastPath: false, tuning: { head } });
}

/** Reads inputs with the kernel. */
export function onPath(
  inputs: readonly Input[],
  { chunk, ...tuning }: Path,
  over: Partial<ScanRequest> = {},
): Promise<Seen> {
  return look(inputs, chunk, { ...over, fastPath: true, tuning: { ...tuning, head: tuning.head ?? 0 } });
}

/** Expects every path to give what the reference gives. Shape: what was seen on each. */
export async function expectEqual(
  inputs: readonly Input[],
  paths: readonly Path[],
  { over = {}, note = "" }: { readonly over?: Partial<ScanRequest>; readonly note?: string } = {},
): Promise<readonly Seen[]> {
  const all: Seen[] = [];
  const references = new Map<number, Seen>();
  for (const path of paths) {
    const head = path.head ?? 0;
    const wanted = references.get(head) ?? (await reference(inputs, head, over));
    references.set(head, wanted);
    const seen = await onPath(inputs, path, over);
    const names = inputs.length > 3 ? inputs.length : inputs.map(({ path: name }) => name).join(", ");
    const where = `${names} on ${JSON.stringify(path)} ${note}`;
    expect(seen.rows, where).toEqual(wanted.rows);
    expect(seen.report, where).toBe(wanted.report);
    all.push(seen);
  }
  return all;
}

async function look(inputs: readonly Input[], chunk: number, over: Partial<ScanRequest>): Promise<Seen> {
  const rows: string[] = [];
  const request: ScanRequest = { ...defaultRequest(RULES, NOW), emit: "matches", ...over };
  const { report, findings } = await scan(
    inputs.map((input) => sourceOf(input, chunk)),
    request,
    { openSink: () => ({ row: (row) => void rows.push(textOf(row)), close: () => {} }) },
  );
  const { ruled_out, decoded, records, rejected, skipped } = report.coverage.totals;
  if (records !== ruled_out + decoded + rejected + skipped) throw new Error("the account does not add up");
  rows.push(...findings.map((finding) => JSON.stringify(finding)));
  return { rows, report: JSON.stringify(agreed(report), undefined, 1), ruledOut: ruled_out, records };
}

function textOf(row: Row): string {
  return JSON.stringify(row);
}

export type Report = Awaited<ReturnType<typeof scan>>["report"];

/** The report without what may differ: how many lines were decoded, and what only decoding them shows. */
export function agreed(report: Report): unknown {
  const { inputs, totals, problems, paths: _, ...coverage } = report.coverage;
  return {
    ...report,
    coverage: {
      ...coverage,
      inputs: inputs.map(withoutWork),
      totals: withoutWork(totals),
      problems: problems
        .filter(({ code }) => PROBLEMS[code as ProblemCode].kind !== "undecodable")
        .sort((a, b) => (a.code < b.code ? -1 : 1)),
    },
  };
}

function withoutWork<T extends Pick<InputAccount, "ruled_out" | "decoded" | "undecodable" | "events">>(
  account: T & { readonly formats?: unknown },
): unknown {
  const { ruled_out: _, decoded: __, undecodable: ___, events: ____, formats: _____, ...rest } = account;
  return rest;
}
