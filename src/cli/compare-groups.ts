/** Groups of a comparison: connections that the same profiles see, and that the same clauses keep from the others. */
import type { DecidingClause } from "../engines/why-not.ts";
import type { ComparedConnection, Comparison, Seen } from "./comparison.ts";

/** Why some profiles do not see what is in a group. */
export interface GroupReason {
  readonly profiles: readonly string[];
  readonly text: string;
}

/** Connections that the same clauses keep from the profiles that do not see them. */
export interface ReasonGroup {
  readonly connections: readonly ComparedConnection[];
  readonly reasons: readonly GroupReason[];
}

/** Connections that the same profiles see. */
export interface ComparisonGroup {
  readonly seenBy: readonly string[];
  readonly notBy: readonly string[];
  readonly parts: readonly ReasonGroup[];
}

/** Values of a clause that are named one by one. */
const VALUES_SHOWN = 3;

/** One word for a field in every system's vocabulary, so that equal clauses read alike. */
const SUBJECTS: Readonly<Record<string, string>> = {
  "elastic.source.ip": "source",
  "cim.src_ip": "source",
  "cim.src": "source (src)",
  "sigma.SourceIp": "source",
  "elastic.destination.ip": "destination",
  "cim.dest_ip": "destination",
  "cim.dest": "destination (dest)",
  "sigma.DestinationIp": "destination",
  "elastic.destination.port": "port",
  "cim.dest_port": "port",
  "sigma.DestinationPort": "port",
  "destination.port": "port",
  "elastic.network.transport": "transport",
  "sigma.Protocol": "transport",
  "network.transport": "transport",
  "cim.app": "application",
  "network.application": "application",
  "cim.action": "action",
  "cim.dest_category": "asset category",
  "sigma.Initiated": "Initiated",
  "source.scope": "source scope",
  "destination.scope": "destination scope",
};

/** The groups: what one profile alone sees first, in the order of the profiles; what all see, and none, last. */
export function groupComparison({ profiles, connections }: Comparison): readonly ComparisonGroup[] {
  const names = profiles.map(({ name }) => name);
  const groups = groupBy(connections, (one) =>
    names.map((name) => one.seen[name]?.level === "finding").join(),
  );
  return groups
    .map((same): ComparisonGroup => {
      const sees = (name: string): boolean => same[0]?.seen[name]?.level === "finding";
      const notBy = names.filter((name) => !sees(name));
      const parts = groupBy(same, (one) => notBy.map((name) => keyOf(one.seen[name])).join("\n"));
      return {
        seenBy: names.filter(sees),
        notBy,
        parts: parts
          .map((part) => ({ connections: part, reasons: reasonsOf(part, notBy) }))
          .sort((a, b) => b.connections.length - a.connections.length),
      };
    })
    .sort((a, b) => rank(a, names) - rank(b, names));
}

function reasonsOf(
  connections: readonly ComparedConnection[],
  notBy: readonly string[],
): readonly GroupReason[] {
  const reasons = new Map<string, string[]>();
  for (const name of notBy) {
    const text = reasonText(connections.flatMap((one) => one.seen[name] ?? []));
    reasons.set(text, [...(reasons.get(text) ?? []), name]);
  }
  return [...reasons].map(([text, profiles]) => ({ profiles, text }));
}

/** Parts are told apart by their clauses, not by the values that these met. */
function keyOf(seen: Seen | undefined): string {
  const clauses = plain(seen?.clauses ?? []).map(
    (clause) => `${clause.kind} ${subjectOf(clause)} ${clause.wants}`,
  );
  return [seen?.level, seen?.because, ...clauses].join("; ");
}

/** What the same clauses say of several connections: each clause with the values it met. */
function reasonText(seen: readonly Seen[]): string {
  const [first] = seen;
  if (first === undefined) return "";
  if (first.because !== null) return first.because;
  const all = seen.map(({ clauses }) => plain(clauses));
  return (all[0] ?? [])
    .map((clause, at) => {
      const same = all.flatMap((clauses) => clauses[at] ?? []);
      const verb = clause.kind === "asks" ? "needs" : "leaves out";
      const joint =
        at === 0 ? verb : clause.isAlternative && all[0]?.[at - 1]?.isAlternative ? "or" : `and ${verb}`;
      return `${joint} ${clauseText(clause, same)}`;
    })
    .join(" ");
}

/** A source that fails by its address fails by its name as well; once is enough. */
function plain(clauses: readonly DecidingClause[]): readonly DecidingClause[] {
  const same = (a: DecidingClause, b: DecidingClause): boolean =>
    a.kind === b.kind && a.wants === b.wants && a.value === b.value;
  return clauses.filter((clause, at) => clauses.findIndex((other) => same(clause, other)) === at);
}

function clauseText(clause: DecidingClause, same: readonly DecidingClause[]): string {
  const networks = [...new Set(same.flatMap(({ network }) => network ?? []))];
  const wants = networks.length === 0 ? clause.wants : `in ${listOf(networks)}`;
  const values = listOf([...new Set(same.map(({ value }) => value ?? "absent"))]);
  return `${subjectOf(clause)} ${wants} (here ${values})`;
}

function listOf(texts: readonly string[]): string {
  const more = texts.length > VALUES_SHOWN ? `, … ${texts.length - VALUES_SHOWN} more` : "";
  return `${texts.slice(0, VALUES_SHOWN).join(", ")}${more}`;
}

function subjectOf({ field }: DecidingClause): string {
  return SUBJECTS[field] ?? field;
}

/** One seer first, then few, then many; all, and none, last. */
function rank({ seenBy, notBy }: ComparisonGroup, names: readonly string[]): number {
  if (seenBy.length === 0) return 1e6;
  if (notBy.length === 0) return 1e6 - 1;
  return seenBy.length * 100 + names.indexOf(seenBy[0] ?? "");
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const same = groups.get(keyOf(item));
    if (same === undefined) groups.set(keyOf(item), [item]);
    else same.push(item);
  }
  return [...groups.values()];
}
