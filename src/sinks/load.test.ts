/** Loading one sink: the same as in the list of all. */
import { expect, test } from "vitest";
import { SINKS } from "./index.ts";
import { loadSink } from "./load.ts";

test.each(SINKS.map((sink) => [sink.name, sink] as const))("%s is loaded by its name", async (name, sink) => {
  expect(await loadSink(name)).toBe(sink);
});

test.each(["xml", "", "toString"])("there is no sink %j", async (name) => {
  expect(await loadSink(name)).toBeUndefined();
});
