/** The columns of the CSV output, per level of output. */
import { FIELD_NAMES } from "../event/fields.ts";
import { OUTCOMES } from "../event/outcome.ts";
import type { Finding } from "../findings/finding.ts";
import type { MatchDocument, RunInfo } from "../findings/run.ts";
import { textAt } from "./document-path.ts";
import { assetWords, policyWords } from "./rollup.ts";
import type { Row } from "./sink.ts";

/** A column: its name, and its cell for a row. */
export type CsvColumn = readonly [name: string, cell: (row: Row) => unknown];

const FINDING_CELLS = {
  id: (f) => f.id,
  severity: (f) => f.severity,
  outcome: (f) => f.outcome,
  rule_id: (f) => f.rule.id,
  rule_name: (f) => f.rule.name,
  source_ip: (f) => f.source.ip,
  source_scope: (f) => f.source.scope,
  source_asset: (f) => assetWords(f.source.asset),
  destination_ip: (f) => f.destination.ip,
  destination_effective_ip: (f) => f.destination.effective_ip,
  destination_port: (f) => f.destination.port.join(" "),
  destination_domain: (f) => f.destination.domain,
  destination_address_class: (f) => f.destination.address_class,
  transport: (f) => f.network.transport,
  application: (f) => f.network.application.join(" "),
  bytes_out: (f) => f.bytes.out,
  bytes_in: (f) => f.bytes.in,
  sessions: (f) => f.sessions,
  events: (f) => f.events,
  ...Object.fromEntries(
    OUTCOMES.map((outcome) => [outcome, (f: Finding) => f.outcomes[outcome]?.count ?? 0]),
  ),
  first_seen: (f) => f.first_seen,
  last_seen: (f) => f.last_seen,
  impact: (f) => f.risk.impact,
  confidence: (f) => f.risk.confidence,
  risk_score: (f) => f.risk.score,
  reason: (f) => f.reason,
  policies: (f) => f.policies.flatMap((policy) => policyWords(policy) ?? []).join("; "),
  users: (f) => f.users.join(" "),
  processes: (f) => f.processes.join(" "),
  auth_protocol: (f) => f.auth?.protocol,
  auth_user: (f) => f.auth?.user,
  datasets: (f) => f.datasets.join(" "),
  observers: (f) => f.observers.join(" "),
  techniques: (f) => f.threat.map((threat) => threat.technique).join(" "),
  advisories: (f) => f.advisories.join(" "),
  evidence_total: (f) => f.evidence_total,
  notes: (f) => f.notes.join("; "),
  profile: (f) => f.profile,
  suppressed_by: (f) => f.suppressed_by,
  baseline: (f) => f.baseline,
} satisfies Record<string, (finding: Finding) => unknown>;

const FINDING_COLUMNS: readonly CsvColumn[] = Object.entries(FINDING_CELLS).map(([name, cell]) => [
  name,
  (row) => (row.kind === "finding" ? cell(row.finding) : ""),
]);

const EVENT_COLUMNS: readonly CsvColumn[] = [...FIELD_NAMES, "log.file.path", "log.offset"].map((name) => [
  name,
  (row) => (row.kind === "finding" ? "" : textAt(row.kind === "match" ? row.match.event : row.event, name)),
]);

/** Named apart from the event's own rule.name, which is the policy of the firewall. */
const MATCH_CELLS = {
  "matched.rule.id": (match) => match.rule.id,
  "matched.rule.name": (match) => match.rule.name,
  "matched.profile": (match) => match.profile,
  "matched.severity": (match) => match.severity,
} satisfies Record<string, (match: MatchDocument) => unknown>;

const MATCH_COLUMNS: readonly CsvColumn[] = Object.entries(MATCH_CELLS).map(([name, cell]) => [
  name,
  (row) => (row.kind === "match" ? cell(row.match) : ""),
]);

export const CSV_COLUMNS: Readonly<Record<RunInfo["emit"], readonly CsvColumn[]>> = {
  findings: FINDING_COLUMNS,
  matches: [...MATCH_COLUMNS, ...EVENT_COLUMNS],
  events: EVENT_COLUMNS,
};
