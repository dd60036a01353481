/** An advisory as one self-contained HTML page, and its parts for other pages. */
import { ADVISORY_SECTIONS, type Advisory, type AdvisorySection, tacticsOf } from "../advisories/advisory.ts";
import type { AdvisoryCoverage, DetectionCoverage } from "../advisories/coverage.ts";
import type { Block, Inline } from "../advisories/prose.ts";
import { type Response, renderResponses } from "../advisories/responses.ts";
import { techniqueUrl } from "../advisories/stix.ts";
import type { Finding } from "../findings/finding.ts";
import {
  fedWords,
  firedWords,
  logsourceWords,
  scannedWords,
  stateWords,
  tacticWords,
} from "./advisory-words.ts";
import { severityBadge } from "./html-outcome.ts";
import { documentStart } from "./html-page.ts";
import { responseList } from "./html-response.ts";
import { joined, linesMarkup, type Markup, type MarkupValue, markup, tableMarkup } from "./markup.ts";
import { formatTime } from "./quantity.ts";
import type { Guidance } from "./sink.ts";

/** What a page of an advisory shows. */
export interface AdvisoryPage {
  readonly advisory: Advisory;
  readonly coverage: AdvisoryCoverage;
  /** Block rules for the whole Internet. */
  readonly responses: readonly Response[];
  readonly version: string;
  /** ISO 8601. */
  readonly now: string;
}

/** The whole page. */
export function advisoryHtml(page: AdvisoryPage): string {
  const { advisory, coverage, responses } = page;
  return markup`${documentStart({ title: advisory.title, version: page.version, skip: "Skip to the advisory" })}
${pageHead(page)}
${pageNav(page)}
<main id="main" tabindex="-1">
${ADVISORY_SECTIONS.map((title) => section(title, proseMarkup(advisory.sections[title])))}
${section("Detection coverage", coverageMarkup(coverage))}
${advisory.cves.length > 0 && section("Known flaws", flawTable(advisory))}
${responses.length > 0 && section("Block rules", blockRules(responses))}
${section("References", referenceList(advisory))}
</main>
<footer><p>Made by sallyport ${page.version} at ${formatTime(page.now)} UTC. This file loads nothing and runs nothing; its links lead elsewhere only when they are followed.</p></footer>
</body>
</html>
`.html;
}

function pageHead({ advisory }: AdvisoryPage): Markup {
  return markup`<header>
<p class="brand">Sallyport <span>Threat advisory</span></p>
<h1>${advisory.title}</h1>
<p class="badges">${severityBadge(advisory.severity)}</p>
<p class="reason">${advisory.summary}</p>
<dl class="meta">
<div><dt>Advisory</dt><dd><code>${advisory.id}</code></dd></div>
<div><dt>Published</dt><dd>${advisory.published}</dd></div>
<div><dt>Updated</dt><dd>${advisory.updated}</dd></div>
<div><dt>Tactics</dt><dd>${tacticsOf(advisory).map(tacticWords).join(", ")}</dd></div>
<div><dt>Techniques</dt><dd>${techniqueLinks(advisory)}</dd></div>
<div><dt>Seen in</dt><dd>${advisory.sources.join("; ")}</dd></div>
</dl>
</header>`;
}

function techniqueLinks({ techniques }: Advisory): Markup {
  const links = techniques.map(
    ({ id, name }) => markup`<a href="${techniqueUrl(id)}" title="${name}">${id}</a>`,
  );
  return joined(links, markup`, `);
}

function pageNav({ advisory, responses }: AdvisoryPage): Markup {
  const titles: readonly string[] = [
    ...ADVISORY_SECTIONS,
    "Detection coverage",
    ...(advisory.cves.length > 0 ? ["Known flaws"] : []),
    ...(responses.length > 0 ? ["Block rules"] : []),
    "References",
  ];
  return markup`<nav aria-label="Sections"><ul>
${titles.map((title) => markup`<li><a href="#${anchorOf(title)}">${title}</a></li>\n`)}</ul></nav>`;
}

function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(" ", "-");
}

function section(title: string, content: MarkupValue): Markup {
  const anchor = anchorOf(title);
  return markup`<section id="${anchor}" aria-labelledby="${anchor}-title">
<h2 id="${anchor}-title">${title}</h2>
${content}
</section>
`;
}

/** Blocks of our own prose as HTML. Everything is escaped; links lead to http and https only. */
export function proseMarkup(blocks: readonly Block[]): Markup {
  return joined(blocks.map(blockMarkup), markup`\n`);
}

