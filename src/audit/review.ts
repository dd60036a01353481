/** The review: every question put to a ruleset, and each answer with the rules that decide it. */
import type { AddressSpace } from "./address-space.ts";
import { type Decision, type Doubt, evaluate } from "./evaluate.ts";
import { type ExamplePacket, exampleOf } from "./example.ts";
import { type Family, familyOf, uniteSpans } from "./ip-set.ts";
import { type Packets, SERVICES, type Service } from "./question.ts";
import { box, intersectRegions, isEmpty, type Region } from "./region.ts";
import type { Path, Place, Ruleset } from "./ruleset.ts";
import { type Sides, sidesOf, type ToldSides } from "./sides.ts";

export type Outcome = "allowed" | "blocked" | "undecided";
export type AuditVerdict = Outcome | "partly allowed";

/** A rule that decides a part of the packets, with one of them. */
export interface Reason {
  readonly outcome: Outcome;
  readonly place: Place;
  readonly text: string;
  readonly example: ExamplePacket;
  /** What the rule asks for that the file cannot answer. */
  readonly why: readonly string[];
}

export interface Answer {
  readonly path: Path["name"];
  readonly service: Service;
  readonly family: Family;
  readonly verdict: AuditVerdict;
  readonly reasons: readonly Reason[];
}

export interface Review {
  readonly ruleset: Ruleset;
  readonly sides: Sides;
  readonly answers: readonly Answer[];
  /** What was taken for granted, and what the file cannot show. */
  readonly notes: readonly string[];
}

export interface ReviewOptions {
  readonly space: AddressSpace;
  readonly told: ToldSides;
}

/** Answers every question for one ruleset. */
export function reviewRuleset(ruleset: Ruleset, { space, told }: ReviewOptions): Review {
  const sides = sidesOf(ruleset.zones, told);
  const answers = ruleset.paths.flatMap((path) =>
    SERVICES.flatMap((service) =>
      ruleset.families.map((family) => answerOf(ruleset, path, service, family, sides, space)),
    ),
  );
  return { ruleset, sides, answers, notes: [...ruleset.notes, ...notesOn(ruleset, sides, space)] };
}

/** What may be asked of a path: from our networks to the Internet; the firewall itself may have a public address. */
export function askedOf({ name }: Path, family: Family, space: AddressSpace): Region {
  const internet = familyOf(space.internet, family);
  const internal = familyOf(space.internal, family);
  return box(name === "host" ? uniteSpans(internal, internet) : internal, internet);
}

/** One set of packets for each pair of sides and each application that a rule could tell apart. */
export function variantsOf(
  ruleset: Ruleset,
  path: Path,
  service: Service,
  family: Family,
  sides: Sides,
): readonly Packets[] {
  const orNone = (names: readonly string[]): readonly (string | undefined)[] =>
    names.length === 0 ? [undefined] : names;
  const fromHost = path.name === "host";
  const applications = ruleset.knowsApplications ? service.applications : [undefined];
  return orNone(fromHost ? [] : sides.inside).flatMap((inside) =>
    orNone(sides.outside).flatMap((outside) =>
      applications.map((application) => ({ service, family, inside, outside, application, sides, fromHost })),
    ),
  );
}

function answerOf(
  ruleset: Ruleset,
  path: Path,
  service: Service,
  family: Family,
  sides: Sides,
  space: AddressSpace,
): Answer {
  const asked = askedOf(path, family, space);
  const reasons = new Map<string, Reason>();
  const outcomes = new Set<Outcome>();
  for (const packets of variantsOf(ruleset, path, service, family, sides)) {
    const result = evaluate(ruleset, path, packets, asked);
    for (const outcome of ["allowed", "undecided", "blocked"] as const) {
      if (isEmpty(result[outcome])) continue;
      outcomes.add(outcome);
      const found = outcome === "undecided" ? result.doubts : decidersOf(result.decisions, outcome, path);
      for (const one of found) addReason(reasons, one, outcome, result[outcome], packets);
    }
  }
  const order: readonly Outcome[] = ["allowed", "undecided", "blocked"];
  const sorted = [...reasons.values()].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  return { path: path.name, service, family, verdict: verdictOf(outcomes), reasons: sorted };
}

/** What blocks, blocks in any stage; what lets through is named for the stages that are there to decide. */
function decidersOf(
  decisions: readonly Decision[],
  outcome: "allowed" | "blocked",
  path: Path,
): readonly Decision[] {
  if (outcome === "blocked") return decisions.filter(({ verdict }) => verdict === "block");
  const allowing = decisions.filter(({ verdict }) => verdict === "allow");
  const deciding = allowing.filter(({ stage }) => path.deciding.includes(stage));
  return deciding.length > 0 ? deciding : allowing;
}

function addReason(
  reasons: Map<string, Reason>,
  found: Decision | Doubt,
  outcome: Outcome,
  within: Region,
  packets: Packets,
): void {
  const { place, text } = found.rule;
  const key = [outcome, place.file, place.line, text].join("\n");
  if (reasons.has(key)) return;
  const example = exampleOf(intersectRegions(found.region, within), packets);
  if (example === undefined) return;
  reasons.set(key, { outcome, place, text, example, why: "why" in found ? found.why : [] });
}

function verdictOf(outcomes: ReadonlySet<Outcome>): AuditVerdict {
  if (outcomes.has("allowed")) return outcomes.size === 1 ? "allowed" : "partly allowed";
  return outcomes.has("undecided") ? "undecided" : "blocked";
}

const DEFAULT_V6 = 0xfc00n << 112n;

function notesOn(ruleset: Ruleset, sides: Sides, space: AddressSpace): readonly string[] {
  const notes: string[] = [];
  const word = ruleset.zoneWord;
  const uses = ruleset.zones.length > 0;
  const guess = (side: "inside" | "outside", where: string): void => {
    const names = sides[side];
    const isTold = side === "inside" ? sides.insideTold : sides.outsideTold;
    const strangers = names.filter((name) => isTold && !ruleset.zones.includes(name));
    if (isTold && uses && strangers.length > 0)
      notes.push(`No rule names the ${word} ${strangers.join(", ")}, given with --zone-${side}.`);
    if (isTold || !uses) return;
    notes.push(
      names.length > 0
        ? `By its name alone, ${word} ${names.join(", ")} is taken to lead ${where}; --zone-${side} NAME says it for sure.`
        : `No ${word} is known to lead ${where}; say --zone-${side} NAME.`,
    );
  };
  guess("inside", "inside");
  guess("outside", "to the Internet");
  const v6 = familyOf(space.internal, 6);
  if (ruleset.families.includes(6) && v6.length === 1 && v6[0]?.first === DEFAULT_V6) {
    notes.push("Over IPv6 only fc00::/7 counts as ours; give your public IPv6 prefix with --internal.");
  }
  return notes;
}
