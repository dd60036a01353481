/** HTML: one self-contained file to read, send and print. No script, no request, no font from elsewhere. */
import type { Finding } from "../findings/finding.ts";
import { formatCount } from "../findings/quantity.ts";
import type { RunReport } from "../findings/run.ts";
import { guidanceSection, knownAdvisories } from "./advisory-html.ts";
import { collectFindings } from "./collect.ts";
import { coverageSection, exceptionSection, runSection } from "./html-coverage.ts";
import { findingArticle, findingsHead } from "./html-finding.ts";
import { graphSection } from "./html-graph.ts";
import { pageEnd, pageStart } from "./html-page.ts";
import { timelineSection } from "./html-timeline.ts";
import { type Markup, markup } from "./markup.ts";
import { rollUpHosts } from "./rollup.ts";
import { defineSink, type Guidance } from "./sink.ts";

/** Findings with an article of their own. A browser copes with these; more than a person reads. */
const ARTICLES = 500;

export const html = defineSink({
  name: "html",
  title: "A report to read, send and print: one self-contained HTML file",
  mediaType: "text/html; charset=utf-8",
  emits: ["finding"],
  open: ({ write, guidance }) => {
    const { findings, sink } = collectFindings();
    return {
      ...sink,
      // Piece by piece, so that a slow reader holds back the rest.
      close: async (report) => {
        for (const piece of pagePieces(findings, report, guidance)) await write(piece.html);
      },
    };
  },
});

function* pagePieces(
  findings: readonly Finding[],
  report: RunReport,
  guidance: Guidance | undefined,
): Generator<Markup> {
  const hosts = rollUpHosts(findings);
  const advisories = guidance === undefined ? [] : knownAdvisories(findings, guidance);
  yield pageStart(report, hosts, advisories.length > 0);
  yield timelineSection(report.timeline ?? []);
  yield graphSection(hosts);
  yield findingsHead(findings, report);
  for (const [at, finding] of findings.slice(0, ARTICLES).entries()) {
    yield findingArticle(finding, at, guidance);
  }
  if (findings.length > ARTICLES) {
    yield markup`<p class="note">${formatCount(findings.length - ARTICLES)} findings more are not shown here. The JSON and CSV outputs hold all of them.</p>`;
  }
  yield markup`</section>\n`;
  yield guidanceSection(advisories, guidance);
  yield exceptionSection(report);
  yield coverageSection(report);
  yield runSection(report);
  yield pageEnd(report);
}
