/** Block rules read: the YAML file of a product → its templates. */
import { offsetOfPath, readSource, toPlain } from "../sigma/source-tree.ts";
import { RESPONSE_SCHEMA } from "./response-schema.ts";
import { PLACE, PLACES, type ResponseTemplate } from "./responses.ts";

/**
 * Parses the response file of a product.
 * Errors: SallyportError content_invalid, with file, line and the line itself.
 */
export function parseResponse(text: string, file: string): ResponseTemplate {
  const source = readSource(text, file, "content_invalid");
  const [root] = source.documents;
  if (root === undefined) return source.fail("content_invalid", 0, "The file is empty");
  const checked = RESPONSE_SCHEMA.safeParse(toPlain(root));
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const path = issue?.path ?? [];
    return source.fail(
      "content_invalid",
      offsetOfPath(root, path),
      `${path.join(".") || "The file"}: ${issue?.message ?? "not valid"}`,
    );
  }
  for (const [at, { block, undo }] of checked.data.snippets.entries()) {
    const [unknown] = [...`${block}\n${undo}`.matchAll(PLACE)].filter(
      ([, name]) => !PLACES.some((place) => place === name),
    );
    if (unknown === undefined) continue;
    source.fail(
      "content_invalid",
      offsetOfPath(root, ["snippets", at]),
      `No such place to fill in: ${unknown[0]}`,
    );
  }
  return { ...checked.data, file };
}
