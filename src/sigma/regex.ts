/** `|re`: regular expressions that run in linear time, whatever the text. */
import { RE2JS } from "re2js";

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

/** Compiles a pattern on RE2, which has no backtracking. Throws where checkRegex has not been asked. */
export function compileRegex(source: string, { i, m, s }: RegexFlags): CompiledRegex {
  const flags = (i ? RE2JS.CASE_INSENSITIVE : 0) | (m ? RE2JS.MULTILINE : 0) | (s ? RE2JS.DOTALL : 0);
  const compiled = RE2JS.compile(source, flags);
  return { test: (text) => compiled.test(text) };
}

/** Says what is wrong with a pattern; undefined for a sound one. */
export function checkRegex(source: string, flags: RegexFlags): RegexFault | undefined {
  try {
    compileRegex(source, flags);
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
