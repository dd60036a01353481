/** Reference profiles in a scan: their rules run over the recorded view, beside our own and without sessions. */
import type { NestedDocument } from "../event/document.ts";
import type { EventBatch, NetworkEvent } from "../event/event.ts";
import { recordedAddress } from "../event/recorded-view.ts";
import { observe } from "../findings/observation.ts";
import { buildProfileFindings, type ProfileFindings } from "../findings/profiles/build-profile.ts";
import { hasColumn, type Profile, readReference } from "../findings/profiles/profile.ts";
import { countOf } from "../findings/quantity.ts";
import type { Retention } from "../findings/retention.ts";
import type { MatchDocument } from "../findings/run.ts";
import { FORMATS } from "../formats/index.ts";
import { parseIp } from "../net/parse-ip.ts";
import type { Prepared } from "./prepare.ts";

/** Runs the profiles' rules over the batches of one input. */
export interface ReferenceRun {
  batch(batch: EventBatch): void;
  /** Columns that a profile requires and that some event had: `profile column`. */
  present(): readonly string[];
}

/** Starts a run; it keeps what it meets for the findings. Nothing happens without profiles. */
export function startReferences(prepared: Prepared, retention: Retention): ReferenceRun {
  const { profiles, engine, datasets, request } = prepared;
  const present = new Set<string>();
  if (profiles.length === 0) return { batch: () => {}, present: () => [] };
  const run = engine.prepare(
    profiles.map(({ plan }) => plan),
    datasets,
  );
  return {
    batch(batch) {
      addCategories(batch.events, prepared);
      for (const profile of profiles) notePresent(batch.events, profile, present);
      if (request.emit !== "findings") return;
      run(batch, (at, event) => {
        const profile = profiles[at];
        if (profile !== undefined) retention.add(keep(event, at, profile, batch.file));
      });
    },
    present: () => [...present].sort(),
  };
}

/** Takes each match of the profiles' rules as a row, event by event. */
export function referenceRows(
  prepared: Prepared,
): (batch: EventBatch, toDocument: (event: NetworkEvent) => NestedDocument) => readonly MatchDocument[] {
  const { profiles, engine, datasets } = prepared;
  const run = engine.prepare(
    profiles.map(({ plan }) => plan),
    datasets,
  );
  return (batch, toDocument) => {
    const rows: MatchDocument[] = [];
    run(batch, (at, event) => {
      const profile = profiles[at];
      if (profile === undefined) return;
      const { id, title, level } = profile.rule;
      rows.push({
        rule: { id, name: title },
        profile: profile.name,
        severity: level,
        event: toDocument(event),
      });
    });
    return rows;
  };
}

/** Makes the findings of every profile, in the order in which they were asked for. */
export function finishReferences(
  prepared: Prepared,
  retention: Retention,
  present: ReadonlySet<string>,
): ProfileFindings {
  const { profiles, request, assets } = prepared;
  const { kept, unkept } = retention.references();
  const window = [request.sinceMs, request.untilMs].map((ms) => (ms === null ? "" : String(ms))).join("..");
  const built = profiles.map((profile, at) => {
    const matches = kept.filter(({ rules }) => rules[0] === at);
    const context = { profile, timeZone: request.timeZone, window, runs: request.runs };
    return buildProfileFindings(matches, context, assets);
  });
  const notes = [
    ...built.flatMap((one) => one.notes),
    ...profiles.flatMap((profile) => lackingNote(profile, present)),
    ...(unkept === 0
      ? []
      : [
          `${countOf(unkept, "match", "matches")} of the reference profiles beyond --detail-limit ${request.detailLimit}: their rows and counts are too small`,
        ]),
  ];
  return { findings: built.flatMap((one) => one.findings), notes };
}

function keep(event: NetworkEvent, at: number, profile: Profile, file: string) {
  const byteCounting = FORMATS.find(({ name }) => name === event.format)?.byteCounting ?? "frame";
  const observation = observe(event, [at], { file, byteCounting, document: undefined });
  return { ...observation, reference: readReference(event, profile) };
}

/** What Splunk's assets and identities would have added: the destination's categories, as the record has the ends. */
function addCategories(events: readonly NetworkEvent[], { assets, profiles }: Prepared): void {
  if (
    assets === null ||
    !profiles.some(({ required }) => required.some(({ name }) => name === "dest_category"))
  ) {
    return;
  }
  for (const event of events) {
    const ip = parseIp(recordedAddress(event, "destination") ?? "");
    const categories = ip === undefined ? [] : assets.categories(ip);
    if (categories.length === 0) continue;
    event["labels.dest_category"] = [...new Set([...(event["labels.dest_category"] ?? []), ...categories])];
  }
}

function notePresent(
  events: readonly NetworkEvent[],
  { name, required }: Profile,
  present: Set<string>,
): void {
  for (const column of required) {
    const key = `${name} ${column.name}`;
    if (!present.has(key) && events.some((event) => hasColumn(event, column))) present.add(key);
  }
}

/** Says which of the fields that the original requires no event had. */
function lackingNote({ name, required }: Profile, present: ReadonlySet<string>): readonly string[] {
  const lacking = required
    .filter((column) => !present.has(`${name} ${column.name}`))
    .map((column) => column.name);
  if (lacking.length === 0) return [];
  return [`${name}: of the ${required.length} fields that it requires the input lacks ${lacking.join(", ")}`];
}
