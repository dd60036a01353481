/** Gathering: fewer pieces, the same text, and back-pressure all the same. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { gather } from "./gather.ts";

test("the pieces together are the rows together, and none is written twice or lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(40_000), { maxLength: 12 }), async (lengths) => {
      const rows = lengths.map((length, at) => String(at % 10).repeat(length));
      const pieces: string[] = [];
      const out = gather((text) => {
        pieces.push(text);
      });
      for (const row of rows) await out.write(row);
      await out.flush();
      expect(pieces.join("")).toBe(rows.join(""));
      expect(pieces.every((piece) => piece !== "")).toBe(true);
    }),
  );
});

test("a full piece is waited for", async () => {
  let isOut = false;
  const out = gather(async () => {
    await Promise.resolve();
    isOut = true;
  });
  await out.write("x".repeat(100_000));
  expect(isOut).toBe(true);
});
