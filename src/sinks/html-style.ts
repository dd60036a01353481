/** The style sheet of the HTML report: light, dark, print, narrow, forced colours. */
import { OUTCOMES } from "../event/outcome.ts";
import type { Markup } from "./markup.ts";

const DARK = `
  --bg: #10151c; --panel: #171e27; --line: #2c3846; --text: #e4e9ef; --dim: #a3b0bf; --link: #82b4ff; --focus: #ffd166;
  --code: #1f2833; --warn-bg: #3a2a10; --warn: #ffd9a0; --bar: #82b4ff;
  --transferred: #ff8095; --authenticated: #ff9d52; --established: #f2c744; --attempted: #5cb8f5; --blocked: #9fb0c3;
  --unknown: #8592a3;
  --critical: #ff8095; --high: #ff9d52; --medium: #f2c744; --low: #5cb8f5; --info: #a3b0bf;`;

const BASE = `
:root {
  color-scheme: light dark;
  --bg: #f6f7f9; --panel: #ffffff; --line: #d5dbe3; --text: #1b2430; --dim: #536072; --link: #0b57b0; --focus: #0b57b0;
  --code: #eef1f5; --warn-bg: #fff3dc; --warn: #6b3f00; --bar: #0b57b0;
  --transferred: #9f1239; --authenticated: #b8430a; --established: #8a5a00; --attempted: #0369a1; --blocked: #475569;
  --unknown: #5f6d80;
  --critical: #9f1239; --high: #b8430a; --medium: #8a5a00; --low: #0369a1; --info: #536072;
}
@media screen and (prefers-color-scheme: dark) { :root {${DARK} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 4rem; }
body {
  margin: 0; background: var(--bg); color: var(--text); overflow-wrap: anywhere;
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
header, nav ul, main, footer { max-width: 76rem; margin: 0 auto; padding-inline: clamp(1rem, 4vw, 2.5rem); }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: clamp(1.35rem, 1rem + 1.6vw, 2.1rem); font-weight: 650; letter-spacing: -0.01em; margin: .4rem 0 1rem; max-width: 48rem; }
h2 { font-size: 1.35rem; margin: 0 0 .3rem; }
h3 { font-size: 1.1rem; margin: 1.6rem 0 .5rem; }
h4 { font-size: 1rem; margin: 0 0 .3rem; }
p { margin: .4rem 0; max-width: 72ch; }
a { color: var(--link); }
code, .sum { font-family: ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, monospace; font-size: .9em; }
code, dd, td, bdi { unicode-bidi: isolate; }
.dim { color: var(--dim); font-weight: 400; }
.skip { position: absolute; left: 1rem; top: -4rem; z-index: 2; background: var(--panel); padding: .5rem 1rem; border: 2px solid var(--focus); }
.skip:focus { top: .5rem; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
main:focus { outline: none; }
.defs { position: absolute; }
`;

const FRAME = `
header { padding-block: 2rem 1rem; }
.brand { font-weight: 700; margin: 0; letter-spacing: .01em; }
.brand span { font-weight: 400; color: var(--dim); margin-left: .5rem; }
.meta { display: flex; flex-wrap: wrap; gap: .6rem 2.2rem; margin: 1rem 0 0; }
dt { color: var(--dim); font-size: .82rem; }
dd { margin: 0; }
.meta div { max-width: 32rem; }
nav { position: sticky; top: 0; z-index: 1; background: var(--bg); border-block: 1px solid var(--line); }
nav ul { display: flex; flex-wrap: wrap; gap: 0 1.4rem; list-style: none; margin-block: 0; padding-block: .5rem; }
nav a { display: inline-block; padding: .2rem 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
section { padding-block: 2rem; border-bottom: 1px solid var(--line); }
section:last-child { border-bottom: 0; }
footer { padding-block: 1.5rem 3rem; color: var(--dim); font-size: .9rem; }
.warn { background: var(--warn-bg); color: var(--warn); border-left: 4px solid currentColor; padding: .6rem .9rem; border-radius: 4px; }
.note { border-left: 3px solid var(--line); padding-left: .8rem; color: var(--dim); }
.tiles { list-style: none; margin: 1rem 0 0; padding: 0; display: grid; gap: .8rem; grid-template-columns: repeat(auto-fit, minmax(10.5rem, 1fr)); }
.tile { background: var(--panel); border: 1px solid var(--line); border-top: 4px solid var(--o); border-radius: 8px; padding: .7rem .8rem .8rem; }
.tile p { margin: 0; }
.tile-word { display: flex; align-items: center; gap: .35rem; white-space: nowrap; font-size: .95rem; font-weight: 600; color: var(--o); }
.tile-count { font-size: 1.5rem; font-weight: 650; }
.tile .dim { font-size: .85rem; margin-top: .3rem; }
.tile.zero { border-top-color: var(--line); }
.tile.zero .tile-count { font-weight: 400; color: var(--dim); }
`;

