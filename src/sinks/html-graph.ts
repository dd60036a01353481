/** The picture of hosts and destinations: who of ours talked to whom, how much, and how far it got. */
import type { Outcome } from "../event/outcome.ts";
import { countOf, formatBytes, formatCount } from "../findings/quantity.ts";
import { outcomeBadge } from "./html-outcome.ts";
import { type Markup, markup, tableMarkup } from "./markup.ts";
import { FURTHEST_FIRST, furtherOutcome, OUTCOME_WORDS } from "./outcome-words.ts";
import { assetWords, endWords, type HostRollup } from "./rollup.ts";
import { truncate } from "./width.ts";

const SHOWN = 12;
const ROWS_MAX = 200;
const WIDTH = 960;
const [LEFT, RIGHT] = [290, 670];
const ROW = 46;
const TOP = 40;
const LABEL_COLUMNS = 30;
const STROKE = { min: 2.5, max: 12 };

/** One line between a host and a destination. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly outcome: Outcome;
  readonly sessions: number;
  readonly bytes: number;
}

/** One end: what it is called, and what is known of it. */
interface End {
  readonly key: string;
  readonly label: string;
  readonly about: string;
}

interface Graph {
  readonly hosts: readonly End[];
  readonly destinations: readonly End[];
  readonly edges: readonly Edge[];
}

/** Where everything beyond the first ends up. */
const OTHERS = "others";

/** The section with the picture and the same facts as a table; nothing when there are no hosts. */
export function graphSection(hosts: readonly HostRollup[]): Markup {
  if (hosts.length === 0) return markup``;
  const graph = graphOf(hosts);
  const used = FURTHEST_FIRST.filter((outcome) => graph.edges.some((edge) => edge.outcome === outcome));
  return markup`<section id="hosts" aria-labelledby="hosts-title">
<h2 id="hosts-title">Who talked to whom</h2>
<p class="dim">Our hosts on the left, destinations on the right, the worst on top. A wider line carried more.</p>
${lineLegend(used)}
<div class="scroll" role="region" tabindex="0" aria-label="Hosts and destinations, picture">
${drawing(graph)}
</div>
<details><summary>The same as a table</summary>
${pairs(hosts)}
</details>
</section>
`;
}

function graphOf(hosts: readonly HostRollup[]): Graph {
  const ends = hosts
    .slice(0, SHOWN)
    .map(({ ip, asset }) => ({ key: ip, label: ip, about: assetWords(asset) }));
  const all = new Map<string, End>();
  for (const { ip, ports, domain } of hosts.flatMap((host) => host.destinations)) {
    if (!all.has(ip)) all.set(ip, { key: ip, label: endWords(ip, ports), about: domain ?? "" });
  }
  const shown = [...all.values()].slice(0, SHOWN);
  return {
    hosts: withOthers(ends, hosts.length, "host"),
    destinations: withOthers(shown, all.size, "destination"),
    edges: edgesOf(hosts, new Set([...ends, ...shown].map((end) => end.key))),
  };
}

function edgesOf(hosts: readonly HostRollup[], shown: ReadonlySet<string>): readonly Edge[] {
  const edges = new Map<string, Edge>();
  const named = (ip: string): string => (shown.has(ip) ? ip : OTHERS);
  for (const host of hosts) {
    for (const { ip, outcome, sessions, out, in: received } of host.destinations) {
      addEdge(edges, {
        from: named(host.ip),
        to: named(ip),
        outcome,
        sessions,
        bytes: (out ?? 0) + (received ?? 0),
      });
    }
  }
  return [...edges.values()];
}

function addEdge(edges: Map<string, Edge>, edge: Edge): void {
  const key = `${edge.from} ${edge.to}`;
  const known = edges.get(key);
  if (known === undefined) edges.set(key, edge);
  else {
    edges.set(key, {
      ...edge,
      outcome: furtherOutcome(known.outcome, edge.outcome),
      sessions: known.sessions + edge.sessions,
      bytes: known.bytes + edge.bytes,
    });
  }
}

function withOthers(ends: readonly End[], all: number, noun: string): readonly End[] {
  const more = all - ends.length;
  return more <= 0 ? ends : [...ends, { key: OTHERS, label: "others", about: countOf(more, noun) }];
}

function drawing({ hosts, destinations, edges }: Graph): Markup {
  const rows = Math.max(hosts.length, destinations.length);
  const height = TOP + rows * ROW + 8;
  const place = (ends: readonly End[]): Map<string, number> =>
    new Map(ends.map((end, at) => [end.key, TOP + (rows - ends.length) * (ROW / 2) + at * ROW + ROW / 2]));
  const [left, right] = [place(hosts), place(destinations)];
  const weight = strokeScale(edges);
  const yFrom = fanOut(
    edges,
    (edge) => left.get(edge.from) ?? 0,
    (edge) => right.get(edge.to) ?? 0,
  );
  const yTo = fanOut(
    edges,
    (edge) => right.get(edge.to) ?? 0,
    (edge) => left.get(edge.from) ?? 0,
  );
  // The furthest outcome is drawn last, on top of the others.
  const lines = [...edges]
    .sort((a, b) => FURTHEST_FIRST.indexOf(b.outcome) - FURTHEST_FIRST.indexOf(a.outcome))
    .map((edge) => edgeMarkup(edge, yFrom.get(edge) ?? 0, yTo.get(edge) ?? 0, weight(edge)));
  return markup`<svg class="picture" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="graph-title graph-desc">
<title id="graph-title">Hosts and the destinations they talked to</title>
<desc id="graph-desc">${countOf(hosts.length, "host")} on the left, ${countOf(destinations.length, "destination")} on the right, ${countOf(edges.length, "line")}. The table below has every pair.</desc>
<text class="axis-title" x="${LEFT}" y="20" text-anchor="end">Our hosts</text>
<text class="axis-title" x="${RIGHT}" y="20">Destinations</text>
${lines}
${hosts.map((end) => endMarkup(end, left.get(end.key) ?? 0, "left"))}
${destinations.map((end) => endMarkup(end, right.get(end.key) ?? 0, "right"))}
</svg>`;
}

