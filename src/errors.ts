/**
 * The closed tables of what can go wrong: errors (the user's to mend, thrown) and problems (bad data,
 * counted, never thrown). `docs/reference/errors.md` is generated from both.
 */

/** One row of a table: what happened, and what to do next. */
interface ErrorRow {
  readonly message: string;
  readonly hint: string;
  readonly exitCode: 2 | 3;
}

export const ERRORS = {
  usage: { message: "The command line is not understood", hint: "See 'sallyport help'.", exitCode: 2 },
  option_invalid: {
    message: "An option has a value it cannot take",
    hint: "See 'sallyport help scan'.",
    exitCode: 2,
  },
  input_missing: {
    message: "A rule file, site file or other file that an option names does not exist",
    hint: "Check the path.",
    exitCode: 2,
  },
  input_unreadable: {
    message: "A file that an option names cannot be read",
    hint: "Check the permissions of the file and of its folder.",
    exitCode: 2,
  },
  output_unwritable: {
    message: "The output file cannot be written",
    hint: "Check the folder and its permissions.",
    exitCode: 2,
  },
  format_unknown: { message: "No such log format", hint: "'sallyport formats' lists them.", exitCode: 2 },
  rule_syntax: { message: "A rule is not valid YAML", hint: "Mend the line that is shown.", exitCode: 2 },
  rule_invalid: {
    message: "A rule does not follow the Sigma specification",
    hint: "Mend the place that is shown; see docs/guide/rules.md.",
    exitCode: 2,
  },
  rule_unsupported: {
    message: "A rule asks for something that is not supported",
    hint: "See docs/guide/rules.md for what is supported.",
    exitCode: 2,
  },
  rule_field_unknown: {
    message: "A rule names a field that its log source does not have",
    hint: "See docs/reference/fields.md.",
    exitCode: 2,
  },
  site_syntax: {
    message: "The site file is not valid YAML",
    hint: "Mend the line that is shown.",
    exitCode: 2,
  },
  site_invalid: {
    message: "The site file has a value it cannot take",
    hint: "See docs/guide/site.md; the schema is schemas/site.schema.json.",
    exitCode: 2,
  },
  assets_invalid: {
    message: "The asset list has a value it cannot take",
    hint: "See docs/guide/site.md for the columns.",
    exitCode: 2,
  },
  dataset_invalid: {
    message: "A data set does not say what it should",
    hint: "Mend the place that is shown; see docs/guide/profiles.md.",
    exitCode: 2,
  },
  baseline_invalid: {
    message: "The baseline is not an earlier 'json' or 'ndjson' output",
    hint: "Make one with 'sallyport scan -o json --out FILE'.",
    exitCode: 2,
  },
  config_unrecognised: {
    message: "A firewall configuration is not one that can be read",
    hint: "See docs/guide/audit.md for what each firewall is asked to print.",
    exitCode: 3,
  },
  content_invalid: {
    message: "An advisory or a response file has a value it cannot take",
    hint: "Mend the place that is shown; see docs/guide/advisories.md.",
    exitCode: 2,
  },
  line_rejected: {
    message: "A line was rejected and --strict is on",
    hint: "Leave --strict out to count such lines instead.",
    exitCode: 3,
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

/** Where an error lies: a file, and a one-based line and column in it. */
export interface ErrorPlace {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The line itself, shown with a caret under the column. */
  readonly source?: string | undefined;
}

export interface ErrorDetail {
  /** What exactly is wrong here, in a sentence without its full stop. */
  readonly detail?: string;
  readonly at?: ErrorPlace;
  /** Replaces the table's hint. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * An error that its user can mend.
 * Shape: `code` is a key of ERRORS; `message` is one line; `hint` says what next.
 */
export class SallyportError extends Error {
  readonly code: ErrorCode;
  readonly at: ErrorPlace | undefined;
  readonly hint: string;
  readonly exitCode: number;

  constructor(code: ErrorCode, { detail, at, hint, cause }: ErrorDetail = {}) {
    super(detail ?? ERRORS[code].message, cause === undefined ? undefined : { cause });
    this.name = "SallyportError";
    this.code = code;
    this.at = at;
    this.hint = hint ?? ERRORS[code].hint;
    this.exitCode = ERRORS[code].exitCode;
  }
}

/**
 * Bad data. `rejected`: broken by framing, no record was made. `undecodable`: framed, but its decoder failed.
 * `quality`: a record was made, with something absent or doubtful.
 */
export type ProblemKind = "rejected" | "undecodable" | "quality";

interface ProblemRow {
  readonly kind: ProblemKind;
  readonly message: string;
}

export const PROBLEMS = {
  not_text: { kind: "rejected", message: "the line holds bytes that are not text" },
  line_too_long: { kind: "rejected", message: "the line is longer than the limit" },
  json_not_closed: { kind: "rejected", message: "a JSON line does not begin with { and end with }" },
  too_few_columns: {
    kind: "rejected",
    message: "the row has fewer columns than its header or its format asks for",
  },
  unknown_format: { kind: "rejected", message: "no format recognises the line" },
  ambiguous_format: { kind: "rejected", message: "more than one format claims the line" },
  json_invalid: { kind: "undecodable", message: "the line is not valid JSON" },
  csv_invalid: { kind: "rejected", message: "the row's quotes do not close" },
  record_invalid: { kind: "undecodable", message: "the record lacks what its format must have" },
  invalid_address: { kind: "quality", message: "an address field holds no address" },
  invalid_port: { kind: "quality", message: "a port field holds no port" },
  invalid_time: { kind: "quality", message: "a time field holds no time" },
  missing_time: { kind: "quality", message: "the record carries no time" },
  inferred_year: { kind: "quality", message: "the time carries no year; it was inferred" },
  missing_source: { kind: "quality", message: "the record names no source address" },
  missing_destination: { kind: "quality", message: "the record names no destination address" },
  multi_valued_address: {
    kind: "quality",
    message: "an address field holds several addresses; the first is used",
  },
  embedded_not_global: {
    kind: "quality",
    message: "an IPv6 transition address embeds an IPv4 address that is not on the Internet",
  },
  unconfigured_nat64: {
    kind: "quality",
    message: "64:ff9b:1::/48 was seen but no nat64 prefix is configured in the site file",
  },
} as const satisfies Record<string, ProblemRow>;

export type ProblemCode = keyof typeof PROBLEMS;

/**
 * One piece of bad input, ready to be counted.
 * Units: `offset` in decompressed bytes from the start of the file.
 */
export interface Problem {
  readonly code: ProblemCode;
  readonly file: string;
  readonly offset: number;
  readonly detail?: string | undefined;
  readonly excerpt?: string | undefined;
}
