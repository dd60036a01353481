/** How many threads an input is worth, and that looking at inputs early does no harm. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { startThreadsEarly, textBytes, threadsFor } from "./threads.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-threads-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MIB = 1024 * 1024;

test.each([
  ["a small input is read by one thread", 63 * MIB, 8, false, 1],
  ["a number that was asked for counts from 64 MiB on", 64 * MIB, 8, false, 8],
  ["one that is not above one, too", 640 * MIB, 1, true, 1],
  ["the kernel is through with 300 MiB before a second thread has gained", 300 * MIB, undefined, false, 1],
])("%s", (_, bytes, asked, decodesAll, threads) => {
  expect(threadsFor({ bytes, asked, decodesAll })).toBe(threads);
});

test("decoding all of it, every core is worth 300 MiB; the kernel's reading is worth them from 400 MiB on", () => {
  const cores = threadsFor({ bytes: 300 * MIB, asked: undefined, decodesAll: true });
  expect(cores).toBeGreaterThan(0);
  expect(threadsFor({ bytes: 400 * MIB, asked: undefined, decodesAll: false })).toBe(cores);
});

test("packed files hold more than is stored", () => {
  expect([textBytes("a.log", 10), textBytes("a.log.gz", 10), textBytes("a.ZST", 10)]).toEqual([10, 80, 80]);
});

test("what cannot be looked at is left to whoever opens it", async () => {
  const circle = join(folder, "circle");
  symlinkSync("circle", circle);
  await startThreadsEarly([circle, join(folder, "none"), folder, "-", ""], 8);
});
