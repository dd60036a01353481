/** The schema of the `sallyport:` key. Apart from extension.ts, so that only who reads rules loads it. */
import { z } from "zod";
import { OUTCOMES, type Outcome } from "../event/outcome.ts";
import { SEVERITIES } from "./level.ts";
import { PROFILE_SCHEMA } from "./profile-schema.ts";

const severity = z.enum(SEVERITIES);
const percent = z.int().min(0).max(100);
const texts = z.array(z.string().trim().min(1));

/** One value for every outcome, or a table by outcome. */
function perOutcome<const T extends z.ZodType>(value: T) {
  const shape = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, value.optional()])) as Record<
    Outcome,
    z.ZodOptional<T>
  >;
  return z.union([value, z.strictObject(shape)]);
}

export const RULE_EXTENSION_SCHEMA = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9]*(-[A-Za-z0-9]+)*$/)
      .optional()
      .describe("A short id to speak of the rule by, such as SP-01."),
    scope: z
      .enum(["event", "session"])
      .default("event")
      .describe("Whether the rule looks at one record or at a whole merged session."),
    direction: z
      .enum(["outbound", "inbound"])
      .optional()
      .describe("Which way the rule looks: from ours to the Internet, or the other way."),
    impact: perOutcome(percent).optional().describe("What is lost when the rule is right, 0 to 100."),
    confidence: perOutcome(percent).optional().describe("How sure a match is, 0 to 100."),
    severity: perOutcome(severity)
      .optional()
      .describe("Severity, flat or by outcome; where it is silent the rule's level holds."),
    severity_when: z
      .array(z.strictObject({ selection: z.string().trim().min(1), severity: perOutcome(severity) }))
      .default([])
      .describe(
        "Exceptions from `severity`: the name of a selection of the rule, and the severity where it holds. The first that holds and speaks of the outcome counts.",
      ),
    requires: texts
      .default([])
      .describe(
        "Session rules only: ids or names of rules, one of which the session must have met. Default: any.",
      ),
    frameworks: z
      .strictObject({ nist: texts.default([]), cis: texts.default([]), kill_chain: texts.default([]) })
      .default({ nist: [], cis: [], kill_chain: [] })
      .describe("References into NIST CSF, CIS Controls and the kill chain."),
    guide: z
      .strictObject({
        investigate: texts.default([]),
        false_positives: texts.default([]),
        respond: texts.default([]),
      })
      .default({ investigate: [], false_positives: [], respond: [] })
      .describe("What an analyst does next, step by step."),
    profile: PROFILE_SCHEMA.optional().describe("Makes the rule a reference profile of `scan --profile`."),
    advisories: texts.default([]).describe("Ids of advisories that the rule covers."),
    cannot_see: texts.default([]).describe("What the rule is blind to."),
  })
  .describe("Sallyport's own key in a Sigma rule.");
