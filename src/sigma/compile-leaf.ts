/** One line of a selection → a leaf: the field looked up, the values turned into matchers. */
import { type ErrorCode, SallyportError } from "../errors.ts";
import { FIELDS } from "../event/fields.ts";
import { timestampFromIso } from "../event/timestamp.ts";
import { parseIp } from "../net/parse-ip.ts";
import { parsePrefix, whyNoNetwork } from "../net/prefix.ts";
import type { CompareOperator, FieldLeaf, KeywordLeaf, Matcher } from "./leaf.ts";
import type { ModifierName } from "./modifiers.ts";
import { checkRegex } from "./regex.ts";
import type { FieldItem, KeywordItem, RuleValue } from "./rule.ts";
import { type FieldRef, resolveField, suggestField, type Vocabulary } from "./taxonomy.ts";
import {
  base64,
  base64Offsets,
  bytesOf,
  literalOf,
  literalPattern,
  parsePattern,
  placed,
  type TextPattern,
  type Utf16Form,
  withDashes,
} from "./text-pattern.ts";

/** What a value's compilation looks at besides the value. */
interface LeafContext {
  readonly modifiers: readonly ModifierName[];
  /** Undefined for keywords. */
  readonly ref: FieldRef | undefined;
  readonly vocabulary: Vocabulary | undefined;
}

/** Compiles a line with a field. */
export function compileField(item: FieldItem, vocabulary: Vocabulary): FieldLeaf {
  const resolved = resolveField(vocabulary, item.field);
  if (resolved === undefined) return failUnknown(item, item.field, vocabulary);
  const context: LeafContext = { modifiers: item.modifiers, ref: resolved.ref, vocabulary };
  const values = item.values.flatMap((value) => translate(value, resolved.values));
  return {
    kind: "field",
    label: labelOf(item.field, item),
    field: resolved.ref,
    matchers: values.map((value) => compileValue(value, context)),
    every: item.modifiers.includes("all"),
    negated: item.modifiers.includes("neq"),
  };
}

/** Compiles values without a field. */
export function compileKeywords(item: KeywordItem): KeywordLeaf {
  const place: ModifierName[] =
    item.modifiers.includes("re") || item.modifiers.includes("contains") ? [] : ["contains"];
  const context: LeafContext = {
    modifiers: [...item.modifiers, ...place],
    ref: undefined,
    vocabulary: undefined,
  };
  return {
    kind: "keywords",
    label: labelOf("any value of the record", item),
    matchers: item.values.map((value) => compileValue(value, context)),
    every: item.modifiers.includes("all"),
  };
}

const VALUE_MODIFIERS = ["re", "cidr", "exists", "fieldref", "gt", "gte", "lt", "lte"] as const;

function compileValue(value: RuleValue, context: LeafContext): Matcher {
  const operator = VALUE_MODIFIERS.find((name) => context.modifiers.includes(name));
  switch (operator) {
    case undefined:
      return compilePlain(value, context);
    case "re":
      return compileRe(value, context);
    case "cidr":
      return compileCidr(value);
    case "exists":
      if (typeof value.value !== "boolean") return fail(value, "rule_invalid", "exists takes true or false");
      return { kind: "exists", wanted: value.value };
    case "fieldref":
      return compileFieldref(value, context);
    default:
      return compileCompare(value, operator, context);
  }
}

/** A value without an operator: a number, null, or text with wildcards, perhaps placed or encoded. */
function compilePlain(value: RuleValue, context: LeafContext): Matcher {
  const { modifiers } = context;
  const isBare = modifiers.every((name) => name === "all" || name === "neq" || name === "cased");
  if (value.value === null) {
    if (!isBare) fail(value, "rule_invalid", "null stands alone: a text modifier has nothing to work on");
    return { kind: "absent" };
  }
  if (isBare && typeof value.value === "number") {
    const text = Number.isSafeInteger(value.value) ? String(value.value) : value.text;
    return { kind: "number", value: value.value, text };
  }
  const cased = modifiers.includes("cased");
  const text = canonical(value.text, context.ref);
  const patterns = encoded(text, value, modifiers).map((pattern) => {
    const dashed = modifiers.includes("windash") ? withDashes(pattern) : pattern;
    const place = (["contains", "startswith", "endswith"] as const).find((name) => modifiers.includes(name));
    return place === undefined ? dashed : placed(dashed, place);
  });
  return { kind: "text", patterns: cased ? patterns : patterns.map(lowered), cased };
}

