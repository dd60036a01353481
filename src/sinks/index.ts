/** SINKS: the outputs. Flags, help and the conformance suite come from this list. */
import { csv } from "./csv.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { markdown } from "./markdown.ts";
import { ndjson } from "./ndjson.ts";
import type { Sink } from "./sink.ts";
import { table } from "./table.ts";

export const SINKS: readonly Sink[] = [table, ndjson, json, csv, markdown, html];
