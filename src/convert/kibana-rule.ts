/** A detection rule of Elastic Security, as its import and its API take it. */
import { riskAt } from "../sigma/extension.ts";
import type { Rule, Threat } from "../sigma/rule.ts";
import { TACTICS, techniqueName } from "./attack-names.ts";
import { type ConvertContext, refuse } from "./dialect.ts";
import type { NoteLoss } from "./loss.ts";

/**
 * Makes the document of a rule. It is switched off: a person reads it first.
 * Source: Elastic Security API, "Create a detection rule" and "Import detection rules".
 */
export function kibanaRule(rule: Rule, query: string, { options }: ConvertContext, note: NoteLoss): object {
  const { impact, confidence } = riskAt(rule, "unknown");
  if (rule.level === "info") note("severity-info");
  const suppression = suppressionOf(rule, options["suppress"] ?? "0");
  return {
    rule_id: rule.uuid ?? `sallyport-${rule.id}`,
    name: rule.title,
    description: rule.description === "" ? rule.title : rule.description,
    type: "query",
    language: "kuery",
    query,
    index: (options["index"] ?? "").split(",").map((name) => name.trim()),
    enabled: false,
    interval: options["interval"] ?? "",
    from: options["from"] ?? "",
    to: "now",
    max_signals: 100,
    severity: rule.level === "info" ? "low" : rule.level,
    risk_score: Math.round((impact * confidence) / 100),
    author: rule.author === undefined ? [] : [rule.author],
    tags: ["Sallyport", rule.id],
    references: rule.references,
    false_positives: rule.falsepositives,
    threat: threatOf(rule.threat),
    note: noteOf(rule),
    timestamp_override: "event.ingested",
    version: 1,
    ...(suppression === undefined ? {} : { alert_suppression: suppression }),
  };
}

/** Techniques under their tactics, subtechniques under their techniques. */
function threatOf(threats: readonly Threat[]): readonly object[] {
  const tactics = new Set(threats.flatMap(({ tactic }) => tactic ?? []));
  return [...tactics].flatMap((tactic) => {
    const known = TACTICS[tactic];
    if (known === undefined) return [];
    const ids = threats.filter((threat) => threat.tactic === tactic).map(({ technique }) => technique);
    const parents = new Set(ids.map((id) => id.slice(0, 5)));
    return [
      {
        framework: "MITRE ATT&CK",
        tactic: { ...known, reference: `https://attack.mitre.org/tactics/${known.id}/` },
        technique: [...parents].map((id) => ({
          ...techniqueOf(id),
          subtechnique: ids.filter((other) => other.startsWith(`${id}.`)).map(techniqueOf),
        })),
      },
    ];
  });
}

function techniqueOf(id: string): { id: string; name: string; reference: string } {
  const path = id.replace(".", "/");
  return { id, name: techniqueName(id), reference: `https://attack.mitre.org/techniques/${path}/` };
}

/** The investigation guide, in Markdown. */
function noteOf({ extension: { guide, cannot_see: blind } }: Rule): string {
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ["Investigate", guide.investigate],
    ["False positives", guide.false_positives],
    ["Respond", guide.respond],
    ["Cannot see", blind],
  ];
  return sections
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => `## ${title}\n\n${lines.map((line) => `- ${line}`).join("\n")}`)
    .join("\n\n");
}

function suppressionOf(rule: Rule, text: string): object | undefined {
  if (text === "0") return undefined;
  const [, value, unit] = /^([1-9]\d{0,4})([smhd])$/.exec(text) ?? [];
  if (value === undefined) return refuse(rule, `suppress=${text} is no duration such as 30m or 12h`);
  // The API counts in seconds, minutes or hours.
  const duration = unit === "d" ? { value: Number(value) * 24, unit: "h" } : { value: Number(value), unit };
  return {
    group_by: ["source.ip", "destination.ip"],
    duration,
    missing_fields_strategy: "suppress",
  };
}
