/** Outcomes in the HTML report: patterns and swatches, so that colour is never the only sign. */
import type { Outcome } from "../event/outcome.ts";
import type { Severity } from "../sigma/level.ts";
import { type Markup, markup } from "./markup.ts";
import { FURTHEST_FIRST, OUTCOME_WORDS } from "./outcome-words.ts";

/** The strokes of each pattern, in a tile of 8 by 8. */
const STROKES: Readonly<Record<Outcome, string>> = {
  transferred: "",
  authenticated: "M-2 2 2 -2M0 8 8 0M6 10 10 6",
  established: "M0 4H8M4 0V8",
  attempted: "M0 4H8",
  blocked: "M-2 6 2 10M0 0 8 8M6 -2 10 2",
  unknown: "M4 3V5",
};

/** The patterns of all outcomes, once for the page. */
export function patternDefs(): Markup {
  const patterns = FURTHEST_FIRST.map(
    (outcome) =>
      markup`<pattern id="p-${outcome}" class="o-${outcome}" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="${STROKES[outcome] === "" ? "solid" : "tint"}" width="8" height="8"/><path d="${STROKES[outcome]}"/></pattern>`,
  );
  return markup`<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false"><defs>${patterns}</defs></svg>`;
}

/** A small sample of an outcome's pattern. */
export function swatch(outcome: Outcome): Markup {
  return markup`<svg class="swatch o-${outcome}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false"><rect class="fill" x="1" y="1" width="14" height="14" rx="2" fill="url(#p-${outcome})"/></svg>`;
}

/** An outcome as a mark with its word. */
export function outcomeBadge(outcome: Outcome): Markup {
  return markup`<span class="badge o-${outcome}">${swatch(outcome)} ${OUTCOME_WORDS[outcome].word.toLowerCase()}</span>`;
}

/** A severity as a mark with its word. */
export function severityBadge(severity: Severity): Markup {
  return markup`<span class="sev s-${severity}">${severity}</span>`;
}

/** The legend of a picture. */
export function outcomeLegend(outcomes: readonly Outcome[]): Markup {
  return markup`<ul class="legend">${outcomes.map((outcome) => markup`<li>${swatch(outcome)} ${OUTCOME_WORDS[outcome].word.toLowerCase()}</li>`)}</ul>`;
}
