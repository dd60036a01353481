/** The timeline: stacked bars of sessions by outcome, drawn as SVG, with the same numbers as a table. */
import { gotOut, type Outcome } from "../event/outcome.ts";
import { formatCount } from "../findings/quantity.ts";
import type { TimelineBucket } from "../findings/run.ts";
import { outcomeLegend } from "./html-outcome.ts";
import { type Markup, markup, tableMarkup } from "./markup.ts";
import { FURTHEST_FIRST, OUTCOME_WORDS } from "./outcome-words.ts";
import { formatDuration, formatTime } from "./quantity.ts";

const BARS_MAX = 72;
const WIDTH = 960;
const LEFT = 64;
const RIGHT = 8;
const LANE = { height: 110, gap: 40, top: 36 };
const AXIS = 44;
/** Below this a bar could not be seen. */
const BAR_MIN = 3;

interface Lane {
  readonly title: string;
  readonly outcomes: readonly Outcome[];
}

/**
 * Two lanes, each with a scale of its own: thousands of blocked attempts must not flatten the one session that
 * got out.
 */
const LANES: readonly Lane[] = [
  { title: "Got out", outcomes: FURTHEST_FIRST.filter(gotOut) },
  {
    title: "Did not, or nothing tells",
    outcomes: FURTHEST_FIRST.filter((outcome) => !gotOut(outcome)),
  },
];

/** The section with the timeline; nothing when there is no time to draw. */
export function timelineSection(timeline: readonly TimelineBucket[]): Markup {
  const buckets = mergeBuckets(timeline);
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return markup``;
  const length = formatDuration(Date.parse(first.to) - Date.parse(first.from));
  const used = FURTHEST_FIRST.filter((outcome) =>
    buckets.some((bucket) => (bucket.counts[outcome] ?? 0) > 0),
  );
  return markup`<section id="timeline" aria-labelledby="timeline-title">
<h2 id="timeline-title">When</h2>
<p class="dim">Sessions by the time they began, one bar for ${length}. The two lanes have scales of their own.</p>
${outcomeLegend(used)}
<div class="scroll" role="region" tabindex="0" aria-label="Timeline, picture">
${drawing(buckets)}
</div>
<details><summary>The same numbers as a table</summary>
${numbers(buckets, used)}
</details>
</section>
`;
}

/** Joins neighbouring stretches until at most BARS_MAX are left. */
export function mergeBuckets(timeline: readonly TimelineBucket[]): readonly TimelineBucket[] {
  const step = Math.ceil(timeline.length / BARS_MAX);
  if (step <= 1) return timeline;
  const merged: TimelineBucket[] = [];
  for (let at = 0; at < timeline.length; at += step) {
    const group = timeline.slice(at, at + step);
    const counts: Partial<Record<Outcome, number>> = {};
    for (const bucket of group) {
      for (const outcome of FURTHEST_FIRST)
        counts[outcome] = (counts[outcome] ?? 0) + (bucket.counts[outcome] ?? 0);
    }
    merged.push({ from: group[0]?.from ?? "", to: group.at(-1)?.to ?? "", counts });
  }
  return merged;
}

function drawing(buckets: readonly TimelineBucket[]): Markup {
  const height = LANE.top + LANES.length * (LANE.height + LANE.gap) - LANE.gap + AXIS;
  const lanes = LANES.map((lane, at) => laneMarkup(lane, buckets, LANE.top + at * (LANE.height + LANE.gap)));
  const totals = FURTHEST_FIRST.map(
    (outcome) => `${OUTCOME_WORDS[outcome].word.toLowerCase()} ${formatCount(total(buckets, [outcome]))}`,
  );
  return markup`<svg class="picture" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="timeline-svg-title timeline-svg-desc">
<title id="timeline-svg-title">Sessions over time by outcome</title>
<desc id="timeline-svg-desc">From ${formatTime(buckets[0]?.from ?? "")} to ${formatTime(buckets.at(-1)?.to ?? "")} UTC: ${totals.join(", ")}. The table below has every number.</desc>
${lanes}
${timeAxis(buckets, height - AXIS)}
</svg>`;
}

function total(buckets: readonly TimelineBucket[], outcomes: readonly Outcome[]): number {
  return buckets.reduce(
    (sum, { counts }) => sum + outcomes.reduce((part, outcome) => part + (counts[outcome] ?? 0), 0),
    0,
  );
}

