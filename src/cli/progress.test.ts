/** The progress line against a clock that stands still and a stream that remembers. */
import { expect, test } from "vitest";
import { createProgress, type ProgressOptions } from "./progress.ts";

const ERASE = "\r\x1b[2K";

function setUp(options: Partial<ProgressOptions> = {}) {
  const clock = { time: 5000 };
  const written: string[] = [];
  const stream = { columns: 120, write: (text: string) => written.push(text) };
  const progress = createProgress({
    stream,
    isTty: true,
    totalBytes: 10_000_000_000,
    now: () => clock.time,
    ...options,
  });
  const at = (ms: number, bytes: number, path = "conn.log") => {
    clock.time = 5000 + ms;
    progress.update(bytes, path);
  };
  return { written, progress, at };
}

test("nothing is shown in the first second", () => {
  const { written, progress, at } = setUp();
  for (const ms of [0, 500, 999]) at(ms, 1000);
  progress.clear();
  expect(written).toEqual([]);
});

test("the line says how much, how fast and how long", () => {
  const { written, at } = setUp();
  at(2000, 1_000_000_000);
  expect(written).toEqual([`${ERASE}1.0 GB of 10.0 GB  10 %  500 MB/s  18 s left  conn.log`]);
});

test("the line changes four times a second at most", () => {
  const { written, at } = setUp();
  for (let ms = 0; ms <= 2000; ms += 10) at(ms, ms * 1000);
  expect(written).toHaveLength(5);
});

test("the line is cleared once, and comes back with the next change that is due", () => {
  const { written, progress, at } = setUp();
  at(1000, 1);
  progress.clear();
  progress.clear();
  expect(written.slice(1)).toEqual([ERASE]);
  at(1100, 1);
  expect(written).toHaveLength(2);
  at(1300, 1);
  expect(written).toHaveLength(3);
});

test("without a total there is neither a share nor a time left", () => {
  const { written, at } = setUp({ totalBytes: null });
  at(2000, 1_500_000, "-");
  expect(written).toEqual([`${ERASE}1.5 MB  750 kB/s  -`]);
});

test.each([
  [0, "0 B of 10.0 GB  0 %  0 B/s  conn.log"],
  [20_000_000_000, "20.0 GB of 10.0 GB  100 %  10.0 GB/s  0 s left  conn.log"],
  [20_000_000, "20.0 MB of 10.0 GB  0 %  10.0 MB/s  16 min 38 s left  conn.log"],
  [2_000_000, "2.0 MB of 10.0 GB  0 %  1.0 MB/s  2 h 46 min left  conn.log"],
  [999_600, "1.0 MB of 10.0 GB  0 %  500 kB/s  5 h 33 min left  conn.log"],
])("after two seconds and %i bytes the line is right", (bytes, line) => {
  const { written, at } = setUp();
  at(2000, bytes);
  expect(written).toEqual([ERASE + line]);
});

test("the line stays within the terminal's width", () => {
  const { written, at } = setUp({ stream: { columns: 20, write: () => true } });
  expect(written).toEqual([]);
  const lines: string[] = [];
  const narrow = setUp({ stream: { columns: 20, write: (text) => lines.push(text) } });
  narrow.at(2000, 5);
  at(2000, 5);
  expect(lines[0]?.slice(ERASE.length)).toHaveLength(19);
});

test("control characters in a file name do not reach the terminal", () => {
  const { written, at } = setUp();
  at(2000, 5, "a\x1b[31m\nb\x9bc");
  expect(written[0]).toMatch(/a\?\[31m\?b\?c$/);
});

test("nothing is shown where there is no terminal", () => {
  const { written, progress, at } = setUp({ isTty: false });
  at(5000, 1);
  progress.clear();
  expect(written).toEqual([]);
});