const PARTS = `
.scroll { overflow-x: auto; margin: .6rem 0; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
.wide { min-width: 46rem; }
.widest { min-width: 64rem; }
caption { text-align: left; color: var(--dim); font-size: .85rem; padding: .2rem 0 .4rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); font-weight: 400; min-width: 7.5rem; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--dim); font-size: .82rem; vertical-align: bottom; }
.n { text-align: right; white-space: nowrap; min-width: 0; }
details caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.sum { max-width: none; }
td code, th code { overflow-wrap: normal; word-break: normal; }
td code { overflow-wrap: anywhere; }
.excerpt { color: var(--dim); }
.swatch { vertical-align: -.15em; flex: none; }
.swatch .fill, rect.fill { stroke: var(--o); stroke-width: 1; }
.badge, .sev, .tag { display: inline-flex; align-items: center; gap: .35rem; font-size: .85rem; font-weight: 600; white-space: nowrap; }
.badge { color: var(--o); }
.sev, .tag { border: 1px solid currentColor; border-radius: 999px; padding: 0 .6rem; }
.tag { color: var(--dim); }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; list-style: none; padding: 0; margin: .6rem 0; font-size: .9rem; }
.legend li { display: inline-flex; align-items: center; gap: .4rem; }
.picture { display: block; width: 100%; min-width: 44rem; height: auto; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
svg text { font-family: inherit; fill: var(--text); }
.axis { font-size: 12px; fill: var(--dim); }
.axis-title, .end-label { font-size: 14px; font-weight: 600; }
.end-label { font-weight: 400; }
.grid { stroke: var(--line); stroke-dasharray: 3 4; fill: none; }
.base, .tick { stroke: var(--dim); fill: none; }
.end { fill: var(--dim); }
.edge { fill: none; stroke: var(--o); opacity: .82; }
pattern rect { fill: var(--o); }
pattern .tint { opacity: .28; }
pattern path { stroke: var(--o); stroke-width: 2; fill: none; }
.edge.o-authenticated { stroke-dasharray: 22 4; }
.edge.o-established { stroke-dasharray: 12 4; }
.edge.o-attempted { stroke-dasharray: 6 4; }
.edge.o-blocked { stroke-dasharray: 2 5; }
.edge.o-unknown { stroke-dasharray: 1 9; }
.bar { width: 8rem; height: .55rem; margin-left: .6rem; border-radius: 4px; }
.share { display: inline-block; min-width: 3.6rem; text-align: right; }
.track { fill: var(--line); }
.part { fill: var(--bar); }
`;

