/** What was asked for, as every output says it. */
import type { RunInfo } from "../findings/run.ts";
import { isoOrNull } from "../findings/account.ts";
import type { Prepared } from "./prepare.ts";

/** Describes a run; `inputs` are the paths as the user named them. */
export function runInfo({ request, rules, site, model }: Prepared, inputs: readonly string[]): RunInfo {
  return {
    tool: { name: "sallyport", version: request.version },
    now: new Date(request.nowMs).toISOString(),
    profile: request.profile,
    emit: request.emit,
    inputs,
    rules: rules.map(({ id, title }) => ({ id, name: title })),
    site: {
      file: site.file,
      internal: model.internal.map(({ text }) => text),
      exceptions: site.exceptions.length,
    },
    since: isoOrNull(request.sinceMs ?? undefined),
    until: isoOrNull(request.untilMs ?? undefined),
  };
}
