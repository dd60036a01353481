/** `sallyport audit firewall`: configurations read, reviewed and printed; the exit code chosen. */
import { existsSync } from "node:fs";
import { text } from "node:stream/consumers";
import { addressSpaceOf } from "../audit/address-space.ts";
import { type ConfigText, readConfigs } from "../audit/read-config.ts";
import { type Review, reviewRuleset } from "../audit/review.ts";
import { SallyportError } from "../errors.ts";
import { EMPTY_SITE, type Site } from "../findings/site-facts.ts";
import { createAddressModel } from "../net/model.ts";
import { type IpRange, parseNetwork, whyNoNetwork } from "../net/prefix.ts";
import { readText } from "../node/content.ts";
import { auditJson, auditMarkdown, auditTable } from "./audit-text.ts";
import { openOutput } from "./output.ts";
import { formatError } from "./terminal.ts";

/** Flags as commander hands them over. */
export interface AuditFlags {
  readonly site?: string;
  readonly internal?: readonly string[];
  readonly zoneInside?: readonly string[];
  readonly zoneOutside?: readonly string[];
  readonly output: "table" | "json" | "markdown";
  readonly failOn?: "allowed";
}

const DEFAULT_SITE = "sallyport.yml";

const PRINT = { table: auditTable, json: auditJson, markdown: auditMarkdown } as const;

/** Reviews the configurations. Gives the exit code: 1 with --fail-on, 3 where one could not be read. */
export async function auditFirewall(paths: readonly string[], flags: AuditFlags): Promise<number> {
  const site = await siteOf(flags);
  const model = createAddressModel({
    internal: [...site.internal, ...(flags.internal ?? []).map(toNetwork)],
    internalOnly: site.internalOnly,
    nat64: site.nat64,
    sharedAddressSpace: site.sharedAddressSpace,
  });
  const { texts, failed } = await readAll(paths);
  const { rulesets, problems } = readConfigs(texts);
  const space = addressSpaceOf(model, site.nat64);
  const told = { inside: flags.zoneInside, outside: flags.zoneOutside };
  const reviews = rulesets.map((ruleset) => reviewRuleset(ruleset, { space, told }));
  for (const error of [...failed, ...problems.map((problem) => problem.error)])
    process.stderr.write(formatError(error));
  if (reviews.length > 0) {
    const output = await openOutput(undefined);
    await output.write(PRINT[flags.output](reviews));
    await output.close();
  }
  if (flags.failOn === "allowed" && reviews.some(letsSmbOut)) return 1;
  return failed.length + problems.length > 0 || reviews.length === 0 ? 3 : 0;
}

/** Whether TCP 139 or 445 may leave in part or whole. */
function letsSmbOut({ answers }: Review): boolean {
  return answers.some(({ service, verdict }) => service.protocol === 6 && verdict.endsWith("allowed"));
}

async function siteOf({ site }: AuditFlags): Promise<Site> {
  const path = site ?? (existsSync(DEFAULT_SITE) ? DEFAULT_SITE : undefined);
  if (path === undefined) return EMPTY_SITE;
  const [{ parseSite }, content] = await Promise.all([import("../findings/site.ts"), readText(path)]);
  return parseSite(content.text, content.file);
}

function toNetwork(given: string): IpRange {
  const network = parseNetwork(given);
  if (network !== undefined) return network;
  throw new SallyportError("option_invalid", {
    detail: `--internal ${given}: ${whyNoNetwork(given) ?? "no network"}`,
    hint: "Write a network such as 11.22.33.0/24.",
  });
}

/** Reads what can be read; one file that is missing does not keep the others from their answer. */
async function readAll(
  paths: readonly string[],
): Promise<{ readonly texts: readonly ConfigText[]; readonly failed: readonly SallyportError[] }> {
  const texts: ConfigText[] = [];
  const failed: SallyportError[] = [];
  for (const path of new Set(paths)) {
    try {
      texts.push(path === "-" ? { file: "-", text: await text(process.stdin) } : await readText(path));
    } catch (error) {
      if (!(error instanceof SallyportError)) throw error;
      failed.push(error);
    }
  }
  return { texts, failed };
}
