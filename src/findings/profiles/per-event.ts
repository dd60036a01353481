/** The unit of a rule that stands alone: every event is a row. */
import { documentOf, placeText, recordedEnds, type Unit } from "./unit.ts";

export const perEvent: Unit = (matches, { profile }) => ({
  rows: matches.map((match) => {
    const { source, destination } = recordedEnds(match);
    const time = match.start === undefined ? "undated" : String(match.start.ms);
    return {
      identity: [documentOf(match), time],
      matches: [match],
      row: { event_id: match.reference.eventId ?? null, file: match.file, offset: match.offset },
      reason: `${source.ip} to ${placeText(destination)} meets "${profile.rule.title}"`,
    };
  }),
  notes: [],
});
