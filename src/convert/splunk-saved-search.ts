/** A stanza of savedsearches.conf: schedule, throttling, risk and annotations around a search. */
import { riskAt } from "../sigma/extension.ts";
import type { Rule } from "../sigma/rule.ts";
import type { ConvertContext } from "./dialect.ts";

interface Ends {
  readonly source: string;
  readonly destination: string;
}

/**
 * Writes a stanza. It is switched off: a person reads it first.
 * Source: savedsearches.conf.spec; the keys under action.correlationsearch and action.risk are those of
 * Splunk Enterprise Security, other installations ignore them.
 */
export function savedSearch(rule: Rule, search: string, ends: Ends, { options }: ConvertContext): string {
  const title = `Sallyport - ${rule.id} - ${rule.title}`.replace(/[[\]]/g, "");
  const { impact, confidence } = riskAt(rule, "unknown");
  const { frameworks } = rule.extension;
  const annotations = {
    mitre_attack: rule.threat.map(({ technique }) => technique),
    nist: frameworks.nist,
    cis20: frameworks.cis,
    kill_chain_phases: frameworks.kill_chain,
  };
  const isInbound = rule.extension.direction === "inbound";
  const [ours, theirs] = isInbound ? [ends.destination, ends.source] : [ends.source, ends.destination];
  const risk = [
    {
      risk_object_field: ours,
      risk_object_type: "system",
      risk_score: Math.round((impact * confidence) / 100),
    },
    { threat_object_field: theirs, threat_object_type: "ip_address" },
  ];
  const isQuiet = options["suppress"] !== "0";
  const settings: readonly (readonly [string, string])[] = [
    ["description", oneLine(rule.description)],
    ["disabled", "1"],
    ["enableSched", "1"],
    ["cron_schedule", oneLine(options["cron"] ?? "")],
    ["dispatch.earliest_time", oneLine(options["earliest"] ?? "")],
    ["dispatch.latest_time", oneLine(options["latest"] ?? "")],
    ["counttype", "number of events"],
    ["relation", "greater than"],
    ["quantity", "0"],
    ["alert.track", "1"],
    ["alert.severity", SEVERITY[rule.level]],
    ["alert.digest_mode", "0"],
    ["alert.suppress", isQuiet ? "1" : "0"],
    ...(isQuiet
      ? ([
          ["alert.suppress.fields", `${ends.source},${ends.destination}`],
          ["alert.suppress.period", oneLine(options["suppress"] ?? "")],
        ] as const)
      : []),
    ["action.correlationsearch.enabled", "1"],
    ["action.correlationsearch.label", title],
    ["action.correlationsearch.annotations", JSON.stringify(annotations)],
    ["action.risk", "1"],
    ["action.risk.param._risk", JSON.stringify(risk)],
    ["action.risk.param._risk_message", `${rule.title}: $${ends.source}$ to $${ends.destination}$`],
    // A line that ends in a backslash goes on in the next one.
    ["search", search.split("\n").join(" \\\n")],
  ];
  return [`[${title}]`, ...settings.map(([key, value]) => `${key} = ${value}`)].join("\n");
}

/** alert.severity counts from 1 (debug) to 6 (fatal). */
const SEVERITY = { info: "2", low: "3", medium: "4", high: "5", critical: "6" } as const;

/** A text on one line; a backslash at its end would join the next setting to it. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().replace(/\\+$/, "");
}
