/** Outputs: nothing is lost, and nothing waits for ever. */
import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { openStream } from "./output.ts";

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
  const output = openStream(stream, "a stream", false);
  for (const text of ["a", "b", "c"]) await output.write(text);
  await output.close();
  expect(taken.join("")).toBe("abc");
  expect(stream.writableEnded).toBe(false);
});

test("a stream of its own is ended", async () => {
  const { stream, taken } = slow(1000);
  const output = openStream(stream, "a file", true);
  await output.write("a");
  await output.close();
  expect([taken, stream.closed]).toEqual([["a"], true]);
});

test("a stream that fails says what it was", async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error("no space is left")) });
  const output = openStream(stream, "a file", false);
  const all = async (): Promise<void> => {
    await output.write("a");
    await output.close();
  };
  await expect(all()).rejects.toThrow("a file: no space is left");
});
