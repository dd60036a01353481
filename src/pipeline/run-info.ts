/** What was asked for, as every output says it. */

import { isoOrNull } from "../findings/account.ts";
import { OWN_PROFILE } from "../findings/profiles/profile.ts";
import type { RunInfo } from "../findings/run.ts";
import type { Prepared } from "./prepare.ts";

/** The profiles of a run: our own where it has rules, then the reference profiles. */
function profileNames({ rules, profiles }: Prepared): readonly string[] {
  return [
    ...(rules.length > 0 || profiles.length === 0 ? [OWN_PROFILE] : []),
    ...profiles.map(({ name }) => name),
  ];
}

/** Describes a run; `inputs` are the paths as the user named them. */
export function runInfo(prepared: Prepared, inputs: readonly string[]): RunInfo {
  const { request, rules, site, model } = prepared;
  return {
    tool: { name: "sallyport", version: request.version },
    now: new Date(request.nowMs).toISOString(),
    profile: profileNames(prepared).join(","),
    emit: request.emit,
    inputs,
    rules: [...rules, ...prepared.profiles.map(({ rule }) => rule)].map(({ id, title }) => ({
      id,
      name: title,
    })),
    site: {
      file: site.file,
      internal: model.internal.map(({ text }) => text),
      exceptions: site.exceptions.length,
    },
    since: isoOrNull(request.sinceMs ?? undefined),
    until: isoOrNull(request.untilMs ?? undefined),
  };
}
