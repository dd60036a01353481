/** Findings as text for a terminal: the verdict, then each host with its destinations, then what to do. */
import type { Finding } from "../findings/finding.ts";
import { countOf, formatBytes } from "../findings/quantity.ts";
import type { RunReport } from "../findings/run.ts";
import { parseIp } from "../net/parse-ip.ts";
import { createPainter, type Painter } from "./color.ts";
import { coverageStatement } from "./coverage-words.ts";
import { inertText } from "./inert.ts";
import { OUTCOME_WORDS, outcomeMark, SEVERITY_PAINTS } from "./outcome-words.ts";
import { formatSpan } from "./quantity.ts";
import {
  assetWords,
  type DestinationRollup,
  endWords,
  type HostRollup,
  rollUpHosts,
  type Sums,
} from "./rollup.ts";
import { hang, pad, textWidth, truncate, wrap } from "./width.ts";

interface Style {
  readonly width: number;
  readonly color: boolean;
}

const DESTINATIONS_SHOWN = 5;
const HOSTS_SHOWN = 50;
const STEPS_SHOWN = 5;
/** The longest mark, and two blanks. */
const OUTCOME_WIDTH = 18;
const SEVERITY_WIDTH = 10;
/** Room under a pipe, where the width is Infinity. */
const NAME_WIDTH_MAX = 60;

