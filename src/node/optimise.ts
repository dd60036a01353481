/**
 * When V8 optimises. What the kernel leaves to us is little: optimising early takes the cores from our threads and from
 * zlib's, and is not paid back before the end. Only V8 11 (Node 20) knows the flag.
 */
import { setFlagsFromString } from "node:v8";

const KNOWS_BUDGET = process.versions.v8.startsWith("11.");

/**
 * Code has to run ten times as often before it is optimised: a fifth of the processor time of a large scan is saved so.
 * Called when all is loaded: code that was compiled under one setting is not taken under another.
 */
export function optimiseLater(): void {
  if (KNOWS_BUDGET) setFlagsFromString("--interrupt-budget=700000");
}
