/** Advisory: what a threat is, how it goes, what to do, and which rules see it. */
import type { FrontMatter } from "./advisory-schema.ts";
import type { Block, Inline } from "./prose.ts";

/** The sections of an advisory, in their order. */
export const ADVISORY_SECTIONS = ["Summary", "Attack chain", "Impact", "Recommendations"] as const;

export type AdvisorySection = (typeof ADVISORY_SECTIONS)[number];

export interface Advisory extends FrontMatter {
  readonly sections: Readonly<Record<AdvisorySection, readonly Block[]>>;
  readonly file: string;
}

/** The points of a section: the items of its lists. */
export function pointsOf(advisory: Advisory, section: AdvisorySection): readonly (readonly Inline[])[] {
  return advisory.sections[section].flatMap((block) =>
    block.kind === "list" ? block.items.map(({ content }) => content) : [],
  );
}

/** Orders advisories: the newest first, then by id. */
export function compareAdvisories(a: Advisory, b: Advisory): number {
  if (a.updated !== b.updated) return a.updated < b.updated ? 1 : -1;
  return a.id < b.id ? -1 : 1;
}

/** The tactics of an advisory, each once, in the order of its techniques. */
export function tacticsOf({ techniques }: Pick<Advisory, "techniques">): readonly string[] {
  return [...new Set(techniques.flatMap(({ tactics }) => tactics))];
}
