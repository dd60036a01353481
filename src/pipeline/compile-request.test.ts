/** Compiling a request: plain data that another thread can run as it is. */
import { expect, test } from "vitest";
import { SAMPLE_RULE_TEXT } from "../../test/sample-observation.ts";
import { parseDocuments } from "../sigma/parse-rule.ts";
import { compileRequest, loadFor } from "./compile-request.ts";
import { prepare } from "./prepare.ts";
import { defaultRequest } from "./request.ts";

const NOW = Date.UTC(2026, 2, 2);
const SITE = { file: "s.yml", text: "internal: [11.22.33.0/24]\nnat64: ['2001:db8:64::/96']\n" };
const PATTERN = {
  file: "pattern.yml",
  text: `title: Pattern
logsource: {category: network, service: connection}
detection:
  sel: {destination.domain|re: '^files[0-9]+\\.'}
  condition: sel
`,
};
const request = { ...defaultRequest([SAMPLE_RULE_TEXT, PATTERN], NOW), site: SITE };

test("a compiled request that was copied into another thread prepares the same", async () => {
  const compiled = await compileRequest(request);
  const copy = structuredClone(compiled);
  expect(copy).toEqual(compiled);
  await loadFor(copy);
  const [own, copied] = [prepare(compiled), prepare(copy)];
  expect(copied.plans).toEqual(own.plans);
  expect(copied.model.internal).toEqual(own.model.internal);
});

test("rules that are parsed already are taken as they are", async () => {
  const parsed = [SAMPLE_RULE_TEXT, PATTERN].map(({ file, text }) => {
    return { file, documents: parseDocuments(text, file) };
  });
  const { rules } = await compileRequest({ ...request, rules: parsed });
  expect(rules).toEqual((await compileRequest(request)).rules);
});

test("two rules with one id are refused, with the place of the second", async () => {
  const twice = { ...request, rules: [PATTERN, { ...PATTERN, file: "again.yml" }] };
  await expect(compileRequest(twice)).rejects.toMatchObject({
    code: "rule_invalid",
    message: "Two rules have the id pattern: pattern.yml and again.yml",
    at: { file: "again.yml" },
  });
});
