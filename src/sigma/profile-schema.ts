/** The schema of the `profile:` key. Apart from profile.ts, so that only who reads rules loads it. */
import { z } from "zod";

const names = z.array(z.string().trim().min(1));

const duration = z
  .string()
  .regex(/^\d{1,4}[smhd]$/)
  .describe("A number and s, m, h or d.");

const EVENT_UNIT = z
  .strictObject({ kind: z.literal("event") })
  .describe("One finding per event: the rule alone.");

const NEW_TERMS_UNIT = z
  .strictObject({
    kind: z.literal("new-terms"),
    field: z.string().describe("Whose new values are reported, in the rule's own names."),
    history: duration.describe("How far back a value must not have been seen."),
    every: duration.describe("Time from run to run."),
    look_back: duration.describe("How far back each run looks for documents."),
    most_per_run: z.int().min(1).describe("What one run of the original raises at most."),
  })
  .describe("One finding per value that a run had not seen before, from its oldest document.");

const ROWS_UNIT = z
  .strictObject({
    kind: z.literal("rows"),
    by: names.min(1).describe("The columns that make a row."),
    key: names.default([]).describe("Columns of `by` without which an event makes no row; others are null."),
    values: names.default([]).describe("Columns whose distinct values a row lists."),
    first: z.string().describe("Column of the earliest time."),
    last: z.string().describe("Column of the latest time."),
    fill: z
      .record(z.string(), z.union([z.string(), z.int()]))
      .default({})
      .describe("What the data model writes where a column has no value."),
    rename: z
      .record(z.string(), z.string())
      .default({})
      .describe("Columns that get another name once rows are made, over what stood there."),
    risk_object: z.string().optional().describe("The column that bears the risk."),
    threat_object: z.string().optional().describe("The column that threatens."),
    one_per_window: z.boolean().default(false).describe("The search window is part of a row's identity."),
  })
  .describe("One finding per row of an aggregating search.");

export const PROFILE_SCHEMA = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/),
  title: z.string().trim().min(1).describe("What is reproduced, in a few words."),
  runs_on: z
    .strictObject({
      category: z.string().optional(),
      product: z.string().optional(),
      service: z.string().optional(),
    })
    .optional()
    .describe("The log source that it runs on as a profile, where that is not the rule's own."),
  unit: z.discriminatedUnion("kind", [EVENT_UNIT, NEW_TERMS_UNIT, ROWS_UNIT]),
  required_fields: names.default([]).describe("What the original says that it needs."),
  annotations: z
    .record(z.string(), z.union([z.string(), z.int(), names]))
    .default({})
    .describe("What the original carries beside its columns: its type, its stories."),
});
