/** The `profile:` key of a rule's `sallyport:` part: how another system makes its rows out of what the rule meets. */
import type { z } from "zod";
import type { PROFILE_SCHEMA } from "./profile-schema.ts";

export type RuleProfile = z.output<typeof PROFILE_SCHEMA>;
export type ProfileUnit = RuleProfile["unit"];
export type NewTermsUnit = Extract<ProfileUnit, { kind: "new-terms" }>;
export type RowsUnit = Extract<ProfileUnit, { kind: "rows" }>;

const MILLISECONDS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Units: milliseconds, of a text such as 5m that the schema let through. */
export function durationMs(text: string): number {
  return Number.parseInt(text, 10) * (MILLISECONDS[text.slice(-1)] ?? 1);
}
