/** Advisories as a STIX 2.1 bundle: report, attack patterns, vulnerabilities, courses of action, relationships. */
import { type Advisory, pointsOf } from "./advisory.ts";
import { plainText } from "./prose.ts";
import { uuid5 } from "./uuid5.ts";

/** An object of a bundle; its members are those of its type. */
export type StixObject = { readonly type: string; readonly id: string } & Readonly<Record<string, unknown>>;

export interface StixBundle {
  readonly type: "bundle";
  readonly id: string;
  readonly objects: readonly StixObject[];
}

/** Names of this project's objects are hashed under this; any fixed UUID does. */
const NAMESPACE = "5b0f6a5e-6a2c-5d3e-9f55-0c1d2f6c9a11";

/** The marking of all objects. Source: STIX 2.1 section 7.2.1.4, which fixes its id and time. */
const TLP_WHITE: StixObject = {
  type: "marking-definition",
  spec_version: "2.1",
  id: "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
  created: "2017-01-20T00:00:00.000Z",
  definition_type: "tlp",
  name: "TLP:WHITE",
  definition: { tlp: "white" },
};

/** A vocabulary of the specification: severity has none, so that the report carries it as a label. */
const REPORT_TYPES = ["attack-pattern", "vulnerability"];
const MAX_NAME = 100;

/**
 * The bundle of some advisories. The same advisories give the same ids.
 * Source: OASIS STIX version 2.1.
 */
export function stixBundle(advisories: readonly Advisory[]): StixBundle {
  const objects = new Map<string, StixObject>();
  const add = (object: StixObject): void => {
    // Techniques and flaws stand in several advisories; the first one to name them gives their dates.
    if (!objects.has(object.id)) objects.set(object.id, object);
  };
  const days = advisories.map(({ published }) => published).sort();
  add(TLP_WHITE);
  add(identity(days[0] ?? "2026-11-22"));
  for (const advisory of advisories) for (const object of objectsOf(advisory)) add(object);
  const name = advisories.map(({ id, updated }) => `${id} ${updated}`).join(" ");
  return { type: "bundle", id: stixId("bundle", name), objects: [...objects.values()] };
}

function stixId(type: string, name: string): string {
  return `${type}--${uuid5(NAMESPACE, `${type}:${name}`)}`;
}

function identity(day: string): StixObject {
  return {
    type: "identity",
    spec_version: "2.1",
    id: stixId("identity", "sallyport"),
    created: timeOf(day),
    modified: timeOf(day),
    name: "Sallyport",
    identity_class: "system",
    object_marking_refs: [TLP_WHITE.id],
  };
}

function timeOf(day: string): string {
  return `${day}T00:00:00.000Z`;
}

function objectsOf(advisory: Advisory): readonly StixObject[] {
  const patterns = advisory.techniques.map(({ id, name, tactics }) =>
    object(advisory, "attack-pattern", id, {
      name,
      kill_chain_phases: tactics.map((phase_name) => ({ kill_chain_name: "mitre-attack", phase_name })),
      external_references: [{ source_name: "mitre-attack", external_id: id, url: techniqueUrl(id) }],
    }),
  );
  const flaws = advisory.cves.map(({ id, name, vector }) =>
    object(advisory, "vulnerability", id, {
      name: id,
      description: `${name}: ${vector}`,
      external_references: [{ source_name: "cve", external_id: id }],
    }),
  );
  const actions = pointsOf(advisory, "Recommendations").map((point) => {
    const text = plainText(point);
    return object(advisory, "course-of-action", `${advisory.id}:${text}`, {
      name: shortened(text),
      description: text,
    });
  });
  const [main] = patterns;
  const links = [
    ...actions.flatMap((action) => (main === undefined ? [] : relation(advisory, action, "mitigates", main))),
    ...flaws.flatMap((flaw) => (main === undefined ? [] : relation(advisory, main, "targets", flaw))),
  ];
  const named = [...patterns, ...flaws, ...actions, ...links];
  return [...named, reportOf(advisory, named)];
}

function reportOf(advisory: Advisory, named: readonly StixObject[]): StixObject {
  return object(advisory, "report", advisory.id, {
    name: advisory.title,
    description: advisory.summary,
    published: timeOf(advisory.published),
    report_types: REPORT_TYPES.filter((type) => named.some((one) => one.type === type)),
    object_refs: named.map(({ id }) => id),
    labels: [`severity-${advisory.severity}`],
    external_references: advisory.references.map(({ title, url }) => ({ source_name: title, url })),
  });
}

function object(
  { published, updated }: Advisory,
  type: string,
  name: string,
  members: Record<string, unknown>,
): StixObject {
  return {
    type,
    spec_version: "2.1",
    id: stixId(type, name),
    created_by_ref: stixId("identity", "sallyport"),
    created: timeOf(published),
    modified: timeOf(updated),
    ...members,
    object_marking_refs: [TLP_WHITE.id],
  };
}

function relation(
  advisory: Advisory,
  from: StixObject,
  relationship_type: string,
  to: StixObject,
): StixObject {
  const name = `${from.id} ${relationship_type} ${to.id}`;
  return object(advisory, "relationship", name, {
    relationship_type,
    source_ref: from.id,
    target_ref: to.id,
  });
}

/** The page of a technique: T1048.003 → …/T1048/003/ */
export function techniqueUrl(id: string): string {
  return `https://attack.mitre.org/techniques/${id.replace(".", "/")}/`;
}

function shortened(text: string): string {
  if (text.length <= MAX_NAME) return text;
  const cut = text.slice(0, MAX_NAME);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), 1))} …`;
}
