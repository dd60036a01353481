/** The list of engines. */
import { fast } from "./fast.ts";
import { reference } from "./reference.ts";

export const ENGINES = [reference, fast] as const;