/** Where the lines meet an end: side by side, in the order of what is at their other end. */
function fanOut(
  edges: readonly Edge[],
  near: (edge: Edge) => number,
  far: (edge: Edge) => number,
): Map<Edge, number> {
  const byEnd = new Map<number, Edge[]>();
  for (const edge of edges) byEnd.set(near(edge), [...(byEnd.get(near(edge)) ?? []), edge]);
  const places = new Map<Edge, number>();
  for (const [y, group] of byEnd) {
    const step = Math.min(8, 18 / group.length);
    const sorted = [...group].sort((a, b) => far(a) - far(b));
    for (const [at, edge] of sorted.entries()) places.set(edge, y + (at - (sorted.length - 1) / 2) * step);
  }
  return places;
}

/** Widths on a logarithmic scale, by bytes where any line has them, else by sessions. */
function strokeScale(edges: readonly Edge[]): (edge: Edge) => number {
  const byBytes = edges.some((edge) => edge.bytes > 0);
  const size = (edge: Edge): number => Math.log10(1 + (byBytes ? edge.bytes : edge.sessions));
  const most = Math.max(1, ...edges.map(size));
  return (edge) => Math.round((STROKE.min + (size(edge) / most) ** 2 * (STROKE.max - STROKE.min)) * 10) / 10;
}

function edgeMarkup(edge: Edge, from: number, to: number, stroke: number): Markup {
  const [x1, x2] = [LEFT + 12, RIGHT - 12];
  const middle = (x1 + x2) / 2;
  const words = `${edge.from} → ${edge.to}: ${OUTCOME_WORDS[edge.outcome].word.toLowerCase()}, ${countOf(edge.sessions, "session")}, ${formatBytes(edge.bytes)}`;
  return markup`<path class="edge o-${edge.outcome}" d="M${x1} ${from}C${middle} ${from} ${middle} ${to} ${x2} ${to}" stroke-width="${stroke}"><title>${words}</title></path>\n`;
}

function endMarkup({ label, about }: End, y: number, side: "left" | "right"): Markup {
  const [x, anchor, text] = side === "left" ? [LEFT, "end", LEFT - 8] : [RIGHT - 12, "start", RIGHT + 8];
  return markup`<g><title>${label} ${about}</title><rect class="end" x="${x}" y="${y - 11}" width="12" height="22" rx="3"/>
<text class="end-label" x="${text}" y="${about === "" ? y + 5 : y - 2}" text-anchor="${anchor}">${truncate(label, LABEL_COLUMNS)}</text>
${about !== "" && markup`<text class="axis" x="${text}" y="${y + 14}" text-anchor="${anchor}">${truncate(about, LABEL_COLUMNS + 4)}</text>`}</g>
`;
}

function lineLegend(outcomes: readonly Outcome[]): Markup {
  const items = outcomes.map(
    (outcome) =>
      markup`<li><svg viewBox="0 0 40 10" width="40" height="10" aria-hidden="true" focusable="false"><path class="edge o-${outcome}" d="M0 5H40" stroke-width="4"/></svg> ${OUTCOME_WORDS[outcome].word.toLowerCase()}</li>`,
  );
  return markup`<ul class="legend">${items}</ul>`;
}

function pairs(hosts: readonly HostRollup[]): Markup {
  const rows = hosts.flatMap((host) =>
    host.destinations.map((destination) => [
      markup`<code>${host.ip}</code>`,
      assetWords(host.asset),
      markup`<code>${endWords(destination.ip, destination.ports)}</code>`,
      destination.domain,
      outcomeBadge(destination.outcome),
      formatCount(destination.sessions),
      destination.out === null ? "–" : formatBytes(destination.out),
      destination.in === null ? "–" : formatBytes(destination.in),
    ]),
  );
  const titles = ["Host", "Asset", "Destination", "Name", "Outcome"].map((title) => ({ title }));
  const counts = ["Sessions", "Bytes out", "Bytes in"].map((title) => ({ title, number: true }));
  const more = rows.length - ROWS_MAX;
  return markup`${tableMarkup("Hosts and destinations", [...titles, ...counts], rows.slice(0, ROWS_MAX))}
${more > 0 && markup`<p class="note">${countOf(more, "pair")} more; the CSV output has all of them.</p>`}`;
}
