/**
 * Which names a rule may use: its log source decides. `network` / `connection` speaks ECS and the derived
 * names, `network_connection` Sysmon's, `firewall` Sigma's firewall names; all others the record's own.
 * Source: Sigma specification, appendix "Taxonomy"; the aliases stand in FIELDS.
 */
import type { Logsource } from "../event/dataset.ts";
import { FIELD_NAMES, FIELDS, type FieldAliases, type FieldName } from "../event/fields.ts";
import { nearestName } from "./nearest-name.ts";

/** A field as a plan reads it: of the event, or by the record's own name. */
export type FieldRef =
  | { readonly kind: "event"; readonly name: FieldName }
  | { readonly kind: "raw"; readonly name: string };

/** The names that a log source's rules use. */
export type Vocabulary = "ecs" | "sysmon" | "firewall" | "raw";

/** What a name in a rule stands for. */
export interface ResolvedField {
  readonly ref: FieldRef;
  /** Values that the event spells otherwise than the rule's vocabulary, by lower-case rule value. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
}

/** Sysmon's fields of event 3 that no event field stands for: read from the record. */
const SYSMON_RECORD_NAMES: ReadonlySet<string> = new Set([
  "Channel",
  "CommandLine",
  "DestinationIsIpv6",
  "DestinationPortName",
  "ParentImage",
  "ProcessGuid",
  "RuleName",
  "SourceIsIpv6",
  "SourcePortName",
  "UtcTime",
]);

/** Names whose values the event spells otherwise: what a rule writes, and what the event may hold. */
const VALUES: Readonly<Record<string, NonNullable<ResolvedField["values"]>>> = {
  // Sysmon says who began with a boolean, the event with a direction.
  "sysmon Initiated": { true: ["true", "egress", "outbound"], false: ["false", "ingress", "inbound"] },
  "firewall blocked": { true: ["blocked"], false: ["allowed"] },
};

const MAPPED = { ecs: ecsNames(), sysmon: aliasNames("sysmon"), firewall: firewallNames() } as const;

/** The vocabulary of a log source. */
export function vocabularyOf({ category, product, service }: Logsource): Vocabulary {
  if (category === "network_connection") return "sysmon";
  if (category === "firewall") return "firewall";
  const isConnection = service === "connection" && (category === undefined || category === "network");
  return isConnection && product === undefined ? "ecs" : "raw";
}

/** What a name stands for in a vocabulary; undefined for a name that a mapped vocabulary does not have. */
export function resolveField(vocabulary: Vocabulary, name: string): ResolvedField | undefined {
  if (vocabulary === "raw") return { ref: { kind: "raw", name } };
  const field = MAPPED[vocabulary].get(name);
  if (field !== undefined) {
    const values = VALUES[`${vocabulary} ${name}`];
    return { ref: { kind: "event", name: field }, ...(values === undefined ? {} : { values }) };
  }
  if (vocabulary === "sysmon" && SYSMON_RECORD_NAMES.has(name)) return { ref: { kind: "raw", name } };
  return undefined;
}

/** The name of a vocabulary that is nearest to one it does not have. */
export function suggestField(vocabulary: Vocabulary, name: string): string | undefined {
  return vocabulary === "raw" ? undefined : nearestName(name, MAPPED[vocabulary].keys());
}

function ecsNames(): ReadonlyMap<string, FieldName> {
  return new Map(FIELD_NAMES.map((name) => [name, name]));
}

/** Sigma's firewall names, and two that public rules use though the taxonomy lacks them. */
function firewallNames(): ReadonlyMap<string, FieldName> {
  return new Map([
    ...aliasNames("firewall"),
    ["action", "event.provider_action"],
    ["blocked", "event.action"],
  ]);
}

function aliasNames(vocabulary: keyof FieldAliases): ReadonlyMap<string, FieldName> {
  const names = new Map<string, FieldName>();
  for (const field of FIELD_NAMES) {
    const spec: FieldAliases & { readonly doc: string } = FIELDS[field];
    for (const alias of spec[vocabulary] ?? []) names.set(alias, field);
  }
  return names;
}
