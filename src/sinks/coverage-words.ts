/** Coverage in sentences: what was read, what was not, and what could not have been seen. */
import type {
  Coverage,
  FoldedDetail,
  InputAccount,
  ReadingPath,
  RuleCoverage,
  SampleShares,
} from "../findings/coverage.ts";
import { countOf, formatBytes, formatCount } from "../findings/quantity.ts";
import type { RunReport } from "../findings/run.ts";
import { formatShare, formatSpan } from "./quantity.ts";

const STATUS_WORDS: Readonly<Record<InputAccount["status"], string>> = {
  read: "read",
  incomplete: "read in part",
  unreadable: "could not be read",
  "not-recognised": "not recognised",
  skipped: "skipped",
  duplicate: "the same content as another input",
};

/** What became of an input, with the reason where there is one. */
export function inputWords(input: InputAccount): string {
  return input.reason === null
    ? STATUS_WORDS[input.status]
    : `${STATUS_WORDS[input.status]}: ${input.reason}`;
}

/** The inputs that were not read whole; what is no log, or was given twice, comes last. */
export function inputsNotRead(coverage: Coverage): InputAccount[] {
  const rank = (input: InputAccount): number =>
    input.status === "skipped" || input.status === "duplicate" ? 1 : 0;
  return coverage.inputs.filter((input) => input.status !== "read").sort((a, b) => rank(a) - rank(b));
}

/** How much was read: "3 of 4 inputs, 220 MB". */
export function readWords({ totals }: Coverage): string {
  return `${formatCount(totals.read)} of ${countOf(totals.inputs, "input")}, ${formatBytes(totals.bytes)}`;
}

/** Records by format, the most first: "zeek-tsv (1,200), panos (30)". Those that were ruled out are of no format yet. */
export function formatWords(coverage: Coverage): string {
  const sums = new Map<string, number>();
  for (const input of coverage.inputs) {
    for (const [format, count] of Object.entries(input.formats))
      sums.set(format, (sums.get(format) ?? 0) + count);
  }
  const words = countWords(Object.fromEntries([...sums].sort((a, b) => b[1] - a[1])));
  return words !== "" && coverage.totals.ruled_out > 0 ? `${words} decoded` : words;
}

