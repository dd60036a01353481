/** CONVERTERS: the dialects that rules are converted into. A new one is one file and one line here. */
import type { Dialect } from "./dialect.ts";
import { kql } from "./kql.ts";
import { spl } from "./spl.ts";

export const CONVERTERS: readonly Dialect[] = [spl, kql];
