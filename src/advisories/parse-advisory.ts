/** Advisories read: Markdown with front matter → an advisory. */
import { SallyportError } from "../errors.ts";
import { offsetOfPath, readSource, toPlain } from "../sigma/source-tree.ts";
import { ADVISORY_SECTIONS, type Advisory, type AdvisorySection } from "./advisory.ts";
import { ADVISORY_SCHEMA, type FrontMatter } from "./advisory-schema.ts";
import { type Block, parseProse, plainText } from "./prose.ts";

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
