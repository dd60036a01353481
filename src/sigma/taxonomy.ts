/**
 * Which names a rule may use: its log source decides. `network` / `connection` speaks ECS and the derived
 * names, `network_connection` Sysmon's, `firewall` Sigma's firewall names; all others the record's own.
 * A rule's own `taxonomy:` key wins: another system's names, over the recorded view of the event.
 * Source: Sigma specification, appendix "Taxonomy"; the aliases stand in FIELDS.
 */
import type { Logsource } from "../event/dataset.ts";
import { FIELD_NAMES, FIELDS, type FieldAliases, type FieldName } from "../event/fields.ts";
import { RECORDED_VIEW, type RecordedViewName } from "../event/recorded-view.ts";
import { nearestName } from "./nearest-name.ts";

/** A field as a plan reads it: of the event, of its recorded view, or by the record's own name. */
export type FieldRef =
  | { readonly kind: "event"; readonly name: FieldName }
  | { readonly kind: "recorded"; readonly name: RecordedViewName }
  | { readonly kind: "raw"; readonly name: string };

/** The names that a log source's rules use; the last four are over the recorded view. */
export type Vocabulary =
  | "ecs"
  | "sysmon"
  | "firewall"
  | "raw"
  | "ecs-recorded"
  | "splunk-cim"
  | "sysmon-recorded"
  | "firewall-recorded";

/** What a rule's `taxonomy:` key may say besides `sigma`: another system's names, over the recorded view. */
export const TAXONOMIES = ["ecs-recorded", "splunk-cim"] as const;

export type Taxonomy = (typeof TAXONOMIES)[number];

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

/** The names that Sigma's two connection taxonomies have in the recorded view. */
const RECORDED_FIREWALL: Readonly<Record<string, RecordedViewName>> = {
  src_ip: "sigma.SourceIp",
  src_port: "sigma.SourcePort",
  dst_ip: "sigma.DestinationIp",
  dst_port: "sigma.DestinationPort",
  protocol: "sigma.Protocol",
  username: "sigma.User",
};

const RECORDED = {
  "ecs-recorded": recordedNames("elastic."),
  "splunk-cim": recordedNames("cim."),
  "sysmon-recorded": recordedNames("sigma."),
  "firewall-recorded": new Map(Object.entries(RECORDED_FIREWALL)),
} as const satisfies Partial<Record<Vocabulary, ReadonlyMap<string, RecordedViewName>>>;

const MAPPED = { ecs: ecsNames(), sysmon: aliasNames("sysmon"), firewall: firewallNames() } as const;

/** The vocabulary of a log source. */
export function vocabularyOf({ category, product, service }: Logsource): Vocabulary {
  if (category === "network_connection") return "sysmon";
  if (category === "firewall") return "firewall";
  const isConnection = service === "connection" && (category === undefined || category === "network");
  return isConnection && product === undefined ? "ecs" : "raw";
}

/** The same names over the recorded view, for a rule that is run as another system would run it. */
export function recordedVocabulary(vocabulary: Vocabulary): Vocabulary {
  return vocabulary === "sysmon" || vocabulary === "firewall" ? `${vocabulary}-recorded` : vocabulary;
}

/** What a name stands for in a vocabulary; undefined for a name that a mapped vocabulary does not have. */
export function resolveField(vocabulary: Vocabulary, name: string): ResolvedField | undefined {
  if (vocabulary === "raw") return { ref: { kind: "raw", name } };
  if (isRecorded(vocabulary)) {
    const recorded = RECORDED[vocabulary].get(name);
    return recorded === undefined ? undefined : { ref: { kind: "recorded", name: recorded } };
  }
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
  if (vocabulary === "raw") return undefined;
  return nearestName(name, (isRecorded(vocabulary) ? RECORDED[vocabulary] : MAPPED[vocabulary]).keys());
}

function isRecorded(vocabulary: Vocabulary): vocabulary is keyof typeof RECORDED {
  return Object.hasOwn(RECORDED, vocabulary);
}

function recordedNames(prefix: string): ReadonlyMap<string, RecordedViewName> {
  const names = Object.keys(RECORDED_VIEW) as RecordedViewName[];
  return new Map(
    names.flatMap((name) => (name.startsWith(prefix) ? [[name.slice(prefix.length), name] as const] : [])),
  );
}

function ecsNames(): ReadonlyMap<string, FieldName> {
  return new Map(FIELD_NAMES.map((name) => [name, name]));
}

/** Sigma's firewall names, and two that public rules use though the taxonomy lacks them. */
function firewallNames(): ReadonlyMap<string, FieldName> {
  return new Map([
    ...aliasNames("firewall"),
    ["action", "event.provider_action"],
    ["protocol", "network.transport"],
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
