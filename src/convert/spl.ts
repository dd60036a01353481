/** Splunk: a tstats search over the data model Network_Traffic. */
import { FIELDS, type FieldName } from "../event/fields.ts";
import type { Plan } from "../sigma/plan.ts";
import type { Rule } from "../sigma/rule.ts";
import type { TextPattern } from "../sigma/text-pattern.ts";
import { CIM_DATASET, CIM_MODEL, cimFill, cimName } from "./cim-fields.ts";
import { type Conversion, type ConvertContext, defineDialect, refuse } from "./dialect.ts";
import { createLossList, type NoteLoss } from "./loss.ts";
import { lowerPlan } from "./lower.ts";
import { memberPatterns } from "./pattern.ts";
import { joinPhrases, layOut, type Phrase, type Spelling, spell, words } from "./phrase.ts";
import type { QueryTest, QueryValue } from "./query.ts";
import { noteCommonLosses } from "./record-losses.ts";
import { savedSearch } from "./splunk-saved-search.ts";

/** The names of the ends, as options and columns have them. */
interface Ends {
  readonly source: "src_ip" | "src";
  readonly destination: "dest_ip" | "dest";
}

/**
 * Converts into SPL.
 * Source: Splunk Search Reference, tstats and search; Search Manual, "Boolean expressions": in a search
 * expression OR binds tighter than AND, so every group here stands in brackets.
 */
export const spl = defineDialect({
  name: "spl",
  title: "Splunk: tstats over the data model Network_Traffic",
  formats: [
    { name: "search", title: "the search", separator: "\n" },
    { name: "savedsearches", title: "a stanza of savedsearches.conf, switched off", separator: "\n" },
  ],
  options: [
    {
      name: "macros",
      choices: ["resolve", "keep"],
      default: "resolve",
      doc: "keep: write the macros of Splunk's security content, and the rule's own filter macro, by name.",
    },
    {
      name: "addresses",
      choices: ["ip", "host"],
      default: "ip",
      doc: "ip: ask src_ip and dest_ip. host: ask src and dest, for sources that fill only these.",
    },
    { name: "cron", default: "7 * * * *", doc: "cron_schedule of the saved search." },
    { name: "earliest", default: "-70m@m", doc: "dispatch.earliest_time of the saved search." },
    { name: "latest", default: "-10m@m", doc: "dispatch.latest_time of the saved search." },
    {
      name: "suppress",
      default: "86400s",
      doc: "How long a source and destination stay quiet after a result; 0 for never.",
    },
  ],
  convert,
});

function convert(plan: Plan, context: ConvertContext): Conversion {
  const losses = createLossList(plan.rule);
  const ends: Ends =
    context.options["addresses"] === "host"
      ? { source: "src", destination: "dest" }
      : { source: "src_ip", destination: "dest_ip" };
  const query = lowerPlan(plan, { networks: context.networks, note: losses.note });
  const spelling = splSpelling(plan.rule, ends, losses.note);
  const where = layOut(spell(query, spelling, plan.rule), spelling, 4);
  noteCommonLosses(plan, context, losses.note);
  const text = searchText(plan.rule, where, ends, context.options["macros"] === "keep");
  const written = context.format === "savedsearches" ? savedSearch(plan.rule, text, ends, context) : text;
  return { text: `${written}\n`, losses: losses.list() };
}

const COLUMNS = [
  ["action", "app", "transport"],
  ["dest_port", "rule", "dvc", "user"],
] as const;