/** Names and counts in one line. */
export function countWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} (${formatCount(count)})`)
    .join(", ");
}

/** The account of the records, adding up. */
export function accountWords({ totals }: Coverage): string {
  const { records, ruled_out, decoded, rejected, skipped } = totals;
  const parts = [`${formatCount(ruled_out)} ruled out`, `${formatCount(decoded)} decoded`];
  parts.push(`${formatCount(rejected)} rejected`, `${formatCount(skipped)} skipped`);
  return `${formatCount(records)} = ${parts.join(" + ")}`;
}

/** The span of time that the events cover, and the stretches without any. */
export function timeWords(coverage: Coverage): string {
  const span = formatSpan(coverage.first_seen, coverage.last_seen);
  if (coverage.first_seen === null || coverage.gaps.length === 0) return span;
  const longest = coverage.gaps.slice(0, 3).map((gap) => formatSpan(gap.from, gap.to));
  const more =
    coverage.gaps.length > longest.length ? `, and ${coverage.gaps.length - longest.length} more` : "";
  return `${span}; nothing at all ${longest.join("; ")}${more}`;
}

type ShareName = Exclude<keyof SampleShares, "sampled">;

/** The shares of the sample: their names, and what it means when not one event has it. */
export const SHARE_WORDS: Readonly<Record<ShareName, { readonly name: string; readonly none: string }>> = {
  direction: { name: "direction", none: "no sampled event tells the direction" },
  action: { name: "allowed or blocked", none: "no sampled event says allowed or blocked" },
  state: { name: "connection state", none: "no sampled event carries a connection state" },
  bytes: { name: "bytes", none: "no sampled event counts bytes, so data that left cannot be seen" },
  application: {
    name: "application",
    none: "no sampled event names the application, so SMB on other ports cannot be seen",
  },
  ipv6: { name: "IPv6", none: "no IPv6 was seen" },
  internal_source: {
    name: "source of ours",
    none: "no sampled source is internal: check the networks in the site file",
  },
};

export const SHARE_NAMES = Object.keys(SHARE_WORDS) as readonly ShareName[];

/** The shares, labelled as a sample. */
export function shareWords({ sampled, ...shares }: SampleShares): string {
  if (sampled === 0) return "no event was sampled";
  const parts = SHARE_NAMES.map((name) => `${SHARE_WORDS[name].name} ${formatShare(shares[name], sampled)}`);
  return `of ${countOf(sampled, "event")}: ${parts.join(", ")}`;
}

/** Rules that stand equal in what could feed them. */
export interface RuleGroup {
  readonly ids: readonly string[];
  readonly status: RuleCoverage["status"];
  readonly datasets: string;
  /** "zeek.conn lacks event.action; …"; empty where nothing is missing. */
  readonly missing: string;
}

/** Rules grouped by what could feed them; those that no input feeds come last. */
export function ruleGroups(rules: readonly RuleCoverage[]): RuleGroup[] {
  const groups = new Map<string, { ids: string[]; group: Omit<RuleGroup, "ids"> }>();
  for (const rule of rules) {
    const datasets = Object.keys(rule.datasets).join(", ");
    const group = { status: rule.status, datasets, missing: missingWords(rule) };
    const key = JSON.stringify(group);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { ids: [rule.id], group });
    else known.ids.push(rule.id);
  }
  const order: readonly RuleCoverage["status"][] = ["fed", "partly fed", "no source here"];
  return [...groups.values()]
    .map(({ ids, group }) => ({ ids, ...group }))
    .sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
}

function missingWords(rule: RuleCoverage): string {
  const byFields = new Map<string, string[]>();
  for (const [dataset, fields] of Object.entries(rule.missing_fields)) {
    if (fields.length === 0) continue;
    const key = fields.join(", ");
    byFields.set(key, [...(byFields.get(key) ?? []), dataset]);
  }
  return [...byFields]
    .map(([fields, sets]) => `${sets.join(", ")} ${sets.length === 1 ? "lacks" : "lack"} ${fields}`)
    .join("; ");
}

const WAYS: Readonly<Record<ReadingPath["way"], string>> = {
  literals: "lines without any text that a match must hold are ruled out unread",
  walk: "every line is checked byte by byte, and decoded only if it may match",
  decoder: "not taken, every line is decoded",
};

/** How the lines of a format were looked at, and why in no faster way. */
export function pathWords({ format, way, because }: ReadingPath): string {
  const rest = because === null ? ", the others checked byte by byte" : ", the others decoded";
  return `${format}: ${WAYS[way]}${way === "literals" ? rest : ""}${because === null ? "" : ` (${because})`}`;
}

/** What was folded into totals because the state reached its bound. */
export function foldedWords(folded: FoldedDetail): string {
  return (
    `the state reached its bound of ${formatCount(folded.limit)}: ${countOf(folded.observations, "observation")} of ` +
    `${countOf(folded.sources, "source")} stand in totals only, without findings of their own; ` +
    "read less at once, or give --spill DIR"
  );
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** How many of the rules' own blind spots a statement names; the HTML report and the JSON name all. */
const BEYOND_NAMED = 4;

/**
 * The statement that goes with "nothing was found": what was read, and what could not have been seen.
 * Shape: sentences, without the account of each input.
 */
export function coverageStatement({ coverage }: RunReport): string[] {
  const { totals, shares } = coverage;
  const said = [
    totals.records === 0
      ? "Nothing was read, so this is no answer."
      : `Read ${countOf(totals.records, "record")} of ${readWords(coverage)}; ${timeWords(coverage)}.`,
  ];
  if (coverage.incomplete) said.push("The run is INCOMPLETE: it ended before everything was read.");
  const lost = inputsNotRead(coverage).filter((input) => input.status !== "duplicate");
  if (lost.length > 0) said.push(`${countOf(lost.length, "input")} not read whole; the summary names them.`);
  const broken = totals.rejected + totals.undecodable;
  if (broken > 0) said.push(`${countOf(broken, "record")} could not be used.`);
  for (const group of ruleGroups(coverage.rules)) {
    if (group.status === "no source here")
      said.push(`No log that was read can feed ${group.ids.join(", ")}.`);
    else if (group.missing !== "") said.push(`${group.ids.join(", ")} saw only a part: ${group.missing}.`);
  }
  const none = shares.sampled === 0 ? [] : SHARE_NAMES.filter((name) => shares[name] === 0);
  if (none.length > 0)
    said.push(`Could not have been seen: ${none.map((name) => SHARE_WORDS[name].none).join("; ")}.`);
  const beyond = [...new Set(coverage.rules.flatMap((rule) => rule.cannot_see))];
  if (beyond.length > 0)
    said.push(`Beyond these rules: ${beyond.slice(0, BEYOND_NAMED).map(asSentence).join(" ")}`);
  if (coverage.folded !== null) said.push(`Folded: ${foldedWords(coverage.folded)}.`);
  return [...said, ...coverage.notes];
}
