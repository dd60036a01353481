/** Elastic: the Kibana query language over ECS documents, alone or as a detection rule. */
import { FIELDS, type FieldName } from "../event/fields.ts";
import type { Plan } from "../sigma/plan.ts";
import type { Rule } from "../sigma/rule.ts";
import { literalOf, type TextPattern } from "../sigma/text-pattern.ts";
import { type Conversion, type ConvertContext, defineDialect, refuse } from "./dialect.ts";
import { ECS_VERDICTS, ecsNames } from "./ecs-names.ts";
import { kibanaRule } from "./kibana-rule.ts";
import { createLossList, type NoteLoss } from "./loss.ts";
import { lowerPlan } from "./lower.ts";
import { isLiteral, memberPatterns } from "./pattern.ts";
import { inOneLine, joinPhrases, layOut, type Phrase, type Spelling, spell, words } from "./phrase.ts";
import type { QueryTest, QueryValue } from "./query.ts";
import { noteCommonLosses } from "./record-losses.ts";

/**
 * Converts into KQL.
 * Source: Kibana's documentation of KQL and of the detection rules' import: quotes take wildcards their
 * meaning, `not` is also true for a missing field, an ip field takes networks in CIDR notation.
 */
export const kql = defineDialect({
  name: "kql",
  title: "Elastic: KQL over ECS documents",
  formats: [
    { name: "query", title: "the query", separator: "\n" },
    { name: "rule", title: "a detection rule as JSON, switched off", separator: "" },
    { name: "ndjson", title: "detection rules as Kibana's import takes them, one a line", separator: "" },
  ],
  options: [
    {
      name: "index",
      default: "logs-*,filebeat-*,packetbeat-*",
      doc: "Index patterns of the detection rule, separated by commas.",
    },
    { name: "interval", default: "5m", doc: "How often the detection rule runs." },
    { name: "from", default: "now-9m", doc: "How far back each run of the detection rule looks." },
    {
      name: "suppress",
      default: "0",
      doc: "Suppress alerts of the same source and destination for this long, such as 1d; 0 for never.",
    },
  ],
  convert,
});

function convert(plan: Plan, context: ConvertContext): Conversion {
  const losses = createLossList(plan.rule);
  const query = lowerPlan(plan, { networks: context.networks, note: losses.note });
  const spelling = kqlSpelling(plan.rule, losses.note);
  const phrase = spell(query, spelling, plan.rule);
  noteCommonLosses(plan, context, losses.note);
  const write: Readonly<Record<string, () => string>> = {
    query: () => layOut(phrase, spelling, 0),
    rule: () =>
      JSON.stringify(kibanaRule(plan.rule, inOneLine(phrase, spelling), context, losses.note), null, 2),
    ndjson: () => JSON.stringify(kibanaRule(plan.rule, inOneLine(phrase, spelling), context, losses.note)),
  };
  const text = write[context.format]?.() ?? "";
  return { text: `${text}\n`, losses: losses.list() };
}

function kqlSpelling(rule: Rule, note: NoteLoss): Spelling {
  const namesOf = (field: FieldName): readonly [string, ...string[]] =>
    ecsNames(field) ?? refuse(rule, `${field} has no counterpart in the Elastic Common Schema`);
  return {
    words: { and: "and", or: "or", not: "not" },
    test: (test) => {
      const names = namesOf(test.field);
      if (names.length > 1) note("two-fields");
      return joinPhrases(
        "or",
        names.map((name) => testPhrase(test, name, rule, note)),
      );
    },
    absent: (field) =>
      joinPhrases(
        "and",
        namesOf(field).map((name): Phrase => ({ kind: "not", item: words(`${name}: *`) })),
      ),
  };
}

function testPhrase(test: QueryTest, name: string, rule: Rule, note: NoteLoss): Phrase {
  switch (test.kind) {
    case "present":
      return words(`${name}: *`);
    case "networks":
      if (FIELDS[test.field].type !== "ip") refuse(rule, `${name} is no field of addresses`);
      return listPhrase(
        name,
        test.prefixes.map((prefix) => `"${prefix.text}"`),
      );
    case "compare":
      return words(`${name} ${{ gt: ">", gte: ">=", lt: "<", lte: "<=" }[test.operator]} ${test.value}`);
    case "values":
      return listPhrase(name, valueTexts(test.field, name, test.values, { rule, note }));
    default:
      return test satisfies never;
  }
}

interface Place {
  readonly rule: Rule;
  readonly note: NoteLoss;
}

function valueTexts(
  field: FieldName,
  name: string,
  values: readonly QueryValue[],
  place: Place,
): readonly string[] {
  const texts = values.flatMap((value) => {
    if (value.kind === "number") return [value.text];
    if (field === "event.action") return [verdict(value.pattern, place)];
    if (FIELDS[field].type !== "keyword" && FIELDS[field].type !== "keywords" && !isLiteral(value.pattern))
      refuse(place.rule, `${field} is no text, so it takes no wildcards`);
    // ECS has lists as arrays; a comma list can stand only where the source's own word is kept.
    const isList = field === "network.application" && name === "network.protocol";
    if (isList) place.note("application-list");
    const patterns = isList ? memberPatterns(value.pattern) : [value.pattern];
    return patterns.map((pattern) => valueText(pattern, place.note));
  });
  return [...new Set(texts)];
}

function verdict(pattern: TextPattern, { rule, note }: Place): string {
  note("verdict-words");
  const word = ECS_VERDICTS[literalOf(pattern) ?? ""];
  return word === undefined ? refuse(rule, "event.type has words for allowed and blocked only") : `"${word}"`;
}

/** Text in quotes, or bare with its special characters escaped where it has wildcards. */
function valueText(pattern: TextPattern, note: NoteLoss): string {
  const literal = literalOf(pattern);
  if (/[a-z]/i.test(literal ?? "a")) note("case-exact");
  if (literal !== undefined) return `"${literal.replace(/["\\]/g, "\\$&")}"`;
  const parts = pattern.map((part) => {
    if (part.kind === "one") note("one-character-wildcard");
    return part.kind === "literal" ? bare(part.text) : "*";
  });
  return parts.join("");
}

/** Keywords between blanks, and "not" before one, would end the value: they are escaped as special characters are. */
function bare(text: string): string {
  return text.replace(/[\\():<>"*{}]/g, "\\$&").replace(/(?<=\s)(?:and|or)(?=\s)|not(?=\s)/gi, "\\$&");
}

function listPhrase(name: string, items: readonly string[]): Phrase {
  const [only] = items;
  if (items.length === 1 && only !== undefined) return words(`${name}: ${only}`);
  return { kind: "list", head: `${name}: (`, items, separator: " or ", tail: ")" };
}