function searchText(rule: Rule, where: string, ends: Ends, keepsMacros: boolean): string {
  const summaries = keepsMacros
    ? "`security_content_summariesonly`"
    : 'summariesonly=false allow_old_summaries=true fillnull_value="null"';
  const values = COLUMNS.map((names) => {
    return `  ${names.map((name) => `values(${CIM_DATASET}.${name}) as ${name}`).join(" ")}`;
  });
  const lines = [
    `| tstats ${summaries}`,
    "  count earliest(_time) as start_time latest(_time) as end_time",
    ...values,
    `  sum(${CIM_DATASET}.bytes_out) as bytes_out sum(${CIM_DATASET}.bytes_in) as bytes_in`,
    `  from datamodel=${CIM_MODEL}.${CIM_DATASET}`,
    "  where",
    `    ${where}`,
    `  by ${CIM_DATASET}.${ends.source} ${CIM_DATASET}.${ends.destination}`,
  ];
  const tail = keepsMacros
    ? [
        `| \`drop_dm_object_name("${CIM_DATASET}")\``,
        "| `security_content_ctime(start_time)`",
        "| `security_content_ctime(end_time)`",
        `| \`${macroName(rule)}_filter\``,
      ]
    : [
        `| rename ${CIM_DATASET}.* as *`,
        '| convert timeformat="%Y-%m-%dT%H:%M:%S" ctime(start_time) ctime(end_time)',
      ];
  return [...lines, ...tail].join("\n");
}

/** The name that a rule's macros begin with: its title in snake case. */
function macroName(rule: Rule): string {
  return rule.title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
}

function splSpelling(rule: Rule, ends: Ends, note: NoteLoss): Spelling {
  const nameOf = (field: FieldName): string => {
    if (field === "source.ip") return ends.source;
    if (field === "destination.ip") return ends.destination;
    return cimName(field) ?? refuse(rule, `${field} has no counterpart in the data model ${CIM_MODEL}`);
  };
  return {
    words: { and: "AND", or: "OR", not: "NOT" },
    test: (test) => testPhrase(test, nameOf(test.field), note),
    absent: (field) => absentPhrase(nameOf(field), note),
  };
}

function testPhrase(test: QueryTest, name: string, note: NoteLoss): Phrase {
  const full = `${CIM_DATASET}.${name}`;
  switch (test.kind) {
    case "present":
      return presentPhrase(name, note);
    case "networks":
      note("mapped-ipv4");
      note("one-address-field", name);
      return listPhrase(
        full,
        test.prefixes.map((prefix) => `"${prefix.text}"`),
      );
    case "compare":
      return words(`${full}${{ gt: ">", gte: ">=", lt: "<", lte: "<=" }[test.operator]}${test.value}`);
    case "values":
      if (test.field === "event.action") note("verdict-words");
      return listPhrase(full, valueTexts(test.field, test.values, note));
    default:
      return test satisfies never;
  }
}

function valueTexts(field: FieldName, values: readonly QueryValue[], note: NoteLoss): readonly string[] {
  const texts = values.flatMap((value) => {
    if (value.kind === "number") return [value.text];
    const isList = FIELDS[field].type === "keywords";
    if (isList) note("application-list");
    const patterns = isList ? memberPatterns(value.pattern) : [value.pattern];
    return patterns.map((pattern) => quoted(pattern, note));
  });
  return [...new Set(texts)];
}

/** A quoted value. `*` is a wildcard inside quotes too, and nothing makes it plain text. */
function quoted(pattern: TextPattern, note: NoteLoss): string {
  const parts = pattern.map((part) => {
    if (part.kind !== "literal") {
      if (part.kind === "one") note("one-character-wildcard");
      return "*";
    }
    if (part.text.includes("*")) note("wildcard-not-escaped");
    return part.text.replace(/["\\]/g, "\\$&");
  });
  return `"${parts.join("")}"`;
}

function listPhrase(full: string, items: readonly string[]): Phrase {
  const [only] = items;
  if (items.length === 1 && only !== undefined) return words(`${full}=${only}`);
  return { kind: "list", head: `${full} IN (`, items, separator: ", ", tail: ")" };
}

function presentPhrase(name: string, note: NoteLoss): Phrase {
  const full = `${CIM_DATASET}.${name}`;
  const fill = cimFill(name);
  if (fill === undefined) return words(`${full}=*`);
  note("filled-fields");
  return joinPhrases("and", [words(`${full}=*`), { kind: "not", item: words(`${full}=${fill}`) }]);
}

function absentPhrase(name: string, note: NoteLoss): Phrase {
  const full = `${CIM_DATASET}.${name}`;
  const fill = cimFill(name);
  const missing: Phrase = { kind: "not", item: words(`${full}=*`) };
  if (fill === undefined) return missing;
  note("filled-fields");
  return joinPhrases("or", [missing, words(`${full}=${fill}`)]);
}
