/** The rule texts of a run: the shipped rules, or those that are named. */
import { readRuleFiles, shippedRulesParsed } from "../node/content.ts";
import type { RuleText } from "../pipeline/request.ts";

/**
 * Reads the rules. Where the named paths hold filters only, the shipped rules are what they filter.
 * Errors: SallyportError for paths that cannot be read and documents that are refused.
 */
export async function ruleTexts(paths: readonly string[] | undefined): Promise<readonly RuleText[]> {
  if (paths === undefined || paths.length === 0) return shippedRulesParsed();
  const [files, { parseDocuments }] = await Promise.all([
    readRuleFiles(paths),
    import("../sigma/parse-rule.ts"),
  ]);
  const holdsRule = files.some(({ text, file }) => parseDocuments(text, file).rules.length > 0);
  return holdsRule ? files : [...(await shippedRulesParsed()), ...files];
}
