import fc from "fast-check";
import { expect, test } from "vitest";
import type { KernelTest } from "../bytes/kernel-plan.ts";
import { simplifyTests } from "./simplify-tests.ts";

const port = (slot: number, ...values: number[]): KernelTest => ({
  kind: "port-in",
  slot,
  values,
  orAbsent: false,
});
const scope = (slot: number, mask: number): KernelTest => ({ kind: "class-in", slot, mask, orAbsent: false });
const text = (slot: number, ...needles: string[]): KernelTest => ({
  kind: "text-has",
  slot,
  needles,
  orAbsent: false,
});

test.each([
  ["the same alternative twice", [[port(0, 445)], [port(0, 445)]], [[port(0, 445)]]],
  ["the same test twice", [[port(0, 445, 139), port(0, 139, 445)]], [[port(0, 139, 445)]]],
  ["a port that has two values", [[port(0, 445), port(0, 137)], [scope(1, 2)]], [[scope(1, 2)]]],
  ["ports that two tests name", [[port(0, 139, 445), port(0, 445, 80)]], [[port(0, 445)]]],
  ["a narrower alternative", [[port(0, 445), scope(1, 2)], [scope(1, 2)]], [[scope(1, 2)]]],
  ["a wider alternative that comes later", [[scope(1, 2)], [scope(1, 2), port(0, 445)]], [[scope(1, 2)]]],
  [
    "alternatives that differ in a port",
    [
      [port(0, 445), scope(1, 2)],
      [scope(1, 2), port(0, 137)],
    ],
    [[port(0, 137, 445), scope(1, 2)]],
  ],
  ["alternatives that differ in a scope", [[scope(1, 2)], [scope(1, 4)]], [[scope(1, 6)]]],
  [
    "texts that hold other texts",
    [[text(0, "SMB2", "smb", "ms-ds-smb", "cifs")]],
    [[text(0, "cifs", "smb")]],
  ],
  [
    "alternatives that differ in two tests",
    [
      [port(0, 445), scope(1, 2)],
      [port(0, 139), scope(1, 4)],
    ],
    [
      [port(0, 445), scope(1, 2)],
      [port(0, 139), scope(1, 4)],
    ],
  ],
  ["an alternative without tests", [[port(0, 445)], [], [scope(1, 2)]], [[]]],
])("%s", (_, given, wanted) => {
  expect(simplifyTests(given)).toEqual(wanted);
});

test("whatever passed before passes after", () => {
  const slot = fc.nat(1);
  const anyTest: fc.Arbitrary<KernelTest> = fc.oneof(
    fc.record({
      kind: fc.constant("port-in" as const),
      slot,
      values: fc.uniqueArray(fc.constantFrom(80, 137, 139, 445), { minLength: 1, maxLength: 3 }),
      orAbsent: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant("port-above" as const),
      slot,
      value: fc.constant(1023),
      orAbsent: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant("class-in" as const),
      slot: slot.map((at) => at + 2),
      mask: fc.integer({ min: 1, max: 7 }),
      orAbsent: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant("text-has" as const),
      slot: slot.map((at) => at + 4),
      needles: fc.uniqueArray(fc.constantFrom("smb", "smb2", "ntlm", "a"), { minLength: 1, maxLength: 3 }),
      orAbsent: fc.boolean(),
    }),
  );
  const line = fc.tuple(
    fc.option(fc.constantFrom(80, 137, 139, 445, 50_000)),
    fc.option(fc.constantFrom(80, 445, 50_000)),
    fc.option(fc.constantFrom(1, 2, 4)),
    fc.option(fc.constantFrom(1, 2, 4)),
    fc.option(fc.constantFrom("smb2", "x", "ntlm")),
    fc.option(fc.constantFrom("smb", "a")),
  );
  const seen = { passed: 0 };
  fc.assert(
    fc.property(
      fc.array(fc.array(anyTest, { maxLength: 4 }), { maxLength: 8 }),
      line,
      (alternatives, values) => {
        const passes = (list: readonly (readonly KernelTest[])[]): boolean =>
          list.some((tests) => tests.every((one) => holds(one, values)));
        if (!passes(alternatives)) return;
        seen.passed++;
        expect(passes(simplifyTests(alternatives))).toBe(true);
      },
    ),
    { numRuns: 5000 },
  );
  expect(seen.passed).toBeGreaterThan(500);
});

function holds(one: KernelTest, values: readonly (number | string | null)[]): boolean {
  const value = values[one.slot];
  if (value === null || value === undefined) return one.kind === "text-lacks" || one.orAbsent;
  if (one.kind === "port-in") return one.values.includes(Number(value));
  if (one.kind === "port-above") return Number(value) > one.value;
  if (one.kind === "class-in") return (Number(value) & one.mask) !== 0;
  return one.needles.some((needle) => String(value).includes(needle)) === (one.kind === "text-has");
}
