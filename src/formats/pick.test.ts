/** Picking: one walk finds every name where the reference finds it. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { getPath } from "../event/record.ts";
import { Picker } from "./pick.ts";

const NAMES = ["a", "b", "a.b", "a.b.c", "b.a", "a.a.a", "b.c.a.b"];
const picker = new Picker([...NAMES, "a.b"]);

test("a value has the slot of its name", () => {
  const { values } = picker.pick({ a: { b: { c: 1 } }, b: 2 });
  expect(values[picker.slotOf("a.b.c") ?? -1]).toBe(1);
  expect(values[picker.slotOf("b") ?? -1]).toBe(2);
  expect(picker.slotOf("c")).toBeUndefined();
});

test("a name that is not one of the picker's is looked up in the object", () => {
  expect(picker.pick({ c: { d: 1 } }).get("c.d")).toBe(1);
});

test("what is absent or null is taken from another object", () => {
  const front = picker.pick({ a: null, b: 1 });
  front.fillFrom(picker.pick({ a: 2, b: 3 }));
  expect([front.get("a"), front.get("b")]).toEqual([2, 1]);
});

test("every name is found where the reference finds it, however keys are dotted and nested", () => {
  const key = fc.constantFrom("a", "b", "c", "a.b", "b.c", "a.a", "b.c.a", "a.b.c");
  const { object } = fc.letrec<{ object: Record<string, unknown>; value: unknown }>((tie) => ({
    object: fc.dictionary(key, tie("value"), { maxKeys: 5 }),
    value: fc.oneof(
      { depthSize: "medium" },
      fc.constantFrom(null, "", 0, "x", false, [{ a: 1 }]),
      tie("object"),
    ),
  }));
  fc.assert(
    fc.property(object, (value) => {
      const picked = picker.pick(value);
      for (const name of NAMES) expect(picked.get(name)).toEqual(getPath(value, name));
    }),
    { numRuns: 1000 },
  );
});
