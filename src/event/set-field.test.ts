/** Setters: each sets the field that it stands under, and no other. */
import { expect, test } from "vitest";
import type { EventFields } from "./event.ts";
import { FIELD_NAMES, type FieldName } from "./fields.ts";
import { SET_FIELD } from "./set-field.ts";

test.each(FIELD_NAMES)("%s is set, and nothing else", (name) => {
  const event: EventFields = {};
  (SET_FIELD[name] as (event: EventFields, value: unknown) => void)(event, "x");
  expect(Object.entries(event)).toEqual([[name, "x"]]);
});

test("every field has a setter", () => {
  expect(Object.keys(SET_FIELD) as FieldName[]).toEqual([...FIELD_NAMES]);
});
