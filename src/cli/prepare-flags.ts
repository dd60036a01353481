/** From flags to a request that is ready to run, for commands that need no more than that of a scan. */
import { compileRequest } from "../pipeline/compile-request.ts";
import { type Prepared, prepare } from "../pipeline/prepare.ts";
import { type ScanFlags, toRequest } from "./request.ts";

/** Prepares what the flags ask for. Errors: SallyportError for what cannot be used. */
export async function prepareFlags(flags: ScanFlags): Promise<Prepared> {
  return prepare(await compileRequest(await toRequest(flags)));
}
