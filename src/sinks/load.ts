/** One sink by its name, without the others: outputs for people are large, and a run has one. */
import type { Sink } from "./sink.ts";

const LOADERS: Readonly<Record<string, () => Promise<Sink>>> = {
  table: async () => (await import("./table.ts")).table,
  ndjson: async () => (await import("./ndjson.ts")).ndjson,
  json: async () => (await import("./json.ts")).json,
  csv: async () => (await import("./csv.ts")).csv,
  markdown: async () => (await import("./markdown.ts")).markdown,
  html: async () => (await import("./html.ts")).html,
};

/** Loads a sink. Shape: undefined where there is none of that name. */
export async function loadSink(name: string): Promise<Sink | undefined> {
  return Object.hasOwn(LOADERS, name) ? LOADERS[name]?.() : undefined;
}
