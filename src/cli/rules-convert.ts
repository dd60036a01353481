/** `sallyport rules convert`: rules in another system's language, and what each one lost on the way. */
import type { ConvertContext, ConvertOption, Dialect } from "../convert/dialect.ts";
import { CONVERTERS } from "../convert/index.ts";
import type { Loss } from "../convert/loss.ts";
import { withFilters } from "../convert/with-filters.ts";
import { SallyportError } from "../errors.ts";
import type { Prepared } from "../pipeline/prepare.ts";
import type { Plan } from "../sigma/plan.ts";
import { inertText } from "../sinks/inert.ts";

/** Flags as commander hands them over. */
export interface ConvertFlags {
  readonly target?: string;
  readonly format?: string;
  readonly option?: readonly string[];
  readonly skipUnsupported?: boolean;
  readonly failOnLoss?: boolean;
  readonly list?: boolean;
  readonly site?: string;
  readonly assets?: string;
  readonly internal?: readonly string[];
}

/** What is asked for, as the command line has it. */
export interface ConvertRequest {
  readonly target: string;
  readonly format?: string | undefined;
  /** Settings as `name=value`. */
  readonly options: readonly string[];
  /** Rules that cannot be converted are reported and left out. */
  readonly skipUnsupported: boolean;
}

/** What came of it. `warnings` are lines for people. */
export interface ConvertResult {
  readonly text: string;
  readonly warnings: readonly string[];
  readonly losses: readonly Loss[];
  readonly skipped: readonly SallyportError[];
}

/**
 * Converts rules, in their order.
 * Errors: SallyportError usage or option_invalid for what the dialect does not have, rule_unsupported for a
 * rule that it cannot say.
 */
export function convertRules(
  plans: readonly Plan[],
  { target, format: wanted, options: given, skipUnsupported }: ConvertRequest,
  site: Pick<ConvertContext, "networks" | "exceptions">,
): ConvertResult {
  const dialect = dialectOf(target);
  const format = formatOf(dialect, wanted);
  const context: ConvertContext = { ...site, format: format.name, options: settingsOf(dialect, given) };
  const texts: string[] = [];
  const losses: Loss[] = [];
  const skipped: SallyportError[] = [];
  for (const plan of plans) {
    try {
      const conversion = dialect.convert(plan, context);
      texts.push(conversion.text);
      losses.push(...conversion.losses);
    } catch (error) {
      const isLeftOut =
        error instanceof SallyportError && error.code === "rule_unsupported" && skipUnsupported;
      if (!isLeftOut) throw error;
      skipped.push(error);
    }
  }
  const warnings = [...losses.map(lossLine), ...skipped.map(skippedLine)];
  return { text: texts.join(format.separator), warnings, losses, skipped };
}

/** What the command prints, and its exit code. Errors: as convertRules. */
export function convertCommand(
  flags: ConvertFlags,
  { compiled: { filters }, plans, model, site }: Pick<Prepared, "compiled" | "plans" | "model" | "site">,
): { readonly text: string; readonly warnings: string; readonly code: number } {
  if (flags.list === true) return { text: targetList(), warnings: "", code: 0 };
  const names = CONVERTERS.map(({ name }) => name);
  if (flags.target === undefined) {
    throw new SallyportError("usage", {
      detail: "rules convert needs a target",
      hint: `Say -t ${names.join(" or -t ")}; --list tells more.`,
    });
  }
  const request: ConvertRequest = {
    target: flags.target,
    format: flags.format,
    options: flags.option ?? [],
    skipUnsupported: flags.skipUnsupported ?? false,
  };
  const networks = { model, nat64: site.nat64 };
  const filtered = plans.map((plan) => withFilters(plan, filters));
  const result = convertRules(filtered, request, { networks, exceptions: site.exceptions.length });
  const isLossy = result.losses.length + result.skipped.length > 0;
  return {
    text: result.text,
    warnings: result.warnings.map((line) => `${inertText(line)}\n`).join(""),
    code: flags.failOnLoss === true && isLossy ? 1 : 0,
  };
}

/** Every target with its formats and settings. */
function targetList(): string {
  const lines = CONVERTERS.flatMap(({ name, title, formats, options }) => [
    `${name}: ${title}`,
    ...formats.map((format, at) => `  -f ${format.name}${at === 0 ? " (default)" : ""}: ${format.title}`),
    ...options.map((option) => `  -O ${option.name}=${valuesOf(option)}: ${option.doc}`),
  ]);
  return `${lines.join("\n")}\n`;
}

function valuesOf({ choices, default: usual }: ConvertOption): string {
  return choices === undefined ? usual : choices.join("|");
}

function dialectOf(target: string): Dialect {
  const found = CONVERTERS.find(({ name }) => name === target);
  if (found !== undefined) return found;
  throw new SallyportError("option_invalid", {
    detail: `-t ${target}: no such target`,
    hint: `One of ${CONVERTERS.map(({ name }) => name).join(", ")}.`,
  });
}

function formatOf({ name: target, formats }: Dialect, wanted: string | undefined): Dialect["formats"][0] {
  const found = wanted === undefined ? formats[0] : formats.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  throw new SallyportError("option_invalid", {
    detail: `-f ${wanted}: ${target} has no such format`,
    hint: `One of ${formats.map(({ name }) => name).join(", ")}.`,
  });
}

function settingsOf({ name: target, options }: Dialect, given: readonly string[]): Record<string, string> {
  const settings = Object.fromEntries(options.map((option) => [option.name, option.default]));
  for (const text of given) {
    const [name = "", ...rest] = text.split("=");
    const value = rest.join("=");
    const option = options.find((candidate) => candidate.name === name);
    if (option === undefined) {
      throw new SallyportError("option_invalid", {
        detail: `-O ${text}: ${target} has no such setting`,
        hint: `One of ${options.map((candidate) => candidate.name).join(", ")}, written as name=value.`,
      });
    }
    const { choices } = option;
    if (value === "" || (choices !== undefined && !choices.includes(value))) {
      throw new SallyportError("option_invalid", {
        detail: `-O ${text}: ${name} cannot be "${value}"`,
        hint: choices === undefined ? `Such as ${name}=${option.default}.` : `One of ${choices.join(", ")}.`,
      });
    }
    settings[name] = value;
  }
  return settings;
}

function lossLine({ code, message, place }: Loss): string {
  return `${place.file}:${place.line}: warning: ${place.rule}: ${message} [${code}]`;
}

function skippedLine({ message, at }: SallyportError): string {
  return `${at?.file ?? "rule"}:${at?.line ?? 1}: warning: left out: ${message} [rule_unsupported]`;
}