/** Addresses are compared in their canonical text, so a rule may write them any way. */
function canonical(text: string, ref: FieldRef | undefined): string {
  if (ref?.kind !== "event" || FIELDS[ref.name].type !== "ip") return text;
  return parseIp(text)?.text ?? text;
}

const UTF16_FORMS: readonly Utf16Form[] = ["wide", "utf16", "utf16le", "utf16be"];

function encoded(text: string, value: RuleValue, modifiers: readonly ModifierName[]): readonly TextPattern[] {
  const pattern = parsePattern(text);
  const isOffset = modifiers.includes("base64offset");
  if (!isOffset && !modifiers.includes("base64")) return [pattern];
  const plain = literalOf(pattern);
  if (plain === undefined) return fail(value, "rule_invalid", "A value to be encoded cannot hold wildcards");
  const bytes = bytesOf(
    plain,
    UTF16_FORMS.find((form) => modifiers.includes(form)),
  );
  if (!isOffset) return [literalPattern(base64(bytes))];
  if (bytes.length < 3) return fail(value, "rule_invalid", "base64offset needs at least three bytes");
  return base64Offsets(bytes).map(literalPattern);
}

function lowered(pattern: TextPattern): TextPattern {
  return pattern.map((part) => (part.kind === "literal" ? { ...part, text: part.text.toLowerCase() } : part));
}

function compileRe(value: RuleValue, { modifiers }: LeafContext): Matcher {
  if (value.value === null) return fail(value, "rule_invalid", "re needs a pattern");
  const flags = { i: modifiers.includes("i"), m: modifiers.includes("m"), s: modifiers.includes("s") };
  const fault = checkRegex(value.text, flags);
  if (fault !== undefined) fail(value, fault.code, fault.detail);
  return { kind: "regex", source: value.text, flags };
}

function compileCidr(value: RuleValue): Matcher {
  const prefix = typeof value.value === "string" ? parsePrefix(value.value) : undefined;
  if (prefix === undefined) {
    const why = whyNoNetwork(value.text);
    return fail(
      value,
      "rule_invalid",
      `"${value.text}" is no network in CIDR notation${why === undefined ? "" : `: ${why}`}`,
    );
  }
  return { kind: "cidr", prefix };
}

function compileFieldref(value: RuleValue, { modifiers, vocabulary = "raw" }: LeafContext): Matcher {
  if (typeof value.value !== "string")
    return fail(value, "rule_invalid", "fieldref takes the name of a field");
  const resolved = resolveField(vocabulary, value.value);
  if (resolved === undefined) return failUnknown(value, value.value, vocabulary);
  return { kind: "field", ref: resolved.ref, cased: modifiers.includes("cased") };
}

function compileCompare(value: RuleValue, operator: CompareOperator, { ref }: LeafContext): Matcher {
  const isTime = ref?.kind === "event" && FIELDS[ref.name].type === "time";
  const time = isTime && typeof value.value === "string" ? timestampFromIso(value.value)?.ms : undefined;
  const bound = time ?? value.value;
  if (typeof bound !== "number" || Number.isNaN(bound)) {
    return fail(value, "rule_invalid", `${operator} takes a number${isTime ? " or an ISO 8601 time" : ""}`);
  }
  return { kind: "compare", operator, value: bound };
}

/** A value that the event spells otherwise becomes what the event may hold. */
function translate(
  value: RuleValue,
  table: Readonly<Record<string, readonly string[]>> | undefined,
): RuleValue[] {
  const words = table?.[value.text.toLowerCase()];
  return words === undefined ? [value] : words.map((word) => ({ ...value, value: word, text: word }));
}

function labelOf(subject: string, { modifiers, values }: FieldItem | KeywordItem): string {
  const shown = values.map((value) => (value.value === null ? "null" : value.text));
  const many = shown.length > 6 ? [...shown.slice(0, 5), `… ${shown.length - 5} more`] : shown;
  const joined = many.join(modifiers.includes("all") ? " and " : " or ");
  const words = modifiers.filter((name) => name !== "all").join(" ");
  return `${subject} ${words === "" ? "is" : words} ${joined}`;
}

function failUnknown(item: Pick<RuleValue, "at">, name: string, vocabulary: Vocabulary): never {
  const near = suggestField(vocabulary, name);
  const detail = `There is no field "${name}" in this log source${near === undefined ? "" : `; did you mean "${near}"?`}`;
  return fail(item, "rule_field_unknown", detail);
}

function fail(item: Pick<RuleValue, "at">, code: ErrorCode, detail: string): never {
  throw new SallyportError(code, { detail, at: item.at });
}
