/**
 * The fast path gives what the reference gives, on lines that were tampered with in every way that is known.
 * SALLYPORT_FUZZ_RUNS sets how many logs are made, SALLYPORT_FUZZ_SEED which ones.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { GENERATED, generatedLog, LOGS, linesOf } from "./inputs.ts";
import { mutate, mutation, toBytes, toCharacters } from "./mutations.ts";
import { expectEqual, type Path } from "./paths.ts";

const RUNS = Number(process.env["SALLYPORT_FUZZ_RUNS"] ?? 120);
const SEED = Number(process.env["SALLYPORT_FUZZ_SEED"] ?? Date.now() % 1_000_000_000);

/** A log's first line, or its block of directives, and the other lines. */
interface Stock {
  readonly path: string;
  readonly head: readonly string[];
  readonly lines: readonly string[];
}

const LONGEST = 6000;

function stockOf(path: string, bytes: Uint8Array): Stock {
  const lines = linesOf(bytes)
    .map((line) => toCharacters(line).replace(/\r?\n$/, ""))
    .filter((line) => line.length < LONGEST);
  const isHeader = /^#/.test(lines[0] ?? "");
  const count = isHeader ? lines.findIndex((line) => !line.startsWith("#")) : 1;
  return { path, head: lines.slice(0, Math.max(1, count)), lines: lines.slice(count) };
}

const ORDINARY = await Promise.all(GENERATED.map((format) => generatedLog(format, 0.06, 4)));

const STOCKS: readonly Stock[] = LOGS.map(({ path, bytes }) => stockOf(path, bytes)).filter(
  ({ path, lines }) => lines.length > 0 && !path.endsWith(".csv"),
);
const ORDINARY_STOCKS = ORDINARY.map(({ path, bytes }) => stockOf(path, bytes));
const LINE_BY_LINE = [...STOCKS, ...ORDINARY_STOCKS].filter(({ head }) => !head[0]?.startsWith("#"));
const MIXED: Stock = {
  path: "mixed.log",
  head: LINE_BY_LINE.slice(0, 1).flatMap(({ head }) => head),
  lines: LINE_BY_LINE.flatMap(({ lines }) => lines),
};

const stock = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...STOCKS) },
  { weight: 4, arbitrary: fc.constantFrom(...ORDINARY_STOCKS) },
  { weight: 1, arbitrary: fc.constant(MIXED) },
);
const mutations = fc.array(mutation, { maxLength: 3, size: "max" });

const log = stock.chain(({ path, head, lines }) =>
  fc
    .record({
      picked: fc.array(fc.tuple(fc.constantFrom(...lines), mutations), {
        minLength: 1,
        maxLength: 50,
        size: "max",
      }),
      again: fc.option(fc.nat({ max: 30 }), { nil: -1, freq: 6 }),
      newline: fc.constantFrom("\n", "\n", "\r\n"),
      ended: fc.boolean(),
    })
    .map(({ picked, again, newline, ended }) => {
      const body = picked.map(([line, changes]) => mutate(line, changes));
      if (again >= 0) body.splice(again, 0, ...head);
      return { path, text: [...head, ...body].join(newline) + (ended ? newline : "") };
    }),
);

const settings = fc.record({
  chunk: fc.constantFrom(1, 7, 64, 500, 4096, 65_536),
  capacity: fc.constantFrom(512, 2000, 65_536),
  retry: fc.constantFrom(1, 300, 3000),
});

test(`any log, every path (seed ${SEED}, ${RUNS} logs)`, async () => {
  const ways = { prefilter: 0, walk: 0 };
  let [records, matches] = [0, 0];
  await fc.assert(
    fc.asyncProperty(log, settings, async ({ path, text }, { chunk, capacity, retry }) => {
      const paths: Path[] = [
        { mode: "prefilter", chunk, capacity, retry },
        { mode: "walk", chunk, capacity, retry },
      ];
      const [prefiltered, walked] = await expectEqual([{ path, bytes: toBytes(text) }], paths);
      ways.prefilter += prefiltered?.ruledOut ?? 0;
      ways.walk += walked?.ruledOut ?? 0;
      records += walked?.records ?? 0;
      matches += walked?.rows.length ?? 0;
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: process.env["SALLYPORT_FUZZ_RUNS"] === undefined },
  );
  // The logs are of use: much is ruled out on either path, and much is found.
  expect(ways.prefilter / records).toBeGreaterThan(0.05);
  expect(ways.walk / records).toBeGreaterThan(0.05);
  expect(matches / records).toBeGreaterThan(0.02);
}, 3_600_000);
