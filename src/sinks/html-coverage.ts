/** The end of the HTML report: exceptions, baseline, coverage, and the facts of the run. */
import type { Coverage, FoldedRow } from "../findings/coverage.ts";
import { countOf, formatBytes, formatCount } from "../findings/quantity.ts";
import type { RunReport } from "../findings/run.ts";
import {
  accountWords,
  countWords,
  foldedWords,
  inputWords,
  pathWords,
  SHARE_NAMES,
  SHARE_WORDS,
} from "./coverage-words.ts";
import { type Column, joined, type Markup, type MarkupValue, markup, tableMarkup } from "./markup.ts";
import { formatShare, formatSpan, formatTime } from "./quantity.ts";

const INPUTS_MAX = 500;
const GONE_MAX = 200;

/** Exceptions and the baseline. */
export function exceptionSection({ exceptions, baseline, coverage }: RunReport): Markup {
  const rows = exceptions.map((exception) => [
    markup`<code>${exception.id}</code>`,
    exception.state === "expired" ? markup`<strong>expired</strong>` : exception.state,
    formatTime(exception.expires),
    formatCount(exception.hid),
  ]);
  const columns = [
    { title: "Exception" },
    { title: "State" },
    { title: "Expires (UTC)" },
    { title: "Hid", number: true },
  ];
  const hidden = Object.entries(coverage.suppressed).length > 0;
  return markup`<section id="exceptions" aria-labelledby="exceptions-title">
<h2 id="exceptions-title">Exceptions and baseline</h2>
${rows.length === 0 ? markup`<p>No exception is declared.</p>` : tableMarkup("Exceptions", columns, rows)}
${hidden && markup`<p>Matches hidden: ${countWords(coverage.suppressed)}.</p>`}
${baselineMarkup(baseline)}
</section>
`;
}

function baselineMarkup(baseline: RunReport["baseline"]): MarkupValue {
  if (baseline === null) return markup`<p>No baseline was given.</p>`;
  const gone = baseline.gone.slice(0, GONE_MAX).map(({ id, reason }) => [markup`<code>${id}</code>`, reason]);
  const more = baseline.gone.length - gone.length;
  return markup`<p>Against <code>${baseline.file}</code>: ${formatCount(baseline.new)} new, ${formatCount(baseline.changed)} changed, ${formatCount(baseline.known)} known, ${formatCount(baseline.gone.length)} gone.</p>
${gone.length > 0 && tableMarkup("Gone since the baseline", [{ title: "Finding" }, { title: "It said" }], gone)}
${more > 0 && markup`<p class="note">${countOf(more, "finding")} more are gone; the JSON output names them.</p>`}`;
}

/** What was read, what could not be read, and what could not have been seen. */
export function coverageSection({ coverage }: RunReport): Markup {
  return markup`<section id="coverage" aria-labelledby="coverage-title">
<h2 id="coverage-title">Coverage</h2>
<p>What this report rests on: what was read, what could not be read, and what could not have been seen.</p>
<h3>Records</h3>
<p class="sum">${accountWords(coverage)}</p>
<p class="dim">Ruled out: no rule could match the record's bytes. Rejected: broken before a record could be made. ${formatCount(coverage.totals.undecodable)} of the decoded records were undecodable. ${formatCount(coverage.totals.events)} events were made.</p>
${coverage.paths.map((path) => markup`<p class="dim">Fast path: ${pathWords(path)}.</p>`)}
${inputsMarkup(coverage)}
${gapsMarkup(coverage)}
${problemsMarkup(coverage)}
<h3>What the events carry</h3>
${sharesMarkup(coverage)}
<h3>Rules</h3>
${rulesMarkup(coverage)}
${Object.keys(coverage.dropped).length > 0 && markup`<p>Not counted: ${countWords(coverage.dropped)}.</p>`}
${coverage.notes.map((note) => markup`<p class="note">${note}</p>`)}
${foldedMarkup(coverage)}
</section>
`;
}

function columns(text: readonly string[], numbers: readonly string[] = []): Column[] {
  return [...text.map((title) => ({ title })), ...numbers.map((title) => ({ title, number: true }))];
}

function inputsMarkup({ inputs }: Coverage): Markup {
  const rows = inputs
    .slice(0, INPUTS_MAX)
    .map((input) => [
      markup`<code>${input.path}</code>`,
      input.status === "read" ? "read" : markup`<strong>${inputWords(input)}</strong>`,
      countWords(input.formats),
      formatSpan(input.first_seen, input.last_seen),
      input.compressed_bytes === null
        ? formatBytes(input.bytes)
        : `${formatBytes(input.bytes)} (${formatBytes(input.compressed_bytes)} packed)`,
      ...[
        input.records,
        input.ruled_out,
        input.decoded,
        input.rejected,
        input.skipped,
        input.undecodable,
      ].map(formatCount),
    ]);
  const head = columns(
    ["Input", "State", "Formats", "Time (UTC)"],
    ["Bytes", "Records", "Ruled out", "Decoded", "Rejected", "Skipped", "Undecodable"],
  );
  const more = inputs.length - INPUTS_MAX;
  return markup`${tableMarkup("Inputs", head, rows)}
${more > 0 && markup`<p class="note">${countOf(more, "input")} more; the JSON output names them.</p>`}`;
}

