/** The shipped advisories and block rules, parsed. */
import { type Advisory, compareAdvisories } from "../advisories/advisory.ts";
import { parseAdvisory } from "../advisories/parse-advisory.ts";
import { parseResponse } from "../advisories/parse-response.ts";
import type { ResponseTemplate } from "../advisories/responses.ts";
import { SallyportError } from "../errors.ts";
import { readAdvisoryFiles, shippedAdvisories, shippedResponses } from "../node/content.ts";

/**
 * Advisories, the newest first: the shipped ones, or those of the files and folders that are named.
 * Errors: input_missing, input_unreadable, content_invalid; content_invalid also for an id that is there twice.
 */
export async function loadAdvisories(paths: readonly string[] | undefined): Promise<readonly Advisory[]> {
  const files = paths === undefined ? await shippedAdvisories() : await readAdvisoryFiles(paths);
  const advisories = files.map(({ text, file }) => parseAdvisory(text, file));
  const seen = new Map<string, Advisory>();
  for (const advisory of advisories) {
    const twin = seen.get(advisory.id);
    if (twin !== undefined) {
      throw new SallyportError("content_invalid", {
        detail: `Two advisories have the id ${advisory.id}: ${twin.file} and ${advisory.file}`,
        at: { file: advisory.file },
      });
    }
    seen.set(advisory.id, advisory);
  }
  return [...advisories].sort(compareAdvisories);
}

/** The block rules of every product. */
export async function loadResponses(): Promise<readonly ResponseTemplate[]> {
  const files = await shippedResponses();
  const order = ["windows", "panos", "fortios", "cisco", "pf", "nftables", "aws", "azure"];
  const rank = (id: string): number =>
    order.findIndex((start) => id.startsWith(start)) + 1 || order.length + 1;
  return files
    .map(({ text, file }) => parseResponse(text, file))
    .sort((a, b) => rank(a.id) - rank(b.id) || (a.id < b.id ? -1 : 1));
}