function laneMarkup({ title, outcomes }: Lane, buckets: readonly TimelineBucket[], top: number): Markup {
  const most = Math.max(0, ...buckets.map((bucket) => total([bucket], outcomes)));
  const base = top + LANE.height;
  const slot = (WIDTH - LEFT - RIGHT) / buckets.length;
  const bars = buckets.map((bucket, at) =>
    barMarkup(bucket, outcomes, { x: LEFT + at * slot, width: slot, base, most }),
  );
  return markup`<g>
<text class="axis-title" x="${LEFT}" y="${top - 8}">${title}${most === 0 && ": none"}</text>
${most > 0 && markup`<path class="grid" d="M${LEFT} ${top}H${WIDTH - RIGHT}"/><text class="axis" x="${LEFT - 8}" y="${top + 4}" text-anchor="end">${formatCount(most)}</text>`}
<text class="axis" x="${LEFT - 8}" y="${base + 4}" text-anchor="end">0</text>
${bars}<path class="base" d="M${LEFT} ${base}H${WIDTH - RIGHT}"/>
</g>
`;
}

interface BarPlace {
  readonly x: number;
  readonly width: number;
  readonly base: number;
  readonly most: number;
}

function barMarkup(
  bucket: TimelineBucket,
  outcomes: readonly Outcome[],
  { x, width, base, most }: BarPlace,
): Markup {
  const shown = outcomes.filter((outcome) => (bucket.counts[outcome] ?? 0) > 0);
  if (shown.length === 0) return markup``;
  let y = base;
  const rects = shown.map((outcome) => {
    const height = Math.max(BAR_MIN, ((bucket.counts[outcome] ?? 0) / most) * LANE.height);
    y -= height;
    return markup`<rect class="o-${outcome} fill" x="${round(x + width * 0.12)}" y="${round(y)}" width="${round(width * 0.76)}" height="${round(height)}" fill="url(#p-${outcome})"/>`;
  });
  const words = shown.map(
    (outcome) => `${OUTCOME_WORDS[outcome].word.toLowerCase()} ${formatCount(bucket.counts[outcome] ?? 0)}`,
  );
  return markup`<g><title>${formatTime(bucket.from)} – ${formatTime(bucket.to)}: ${words.join(", ")}</title>${rects}</g>\n`;
}

function timeAxis(buckets: readonly TimelineBucket[], top: number): Markup {
  const slot = (WIDTH - LEFT - RIGHT) / buckets.length;
  const step = Math.ceil(buckets.length / 8);
  const short = Date.parse(buckets[0]?.to ?? "") - Date.parse(buckets[0]?.from ?? "") < 86_400_000;
  let shownDay = "";
  const labels = buckets.map((bucket, at) => {
    if (at % step !== 0) return markup``;
    const x = round(LEFT + at * slot);
    const [day, hour] = [bucket.from.slice(0, 10), bucket.from.slice(11, 16)];
    // A label near the right edge would be cut off; it ends at its tick instead.
    const anchor = x > WIDTH - RIGHT - 90 ? "end" : "start";
    const second =
      short &&
      day !== shownDay &&
      markup`<text class="axis" x="${x}" y="${top + 36}" text-anchor="${anchor}">${day}</text>`;
    shownDay = day;
    return markup`<path class="tick" d="M${x} ${top}v6"/><text class="axis" x="${x}" y="${top + 20}" text-anchor="${anchor}">${short ? hour : day}</text>${second}`;
  });
  return markup`<g>${labels}</g>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function numbers(buckets: readonly TimelineBucket[], used: readonly Outcome[]): Markup {
  const columns = [
    { title: "From" },
    { title: "To" },
    ...used.map((outcome) => ({ title: OUTCOME_WORDS[outcome].word.toLowerCase(), number: true })),
  ];
  const rows = buckets
    .filter((bucket) => total([bucket], FURTHEST_FIRST) > 0)
    .map((bucket) => [
      formatTime(bucket.from),
      formatTime(bucket.to),
      ...used.map((outcome) => formatCount(bucket.counts[outcome] ?? 0)),
    ]);
  return tableMarkup("Sessions over time by outcome, without the empty stretches", columns, rows);
}
