/** A reference profile made ready: its rule, its plan, and the columns that its unit needs of an event. */
import { readRaw, scalarsIn, textOf } from "../../engines/field-value.ts";
import { SallyportError } from "../../errors.ts";
import type { NetworkEvent } from "../../event/event.ts";
import { isSwapped, storedMs } from "../../event/recorded-view.ts";
import { compilePlanAs, type Plan, ruleVocabulary } from "../../sigma/plan.ts";
import type { ProfileUnit, RuleProfile } from "../../sigma/profile.ts";
import type { Rule } from "../../sigma/rule.ts";
import { type FieldRef, resolveField } from "../../sigma/taxonomy.ts";
import type { ReferenceColumns } from "../observation.ts";

export interface Profile {
  readonly name: string;
  readonly rule: Rule;
  readonly plan: Plan;
  readonly about: RuleProfile;
  /** What the unit reads of each event that met the rule, by the original's names. */
  readonly columns: readonly Column[];
  /** What the original says that it needs. */
  readonly required: readonly Column[];
}

interface Column {
  readonly name: string;
  readonly ref: FieldRef;
}

/** The profile of our own: sessions, outcomes, severity by how far it got. */
export const OWN_PROFILE = "sallyport";

/**
 * Makes a profile of its rule.
 * Errors: rule_invalid where the rule says nothing of a profile, or a column is no name of its taxonomy.
 */
export function toProfile(rule: Rule): Profile {
  const about = rule.extension.profile;
  if (about === undefined) {
    throw new SallyportError("rule_invalid", {
      detail: `${rule.id} says nothing of a profile (sallyport: profile)`,
      at: { file: rule.file, line: rule.line },
    });
  }
  const columnOf = (name: string): Column => ({ name, ref: refOf(name, rule) });
  return {
    name: about.name,
    rule,
    plan: compilePlanAs(rule, { recorded: true, logsource: about.runs_on }),
    about,
    columns: columnNames(about.unit).map(columnOf),
    required: about.required_fields.map(columnOf),
  };
}

/** What a profile keeps of an event that met its rule. */
export function readReference(event: NetworkEvent, profile: Profile): ReferenceColumns {
  const columns: Record<string, readonly (string | number)[]> = {};
  for (const { name, ref } of profile.columns) {
    columns[name] = scalarsIn(readRaw(event, ref)).map((value) =>
      typeof value === "number" ? value : textOf(value),
    );
  }
  return { storedMs: storedMs(event), eventId: event["event.id"], swapped: isSwapped(event), columns };
}

/** Tells whether an event has anything in a column. */
export function hasColumn(event: NetworkEvent, { ref }: Column): boolean {
  return scalarsIn(readRaw(event, ref)).length > 0;
}

function columnNames(unit: ProfileUnit): readonly string[] {
  switch (unit.kind) {
    case "event":
      return [];
    case "new-terms":
      return [unit.field];
    case "rows":
      return [...new Set([...unit.by, ...unit.values])];
    default:
      return unit satisfies never;
  }
}

function refOf(name: string, rule: Rule): FieldRef {
  const resolved = resolveField(ruleVocabulary(rule, true), name);
  if (resolved !== undefined) return resolved.ref;
  throw new SallyportError("rule_invalid", {
    detail: `${rule.id}: the profile's column "${name}" is no name of the rule's taxonomy`,
    at: { file: rule.file, line: rule.line },
  });
}
