/** From a request to plain data: its YAML texts parsed, once for all threads. The parsers are loaded only for that. */
import { SallyportError } from "../errors.ts";
import { EMPTY_SITE, type Site } from "../findings/site-facts.ts";
import { loadRe2For } from "../sigma/regex.ts";
import type { Rule, SigmaDocuments } from "../sigma/rule.ts";
import type { NamedText, RuleText, ScanRequest } from "./request.ts";

/** Shape: plain data; can be copied into a worker. */
export interface CompiledRequest extends SigmaDocuments {
  readonly request: ScanRequest;
  /** Rules by id. */
  readonly rules: readonly Rule[];
  /** Rules of the reference profiles, in the order in which they were asked for. */
  readonly profiles: readonly Rule[];
  readonly site: Site;
}

/**
 * Parses the texts of a request.
 * Errors: SallyportError for rules and site files that cannot be used, and for two rules with one id.
 */
export async function compileRequest(request: ScanRequest): Promise<CompiledRequest> {
  const documents = await Promise.all(request.rules.map(documentsOf));
  const rules = documents.flatMap((document) => document.rules).sort((a, b) => (a.id < b.id ? -1 : 1));
  refuseTwins(rules);
  const profiles = (await Promise.all(request.profiles.map(documentsOf))).flatMap(
    (document) => document.rules,
  );
  const site = request.site === null ? EMPTY_SITE : await siteOf(request.site);
  const filters = documents.flatMap((document) => document.filters);
  const compiled = { request, rules, filters, profiles, site };
  await loadFor(compiled);
  return compiled;
}

/** Loads what `prepare` needs into a thread that got its request from another one. */
export async function loadFor({ rules, profiles, filters }: CompiledRequest): Promise<void> {
  await loadRe2For({ rules: [...rules, ...profiles], filters });
}

async function documentsOf(rules: RuleText): Promise<SigmaDocuments> {
  if ("documents" in rules) return rules.documents;
  const { parseDocuments } = await import("../sigma/parse-rule.ts");
  return parseDocuments(rules.text, rules.file);
}

async function siteOf({ text, file }: NamedText): Promise<Site> {
  const { parseSite } = await import("../findings/site.ts");
  return parseSite(text, file);
}

function refuseTwins(rules: readonly Rule[]): void {
  const seen = new Map<string, Rule>();
  for (const rule of rules) {
    const twin = seen.get(rule.id);
    if (twin !== undefined) {
      throw new SallyportError("rule_invalid", {
        detail: `Two rules have the id ${rule.id}: ${twin.file} and ${rule.file}`,
        at: { file: rule.file, line: rule.line },
      });
    }
    seen.set(rule.id, rule);
  }
}
