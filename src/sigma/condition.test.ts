import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isConditionFault, parseCondition, printCondition } from "./condition.ts";
import type { Condition } from "./rule.ts";

const NAMES = ["sel_a", "sel_b", "filter_x", "_hidden"];

function parse(text: string): Condition {
  const parsed = parseCondition(text, NAMES);
  if (isConditionFault(parsed)) throw new Error(parsed.detail);
  return parsed;
}

const named = (name: string): Condition => ({ kind: "selection", name });

describe("parseCondition", () => {
  test("and binds tighter than or, not tighter than and", () => {
    expect(parse("sel_a or not sel_b and filter_x")).toEqual({
      kind: "or",
      items: [
        named("sel_a"),
        { kind: "and", items: [{ kind: "not", item: named("sel_b") }, named("filter_x")] },
      ],
    });
  });

  test("brackets come first", () => {
    expect(parse("(sel_a or sel_b) and not (filter_x)")).toEqual({
      kind: "and",
      items: [
        { kind: "or", items: [named("sel_a"), named("sel_b")] },
        { kind: "not", item: named("filter_x") },
      ],
    });
  });

  test.each([
    ["1 of sel_*", "1", ["sel_a", "sel_b"]],
    ["any of sel_*", "1", ["sel_a", "sel_b"]],
    ["all of *_x", "all", ["filter_x"]],
    ["1 of *", "1", NAMES],
    ["all of them", "all", ["sel_a", "sel_b", "filter_x"]],
    ["1 of sel_a", "1", ["sel_a"]],
  ])("%s stands for the selections that fit", (text, quantity, names) => {
    expect(parse(text)).toMatchObject({ kind: "of", quantity, names });
  });

  test("words of the grammar are read in any case", () => {
    expect(parse("sel_a AND NOT sel_b")).toEqual(parse("sel_a and not sel_b"));
  });

  test.each([
    ["", "rule_invalid", /empty/],
    ["sel_c", "rule_invalid", /"sel_c"/],
    ["sel_a sel_b", "rule_invalid", /out of place/],
    ["sel_a and", "rule_invalid", /too early/],
    ["(sel_a", "rule_invalid", /too early|closed/],
    ["sel_a)", "rule_invalid", /out of place/],
    ["and sel_a", "rule_invalid", /out of place/],
    ["2 of sel_*", "rule_invalid", /"2 of"/],
    ["1 of none_*", "rule_invalid", /none_\*/],
    ["sel_a & sel_b", "rule_invalid", /"&"/],
    ["sel_a | count() > 5", "rule_unsupported", /Aggregations/],
  ])("%j is refused", (text, code, detail) => {
    const parsed = parseCondition(text, NAMES);
    expect(parsed).toMatchObject({ code, detail: expect.stringMatching(detail) as string });
  });
});

const { condition: anyCondition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(...NAMES).map(named),
    fc.constantFrom("1 of sel_*", "all of them").map(parse),
    tie("condition").map((item): Condition => ({ kind: "not", item })),
    fc
      .record({
        kind: fc.constantFrom("and" as const, "or" as const),
        items: fc.array(tie("condition"), { minLength: 2, maxLength: 3 }),
      })
      .map((group): Condition => group),
  ),
}));

test("a printed condition parses to the same tree", () => {
  fc.assert(
    fc.property(anyCondition, (condition) => {
      expect(parse(printCondition(condition))).toEqual(condition);
    }),
  );
});
