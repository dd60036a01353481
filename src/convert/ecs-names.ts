/** Fields of the Elastic Common Schema, by the event field that they stand for. */
import { FIELDS, type FieldName } from "../event/fields.ts";

/** Where the index has another name, or two. */
const OTHER_NAMES: Partial<Record<FieldName, readonly [string, ...string[]]>> = {
  "event.action": ["event.type"],
  "event.provider_action": ["event.action"],
  "network.application": ["network.application", "network.protocol"],
  "labels.dest_category": ["labels.dest_category"],
};

/** Our verdicts in the words of ECS's event.type. */
export const ECS_VERDICTS: Readonly<Record<string, string>> = { allowed: "allowed", blocked: "denied" };

/** The names of an event field in the index; undefined where ECS has none. */
export function ecsNames(field: FieldName): readonly [string, ...string[]] | undefined {
  const spec: { readonly schema: string; readonly origin: string } = FIELDS[field];
  return OTHER_NAMES[field] ?? (spec.schema === "ecs" && spec.origin === "recorded" ? [field] : undefined);
}
