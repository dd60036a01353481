/** OPTIONS: every setting of `scan`, declared once. Flags, help, JSON Schema and docs come from this table. */

interface OptionSpec {
  /** The flag as commander takes it, long form first words: "-f, --format <name>". */
  readonly flag: string;
  readonly type: "text" | "texts" | "boolean" | "integer" | "time" | "duration" | "severity" | "choice";
  readonly choices?: readonly string[];
  readonly default?: string | number | boolean;
  readonly group: "input" | "output" | "site" | "time" | "run";
  readonly doc: string;
}

export const OPTIONS = {
  format: {
    flag: "-f, --format <name>",
    type: "texts",
    group: "input",
    doc: "Source format, or NAME=GLOB for the inputs that the glob matches; may repeat. Default: found from the content. 'sallyport formats' lists the names.",
  },
  rules: {
    flag: "--rules <path>",
    type: "texts",
    group: "input",
    doc: "Sigma rule files or folders instead of the shipped rules; may repeat.",
  },
  strict: {
    flag: "--strict",
    type: "boolean",
    group: "input",
    doc: "A rejected line is fatal instead of counted.",
  },
  emit: {
    flag: "-e, --emit <level>",
    type: "choice",
    choices: ["findings", "matches", "events"],
    default: "findings",
    group: "output",
    doc: "What a row is: a finding; a rule match and its event; or every normalised event.",
  },
  output: {
    flag: "-o, --output <name>",
    type: "choice",
    choices: ["table", "ndjson", "json", "csv", "markdown", "html"],
    group: "output",
    doc: "How rows are printed. Default: table on a terminal, ndjson in a pipe.",
  },
  out: {
    flag: "--out <file>",
    type: "text",
    group: "output",
    doc: "Write there instead of to standard output.",
  },
  original: {
    flag: "--original",
    type: "boolean",
    group: "output",
    doc: "Put the record itself into each event as event.original.",
  },
  "min-severity": {
    flag: "--min-severity <severity>",
    type: "severity",
    group: "output",
    doc: "Leave out findings below it: info, low, medium, high, critical.",
  },
  "show-suppressed": {
    flag: "--show-suppressed",
    type: "boolean",
    group: "output",
    doc: "Also print what an exception hides, marked with its id.",
  },
  baseline: {
    flag: "--baseline <file>",
    type: "text",
    group: "output",
    doc: "An earlier json or ndjson output: findings are marked new, changed or known, and those that are gone are listed.",
  },
  "fail-on": {
    flag: "--fail-on <severity>",
    type: "severity",
    group: "output",
    doc: "Exit with 1 when a finding at or above it exists.",
  },
  profile: {
    flag: "--profile <name>",
    type: "texts",
    group: "output",
    doc: "Whose conditions, units and scores are applied: sallyport (default), elastic, elastic-2020, splunk-2020, splunk-14, sigma-generic, sigma-panos; several with commas, or repeated.",
  },
  site: {
    flag: "--site <file>",
    type: "text",
    group: "site",
    doc: "Site file: internal networks, NAT64 prefixes, exceptions, time zones. Default: sallyport.yml in the working directory, if there.",
  },
  assets: {
    flag: "--assets <file>",
    type: "text",
    group: "site",
    doc: "Asset list in the columns of Splunk's assets_by_cidr.csv; the category internal marks networks as ours.",
  },
  internal: {
    flag: "--internal <network>",
    type: "texts",
    group: "site",
    doc: "One more internal network, as CIDR; may repeat.",
  },
  since: {
    flag: "--since <time>",
    type: "time",
    group: "time",
    doc: "Only events at or after it: ISO 8601, or a duration before now such as 24h.",
  },
  until: { flag: "--until <time>", type: "time", group: "time", doc: "Only events before it." },
  last: {
    flag: "--last <duration>",
    type: "duration",
    group: "time",
    doc: "Only events of the last 24h, 7d, 30m …: the same as --since with a duration.",
  },
  tz: {
    flag: "--tz <zone>",
    type: "text",
    default: "UTC",
    group: "time",
    doc: "Zone of times that carry none, where the site file names no other.",
  },
  now: {
    flag: "--now <time>",
    type: "time",
    group: "time",
    doc: "The clock, for tests and for reports that can be made again.",
  },
  workers: {
    flag: "--workers <n>",
    type: "integer",
    group: "run",
    doc: "Threads that read files. Default: the number of cores, or one where more would not be faster. The output is the same for any number.",
  },
  "detail-limit": {
    flag: "--detail-limit <n>",
    type: "integer",
    default: 100000,
    group: "run",
    doc: "Records that keep their detail, for proven sessions and for attempts apart; what is beyond goes into exact totals, and the verdict says so.",
  },
  quiet: {
    flag: "-q, --quiet",
    type: "boolean",
    group: "run",
    doc: "No progress and no summary on standard error.",
  },
  color: {
    flag: "--color <when>",
    type: "choice",
    choices: ["auto", "always", "never"],
    default: "auto",
    group: "run",
    doc: "Colour; NO_COLOR and FORCE_COLOR are honoured.",
  },
  debug: { flag: "--debug", type: "boolean", group: "run", doc: "Show the stack of an error." },
} as const satisfies Record<string, OptionSpec>;

export type OptionName = keyof typeof OPTIONS;
