/** The coverage of an advisory in words, the same for every output. */
import type { AdvisoryCoverage, DetectionCoverage } from "../advisories/coverage.ts";
import { countOf, formatCount } from "../findings/quantity.ts";
import { formatTime } from "./quantity.ts";

/** A kebab-case tactic as people write it: command-and-control → Command and Control. */
export function tacticWords(tactic: string): string {
  return tactic.replace(/(^|-)([a-z]+)/g, (_, dash: string, word: string) => {
    const small = dash !== "" && (word === "and" || word === "of");
    return `${dash === "" ? "" : " "}${small ? word : word.charAt(0).toUpperCase() + word.slice(1)}`;
  });
}

/** Whether the rule set holds it. */
export function stateWords({ enabled }: DetectionCoverage): string {
  return enabled ? "enabled" : "not in this rule set";
}

/** A Sigma log source: network/connection. */
export function logsourceWords({ logsource }: DetectionCoverage): string {
  if (logsource === null) return "";
  return [logsource.category, logsource.product, logsource.service]
    .filter((part) => part !== undefined)
    .join("/");
}

const SOURCES_NAMED = 6;

/** What feeds it: of the logs read, or of all formats where nothing was read. */
export function fedWords({ enabled, live, sources }: DetectionCoverage): string {
  if (!enabled) return "nothing, while it is not in the rule set";
  if (live === null) {
    const more = sources.length - SOURCES_NAMED;
    const named = sources.slice(0, SOURCES_NAMED).join(", ");
    return `not scanned; can be fed by ${more > 0 ? `${named} and ${more} more` : named || "no format"}`;
  }
  const names = Object.keys(live.datasets);
  if (names.length === 0) return "nothing among the logs read";
  const whole = names.filter((name) => !(name in live.in_part));
  const part = names.filter((name) => name in live.in_part);
  const named = whole.map((name) => `${name} (${countOf(live.datasets[name] ?? 0, "event")})`).join(", ");
  const rest = part.length === 0 ? "" : `in part, lacking fields: ${part.join(", ")}`;
  return [named, rest].filter((words) => words !== "").join("; ");
}

/** When it last fired. */
export function firedWords({ enabled, live }: DetectionCoverage): string {
  if (!enabled) return "–";
  if (live === null) return "not scanned";
  if (live.findings === 0)
    return Object.keys(live.datasets).length === 0 ? "could not fire" : "never, in the logs read";
  const when =
    live.last_fired === null ? "at a time that is not recorded" : `${formatTime(live.last_fired)} UTC`;
  return `${when}, ${countOf(live.findings, "finding")}`;
}

/** What the coverage rests on. */
export function scannedWords({ scanned, detections }: AdvisoryCoverage): string {
  const on = detections.filter(({ enabled }) => enabled).length;
  const rules = `${formatCount(on)} of ${countOf(detections.length, "detection")} enabled.`;
  if (scanned === null) {
    return `${rules} No logs were named, so that nothing is known of what feeds them and when they last fired.`;
  }
  const span =
    scanned.first_seen === null || scanned.last_seen === null
      ? "without times"
      : `from ${formatTime(scanned.first_seen)} to ${formatTime(scanned.last_seen)} UTC`;
  const cut = scanned.incomplete ? " The run ended before everything was read." : "";
  return `${rules} Read: ${countOf(scanned.inputs.length, "input")}, ${countOf(scanned.events, "event")}, ${span}.${cut}`;
}
