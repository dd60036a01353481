/** Whether one exception covers one match. */
import type { IpAddress } from "../net/address.ts";
import { type IpRange, inRange } from "../net/prefix.ts";
import { createPrefixSet } from "../net/prefix-set.ts";
import type { Exception } from "./site-facts.ts";

/** What an exception looks at. */
export interface ExceptionSubject {
  /** Ids and names of the rule. */
  readonly ruleIds: readonly string[];
  readonly source: IpAddress | undefined;
  readonly destination: IpAddress | undefined;
  readonly effectiveSource: IpAddress | undefined;
  readonly effectiveDestination: IpAddress | undefined;
  readonly domain?: string | undefined;
  readonly port: number | undefined;
  readonly applications: readonly string[];
  /** When the event happened; without it, `now` counts. */
  readonly timeMs: number | undefined;
}

export type ExceptionState = "active" | "expired" | "not yet";

type Has = (ip: IpAddress) => boolean;

/** An exception with its lists made into lookups. */
export interface Ready {
  readonly exception: Exception;
  readonly from: number;
  readonly to: number;
  readonly rules: ReadonlySet<string> | undefined;
  readonly source: Has | undefined;
  readonly destination: Has | undefined;
  readonly ports: ReadonlySet<number> | undefined;
  readonly applications: ReadonlySet<string> | undefined;
}

/** Makes an exception ready to be held against subjects. */
export function prepare(exception: Exception): Ready {
  return {
    exception,
    from: dayMs(exception.created),
    to: dayMs(exception.expires),
    rules: exception.rule && new Set(exception.rule.map((rule) => rule.toLowerCase())),
    source: exception.source && holds(exception.source),
    destination: exception.destination && holds(exception.destination),
    ports: exception.port && new Set(exception.port),
    applications: exception.application && new Set(exception.application.map((name) => name.toLowerCase())),
  };
}

/** So many are compared one by one: tables for each exception would cost more memory than they save time. */
export const FEW = 8;

function holds(ranges: readonly IpRange[]): Has {
  if (ranges.length <= FEW) return (ip) => ranges.some((range) => inRange(range, ip));
  return createPrefixSet(ranges.map((prefix) => ({ prefix, row: true }))).has;
}

/** Whether an exception holds at a time. Units: epoch milliseconds. */
export function stateAt({ from, to }: Ready, time: number): ExceptionState {
  if (time >= to) return "expired";
  return time < from ? "not yet" : "active";
}

/** Whether an exception covers a subject. Units: `now` in epoch milliseconds. */
export function covers(item: Ready, subject: ExceptionSubject, now: number): boolean {
  if (stateAt(item, subject.timeMs ?? now) !== "active") return false;
  const { rules, ports, applications, source, destination } = item;
  const { domain } = item.exception;
  if (rules !== undefined && !subject.ruleIds.some((id) => rules.has(id.toLowerCase()))) return false;
  if (ports !== undefined && (subject.port === undefined || !ports.has(subject.port))) return false;
  if (source !== undefined && !ends(subject.source, subject.effectiveSource).some(source)) return false;
  if (destination !== undefined && !ends(subject.destination, subject.effectiveDestination).some(destination))
    return false;
  if (domain !== undefined && !domainKeys(subject.domain).some((key) => domain.includes(key))) return false;
  return (
    applications === undefined || subject.applications.some((name) => applications.has(name.toLowerCase()))
  );
}

/** An end as written and as it takes effect; an exception may name either. */
export function ends(written: IpAddress | undefined, effective: IpAddress | undefined): IpAddress[] {
  const both = written === undefined ? [] : [written];
  if (effective !== undefined && effective.text !== written?.text) both.push(effective);
  return both;
}

/** A name and the globs above it: a.b.c is also under *.b.c and *.c. */
export function domainKeys(domain: string | undefined): string[] {
  if (domain === undefined) return [];
  const labels = domain.toLowerCase().replace(/\.$/, "").split(".");
  return labels.map((_, at) => (at === 0 ? labels.join(".") : `*.${labels.slice(at).join(".")}`));
}

/** Epoch milliseconds of the start of a day in UTC, from YYYY-MM-DD. */
function dayMs(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}
