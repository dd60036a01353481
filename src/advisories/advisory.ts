/** Advisory: what a threat is, how it goes, what to do, and which rules see it. Read from Markdown with front matter. */
import { z } from "zod";
import { SallyportError } from "../errors.ts";
import { SEVERITIES } from "../sigma/level.ts";
import { offsetOfPath, readSource, toPlain } from "../sigma/source-tree.ts";
import { type Block, type Inline, parseProse, plainText, webAddress } from "./prose.ts";

const line = z.string().trim().min(1);
const day = z.iso.date();

/** The front matter of an advisory. */
const ADVISORY_SCHEMA = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/)
      .describe("Kebab-case; the name that rules, findings and feeds use."),
    title: line,
    severity: z.enum(SEVERITIES),
    published: day,
    updated: day,
    summary: line.describe("One or two sentences, for lists and feeds."),
    techniques: z
      .array(
        z.strictObject({
          id: z.string().regex(/^T\d{4}(\.\d{3})?$/),
          name: line,
          tactics: z.array(z.string().regex(/^[a-z]+(-[a-z]+)*$/)).min(1),
        }),
      )
      .min(1)
      .describe("MITRE ATT&CK Enterprise."),
    sources: z
      .array(line)
      .default([])
      .describe("Kinds of log in which it can be seen, as Sigma log sources."),
    cves: z
      .array(
        z.strictObject({
          id: z.string().regex(/^CVE-\d{4}-\d{4,}$/),
          name: line,
          vector: line.describe("What the victim is given."),
        }),
      )
      .default([]),
    detections: z
      .array(z.strictObject({ rule: line, name: line, sees: line }))
      .min(1)
      .describe("The rules that see it, and what of it each one sees."),
    references: z
      .array(z.strictObject({ title: line, url: z.string().refine((url) => webAddress(url) !== undefined) }))
      .min(1),
  })
  .refine(({ published, updated }) => published <= updated, {
    path: ["updated"],
    error: "before the day of publishing",
  })
  .describe("The front matter of an advisory.");

type FrontMatter = z.output<typeof ADVISORY_SCHEMA>;

/** The sections of an advisory, in their order. */
export const ADVISORY_SECTIONS = ["Summary", "Attack chain", "Impact", "Recommendations"] as const;

export type AdvisorySection = (typeof ADVISORY_SECTIONS)[number];

export interface Advisory extends FrontMatter {
  readonly sections: Readonly<Record<AdvisorySection, readonly Block[]>>;
  readonly file: string;
}

/**
 * Parses an advisory.
 * Errors: SallyportError content_invalid, with file, line and the line itself.
 */
export function parseAdvisory(text: string, file: string): Advisory {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const page: Page = { file, lines };
  const end = lines.indexOf("---", 1);
  if (lines[0] !== "---" || end < 0) {
    return refuse(page, 1, "The file does not begin with front matter between two lines of ---");
  }
  // A blank line in the place of the first mark keeps the line numbers.
  const head = parseHead(["", ...lines.slice(1, end)].join("\n"), file);
  const blocks = parseProse(lines.slice(end + 1).join("\n"), end + 2);
  return { ...head, sections: readSections(blocks, page), file };
}

interface Page {
  readonly file: string;
  readonly lines: readonly string[];
}

function parseHead(text: string, file: string): FrontMatter {
  const source = readSource(text, file, "content_invalid");
  const [root] = source.documents;
  if (root === undefined) return source.fail("content_invalid", 0, "The front matter is empty");
  const checked = ADVISORY_SCHEMA.safeParse(toPlain(root));
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const path = issue?.path ?? [];
  const where = path.length === 0 ? "The front matter" : path.join(".");
  return source.fail(
    "content_invalid",
    offsetOfPath(root, path),
    `${where}: ${issue?.message ?? "not valid"}`,
  );
}

function readSections(blocks: readonly Block[], page: Page): Advisory["sections"] {
  const found = groupBySection(blocks, page);
  return {
    Summary: sectionOf("Summary", found, page),
    "Attack chain": listedSection("Attack chain", true, found, page),
    Impact: sectionOf("Impact", found, page),
    Recommendations: listedSection("Recommendations", false, found, page),
  };
}

function groupBySection(
  blocks: readonly Block[],
  page: Page,
): ReadonlyMap<AdvisorySection, readonly Block[]> {
  const found = new Map<AdvisorySection, Block[]>();
  let current: Block[] | undefined;
  for (const block of blocks) {
    if (block.kind !== "heading" || block.level !== 2) {
      if (current === undefined) return refuse(page, block.line, "Text before the first section");
      current.push(block);
      continue;
    }
    const title = plainText(block.content);
    if (!isSection(title)) return refuse(page, block.line, `"${title}" is no section of an advisory`);
    if (found.has(title)) return refuse(page, block.line, `The section "${title}" stands here twice`);
    current = [];
    found.set(title, current);
  }
  return found;
}

type Found = ReadonlyMap<AdvisorySection, readonly Block[]>;

function sectionOf(title: AdvisorySection, found: Found, page: Page): readonly Block[] {
  const blocks = found.get(title) ?? [];
  if (blocks.length === 0) refuse(page, page.lines.length, `The section "${title}" is missing or empty`);
  return blocks;
}

function listedSection(title: AdvisorySection, ordered: boolean, found: Found, page: Page): readonly Block[] {
  const blocks = sectionOf(title, found, page);
  if (blocks.some((block) => block.kind === "list" && block.ordered === ordered)) return blocks;
  return refuse(
    page,
    blocks[0]?.line ?? 1,
    `"${title}" needs ${ordered ? "a numbered list" : "a list of points"}`,
  );
}

function isSection(title: string): title is AdvisorySection {
  return ADVISORY_SECTIONS.some((name) => name === title);
}

function refuse({ file, lines }: Page, at: number, detail: string): never {
  throw new SallyportError("content_invalid", { detail, at: { file, line: at, source: lines[at - 1] } });
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