function blockMarkup(block: Block): Markup {
  switch (block.kind) {
    case "heading":
      return markup`<h3>${inlineMarkup(block.content)}</h3>`;
    case "paragraph":
      return markup`<p>${inlineMarkup(block.content)}</p>`;
    case "code":
      return markup`<pre tabindex="0"><code>${linesMarkup(block.text)}</code></pre>`;
    case "list": {
      const items = block.items.map(({ content }) => markup`<li>${inlineMarkup(content)}</li>\n`);
      return block.ordered
        ? markup`<ol class="prose">\n${items}</ol>`
        : markup`<ul class="prose">\n${items}</ul>`;
    }
    default:
      return block satisfies never;
  }
}

function inlineMarkup(content: readonly Inline[]): Markup {
  return joined(
    content.map((piece) => {
      switch (piece.kind) {
        case "text":
          return markup`${piece.text}`;
        case "code":
          return markup`<code>${piece.text}</code>`;
        case "strong":
          return markup`<strong>${piece.text}</strong>`;
        case "emphasis":
          return markup`<em>${piece.text}</em>`;
        case "link":
          return markup`<a href="${piece.href}">${piece.text}</a>`;
        default:
          return piece satisfies never;
      }
    }),
  );
}

function coverageMarkup(coverage: AdvisoryCoverage): Markup {
  return markup`<p class="dim">${scannedWords(coverage)}</p>
<div class="cards">
${coverage.detections.map(detectionCard)}</div>
`;
}

function detectionCard(detection: DetectionCoverage): Markup {
  const { rule, name, sees, level, enabled, threat } = detection;
  const tactics = [...new Set(threat.flatMap(({ tactic }) => tactic ?? []))].map(tacticWords);
  const facts: readonly (readonly [string, MarkupValue])[] = [
    ["Last fired", firedWords(detection)],
    ["Fed by", fedWords(detection)],
    ["Tactics", tactics.join(", ")],
    ["Techniques", threat.map(({ technique }) => technique).join(", ")],
    ["Log source", logsourceWords(detection)],
  ];
  const fired = (detection.live?.findings ?? 0) > 0;
  return markup`<article class="card${fired && " fired"}${!enabled && " off"}">
<p class="badges"><code>${rule}</code> ${level !== null && severityBadge(level)} <span class="tag">${stateWords(detection)}</span></p>
<h3>${name}</h3>
<p>Sees ${sees}.</p>
<dl>
${facts.map(([title, value]) => value !== "" && markup`<div><dt>${title}</dt><dd>${value}</dd></div>\n`)}</dl>
</article>
`;
}

function flawTable({ cves }: Advisory): Markup {
  const rows = cves.map(({ id, name, vector }) => [
    markup`<a href="https://www.cve.org/CVERecord?id=${id}">${id}</a>`,
    name,
    vector,
  ]);
  return tableMarkup(
    "Flaws of the programs that read the lure, by year",
    ["Flaw", "In", "The lure"].map((title) => ({ title })),
    rows,
  );
}

function blockRules(responses: readonly Response[]): Markup {
  return markup`<p class="dim">For every address on the Internet, to be copied; nothing is run from here. Read the warning of each first. <code>sallyport advisory responses --destination ADDRESS</code> prints them for one address.</p>
${responseList(responses)}`;
}

function referenceList({ references }: Advisory): Markup {
  return markup`<ul class="prose">
${references.map(({ title, url }) => markup`<li><a href="${url}">${title}</a><br><span class="dim">${url}</span></li>\n`)}</ul>`;
}

/** The advisories that some findings belong to. */
export function knownAdvisories(findings: readonly Finding[], guidance: Guidance): readonly Advisory[] {
  const named = new Set(findings.flatMap(({ advisories }) => advisories));
  return guidance.advisories.filter(({ id }) => named.has(id));
}

/** The advisories within a report, each with the anchor that findings link to, and the block rules for everybody. */
export function guidanceSection(advisories: readonly Advisory[], guidance: Guidance | undefined): Markup {
  if (advisories.length === 0 || guidance === undefined) return markup``;
  const everywhere = renderResponses(guidance.responses, { destinations: [] });
  return section(
    "Advisories",
    markup`${advisories.map(digest)}
${everywhere.length > 0 && markup`<details><summary>Block rules for all of the Internet</summary>\n${blockRules(everywhere)}</details>`}`,
  );
}

// The anchor stands inside, since a browser opens what is around the target of a link, not the target itself.
function digest(advisory: Advisory): Markup {
  const part = (title: AdvisorySection): Markup =>
    markup`<h4>${title}</h4>\n${proseMarkup(advisory.sections[title])}\n`;
  return markup`<details class="advisory"><summary>${severityBadge(advisory.severity)} ${advisory.title}</summary>
<p id="advisory-${advisory.id}">${advisory.summary}</p>
${part("Attack chain")}${part("Impact")}${part("Recommendations")}<h4>References</h4>
${referenceList(advisory)}
<p class="dim">Updated ${advisory.updated}. With its coverage: <code>sallyport advisory show ${advisory.id}</code></p>
</details>
`;
}
