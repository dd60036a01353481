/** The schema of an advisory's front matter. Apart from advisory.ts, so that only who reads advisories loads it. */
import { z } from "zod";
import { SEVERITIES } from "../sigma/level.ts";
import { webAddress } from "./prose.ts";

const line = z.string().trim().min(1);
const day = z.iso.date();

/** The front matter of an advisory. */
export const ADVISORY_SCHEMA = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
      .describe("Kebab-case; the name that rules, findings and feeds use."),
    title: line,
    severity: z.enum(SEVERITIES),
    published: day,
    updated: day,
    summary: line.describe("One or two sentences, for lists and feeds."),
    techniques: z
      .array(
        z.strictObject({
          id: z.string().regex(/^T\d{4}(\.\d{3})?$/),
          name: line,
          tactics: z.array(z.string().regex(/^[a-z]+(-[a-z]+)*$/)).min(1),
        }),
      )
      .min(1)
      .describe("MITRE ATT&CK Enterprise."),
    sources: z
      .array(line)
      .default([])
      .describe("Kinds of log in which it can be seen, as Sigma log sources."),
    cves: z
      .array(
        z.strictObject({
          id: z.string().regex(/^CVE-\d{4}-\d{4,}$/),
          name: line,
          vector: line.describe("What the victim is given."),
        }),
      )
      .default([]),
    detections: z
      .array(z.strictObject({ rule: line, name: line, sees: line }))
      .min(1)
      .describe("The rules that see it, and what of it each one sees."),
    references: z
      .array(z.strictObject({ title: line, url: z.string().refine((url) => webAddress(url) !== undefined) }))
      .min(1),
  })
  .refine(({ published, updated }) => published <= updated, {
    path: ["updated"],
    error: "before the day of publishing",
  })
  .describe("The front matter of an advisory.");

export type FrontMatter = z.output<typeof ADVISORY_SCHEMA>;
