/** The shipped data sets: every expectation is met, nothing is too many, and a wrong expectation is missed. */
import { describe, expect, test } from "vitest";
import { replay } from "../../src/cli/replay-run.ts";
import { passed, replayText } from "../../src/cli/replay-text.ts";
import { type DataSet, readDataSet, shippedDataSets } from "../../src/node/data-set.ts";

const names = await shippedDataSets();
const sets = await Promise.all(names.map((name) => readDataSet(name)));

test("the truth table, new terms, the rows and the sample company are shipped", () => {
  expect(names).toEqual(["aggregation", "new-terms", "sample-company", "truth"]);
});

describe.each(sets.map((dataSet) => [dataSet.name, dataSet] as const))("%s", (_, dataSet) => {
  test("is met to the last row", async () => {
    const results = await replay(dataSet);
    const wrong = results.flatMap((result) => [
      ...result.expectations
        .filter(({ met }) => !met)
        .map(({ title, differences }) => ({ ...place(result), title, differences })),
      ...result.tooMany.map((text) => ({ ...place(result), text })),
    ]);
    expect(wrong).toEqual([]);
    expect(results.reduce((sum, { expectations }) => sum + expectations.length, 0)).toBe(
      dataSet.expected.length,
    );
    expect(dataSet.expected.length).toBeGreaterThan(5);
  });
});

describe("a data set whose expectations are wrong", () => {
  const aggregation = sets.find(({ name }) => name === "aggregation") as DataSet;
  const only: DataSet = {
    ...aggregation,
    checks: [{ profile: "splunk-2020", emit: "findings" }],
    cases: aggregation.cases.filter(({ name }) => name === "agg1"),
    expected: aggregation.expected.filter((row) => row.case === "agg1" && row.profile === "splunk-2020"),
  };

  test("is missed where a value differs, and says which", async () => {
    const changed = only.expected.map((row) => ({ ...row, row: { ...row.row, "row.count": 4 } }));
    const results = await replay({ ...only, expected: changed });
    expect(passed(results)).toBe(false);
    expect(results[0]?.expectations[0]?.differences).toEqual([{ path: "row.count", expected: 4, found: 3 }]);
    expect(results[0]?.tooMany).toHaveLength(1);
    const [first, second] = replayText(results, "table").split("\n");
    expect(first).toMatch(/^MISSED/);
    expect(second).toContain("row.count 3 where 4 was expected");
  });

  test("has too many where nothing is expected", async () => {
    const results = await replay({ ...only, expected: [] });
    expect(passed(results)).toBe(false);
    expect(replayText(results, "junit")).toContain('<failure message="1 too many">');
  });

  test("is refused where no check looks at an expectation", async () => {
    const stray = only.expected.map((row) => ({ ...row, profile: "elastic" }));
    await expect(replay({ ...only, expected: stray })).rejects.toThrow("No check looks at");
  });

  test("JUnit escapes what XML cannot hold", async () => {
    const changed = only.expected.map((row) => ({ ...row, title: 'a<b>&"c"\u0007' }));
    const text = replayText(await replay({ ...only, expected: changed }), "junit");
    expect(text).toContain("a&lt;b&gt;&amp;&quot;c&quot;?");
    expect(text).toContain('tests="2" failures="0"');
  });
});

function place({
  case: name,
  profile,
  emit,
}: {
  readonly case: string;
  readonly profile: string;
  readonly emit: string;
}) {
  return { case: name, profile, emit };
}