function gapsMarkup({ gaps }: Coverage): MarkupValue {
  if (gaps.length === 0) return "";
  const rows = gaps.map((gap) => [formatTime(gap.from), formatTime(gap.to)]);
  return markup`<h3>Gaps</h3>
<p>Stretches without a single event. Was the sensor silent?</p>
${tableMarkup("The longest stretches without any event", columns(["From (UTC)", "To (UTC)"]), rows)}`;
}

function problemsMarkup({ problems }: Coverage): MarkupValue {
  if (problems.length === 0) return markup`<p>No record was broken or doubtful.</p>`;
  const rows = problems.map((problem) => [
    problem.message,
    problem.kind,
    formatCount(problem.count),
    joined(
      problem.samples.map(
        (sample) =>
          markup`<code>${sample.file}:${sample.offset}</code> <code class="excerpt">${sample.excerpt}</code>`,
      ),
      markup`<br>`,
    ),
  ]);
  const head = [
    { title: "Problem" },
    { title: "Kind" },
    { title: "Records", number: true },
    { title: "First samples" },
  ];
  return markup`<h3>Problems</h3>
${tableMarkup("Bad input, by kind", head, rows)}`;
}

function sharesMarkup({ shares }: Coverage): Markup {
  if (shares.sampled === 0) return markup`<p>No event was sampled.</p>`;
  const rows = SHARE_NAMES.map((name) => [
    SHARE_WORDS[name].name,
    markup`<span class="share">${formatShare(shares[name], shares.sampled)}</span>${shareBar(shares[name] / shares.sampled)}`,
    shares[name] === 0 && SHARE_WORDS[name].none,
  ]);
  const caption = `From a sample of ${countOf(shares.sampled, "event")}: how many carry what`;
  return tableMarkup(caption, columns(["Carries", "Share", "What that means"]), rows);
}

function shareBar(share: number): Markup {
  return markup`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" width="100" height="8"/><rect class="part" width="${Math.round(share * 1000) / 10}" height="8"/></svg>`;
}

function rulesMarkup({ rules }: Coverage): Markup {
  const lines = (values: readonly string[]): Markup =>
    joined(
      values.map((value) => markup`${value}`),
      markup`<br>`,
    );
  const rows = rules.map((rule) => [
    markup`${rule.id} ${rule.name}`,
    rule.status === "fed" ? "fed" : markup`<strong>${rule.status}</strong>`,
    countWords(rule.datasets) || "–",
    lines(Object.entries(rule.missing_fields).map(([dataset, fields]) => `${dataset}: ${fields.join(", ")}`)),
    lines(rule.cannot_see),
  ]);
  return tableMarkup(
    "Rules, and which logs could feed them",
    columns(["Rule", "State", "Fed by (events)", "Fields that are missing", "Cannot see"]),
    rows,
  );
}

function foldedMarkup({ folded }: Coverage): MarkupValue {
  if (folded === null) return "";
  const rows = (list: readonly FoldedRow[]): MarkupValue[][] =>
    list.map((row) => [
      markup`<code>${row.source}</code>`,
      countWords(row.outcomes),
      formatSpan(row.first_seen, row.last_seen),
      formatCount(row.observations),
    ]);
  const head = columns(["Source", "Outcomes", "Time (UTC)"], ["Observations"]);
  return markup`<h3>Folded detail</h3>
<p class="warn">${foldedWords(folded)}.</p>
${tableMarkup("Folded, by source", head, rows(folded.by_source))}
${tableMarkup("Folded, by prefix", head, rows(folded.by_prefix))}`;
}

/** What was asked for, so that the report can be made again. */
export function runSection({ run }: RunReport): Markup {
  const facts: readonly (readonly [string, MarkupValue])[] = [
    ["Tool", `sallyport ${run.tool.version}`],
    ["Clock of the run", run.now],
    ["Profile", run.profile],
    [
      "Inputs",
      joined(
        run.inputs.map((input) => markup`<code>${input}</code>`),
        markup`, `,
      ),
    ],
    ["Time bounds", `${run.since ?? "none"} – ${run.until ?? "none"}`],
    ["Site file", run.site.file ?? "none"],
    [
      "Our networks",
      joined(
        run.site.internal.map((network) => markup`<code>${network}</code>`),
        markup`, `,
      ),
    ],
    ["Exceptions", formatCount(run.site.exceptions)],
    [
      "Rules",
      joined(
        run.rules.map((rule) => markup`${rule.id} ${rule.name}`),
        markup`<br>`,
      ),
    ],
  ];
  return markup`<section id="run" aria-labelledby="run-title">
<h2 id="run-title">Run</h2>
<dl class="facts">
${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>\n`)}</dl>
</section>
`;
}
