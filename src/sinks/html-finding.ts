/** Findings in the HTML report: the filter, the index, and one article each. */
import { responsesFor } from "../advisories/responses.ts";
import type { Finding, RiskModifier } from "../findings/finding.ts";
import { countOf, formatBytes, formatCount } from "../findings/quantity.ts";
import type { RunReport } from "../findings/run.ts";
import { coverageStatement } from "./coverage-words.ts";
import { type Fact, factsOf } from "./finding-facts.ts";
import { outcomeBadge, severityBadge } from "./html-outcome.ts";
import { responseList } from "./html-response.ts";
import { joined, type Markup, type MarkupValue, markup, prose, tableMarkup } from "./markup.ts";
import { FURTHEST_FIRST, OUTCOME_WORDS } from "./outcome-words.ts";
import { formatTime } from "./quantity.ts";
import { endWords } from "./rollup.ts";
import type { Guidance } from "./sink.ts";

/** Rows of the index of findings. */
const INDEX_MAX = 1000;
/** Up to here the index stands open. */
const INDEX_OPEN = 12;
/** Findings that carry their block rules; more would make the file too large to send. */
const WITH_RESPONSES = 50;
/** Facts that everybody asks for first; the others are one step away. */
const FIRST_FACTS: ReadonlySet<string> = new Set([
  "Source",
  "Source asset",
  "Destination",
  "Address inside",
  "Which policy",
  "Credentials",
  "Users",
  "Processes",
  "Bytes",
  "Seen",
  "Sessions",
]);

/** The start of the section of findings; the articles follow, then its end tag. */
export function findingsHead(findings: readonly Finding[], report: RunReport): Markup {
  return markup`<section id="findings" aria-labelledby="findings-title">
<h2 id="findings-title">Findings <span class="dim">${formatCount(findings.length)}</span></h2>
${findings.length === 0 ? nothingFound(report) : markup`${filter(findings)}${index(findings)}`}
`;
}

function nothingFound(report: RunReport): Markup {
  const { findings } = report.verdict;
  const title =
    findings === 0 ? "No outbound SMB found." : `No finding is shown, of ${countOf(findings, "finding")}.`;
  return markup`<p><strong>${title}</strong> What that rests on:</p>
<ul>${coverageStatement(report).map((sentence) => markup`<li>${sentence}</li>`)}</ul>
`;
}

/** Boxes that hide findings by outcome; the style sheet does the work, so no script is needed. */
function filter(findings: readonly Finding[]): Markup {
  const counts = FURTHEST_FIRST.map((outcome) => ({
    outcome,
    count: findings.filter((finding) => finding.outcome === outcome).length,
  }));
  const boxes = counts
    .filter(({ count }) => count > 0)
    .map(
      ({ outcome, count }) =>
        markup`<label><input type="checkbox" id="show-${outcome}" checked> ${outcomeBadge(outcome)} <span class="dim">${formatCount(count)}</span></label>\n`,
    );
  return markup`<fieldset class="filter"><legend>Show</legend>
${boxes}</fieldset>
`;
}

function index(findings: readonly Finding[]): Markup {
  const rows = findings
    .slice(0, INDEX_MAX)
    .map((finding, at) => [
      markup`<a href="#${anchorOf(finding, at)}">${formatCount(at + 1)}</a>`,
      severityBadge(finding.severity),
      outcomeBadge(finding.outcome),
      markup`<code>${finding.source.ip}</code>`,
      markup`<code>${endWords(finding.destination.ip, finding.destination.port)}</code>`,
      formatCount(finding.sessions),
      finding.bytes.out === null ? "–" : formatBytes(finding.bytes.out),
      finding.first_seen === null ? "–" : formatTime(finding.first_seen),
    ]);
  const columns = [
    { title: "No.", number: true },
    ...["Severity", "Outcome", "Source", "Destination"].map((title) => ({ title })),
    ...["Sessions", "Bytes out", "First seen (UTC)"].map((title) => ({ title, number: true })),
  ];
  return markup`<details${findings.length <= INDEX_OPEN && markup` open`}><summary>All findings at a glance</summary>
${tableMarkup("Findings", columns, rows)}</details>
`;
}

function anchorOf(finding: Finding, at: number): string {
  return `f${at + 1}-${finding.id.replace(/[^\w-]/g, "")}`;
}

/** A finding as an article. `at` counts from zero; the first has its guide open. */
export function findingArticle(finding: Finding, at: number, guidance?: Guidance): Markup {
  const anchor = anchorOf(finding, at);
  const facts = factsOf(finding);
  const first = facts.filter((fact) => FIRST_FACTS.has(fact.name));
  const rest = facts.filter((fact) => !FIRST_FACTS.has(fact.name));
  return markup`<article id="${anchor}" class="finding o-${finding.outcome}" data-outcome="${finding.outcome}" aria-labelledby="${anchor}-title">
<p class="badges">${severityBadge(finding.severity)} ${outcomeBadge(finding.outcome)} ${baselineBadge(finding)}<a class="number" href="#${anchor}" aria-label="Link to finding ${at + 1}">#${at + 1}</a></p>
<h3 id="${anchor}-title"><bdi>${finding.source.ip}</bdi> → <bdi>${endWords(finding.destination.ip, finding.destination.port)}</bdi></h3>
<p class="reason">${finding.reason}</p>
${finding.suppressed_by !== null && markup`<p class="note">Hidden by exception <code>${finding.suppressed_by}</code>; shown because it was asked for.</p>`}
${finding.notes.map((note) => markup`<p class="note">${note}</p>`)}
${factList(first)}
${guideMarkup(finding, at === 0)}
${guidance !== undefined && responsesMarkup(finding, at, guidance)}
${evidenceMarkup(finding)}
${outcomesMarkup(finding)}
${riskMarkup(finding)}
<details><summary>Rule, logs and frameworks</summary>
${factList(rest)}
</details>
${guidance !== undefined && advisoryLinks(finding, guidance)}
</article>
`;
}

