/** Look-ups in the list of formats. */
import { describe, expect, test } from "vitest";
import { SallyportError } from "../errors.ts";
import { FIELD_NAMES } from "../event/fields.ts";
import { FORMATS } from "./index.ts";
import { datasetTable, formatByName } from "./registry.ts";

test.each(["zeek-json", "Zeek-TSV"])("finds %s", (name) => {
  expect(formatByName(name).name).toBe(name.toLowerCase());
});

test.each([
  ["zek-json", /zeek-json/],
  ["zeek", /zeek-/],
  ["tab-separated-things", /^'sallyport formats' lists them\.$/],
])("%s is unknown, with a hint", (name, hint) => {
  const lookUp = () => formatByName(name);
  expect(lookUp).toThrow(SallyportError);
  expect(lookUp).toThrow(
    expect.objectContaining({ code: "format_unknown", hint: expect.stringMatching(hint) }),
  );
});

describe("the table of datasets", () => {
  test("has every dataset of every format", () => {
    const table = datasetTable();
    for (const format of FORMATS) {
      for (const name of Object.keys(format.datasets)) expect(table.has(name), name).toBe(true);
    }
    expect(table.get("zeek.smb_files")?.logsources).toContainEqual({ product: "zeek", service: "smb_files" });
  });

  test.each([...datasetTable()])("%s carries known fields, each named once", (_, dataset) => {
    expect(FIELD_NAMES).toEqual(expect.arrayContaining([...dataset.carries]));
    expect(new Set(dataset.carries).size).toBe(dataset.carries.length);
  });
});
