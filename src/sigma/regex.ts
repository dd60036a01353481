/** `|re`: regular expressions that run in linear time, whatever the text. */
import type { RE2JS } from "re2js";
import type { Selection, SigmaDocuments } from "./rule.ts";

export interface RegexFlags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

/** A compiled pattern, searched for anywhere in a text. */
export interface CompiledRegex {
  test(text: string): boolean;
}

/** What cannot be done in linear time, told apart so that the message can name it. */
const REFUSED: readonly (readonly [form: RegExp, name: string])[] = [
  [/\(\?<?[=!]/, "look-around"],
  [/\\[1-9]|\\k[<{']|\(\?P=/, "a back-reference"],
  [/\(\?>/, "an atomic group"],
  [/[+*?}]\+/, "a possessive quantifier"],
  [/\(\?[(|&R]/, "a conditional or recursive group"],
];

/** What is wrong with a pattern. */
export interface RegexFault {
  readonly code: "rule_invalid" | "rule_unsupported";
  readonly detail: string;
}

type Re2 = typeof RE2JS;

/** RE2 is large and few rules have a pattern, so that it is there only once a rule with one may be. */
let re2: Re2 | undefined;

/** Gives RE2 to this thread. */
export function provideRe2(engine: Re2): void {
  re2 = engine;
}

/** Loads RE2 into this thread where one of the documents has a pattern. Those who parse rules have it already. */
export async function loadRe2For(documents: SigmaDocuments): Promise<void> {
  const { rules, filters } = documents;
  const selections = [...rules, ...filters].flatMap(({ detection }) => [...detection.selections.values()]);
  if (re2 === undefined && selections.some(hasPattern)) provideRe2((await import("re2js")).RE2JS);
}

function hasPattern(selection: Selection): boolean {
  return "items" in selection ? selection.items.some(hasPattern) : selection.modifiers.includes("re");
}

function loadedRe2(): Re2 {
  if (re2 === undefined) throw new Error("a pattern is compiled before RE2 is loaded: await loadRe2For");
  return re2;
}

/** Compiles a pattern on RE2, which has no backtracking. Throws where checkRegex has not been asked. */
export function compileRegex(source: string, flags: RegexFlags): CompiledRegex {
  return compileOn(loadedRe2(), source, flags);
}

function compileOn(engine: Re2, source: string, { i, m, s }: RegexFlags): CompiledRegex {
  const flags = (i ? engine.CASE_INSENSITIVE : 0) | (m ? engine.MULTILINE : 0) | (s ? engine.DOTALL : 0);
  const compiled = engine.compile(source, flags);
  return { test: (text) => compiled.test(text) };
}

/** Says what is wrong with a pattern; undefined for a sound one. */
export function checkRegex(source: string, flags: RegexFlags): RegexFault | undefined {
  const engine = loadedRe2();
  try {
    compileOn(engine, source, flags);
    return undefined;
  } catch (error) {
    const bare = source.replace(/\\\\/g, "");
    const refused = REFUSED.find(([form]) => form.test(bare));
    if (refused !== undefined) {
      const detail = `The pattern uses ${refused[1]}, which cannot be matched in linear time`;
      return { code: "rule_unsupported", detail };
    }
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "invalid";
    return { code: "rule_invalid", detail: `The pattern is no regular expression: ${reason}` };
  }
}
