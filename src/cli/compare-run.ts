/** Compares profiles over one reading of the logs: per connection, who sees it, and which clause decides where not. */

import type { Source } from "../bytes/source.ts";
import { gotOut } from "../event/outcome.ts";
import type { Finding } from "../findings/finding.ts";
import { OWN_PROFILE, type Profile } from "../findings/profiles/profile.ts";
import type { RunReport } from "../findings/run.ts";
import type { ScanRequest } from "../pipeline/request.ts";
import { type ScanHooks, scan } from "../scan.ts";
import { collectFindings } from "../sinks/collect.ts";
import { type Collected, Collector } from "./compare-collect.ts";
import type { ComparedConnection, ComparedProfile, Comparison, Connection, Seen } from "./comparison.ts";

const UNIT_WORDS = {
  event: "each event",
  "new-terms": "the first event of a source that was not seen for five days",
  rows: "a row of the search",
} as const;

/** Reads the sources once and compares. Errors: SallyportError. */
export async function compare(
  sources: readonly Source[],
  request: ScanRequest,
  hooks: Pick<ScanHooks, "unread" | "onRaw" | "signal">,
): Promise<Comparison> {
  const collector = new Collector(request.detailLimit);
  let profiles: readonly Profile[] = [];
  const asked: ScanRequest = { ...request, emit: "findings", showSuppressed: true };
  const { findings, sink } = collectFindings();
  const { report } = await scan(sources, asked, {
    ...hooks,
    openSink: () => sink,
    onBatch: (batch, prepared) => {
      profiles = prepared.profiles;
      collector.batch(batch, prepared);
    },
  });
  return toComparison(collector.collected(), profiles, findings, report);
}

function toComparison(
  collected: Collected,
  profiles: readonly Profile[],
  findings: readonly Finding[],
  report: RunReport,
): Comparison {
  const { contenders, counts, connections, unkept } = collected;
  const judge = createJudge(findings, collected, profiles);
  const compared = connections.map(judge).sort(bySource);
  const open = findings.filter(({ suppressed_by }) => suppressed_by === null);
  return {
    profiles: contenders.map(({ name }, at): ComparedProfile => {
      const about = profiles.find((profile) => profile.name === name)?.about;
      return {
        name,
        title: about?.title ?? "our own rules, with sessions and outcomes",
        unit: about === undefined ? "a source, a destination and a day" : UNIT_WORDS[about.unit.kind],
        events: counts[at] ?? 0,
        findings: open.filter(({ profile }) => profile === name).length,
        connections: compared.filter(({ seen }) => seen[name]?.level === "finding").length,
        ...besideOwn(compared, name),
      };
    }),
    connections: compared,
    report,
    unkept,
  };
}

/** What a profile misses and what it has beyond ours. A connection that an exception hides is none to ours. */
function besideOwn(
  compared: readonly ComparedConnection[],
  name: string,
): Pick<ComparedProfile, "missed" | "extra"> {
  const isIn = ({ seen }: ComparedConnection, profile: string): boolean => seen[profile]?.level === "finding";
  if (!compared.some(({ seen }) => OWN_PROFILE in seen)) return { missed: null, extra: null };
  return {
    missed: compared.filter((one) => isIn(one, OWN_PROFILE) && gotOut(one.outcome) && !isIn(one, name))
      .length,
    extra: compared.filter((one) => isIn(one, name) && !isIn(one, OWN_PROFILE)).length,
  };
}

type Judge = (connection: Connection) => ComparedConnection;

/** Settles what each profile makes of a connection, once all findings are known. */
function createJudge(
  findings: readonly Finding[],
  { contenders, places }: Collected,
  profiles: readonly Profile[],
): Judge {
  const own = new Map(
    findings.filter(({ profile }) => profile === OWN_PROFILE).map((one) => [endsOf(one), one]),
  );
  const first = new Map<string, Set<Connection | undefined>>();
  for (const { profile, evidence } of findings) {
    const seen = first.get(profile) ?? new Set();
    for (const { file, offset } of evidence) seen.add(places.get(`${file}#${offset}`));
    first.set(profile, seen);
  }
  const newTerms = new Set(
    profiles.filter(({ about }) => about.unit.kind === "new-terms").map(({ name }) => name),
  );
  const levelOf = (connection: Connection, name: string, at: number): Seen => {
    if (!connection.met.has(at)) return { level: "no", clauses: connection.why.get(at) ?? [], because: null };
    const found: Seen = { level: "finding", clauses: [], because: null };
    if (name === OWN_PROFILE)
      return ownLevel(connection, own.get(`${connection.source}>${connection.destination}`));
    if (!newTerms.has(name) || first.get(name)?.has(connection) === true) return found;
    return { level: "met", clauses: [], because: "its source was reported before, for another destination" };
  };
  return (connection) => {
    const { source, destination, events } = connection;
    const finding = own.get(`${source}>${destination}`);
    return {
      source,
      destination,
      ports: [...connection.ports].sort((a, b) => a - b),
      events,
      outcome: finding?.outcome ?? connection.outcome,
      seen: Object.fromEntries(contenders.map(({ name }, at) => [name, levelOf(connection, name, at)])),
    };
  };
}

function ownLevel(connection: Connection, finding: Finding | undefined): Seen {
  const met = (because: string): Seen => ({ level: "met", clauses: [], because });
  if (finding === undefined) {
    return met(
      connection.silent
        ? "backscatter: the client sent nothing"
        : "its records are part of another connection's session (translated or reversed), or a filter takes them",
    );
  }
  if (finding.suppressed_by === null) return { level: "finding", clauses: [], because: null };
  return met(`hidden by the exception ${finding.suppressed_by}`);
}

function endsOf({ source, destination }: Finding): string {
  return `${source.ip}>${destination.ip}`;
}

function bySource(a: ComparedConnection, b: ComparedConnection): number {
  const key = ({ source, destination }: ComparedConnection): string => `${source}>${destination}`;
  return key(a) < key(b) ? -1 : 1;
}
