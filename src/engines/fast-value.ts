/** Matchers as closures over one value. */
import type { NetworkEvent } from "../event/event.ts";
import type { IpAddress } from "../net/address.ts";
import { parseIp } from "../net/parse-ip.ts";
import { createPrefixSet } from "../net/prefix-set.ts";
import type { CompareOperator, Matcher } from "../sigma/leaf.ts";
import { compileRegex } from "../sigma/regex.ts";
import type { FieldRef } from "../sigma/taxonomy.ts";
import { literalOf } from "../sigma/text-pattern.ts";
import { compilePattern } from "./fast-pattern.ts";
import { numberOf, readField, type Scalar, textOf } from "./field-value.ts";

export type ValueTest = (value: Scalar, event: NetworkEvent) => boolean;

/**
 * One look-up for a list of numbers and fixed texts, or one for a list of networks.
 * Shape: undefined where the list holds anything else; `null` may stand in it, since no value meets it.
 */
export function compileFixed(matchers: readonly Matcher[]): ValueTest | undefined {
  const present = matchers.filter((matcher) => matcher.kind !== "absent");
  return compileWords(present) ?? compileNetworks(present);
}

function compileWords(matchers: readonly Matcher[]): ValueTest | undefined {
  const numbers = new Set<number>();
  const exact = new Set<string>();
  const lowered = new Set<string>();
  for (const matcher of matchers) {
    if (matcher.kind === "number") {
      numbers.add(matcher.value);
      exact.add(matcher.text);
      continue;
    }
    const literals = matcher.kind === "text" ? matcher.patterns.map(literalOf) : [undefined];
    for (const literal of literals) {
      if (literal === undefined) return undefined;
      (matcher.kind === "text" && matcher.cased ? exact : lowered).add(literal);
    }
  }
  return (value) => {
    if (typeof value === "number" && numbers.has(value)) return true;
    const text = textOf(value);
    return exact.has(text) || lowered.has(text) || lowered.has(text.toLowerCase());
  };
}

function compileNetworks(matchers: readonly Matcher[]): ValueTest | undefined {
  const entries = matchers.flatMap((matcher) =>
    matcher.kind === "cidr" ? [{ prefix: matcher.prefix, row: true }] : [],
  );
  if (entries.length !== matchers.length) return undefined;
  const set = createPrefixSet(entries);
  return (value) => {
    const ip = addressOf(value);
    return ip !== undefined && set.has(ip);
  };
}

/** Compiles one matcher. */
export function compileMatcher(matcher: Matcher): ValueTest {
  switch (matcher.kind) {
    case "text": {
      const tests = matcher.patterns.map(compilePattern);
      const fits = (text: string): boolean => tests.some((test) => test(text));
      return matcher.cased ? (value) => fits(textOf(value)) : (value) => fits(textOf(value).toLowerCase());
    }
    case "number":
      return (value) => value === matcher.value || textOf(value) === matcher.text;
    case "regex": {
      const regex = compileRegex(matcher.source, matcher.flags);
      return (value) => regex.test(textOf(value));
    }
    case "cidr":
      return compileNetworks([matcher]) ?? never;
    case "compare":
      return compileCompare(matcher.operator, matcher.value);
    case "field":
      return compileFieldref(matcher.ref, matcher.cased);
    case "absent":
      return never;
    case "exists":
      return () => matcher.wanted;
    default:
      return matcher satisfies never;
  }
}

function compileFieldref(ref: FieldRef, cased: boolean): ValueTest {
  const folded = (value: Scalar): string => (cased ? textOf(value) : textOf(value).toLowerCase());
  return (value, event) => {
    const text = folded(value);
    return readField(event, ref).some((other) => folded(other) === text);
  };
}

function compileCompare(operator: CompareOperator, bound: number): ValueTest {
  const holds: Readonly<Record<CompareOperator, (value: number) => boolean>> = {
    gt: (value) => value > bound,
    gte: (value) => value >= bound,
    lt: (value) => value < bound,
    lte: (value) => value <= bound,
  };
  const test = holds[operator];
  return (value) => {
    const number = numberOf(value);
    return number !== undefined && test(number);
  };
}

function addressOf(value: Scalar): IpAddress | undefined {
  if (typeof value === "string") return parseIp(value);
  return typeof value === "object" && "family" in value ? value : undefined;
}

function never(): boolean {
  return false;
}
