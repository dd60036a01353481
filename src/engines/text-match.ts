/** Text against a pattern, plainly: by characters, backtracking to the last `*` only, so time stays bounded. */
import { DASHES, type TextPattern } from "../sigma/text-pattern.ts";

/** One character of a pattern; "any" is `*`. */
type Step = { readonly accepts: (char: string) => boolean } | "any";

/** Tells whether a text as a whole fits a pattern. */
export function matchesPattern(text: string, pattern: TextPattern): boolean {
  const steps = pattern.flatMap(stepsOf);
  const chars = Array.from(text);
  let at = 0;
  let step = 0;
  let retry: { readonly step: number; at: number } | undefined;
  while (at < chars.length) {
    const here = steps[step];
    if (here === "any") {
      step++;
      retry = { step, at };
    } else if (here?.accepts(chars[at] ?? "") === true) {
      at++;
      step++;
    } else if (retry === undefined) return false;
    else {
      retry.at++;
      at = retry.at;
      step = retry.step;
    }
  }
  return steps.slice(step).every((rest) => rest === "any");
}

function stepsOf(part: TextPattern[number]): Step[] {
  switch (part.kind) {
    case "any":
      return ["any"];
    case "one":
      return [{ accepts: () => true }];
    case "dash":
      return [{ accepts: (char) => DASHES.includes(char) }];
    case "literal":
      return Array.from(part.text, (wanted) => ({ accepts: (char: string) => char === wanted }));
    default:
      return part satisfies never;
  }
}