function baselineBadge({ baseline }: Finding): Markup | false {
  return baseline !== undefined && markup`<span class="tag">${baseline} since the baseline</span> `;
}

function factList(facts: readonly Fact[]): Markup {
  const items = facts.map(({ name, values }) => {
    const list = joined(
      values.map((value) => markup`<bdi>${value}</bdi>`),
      markup`<br>`,
    );
    return markup`<div><dt>${name}</dt><dd>${list}</dd></div>\n`;
  });
  return markup`<dl class="facts">
${items}</dl>`;
}

function guideMarkup({ guide }: Finding, open: boolean): MarkupValue {
  const items = (steps: readonly string[]): Markup[] => steps.map((step) => markup`<li>${prose(step)}</li>`);
  const { investigate, false_positives, respond } = guide;
  const parts = [
    investigate.length > 0 && markup`<div><h4>Investigate</h4><ol>${items(investigate)}</ol></div>\n`,
    false_positives.length > 0 &&
      markup`<div><h4>False positives</h4><ul>${items(false_positives)}</ul></div>\n`,
    respond.length > 0 && markup`<div><h4>Respond</h4><ol>${items(respond)}</ol></div>\n`,
  ];
  if (parts.every((part) => part === false)) return "";
  return markup`<details class="guide"${open && markup` open`}><summary>What to do</summary>
<div class="columns">
${parts}</div>
</details>`;
}

function responsesMarkup(finding: Finding, at: number, { responses }: Guidance): MarkupValue {
  if (responses.length === 0 || at >= WITH_RESPONSES) return "";
  const filled = responsesFor(responses, finding);
  if (filled.length === 0) return "";
  const products = new Set(filled.map(({ id }) => id)).size;
  return markup`<details class="responses"><summary>Block rules to copy, for ${countOf(products, "product")}</summary>
<p class="dim">Nothing is run from here. Each has its undo; read its warning first.</p>
${responseList(filled)}</details>`;
}

function advisoryLinks({ advisories }: Finding, guidance: Guidance): MarkupValue {
  const known = guidance.advisories.filter(({ id }) => advisories.includes(id));
  if (known.length === 0) return "";
  const links = known.map(({ id, title }) => markup`<a href="#advisory-${id}">${title}</a>`);
  return markup`<p class="read"><strong>Read:</strong> ${joined(links, markup`; `)}</p>`;
}

function evidenceMarkup({ evidence, evidence_total }: Finding): MarkupValue {
  if (evidence.length === 0) return "";
  const rows = evidence.map((row) => [
    markup`<code>${row.file}:${row.offset}</code>`,
    row["@timestamp"] === null ? "–" : formatTime(row["@timestamp"]),
    row.dataset,
    outcomeBadge(row.outcome),
    markup`<code>${row.summary}</code>`,
  ]);
  const caption = `Evidence: ${evidence.length} of ${countOf(evidence_total, "record")}`;
  const columns = ["File and byte offset", "Time (UTC)", "Log", "Proves", "Record"].map((title) => ({
    title,
  }));
  return markup`<details><summary>${caption}</summary>
${tableMarkup(caption, columns, rows)}</details>`;
}

function outcomesMarkup({ outcomes }: Finding): Markup {
  const rows = FURTHEST_FIRST.flatMap((outcome) => {
    const seen = outcomes[outcome];
    if (seen === undefined) return [];
    const [first, last] = [seen.first_seen, seen.last_seen].map((time) =>
      time === null ? "–" : formatTime(time),
    );
    return [[outcomeBadge(outcome), OUTCOME_WORDS[outcome].meaning, formatCount(seen.count), first, last]];
  });
  const columns = [
    { title: "Outcome" },
    { title: "Meaning" },
    { title: "Sessions", number: true },
    { title: "First (UTC)", number: true },
    { title: "Last (UTC)", number: true },
  ];
  return markup`<details><summary>How far each session got</summary>
${tableMarkup("Sessions by outcome", columns, rows)}</details>`;
}

function riskMarkup({ risk, severity }: Finding): Markup {
  const steps = (modifier: RiskModifier): string => {
    const sign = modifier.delta > 0 ? "+" : modifier.delta < 0 ? "−" : "±";
    return `${sign}${Math.abs(modifier.delta)} ${Math.abs(modifier.delta) === 1 ? "step" : "steps"}`;
  };
  const rows = risk.modifiers.map((modifier) => [modifier.name, steps(modifier), modifier.why]);
  const columns = [{ title: "Modifier" }, { title: "Severity", number: true }, { title: "Why" }];
  return markup`<details><summary>Risk ${risk.score} and severity ${severity}: the arithmetic</summary>
<p class="sum">impact ${risk.impact} × confidence ${risk.confidence} / 100 = <strong>${risk.score}</strong></p>
${rows.length === 0 ? markup`<p class="dim">No modifier applies.</p>` : tableMarkup("What moves the severity", columns, rows)}</details>`;
}
