/** Rule coverage: what could have fed a rule, and what it could not have seen. */
import { expect, test } from "vitest";
import { SAMPLE_RULES } from "../../test/sample-observation.ts";
import type { Dataset } from "../event/dataset.ts";
import { parseRules } from "../sigma/parse-rule.ts";
import { compilePlan } from "../sigma/plan.ts";
import { coverRules } from "./rule-coverage.ts";

const PLANS = SAMPLE_RULES.map(compilePlan);
const ENDS = ["source.ip", "destination.ip", "destination.port"] as const;
const DATASETS = new Map<string, Dataset>([
  ["full", { title: "F", logsources: [], carries: [...ENDS, "network.transport", "network.application"] }],
  ["poor", { title: "P", logsources: [], carries: [...ENDS] }],
]);

const covered = (seen: Readonly<Record<string, number>>) => coverRules(PLANS, DATASETS, seen)[0];

test("a rule that nothing feeds has no source here", () => {
  expect(covered({})).toMatchObject({
    id: "SP-01",
    name: "Outbound SMB",
    status: "no source here",
    datasets: {},
  });
  expect(covered({ elsewhere: 5 })).toMatchObject({ status: "no source here" });
});

test("a dataset with all its fields feeds it; scopes come with the addresses", () => {
  expect(covered({ full: 7 })).toMatchObject({ status: "fed", datasets: { full: 7 }, missing_fields: {} });
});

test("a dataset that lacks a field feeds it in part, and the field is named", () => {
  expect(covered({ poor: 3 })).toMatchObject({
    status: "partly fed",
    datasets: { poor: 3 },
    missing_fields: { poor: ["network.transport"] },
  });
});

test("one full dataset is enough", () => {
  expect(covered({ poor: 3, full: 7 })).toMatchObject({ status: "fed", datasets: { full: 7, poor: 3 } });
});

test("what the rule cannot see is said whatever was read", () => {
  expect(covered({})?.cannot_see).toEqual(["SMB over QUIC"]);
});

test("a rule for another log source is not fed", () => {
  const [rule] = parseRules(
    "title: T\nlogsource: {product: zeek, service: ntlm}\ndetection: {s: {username: x}, condition: s}\n",
    "t.yml",
  );
  const [row] = coverRules(rule === undefined ? [] : [compilePlan(rule)], DATASETS, { full: 7 });
  expect(row?.status).toBe("no source here");
});