const FINDINGS = `
.filter { border: 1px solid var(--line); border-radius: 8px; display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; margin: .8rem 0; padding: .4rem 1rem .6rem; }
.filter legend { color: var(--dim); font-size: .85rem; padding: 0 .3rem; }
.filter label { display: inline-flex; align-items: center; gap: .35rem; min-height: 1.75rem; cursor: pointer; }
.filter input { width: 1.05rem; height: 1.05rem; accent-color: var(--link); }
.finding { background: var(--panel); border: 1px solid var(--line); border-left: 5px solid var(--o); border-radius: 8px; padding: 1rem clamp(.9rem, 3vw, 1.5rem); margin: 1.2rem 0; }
.finding h3 { margin: .3rem 0 .2rem; font-size: 1.2rem; }
.badges { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem 1rem; margin: 0; max-width: none; }
.number { margin-left: auto; color: var(--dim); text-decoration: none; }
.reason { font-size: 1.05rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); gap: .8rem 1.6rem; margin: 1rem 0; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); gap: 1rem 2rem; }
ol, ul { padding-left: 1.3rem; margin: .3rem 0; }
li { margin: .25rem 0; }
details { border-top: 1px solid var(--line); }
section > details { border: 0; }
summary { cursor: pointer; padding: .5rem 0; font-weight: 600; }
summary:hover { color: var(--link); }
details[open] > summary { margin-bottom: .2rem; }
`;

const GUIDANCE = `
pre { background: var(--code); border-radius: 6px; margin: .3rem 0 .9rem; overflow-x: auto; padding: .6rem .8rem; }
pre code { font-size: .85rem; line-height: 1.5; }
.prose { max-width: 72ch; padding-left: 1.5rem; }
.prose li { margin: .45rem 0; }
.label { font-weight: 600; }
.response { padding-left: .9rem; }
.response ul { margin-bottom: .8rem; }
.cards { display: grid; gap: .9rem; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); margin: 1rem 0 0; }
.card { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: .9rem 1.1rem; }
.card.fired { border-left: 5px solid var(--high); }
.card.off { border-style: dashed; }
.card h3 { margin: .5rem 0 .2rem; }
.card dl { display: grid; gap: .5rem; margin: .8rem 0 0; }
.read { margin: .7rem 0 0; }
.advisory summary .sev { font-weight: 600; margin-right: .4rem; }
`;

const MEDIA = `
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media (prefers-contrast: more) { :root { --line: currentColor; --dim: var(--text); } }
@media (forced-colors: active) {
  .tile, .finding, .sev { border-color: CanvasText; }
  pattern rect.solid { fill: CanvasText; }
  pattern path, .edge, rect.fill, .swatch .fill { stroke: CanvasText; }
}
@media (max-width: 40rem) {
  nav { position: static; }
  .tiles { grid-template-columns: 1fr 1fr; }
}
@media print {
  @page { margin: 16mm 14mm; }
  body { background: #fff; }
  nav, .skip, .filter, .number { display: none; }
  header, main, footer { max-width: none; padding-inline: 0; }
  section { padding-block: 1rem; }
  .scroll { overflow: visible; }
  .picture { min-width: 0; }
  html { font-size: 9.5pt; }
  table { font-size: 8pt; }
  table.wide, table.widest { min-width: 0; }
  th, td { padding-right: .5rem; min-width: 0; }
  td code, th code, .n { overflow-wrap: anywhere; white-space: normal; }
  .finding, .tile, .card { background: #fff; }
  pre { overflow: visible; white-space: pre-wrap; }
  h2, h3, h4, summary, caption, thead { break-after: avoid; }
  tr, .tile, .card, .picture, .facts > div { break-inside: avoid; }
  summary { list-style: none; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
  a { color: inherit; text-decoration: none; }
}
`;

const BY_OUTCOME = OUTCOMES.map(
  (outcome) => `.o-${outcome} { --o: var(--${outcome}); }
@media screen { body:has(#show-${outcome}:not(:checked)) article[data-outcome="${outcome}"] { display: none; } }`,
).join("\n");

const BY_SEVERITY = ["critical", "high", "medium", "low", "info"]
  .map((word) => `.s-${word} { color: var(--${word}); }`)
  .join("\n");

/** The whole style sheet, as an element. It holds no value of any run. */
export const STYLE: Markup = {
  html: `<style>${BASE}${FRAME}${PARTS}${FINDINGS}${GUIDANCE}${BY_OUTCOME}\n${BY_SEVERITY}${MEDIA}</style>`,
};
