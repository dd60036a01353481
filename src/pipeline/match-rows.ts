/** Match rows: one per session and rule, a session rule's too, with the record that stands for the session. */
import { setNested } from "../event/document.ts";
import { OWN_PROFILE } from "../findings/profiles/profile.ts";
import type { RuledSession } from "../findings/ruling.ts";
import type { MatchDocument } from "../findings/run.ts";
import { representative } from "../findings/session.ts";
import type { Prepared } from "./prepare.ts";
import { severityIn } from "./rule-sessions.ts";

interface PlacedRow {
  readonly match: MatchDocument;
  readonly file: string;
  readonly offset: number;
  readonly at: number;
}

/** The rows in order of file, offset and rule; the outcome in each is the session's. */
export function toMatches(sessions: readonly RuledSession[], prepared: Prepared): readonly MatchDocument[] {
  if (prepared.request.emit !== "matches") return [];
  return sessions
    .flatMap((ruled) => [
      ...ruled.session.rules.flatMap((at) => toRow(ruled, at, representative(ruled.session, at), prepared)),
      ...ruled.met.flatMap((at) => toRow(ruled, at, representative(ruled.session), prepared)),
    ])
    .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.offset - b.offset || a.at - b.at))
    .map(({ match }) => match);
}

function toRow(
  { session, rule: primary, scored, suppressedBy }: RuledSession,
  at: number,
  seen: ReturnType<typeof representative>,
  prepared: Prepared,
): readonly PlacedRow[] {
  const rule = prepared.rules[at];
  if (rule === undefined || seen.document === undefined) return [];
  const event = structuredClone(seen.document);
  setNested(event, "sallyport.outcome", session.outcome);
  const match: MatchDocument = {
    rule: { id: rule.id, name: rule.title },
    profile: OWN_PROFILE,
    severity: rule === primary ? scored.severity : severityIn(prepared, rule, { session }),
    ...(suppressedBy === null ? {} : { suppressed_by: suppressedBy }),
    event,
  };
  return [{ match, file: seen.file, offset: seen.offset, at }];
}
