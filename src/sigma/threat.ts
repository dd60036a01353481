/** ATT&CK techniques from Sigma tags, each with the tactic that the same rule names. */
import type { Threat } from "./rule.ts";

/** Tactics of the techniques this field meets. Source: MITRE ATT&CK Enterprise. */
const TACTICS: Readonly<Record<string, readonly string[]>> = {
  T1021: ["lateral-movement"],
  T1046: ["discovery"],
  T1048: ["exfiltration"],
  T1071: ["command-and-control"],
  T1105: ["command-and-control"],
  T1133: ["initial-access", "persistence"],
  T1187: ["credential-access"],
  T1190: ["initial-access"],
  T1210: ["lateral-movement"],
  T1218: ["defense-evasion"],
  T1537: ["exfiltration"],
  T1557: ["credential-access", "collection"],
  T1567: ["exfiltration"],
  T1571: ["command-and-control"],
  T1572: ["command-and-control"],
};

/** The techniques of a rule's `attack.` tags, in their order. */
export function threatOf(tags: readonly string[]): readonly Threat[] {
  const attack = tags.flatMap((tag) => (tag.startsWith("attack.") ? [tag.slice("attack.".length)] : []));
  const techniques = attack.filter((tag) => /^t\d{4}(\.\d{3})?$/.test(tag)).map((tag) => tag.toUpperCase());
  const tactics = attack.filter((tag) => /^[a-z][a-z_-]+$/.test(tag)).map((tag) => tag.replaceAll("_", "-"));
  return techniques.map((technique) => ({ tactic: tacticOf(technique, tactics), technique }));
}

function tacticOf(technique: string, named: readonly string[]): string | null {
  const own = TACTICS[technique.slice(0, 5)];
  if (own !== undefined) return own.find((tactic) => named.includes(tactic)) ?? own[0] ?? null;
  return named.length === 1 ? (named[0] ?? null) : null;
}
