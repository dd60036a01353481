/** The shell of the HTML report: head, verdict, navigation, tiles, end. */

import { countOf } from "../findings/quantity.ts";
import type { RunReport } from "../findings/run.ts";
import { formatWords, readWords, timeWords } from "./coverage-words.ts";
import { patternDefs, swatch } from "./html-outcome.ts";
import { STYLE } from "./html-style.ts";
import { type Markup, markup } from "./markup.ts";
import { FURTHEST_FIRST, OUTCOME_WORDS } from "./outcome-words.ts";
import { formatTime } from "./quantity.ts";
import type { HostRollup } from "./rollup.ts";

/** Nothing may be loaded and nothing may run; the style sheet below is the only thing allowed. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** From the doctype to the link that leads past the head. Shape: `version` is the tool's; `skip` is the link's text. */
export function documentStart({
  title,
  version,
  skip,
}: {
  readonly title: string;
  readonly version: string;
  readonly skip: string;
}): Markup {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="sallyport ${version}">
<link rel="icon" href="data:,">
<title>${title}</title>
${STYLE}
</head>
<body>
<a class="skip" href="#main">${skip}</a>`;
}

/** From the doctype to the tiles. */
export function pageStart(report: RunReport, hosts: readonly HostRollup[], advisories = false): Markup {
  const { run, verdict, coverage } = report;
  return markup`${documentStart({
    title: `Outbound SMB report, ${formatTime(run.now)} UTC`,
    version: run.tool.version,
    skip: "Skip to the report",
  })}
${patternDefs()}
<header>
<p class="brand">Sallyport <span>Outbound SMB report</span></p>
<h1>${verdict.sentence}</h1>
${coverage.incomplete && markup`<p class="warn"><strong>Incomplete.</strong> The run ended before everything was read. What follows is only a part.</p>`}
${coverage.folded !== null && markup`<p class="warn"><strong>Folded.</strong> The state reached its bound; some detail stands in totals only, under “Coverage”.</p>`}
<dl class="meta">
<div><dt>Read</dt><dd>${readWords(coverage)}</dd></div>
<div><dt>Logs</dt><dd>${formatWords(coverage) || "none recognised"}</dd></div>
<div><dt>Time covered</dt><dd>${timeWords(coverage)}</dd></div>
<div><dt>Report made</dt><dd>${formatTime(run.now)} UTC, profile ${run.profile}</dd></div>
</dl>
</header>
<nav aria-label="Sections"><ul>
<li><a href="#outcomes">Outcomes</a></li>
${report.timeline !== undefined && report.timeline.length > 0 && markup`<li><a href="#timeline">Timeline</a></li>`}
${hosts.length > 0 && markup`<li><a href="#hosts">Hosts</a></li>`}
<li><a href="#findings">Findings</a></li>
${advisories && markup`<li><a href="#advisories">Advisories</a></li>`}
<li><a href="#exceptions">Exceptions</a></li>
<li><a href="#coverage">Coverage</a></li>
<li><a href="#run">Run</a></li>
</ul></nav>
<main id="main" tabindex="-1">
${tiles(report)}`;
}

function tiles({ verdict }: RunReport): Markup {
  const items = FURTHEST_FIRST.map((outcome) => {
    const { word, meaning } = OUTCOME_WORDS[outcome];
    const [hosts, sessions] = [verdict.hosts[outcome] ?? 0, verdict.sessions[outcome] ?? 0];
    return markup`<li class="tile o-${outcome}${hosts + sessions === 0 && " zero"}">
<p class="tile-word">${swatch(outcome)} ${word.toLowerCase()}</p>
<p class="tile-count">${countOf(hosts, "host")}</p>
<p>${countOf(sessions, "session")}</p>
<p class="dim">${meaning}</p>
</li>
`;
  });
  return markup`<section id="outcomes" aria-labelledby="outcomes-title">
<h2 id="outcomes-title">How far it got</h2>
<p class="dim">Each host counts once, by the furthest that any of its sessions got.</p>
<ul class="tiles">
${items}</ul>
</section>
`;
}

/** From the end of main to the end of the document. */
export function pageEnd({ run }: RunReport): Markup {
  return markup`</main>
<footer><p>Made by sallyport ${run.tool.version}. All times in UTC. This file loads nothing and runs nothing.</p></footer>
</body>
</html>
`;
}
