/** The schema of a file of block rules. Apart from responses.ts, so that only who reads such files loads it. */
import { z } from "zod";

const line = z.string().trim().min(1);
const template = z.string().trim().min(1);

/** A snippet of commands, with places to fill in. */
const SNIPPET_SCHEMA = z.strictObject({
  scope: z
    .enum(["destination", "internet", "any"])
    .describe(
      "destination: one address is blocked. internet: SMB to every address outside. any: the same for both.",
    ),
  family: z.enum(["ipv4", "ipv6", "any"]).default("any"),
  block: template,
  undo: template,
});

/** One product's file. */
export const RESPONSE_SCHEMA = z
  .strictObject({
    id: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/),
    product: line,
    /** Where the commands are run, and as whom. */
    where: line,
    warning: line.describe("What legitimate use the block stops, and what else to mind."),
    fill_in: z.array(line).default([]).describe("Words in capitals that the reader replaces by his own."),
    source: z
      .strictObject({ ipv4: z.string(), ipv6: z.string(), any: z.string(), one: z.string() })
      .optional()
      .describe("How {source} is written: any of a family, any of both, or one address {ip}."),
    number: z.int().min(1).optional().describe("The first {number}; every line that has it counts on."),
    snippets: z.array(SNIPPET_SCHEMA).min(1),
    references: z.array(z.url({ protocol: /^https$/ })).min(1),
  })
  .describe("Block rules for one product.");
