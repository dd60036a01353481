/** The facts of a finding: nothing is said twice. */
import { expect, test } from "vitest";
import { sampleFinding } from "../../test/conformance/sample-report.ts";
import { factsOf } from "./finding-facts.ts";

const FINDING = sampleFinding({
  id: "f",
  host: "10.1.2.3",
  destination: "8.8.8.8",
  outcome: "established",
  severity: "high",
});

test.each([
  ["pc-17", ["10.1.2.3", "pc-17"]],
  ["10.1.2.3", ["10.1.2.3"]],
  [null, ["10.1.2.3"]],
])("a source that the log names %s", (address, shown) => {
  const facts = factsOf({ ...FINDING, source: { ...FINDING.source, address } });
  const values = facts.find(({ name }) => name === "Source")?.values ?? [];
  expect(values.filter((value) => value !== "").slice(0, -1)).toEqual(shown);
});
