/** Outputs: nothing is lost, and nothing waits for ever. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, expect, test } from "vitest";
import { openOutput, openStream } from "./output.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-output-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A stream whose reader takes its time. */
function slow(highWaterMark: number): { readonly stream: Writable; readonly taken: string[] } {
  const taken: string[] = [];
  const stream = new Writable({
    highWaterMark,
    decodeStrings: false,
    write(chunk: string, _, done) {
      setTimeout(() => {
        taken.push(chunk);
        done();
      }, 5);
    },
  });
  return { stream, taken };
}

test.each([
  ["whose buffer is full", 1],
  ["whose buffer never was full", 1000],
])("a stream %s is closed when everything is out, and is left open", async (_, highWaterMark) => {
  const { stream, taken } = slow(highWaterMark);
  const output = openStream(stream, "a stream", { pace: "at once" });
  for (const text of ["a", "b", "c"]) await output.write(text);
  await output.close();
  expect(taken.join("")).toBe("abc");
  expect(stream.writableEnded).toBe(false);
});

test("a stream of its own is ended", async () => {
  const { stream, taken } = slow(1000);
  const output = openStream(stream, "a file", { owned: true });
  await output.write("a");
  await output.close();
  expect([taken, stream.closed]).toEqual([["a"], true]);
});

test("a stream that fails says what it was", async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error("no space is left")) });
  const output = openStream(stream, "a file");
  const all = async (): Promise<void> => {
    await output.write("a");
    await output.close();
  };
  await expect(all()).rejects.toThrow("a file: no space is left");
});

test.each(["at once", "gathered"] as const)(
  "a file written %s holds all texts in their order",
  async (pace) => {
    const file = join(folder, "whole");
    const texts = ["é€", "x".repeat(300_000), "", "💥y", "z".repeat(90_000), "end"];
    const output = await openOutput(file, pace);
    for (const text of texts) await output.write(text);
    await output.close();
    expect(readFileSync(file, "utf8")).toBe(texts.join(""));
  },
);

test("what is written at once is there before the next", async () => {
  const file = join(folder, "at-once");
  const output = await openOutput(file, "at once");
  await output.write("a");
  expect(readFileSync(file, "utf8")).toBe("a");
  await output.close();
});

test.each([
  ["keeps what it holds where nothing was written", [], "before"],
  ["holds what was written", ["a", "b"], "ab"],
])("the file of a run that failed %s", async (_, texts, expected) => {
  const file = join(folder, "left");
  writeFileSync(file, "before");
  const output = await openOutput(file);
  for (const text of texts) await output.write(text);
  await output.leave();
  expect(readFileSync(file, "utf8")).toBe(expected);
});
