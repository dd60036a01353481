/** From flags to a request: every value checked, every named text read. */
import { existsSync } from "node:fs";
import { SallyportError } from "../errors.ts";
import { OWN_PROFILE } from "../findings/profiles/profile.ts";
import { isTimeZone } from "../findings/zone.ts";
import { readText, shippedProfiles } from "../node/content.ts";
import type { FormatChoice, RuleText, ScanRequest } from "../pipeline/request.ts";
import { SEVERITIES, type Severity } from "../sigma/level.ts";
import { ruleTexts } from "./rule-texts.ts";
import { parseDuration, parseTime } from "./time-options.ts";
import { version } from "./version.ts";

/** Flags as commander hands them over, by camel-cased name. */
export interface ScanFlags {
  readonly format?: readonly string[];
  readonly rules?: readonly string[];
  readonly strict?: boolean;
  readonly emit: ScanRequest["emit"];
  readonly output?: string;
  readonly out?: string;
  readonly original?: boolean;
  /** Commander sets it false for --no-fast-path. */
  readonly fastPath?: boolean;
  readonly minSeverity?: string;
  readonly showSuppressed?: boolean;
  readonly baseline?: string;
  readonly failOn?: string;
  readonly profile?: readonly string[];
  readonly site?: string;
  readonly assets?: string;
  readonly internal?: readonly string[];
  readonly since?: string;
  readonly until?: string;
  readonly last?: string;
  readonly tz: string;
  readonly now?: string;
  readonly workers?: string;
  readonly detailLimit: string;
  readonly quiet?: boolean;
  readonly color: string;
}

const DEFAULT_SITE = "sallyport.yml";

/** Builds the request. Errors: SallyportError for a value that cannot be used or a text that cannot be read. */
export async function toRequest(flags: ScanFlags): Promise<ScanRequest> {
  const nowMs = flags.now === undefined ? Date.now() : parseTime(flags.now, "--now", Date.now());
  if (!isTimeZone(flags.tz)) {
    throw new SallyportError("option_invalid", {
      detail: `--tz ${flags.tz}: no such time zone`,
      hint: "Write an IANA name such as Europe/Berlin, UTC, or an offset such as +02:00.",
    });
  }
  const sitePath = flags.site ?? (existsSync(DEFAULT_SITE) ? DEFAULT_SITE : undefined);
  return {
    ...(await chooseProfiles(flags.profile, flags.rules)),
    site: sitePath === undefined ? null : await readText(sitePath),
    assets: flags.assets === undefined ? null : await readText(flags.assets),
    internal: flags.internal ?? [],
    formats: (flags.format ?? []).flatMap(toChoice),
    emit: flags.emit,
    runs: null,
    ...bounds(flags, nowMs),
    timeZone: flags.tz,
    nowMs,
    minSeverity: flags.minSeverity === undefined ? null : toSeverity(flags.minSeverity, "--min-severity"),
    showSuppressed: flags.showSuppressed ?? false,
    strict: flags.strict ?? false,
    original: flags.original ?? false,
    fastPath: flags.fastPath ?? true,
    detailLimit: toCount(flags.detailLimit, "--detail-limit", 1),
    baseline: flags.baseline === undefined ? null : await readText(flags.baseline),
    version: version(),
  };
}

const NONE: ReadonlyMap<string, RuleText> = new Map();

/**
 * Our own rules and the reference profiles that are asked for, by names that may be joined with commas.
 * Errors: option_invalid, usage.
 */
export async function chooseProfiles(
  asked: readonly string[] = [OWN_PROFILE],
  rulePaths?: readonly string[],
): Promise<Pick<ScanRequest, "rules" | "profiles">> {
  const names = [...new Set(asked.flatMap((text) => text.split(",").map((name) => name.trim())))];
  const shipped = names.some((name) => name !== OWN_PROFILE) ? await shippedProfiles() : NONE;
  const profiles = names.flatMap((name) => {
    const profile = shipped.get(name);
    if (profile !== undefined) return [profile];
    if (name === OWN_PROFILE) return [];
    throw new SallyportError("option_invalid", {
      detail: `--profile ${name}: no such profile`,
      hint: `One or several of ${[OWN_PROFILE, ...shipped.keys()].join(", ")}.`,
    });
  });
  if (!names.includes(OWN_PROFILE)) {
    if (rulePaths === undefined) return { rules: [], profiles };
    throw new SallyportError("usage", {
      detail: `--rules replaces the rules of the profile ${OWN_PROFILE}, which is not asked for`,
      hint: `Add it: --profile ${[OWN_PROFILE, ...names].join(",")}`,
    });
  }
  return { rules: await ruleTexts(rulePaths), profiles };
}

/** A severity word; Sigma's informational is info. Errors: option_invalid. */
export function toSeverity(text: string, option: string): Severity {
  const word = text.toLowerCase();
  const severity = word === "informational" ? "info" : SEVERITIES.find((name) => name === word);
  if (severity === undefined) {
    throw new SallyportError("option_invalid", {
      detail: `${option} ${text}: not a severity`,
      hint: `One of ${SEVERITIES.join(", ")}.`,
    });
  }
  return severity;
}

/** A whole number of at least `least`. Errors: option_invalid. */
export function toCount(text: string, option: string, least: number): number {
  const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least)) {
    throw new SallyportError("option_invalid", {
      detail: `${option} ${text}: not a whole number of at least ${least}`,
    });
  }
  return value;
}

function bounds(flags: ScanFlags, nowMs: number): Pick<ScanRequest, "sinceMs" | "untilMs"> {
  if (flags.last !== undefined && flags.since !== undefined) {
    throw new SallyportError("usage", {
      detail: "--last and --since both say where to begin; give one of them",
    });
  }
  const last = flags.last === undefined ? null : nowMs - parseDuration(flags.last, "--last");
  const sinceMs = flags.since === undefined ? last : parseTime(flags.since, "--since", nowMs);
  const untilMs = flags.until === undefined ? null : parseTime(flags.until, "--until", nowMs);
  if (sinceMs !== null && untilMs !== null && sinceMs >= untilMs) {
    throw new SallyportError("option_invalid", {
      detail: "--until is not after the beginning; nothing could match",
    });
  }
  return { sinceMs, untilMs };
}

function toChoice(text: string): readonly FormatChoice[] {
  const equals = text.indexOf("=");
  if (equals < 0) return text === "auto" ? [] : [{ name: text }];
  return [{ name: text.slice(0, equals), glob: text.slice(equals + 1) }];
}
