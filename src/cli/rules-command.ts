/** `sallyport rules …`: files read, bodies called, exit codes chosen. */

import type { ToEvent } from "../engines/rule-tests.ts";
import { SallyportError } from "../errors.ts";
import { deriveFields } from "../event/derive.ts";
import { ecs } from "../formats/ecs.ts";
import { type Format, Undecodable } from "../formats/format.ts";
import { createAddressModel } from "../net/model.ts";
import { parseNetwork } from "../net/prefix.ts";
import { readRuleFiles, readRuleTests, shippedRules, shippedRulesFolder } from "../node/content.ts";
import { compareSeverity, type Severity } from "../sigma/level.ts";
import type { LintWarning } from "../sigma/lint.ts";
import { parseDocuments } from "../sigma/parse-rule.ts";
import type { Rule, SigmaDocuments } from "../sigma/rule.ts";
import type { RulesFlags } from "./commands.ts";
import { toSeverity } from "./request.ts";
import { rulesCheck, rulesList, rulesShow, rulesTest } from "./rules.ts";

interface Result {
  readonly text: string;
  readonly code: number;
}

type Action = "list" | "show" | "check" | "test";

/** Runs one of the rules commands. Errors: SallyportError for files that cannot be read or rules that are refused. */
export async function rulesCommand(
  action: Action,
  args: readonly string[],
  flags: RulesFlags,
): Promise<Result> {
  return ACTIONS[action](args, flags);
}

const ACTIONS: Readonly<Record<Action, (args: readonly string[], flags: RulesFlags) => Promise<Result>>> = {
  async list(paths, { output }) {
    const { rules, filters } = await loadDocuments(paths);
    return { text: rulesList(rules, output, filters), code: 0 };
  },
  async show([id = ""], { rules: paths }) {
    const rules = await loadRules(paths ?? []);
    const rule = rules.find((candidate) =>
      [candidate.id, candidate.uuid, candidate.title, candidate.file].includes(id),
    );
    if (rule !== undefined) return { text: rulesShow(rule), code: 0 };
    throw new SallyportError("option_invalid", {
      detail: `${id}: no such rule`,
      hint: `Rules here: ${rules.map((candidate) => candidate.id).join(", ")}.`,
    });
  },
  async check(paths, { failOn }) {
    const files = await readRuleFiles(orShipped(paths));
    const result = rulesCheck(files, "text", await shippedRules());
    if (result.refused.length > 0) return { text: result.text, code: 2 };
    const level = failOn === undefined ? null : toSeverity(failOn, "--fail-on");
    const reached =
      level !== null && result.warnings.some(({ code }) => compareSeverity(WEIGHTS[code], level) <= 0);
    return { text: result.text, code: reached ? 1 : 0 };
  },
  async test(paths, { output }) {
    const [rules, tests] = await Promise.all([loadRules(paths), readRuleTests(orShipped(paths))]);
    if (tests.length === 0) {
      throw new SallyportError("input_missing", {
        detail: "No tests file beside these rules",
        hint: "Write <rule>.tests.yml beside <rule>.yml; see docs/guide/rules.md.",
      });
    }
    const tested = tests.map((file) => ({
      tests: file,
      rules: rules.filter(
        (rule) => rule.file.replace(/\.ya?ml$/, "") === file.file.replace(/\.tests\.ya?ml$/, ""),
      ),
    }));
    const result = rulesTest(tested, toEvent, output === "json" ? "json" : "text");
    return { text: result.text, code: result.failed > 0 ? 1 : 0 };
  },
};

/** How much a remark weighs for --fail-on. */
const WEIGHTS: Readonly<Record<LintWarning["code"], Severity>> = {
  "never-matches": "high",
  "filter-keeps": "medium",
  "filter-idle": "medium",
  "port-without-direction": "medium",
  "internal-range": "medium",
  "missing-ipv6": "medium",
  "raw-field": "low",
  "missing-cannot-see": "info",
};

async function loadRules(paths: readonly string[]): Promise<readonly Rule[]> {
  return (await loadDocuments(paths)).rules;
}

async function loadDocuments(paths: readonly string[]): Promise<SigmaDocuments> {
  const files = await readRuleFiles(orShipped(paths));
  const documents = files.map(({ text, file }) => parseDocuments(text, file));
  return {
    rules: documents.flatMap(({ rules }) => rules).sort((a, b) => (a.id < b.id ? -1 : 1)),
    filters: documents.flatMap(({ filters }) => filters),
  };
}

function orShipped(paths: readonly string[]): readonly string[] {
  return paths.length === 0 ? [shippedRulesFolder()] : paths;
}

/** The event of a test: read as ECS, derived under the default site and the test's own networks. */
const toEvent: ToEvent = (document, internal) => {
  const format: Format = ecs;
  const decoder = format.open({ file: "test", zone: (ms) => ms, year: 2026 });
  const event = decoder.decode(JSON.stringify({ "@timestamp": "2026-03-01T10:00:00Z", ...document }));
  if (event === undefined || event instanceof Undecodable) {
    throw new SallyportError("rule_invalid", {
      detail: `A test's event is no network event: ${JSON.stringify(document)}`,
    });
  }
  const model = createAddressModel({ internal: internal.flatMap((text) => parseNetwork(text) ?? []) });
  return deriveFields(event, { model, byteCounting: ecs.byteCounting });
};
