/** The facts of a finding as names and values, for the outputs that people read. Values are raw: make them inert. */
import type { Asset, AuthSeen, Finding } from "../findings/finding.ts";
import { countOf, formatBytes, formatCount } from "../findings/quantity.ts";
import { formatSpan } from "./quantity.ts";
import { assetWords, endWords, policyWords } from "./rollup.ts";

export interface Fact {
  readonly name: string;
  readonly values: readonly string[];
}

/** What is known of a finding, in the order in which an analyst asks; what is absent is left out. */
export function factsOf(finding: Finding): Fact[] {
  const { source, destination, network, nat, bytes } = finding;
  const facts: Fact[] = [
    { name: "Rule", values: [finding.rule, ...finding.also].map((rule) => `${rule.id} ${rule.name}`) },
    { name: "Source", values: [...new Set([source.ip, source.address ?? "", scopeWords(source)])] },
    { name: "Source asset", values: assetValues(source.asset) },
    {
      name: "Destination",
      values: [endWords(destination.ip, destination.port), destination.domain ?? "", scopeWords(destination)],
    },
    {
      name: "Address inside",
      values: destination.effective_ip === destination.ip ? [] : [destination.effective_ip],
    },
    { name: "Destination asset", values: assetValues(destination.asset) },
    { name: "Which policy", values: finding.policies.flatMap((policy) => policyWords(policy) ?? []) },
    { name: "Translated to", values: nat === null ? [] : [...nat.source, ...nat.destination] },
    { name: "Credentials", values: finding.auth === null ? [] : [authWords(finding.auth)] },
    { name: "Users", values: finding.users },
    { name: "Processes", values: finding.processes },
    { name: "Protocol", values: [network.transport ?? "", ...network.application] },
    { name: "Bytes", values: [bytesWords(bytes.out, "out"), bytesWords(bytes.in, "in")] },
    { name: "Seen", values: [formatSpan(finding.first_seen, finding.last_seen)] },
    {
      name: "Sessions",
      values: [`${formatCount(finding.sessions)}, from ${countOf(finding.events, "event")}`],
    },
    { name: "Logs", values: finding.datasets },
    { name: "Observers", values: finding.observers },
    { name: "The sources' words", values: finding.actions },
    {
      name: "ATT&CK",
      values: finding.threat.map(({ tactic, technique }) =>
        tactic === null ? technique : `${technique} ${tactic}`,
      ),
    },
    { name: "Frameworks", values: Object.values(finding.frameworks).flat() },
    { name: "Advisories", values: finding.advisories },
    { name: "Finding", values: [finding.id] },
  ];
  return facts
    .map(({ name, values }) => ({ name, values: values.filter((value) => value !== "") }))
    .filter(({ values }) => values.length > 0);
}

function scopeWords({
  scope,
  address_class,
}: {
  readonly scope: string;
  readonly address_class: string;
}): string {
  return address_class === "" || address_class === scope ? scope : `${scope}, ${address_class}`;
}

function assetValues(asset: Asset | null): string[] {
  const words = assetWords(asset);
  return words === "" ? [] : [words];
}

function bytesWords(bytes: number | null, way: string): string {
  return bytes === null ? `${way} not recorded` : `${formatBytes(bytes)} ${way}`;
}

/** Who offered credentials, by which protocol, and whether that worked. */
function authWords({ protocol, user, domain, success }: AuthSeen): string {
  const who = user === null ? "" : ` of ${domain === null ? "" : `${domain}\\`}${user}`;
  const how =
    success === null ? "no record says whether they were accepted" : success ? "accepted" : "refused";
  return `${protocol}${who}: ${how}`;
}