/** Everything that the table says about the findings of a run. */
export function findingsText(
  findings: readonly Finding[],
  report: RunReport,
  { width, color }: Style,
): string {
  const paint = createPainter(color);
  const blocks =
    findings.length === 0 ? emptyBlocks(report, width, paint) : hostBlocks(findings, report, width, paint);
  return `${blocks.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}

function emptyBlocks(report: RunReport, width: number, paint: Painter): string[][] {
  const { verdict } = report;
  const nothing =
    verdict.findings === 0
      ? "No outbound SMB found."
      : `No finding is shown, of ${countOf(verdict.findings, "finding")}.`;
  // With nothing found the verdict's sentence says no more than the statement of the coverage.
  const sentence = verdict.findings === 0 ? [] : [verdict.sentence];
  const said = [...sentence, ...coverageStatement(report)];
  const list = said.flatMap((line) => hang("  ", inertText(line), width));
  return [[paint(nothing, "bold")], ["What that rests on:", ...list]];
}

function hostBlocks(
  findings: readonly Finding[],
  report: RunReport,
  width: number,
  paint: Painter,
): string[][] {
  const hosts = rollUpHosts(findings);
  const blocks = [wrap(inertText(report.verdict.sentence), width).map((line) => paint(line, "bold"))];
  blocks.push(...hosts.slice(0, HOSTS_SHOWN).map((host) => hostLines(host, width, paint)));
  if (hosts.length > HOSTS_SHOWN) {
    blocks.push([`and ${countOf(hosts.length - HOSTS_SHOWN, "host")} more; -o csv lists every finding`]);
  }
  const steps = stepLines(hosts, width, paint);
  if (steps.length > 0) blocks.push(steps);
  blocks.push(hang("", "A report to share, with evidence and coverage: -o html --out report.html", width));
  return blocks;
}

function hostLines(host: HostRollup, width: number, paint: Painter): string[] {
  const name = [host.ip, assetWords(host.asset)].filter((part) => part !== "").join("  ");
  const mark = pad(outcomeMark(host.outcome), OUTCOME_WIDTH);
  const severity = pad(host.severity, SEVERITY_WIDTH);
  const rest = truncate(inertText(name), Math.max(20, width - OUTCOME_WIDTH - SEVERITY_WIDTH));
  const head =
    paint(mark, ...OUTCOME_WORDS[host.outcome].paints) + paint(severity, ...SEVERITY_PAINTS[host.severity]);
  const facts = [
    countOf(host.destinations.length, "destination"),
    countOf(host.sessions, "session"),
    bytesWords(host),
    formatSpan(host.first, host.last),
  ].filter((fact) => fact !== "");
  const shown = host.destinations.slice(0, DESTINATIONS_SHOWN);
  const shared = sharedPolicies(shown);
  return [
    head + paint(rest, "bold"),
    ...hang("   ", facts.join(" · "), width),
    ...shared.flatMap((policy) => hang("   ", inertText(policy), width)),
    ...destinationLines(shown, { width, paint, policies: shared.length === 0 }),
    ...moreLine(host, width),
    ...markLines(host, width),
  ];
}

function moreLine({ ip, destinations }: HostRollup, width: number): string[] {
  const more = destinations.length - DESTINATIONS_SHOWN;
  return more <= 0 ? [] : hang("   ", `  and ${more} more of ${inertText(ip)}; -o csv lists them all`, width);
}

function bytesWords({ out, in: received }: Sums): string {
  if (out === null && received === null) return "";
  return `${out === null ? "?" : formatBytes(out)} out, ${received === null ? "?" : formatBytes(received)} in`;
}

/** The policies of the first destination, where all the others name the same; else none. */
function sharedPolicies(destinations: readonly DestinationRollup[]): readonly string[] {
  const [first, ...others] = destinations.map((destination) => destination.policies);
  if (first === undefined || first.length > 3) return [];
  return others.every((policies) => policies.join("\n") === first.join("\n")) ? first : [];
}

interface DestinationStyle {
  readonly width: number;
  readonly paint: Painter;
  readonly policies: boolean;
}

function destinationLines(destinations: readonly DestinationRollup[], style: DestinationStyle): string[] {
  const names = destinations.map(({ ip, ports, domain, effective }) =>
    inertText(
      [endWords(ip, ports), domain ?? (effective === null ? "" : `(${effective})`)].join("  ").trimEnd(),
    ),
  );
  const room = Math.min(NAME_WIDTH_MAX, Math.max(24, style.width - 46));
  const column = Math.min(room, Math.max(...names.map(textWidth)));
  return destinations.flatMap((destination, at) => {
    const name = pad(truncate(names[at] ?? "", column), column);
    const mark = pad(outcomeMark(destination.outcome), OUTCOME_WIDTH);
    const painted = style.paint(mark, ...OUTCOME_WORDS[destination.outcome].paints);
    const left = Math.max(10, style.width - column - OUTCOME_WIDTH - 7);
    const facts = inertText(
      [bytesWords(destination), noteWords(destination)].filter((fact) => fact !== "").join(", "),
    );
    const policies = style.policies ? destination.policies.slice(0, 3).map(inertText) : [];
    const whole = [facts, ...policies].filter((fact) => fact !== "").join("; ");
    const line = (text: string): string => `   → ${name}  ${painted}${truncate(text, left)}`.trimEnd();
    if (textWidth(whole) <= left) return [line(whole)];
    return [line(facts), ...policies.flatMap((policy) => hang("     ", policy, style.width))];
  });
}

/** Marks of the findings behind a line: hidden by an exception, new against the baseline. */
function noteWords({ findings }: Sums): string {
  const exceptions = new Set(findings.flatMap((finding) => finding.suppressed_by ?? []));
  const baseline = new Set(
    findings.flatMap((finding) => (finding.baseline === undefined ? [] : [finding.baseline])),
  );
  const hidden = exceptions.size === 0 ? [] : [`hidden by exception ${[...exceptions].join(", ")}`];
  return [...baseline, ...hidden].join(", ");
}

function markLines({ findings }: HostRollup, width: number): string[] {
  const notes = new Set(findings.flatMap((finding) => finding.notes));
  return [...notes].slice(0, 3).flatMap((note) => hang("   note: ", inertText(note), width));
}

/** What to do first, from the guides of the worst host. */
function stepLines(hosts: readonly HostRollup[], width: number, paint: Painter): string[] {
  const worst = hosts[0];
  const top = worst?.findings.find(
    (finding) => finding.severity === worst.severity && finding.outcome === worst.outcome,
  );
  const steps = (top ?? worst?.findings[0])?.guide.respond ?? [];
  if (worst === undefined || steps.length === 0) return [];
  return [
    paint(`What to do, first for ${inertText(worst.ip)}`, "bold"),
    ...steps
      .slice(0, STEPS_SHOWN)
      .flatMap((step, at) => hang(`  ${at + 1}. `, inertText(step.replaceAll("`", "")), width)),
    ...moreHelp(top ?? worst.findings[0], width),
  ];
}

/** Where the advisory and the block rules are. */
function moreHelp(finding: Finding | undefined, width: number): string[] {
  const [advisory] = finding?.advisories ?? [];
  if (finding === undefined || advisory === undefined) return [];
  const ip = parseIp(finding.destination.ip);
  const rules =
    ip === undefined || finding.destination.scope !== "internet"
      ? []
      : [`Block rules: sallyport advisory responses --destination ${ip.text}`];
  return [`Advisory: sallyport advisory show ${inertText(advisory)}`, ...rules].flatMap((line) =>
    hang("  ", line, width),
  );
}
