import { expect, test } from "vitest";
import { checkModifiers, isFault, MODIFIERS } from "./modifiers.ts";

test.each([
  ["contains|all"],
  ["all|contains"],
  ["contains|windash"],
  ["windash|contains|all"],
  ["startswith|cased"],
  ["wide|base64offset|contains"],
  ["utf16|base64"],
  ["base64offset|contains|all"],
  ["re|i|m|s"],
  ["cidr"],
  ["cidr|all"],
  ["fieldref|neq"],
  ["neq|endswith"],
  ["exists"],
  [""],
])("%j is a legal chain", (chain) => {
  const names = chain === "" ? [] : chain.split("|");
  expect(checkModifiers(names, true)).toEqual(names);
});

test.each([
  ["contains|startswith", /do not go together/],
  ["contains|re", /do not go together/],
  ["re|cased", /do not go together/],
  ["re|cidr", /do not go together/],
  ["gt|lt", /do not go together/],
  ["exists|all", /do not go together/],
  ["neq|all", /do not go together/],
  ["windash|base64", /do not go together/],
  ["base64|base64offset", /do not go together/],
  ["wide", /needs "base64" or "base64offset"/],
  ["i", /needs "re"/],
  ["base64|wide", /wrong order/],
  ["contains|base64offset", /wrong order/],
  ["cased|cased", /twice/],
  ["Contains", /no modifier/],
])("%j is refused", (chain, detail) => {
  const checked = checkModifiers(chain.split("|"), true);
  expect(checked).toMatchObject({ code: "rule_invalid", detail: expect.stringMatching(detail) as string });
});

test.each(["expand", "minute", "hour", "day", "week", "month", "year"])(
  "%s is not supported, and says so by name",
  (name) => {
    const checked = checkModifiers([name], true);
    expect(isFault(checked) && checked.code === "rule_unsupported" && checked.detail.includes(name)).toBe(
      true,
    );
  },
);

test.each(["startswith", "cidr", "exists", "gt", "fieldref", "neq"])("%s needs a field", (name) => {
  expect(checkModifiers([name], false)).toMatchObject({ code: "rule_invalid" });
});

test("who may stand beside whom is symmetrical", () => {
  for (const [name, spec] of Object.entries(MODIFIERS)) {
    for (const other of spec.with) {
      expect(MODIFIERS[other as keyof typeof MODIFIERS].with, `${other} with ${name}`).toContain(name);
    }
  }
});
