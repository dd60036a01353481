/** The timeline: no session is lost when stretches are joined. */
import { expect, test } from "vitest";
import type { TimelineBucket } from "../findings/run.ts";
import { mergeBuckets, timelineSection } from "./html-timeline.ts";

function hours(count: number): TimelineBucket[] {
  const at = (hour: number): string => new Date(Date.UTC(2026, 2, 1, hour)).toISOString();
  return Array.from({ length: count }, (_, hour) => ({
    from: at(hour),
    to: at(hour + 1),
    counts: { blocked: hour, transferred: 1 },
  }));
}

test.each([1, 24, 72, 73, 700, 2160])(
  "%i stretches are joined to at most 72, with the same sums and ends",
  (count) => {
    const [before, after] = [hours(count), mergeBuckets(hours(count))];
    const sum = (buckets: readonly TimelineBucket[]): number =>
      buckets.reduce((all, { counts }) => all + (counts.blocked ?? 0) + (counts.transferred ?? 0), 0);
    expect(after.length).toBeLessThanOrEqual(72);
    expect(sum(after)).toBe(sum(before));
    expect([after[0]?.from, after.at(-1)?.to]).toEqual([before[0]?.from, before.at(-1)?.to]);
  },
);

test("no time at all draws nothing", () => {
  expect(timelineSection([]).html).toBe("");
});

test("one session beside a million stays visible", () => {
  const [bucket] = hours(1);
  if (bucket === undefined) throw new Error("no stretch");
  const { html } = timelineSection([
    { ...bucket, counts: { blocked: 1_000_000, attempted: 1, transferred: 1 } },
  ]);
  const heights = [...html.matchAll(/<rect class="o-\w+ fill"[^>]* height="([\d.]+)"/g)].map((match) =>
    Number(match[1]),
  );
  expect(heights).toHaveLength(3);
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(3);
});
