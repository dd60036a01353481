/** How replays are printed: a table for people, JSON, and JUnit for CI. */
import { countOf } from "../findings/quantity.ts";
import { inertText } from "../sinks/inert.ts";
import type { Difference, Expectation, ReplayResult } from "./replay-run.ts";

export type ReplayOutput = "table" | "json" | "junit";

const PRINTERS: Readonly<Record<ReplayOutput, (results: readonly ReplayResult[]) => string>> = {
  table,
  json: (results) =>
    `${JSON.stringify({ schema: "sallyport.replay/1", passed: passed(results), results }, null, 2)}\n`,
  junit,
};

/** Prints results. */
export function replayText(results: readonly ReplayResult[], output: ReplayOutput): string {
  return PRINTERS[output](results);
}

/** Tells whether everything was found and nothing was too many. */
export function passed(results: readonly ReplayResult[]): boolean {
  return results.every(
    ({ expectations, tooMany }) => tooMany.length === 0 && expectations.every(({ met }) => met),
  );
}

/** The misses first, then what is too many, then a line per case. */
function table(results: readonly ReplayResult[]): string {
  const missed = results.flatMap((result) =>
    result.expectations.filter(({ met }) => !met).map((expectation) => missLines(result, expectation)),
  );
  const extra = results.flatMap((result) =>
    result.tooMany.map((text) => `TOO MANY  ${placeOf(result)}  ${text}`),
  );
  const sums = results.map((result) => {
    const met = result.expectations.filter((expectation) => expectation.met).length;
    const tooMany = result.tooMany.length === 0 ? "" : `, ${result.tooMany.length} too many`;
    const mark = passed([result]) ? "ok    " : "FAILED";
    return `${mark}  ${placeOf(result)}  ${result.emit}: ${met} of ${result.expectations.length} found${tooMany}`;
  });
  const all = results.flatMap(({ expectations }) => expectations);
  const met = all.filter((expectation) => expectation.met).length;
  const end = `${met} of ${countOf(all.length, "expected row")} found, ${all.length - met} missed, ${extra.length} too many`;
  return [...missed.flat(), ...extra, ...sums, end].map((line) => `${inertText(line)}\n`).join("");
}

function missLines(result: ReplayResult, { title, row, differences }: Expectation): readonly string[] {
  const head = `MISSED    ${placeOf(result)}  ${title}: expected ${rowText(row)}`;
  return [
    head,
    ...differences.map((difference) => `            found instead ${differenceText(difference)}`),
  ];
}

function placeOf({ dataset, case: name, profile }: ReplayResult): string {
  return `${dataset} ${name}  ${profile}`;
}

function rowText(row: Expectation["row"]): string {
  return Object.entries(row)
    .map(([path, value]) => `${path} ${JSON.stringify(value)}`)
    .join(", ");
}

function differenceText({ path, expected, found }: Difference): string {
  return `${path} ${JSON.stringify(found)} where ${JSON.stringify(expected)} was expected`;
}

/** One suite per data set, case and profile; one test case per expectation, and one for what is too many. */
function junit(results: readonly ReplayResult[]): string {
  const suites = results.map((result) => {
    const cases = [...result.expectations.map((one) => expectationXml(result, one)), tooManyXml(result)];
    const failures =
      result.expectations.filter(({ met }) => !met).length + (result.tooMany.length > 0 ? 1 : 0);
    const name = `${result.dataset}.${result.case}.${result.profile}`;
    return `  <testsuite name="${xml(name)}" tests="${cases.length}" failures="${failures}">\n${cases.join("")}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="sallyport replay">\n${suites.join("")}</testsuites>\n`;
}

function expectationXml(result: ReplayResult, { title, row, met, differences }: Expectation): string {
  const name = `${result.emit}: ${title}`;
  const detail = [`expected ${rowText(row)}`, ...differences.map(differenceText)].join("\n");
  return testCase(result, name, met ? undefined : { message: "not found", detail });
}

function tooManyXml(result: ReplayResult): string {
  const detail = result.tooMany.join("\n");
  return testCase(
    result,
    `${result.emit}: nothing else`,
    result.tooMany.length === 0 ? undefined : { message: `${result.tooMany.length} too many`, detail },
  );
}

function testCase(
  result: ReplayResult,
  name: string,
  failure: { readonly message: string; readonly detail: string } | undefined,
): string {
  const head = `    <testcase classname="${xml(`${result.dataset}.${result.case}.${result.profile}`)}" name="${xml(name)}"`;
  if (failure === undefined) return `${head}/>\n`;
  return `${head}>\n      <failure message="${xml(failure.message)}">${xml(failure.detail)}</failure>\n    </testcase>\n`;
}

const XML: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** Characters that XML 1.0 cannot hold become a question mark. */
function xml(text: string): string {
  return text
    .replace(/[&<>"]/g, (mark) => XML[mark] ?? mark)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, "?");
}
