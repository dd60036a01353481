/** Data sets: a folder with logs, what is expected of them, and a README. In: the folder. Out: checked plain data. */
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { SallyportError } from "../errors.ts";
import { exists, readText, shippedDataSetsFolder } from "./content.ts";

const names = z.array(z.string().trim().min(1));
const time = z.iso.datetime({ offset: true });

const CHECK_SCHEMA = z.strictObject({
  profile: z.string(),
  emit: z.enum(["findings", "matches"]),
  cases: names.optional().describe("Only these cases; default: all."),
});

const CASE_SCHEMA = z.strictObject({
  name: z.string().trim().min(1),
  title: z.string().optional(),
  inputs: names.min(1).describe("Files or folders, from the data set's own folder."),
  runs: z
    .array(z.strictObject({ first: time, last: time }))
    .optional()
    .describe("When rules with a schedule ran; default: simulated over the logs' own time."),
});

const DATASET_SCHEMA = z.strictObject({
  title: z.string().trim().min(1),
  format: z.string().optional(),
  site: z.string().optional(),
  assets: z.string().optional(),
  now: time,
  checks: z.array(CHECK_SCHEMA).min(1).describe("What is compared: rows that nobody expects are too many."),
  cases: z.array(CASE_SCHEMA).min(1),
});

const EXPECTED_SCHEMA = z.strictObject({
  case: z.string(),
  profile: z.string(),
  emit: z.enum(["findings", "matches"]),
  title: z.string().describe("What is expected, in a few words."),
  row: z.record(z.string(), z.unknown()).describe("Values that one row must have, by dotted path."),
});

export type DataSetCheck = z.output<typeof CHECK_SCHEMA>;
export type DataSetCase = z.output<typeof CASE_SCHEMA>;
export type ExpectedRow = z.output<typeof EXPECTED_SCHEMA>;

export interface DataSet extends z.output<typeof DATASET_SCHEMA> {
  readonly name: string;
  readonly folder: string;
  readonly expected: readonly ExpectedRow[];
}

/** The names of the shipped data sets. */
export async function shippedDataSets(): Promise<readonly string[]> {
  return (await readdir(shippedDataSetsFolder())).sort();
}

/**
 * Reads a data set: a shipped one by its name, any other by its folder.
 * Errors: dataset_invalid, input_missing, input_unreadable.
 */
export async function readDataSet(nameOrFolder: string, expectedFile?: string): Promise<DataSet> {
  const shipped = join(shippedDataSetsFolder(), nameOrFolder);
  const isShipped = /^[\w-]+$/.test(nameOrFolder) && (await exists(join(shipped, "dataset.yml")));
  const folder = isShipped ? shipped : nameOrFolder;
  if (!(await exists(join(folder, "dataset.yml")))) {
    throw new SallyportError("input_missing", {
      detail: `${nameOrFolder}: no data set of that name, and no folder with a dataset.yml`,
      hint: `Shipped data sets: ${(await shippedDataSets()).join(", ")}.`,
    });
  }
  const { file, text } = await readText(join(folder, "dataset.yml"));
  const about = check(DATASET_SCHEMA, yamlOf(text, file), file);
  const expected = await readExpected(expectedFile ?? join(folder, "expected.ndjson"));
  return { ...about, name: basename(folder), folder, expected };
}

async function readExpected(path: string): Promise<readonly ExpectedRow[]> {
  const { file, text } = await readText(path);
  return text.split("\n").flatMap((line, at) => {
    if (line.trim() === "") return [];
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch {
      throw new SallyportError("dataset_invalid", {
        detail: "The line is not JSON",
        at: { file, line: at + 1 },
      });
    }
    return [check(EXPECTED_SCHEMA, row, file, at + 1)];
  });
}

function yamlOf(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    const line = error.linePos?.[0].line;
    throw new SallyportError("dataset_invalid", {
      detail: error.message.split("\n")[0] ?? "",
      at: { file, line },
    });
  }
}

function check<T extends z.ZodType>(schema: T, value: unknown, file: string, line?: number): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join(".") ?? "";
  throw new SallyportError("dataset_invalid", {
    detail: `${path === "" ? "" : `${path}: `}${issue?.message ?? "invalid"}`,
    at: { file, line },
  });
}
