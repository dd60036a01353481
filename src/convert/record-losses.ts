/** Losses that every search over single records has, whatever its dialect. */
import { type Plan, planFields } from "../sigma/plan.ts";
import type { ConvertContext } from "./dialect.ts";
import type { NoteLoss } from "./loss.ts";

/** Notes what a search over stored records cannot do and Sallyport does. */
export function noteCommonLosses(plan: Plan, { exceptions }: ConvertContext, note: NoteLoss): void {
  const fields = planFields(plan);
  const ends = fields.filter((name) => name.startsWith("source.") || name.startsWith("destination."));
  if (ends.length > 0) note("direction-not-proven");
  if (ends.some((name) => /\.(ip|effective_ip|scope|address_class)$/.test(name))) note("any-value");
  note("not-normalised");
  note("sessions-not-merged");
  const { severity, impact, confidence, severity_when: cases } = plan.rule.extension;
  if (cases.length > 0) note("severity-when-not-applied");
  if ([severity, impact, confidence].some((said) => typeof said === "object")) note("outcome-not-computed");
  if (exceptions > 0) note("exceptions-not-included", String(exceptions));
}
