/** The rule texts of a run: the shipped rules, or those that are named. */
import { readRuleFiles, shippedRules, type TextFile } from "../node/content.ts";
import { parseDocuments } from "../sigma/parse-rule.ts";

/**
 * Reads the rules. Where the named paths hold filters only, the shipped rules are what they filter.
 * Errors: SallyportError for paths that cannot be read and documents that are refused.
 */
export async function ruleTexts(paths: readonly string[] | undefined): Promise<readonly TextFile[]> {
  if (paths === undefined || paths.length === 0) return shippedRules();
  const files = await readRuleFiles(paths);
  const holdsRule = files.some(({ text, file }) => parseDocuments(text, file).rules.length > 0);
  return holdsRule ? files : [...(await shippedRules()), ...files];
}
