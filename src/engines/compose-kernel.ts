/**
 * Composes plans with a format's raw shape into what the byte kernel looks for. In: plans, shape. Out: a KernelPlan
 * that no line can fail whose event would meet a plan, or be evidence. What cannot be bounded "may hold".
 */
import type { KernelPlan, KernelSlot, KernelTest } from "../bytes/kernel-plan.ts";
import type { RawPlace, RawShape } from "../event/raw-shape.ts";
import { SCOPES, type Scope } from "../net/scope.ts";
import type { Plan } from "../sigma/plan.ts";
import { type Need, needsOf } from "./plan-needs.ts";
import { simplifyTests } from "./simplify-tests.ts";

/** The bit of a scope in the kernel's address classes. */
export function scopeBit(scope: Scope): number {
  return 1 << SCOPES.indexOf(scope);
}

const SMB_PORTS = [139, 445];
const LAST_SYSTEM_PORT = 1023;

/** Applications whose analyzers prove credentials: such a line may be evidence for a session that met a rule. */
const CREDENTIAL_WORDS = ["ntlm", "krb", "kerberos"];

/** The scope of an end without an address. */
const SCOPE_OF_NONE: Scope = "unknown";

type End = "source" | "destination";

/** Composes a kernel plan; `extraLiterals` are the texts of other formats that may share the input line by line. */
export function composeKernel(
  plans: readonly Plan[],
  shape: RawShape,
  extraLiterals: readonly string[] = [],
): KernelPlan {
  const slots = createSlots();
  for (const place of shape.required) slots.of("text", place);
  const needs = [...plans.flatMap((plan) => needsOf(plan)), ...EVIDENCE].filter((all) =>
    canCarry(all, shape),
  );
  const alternatives = needs.flatMap((all) => orientations(all, shape, slots));
  if (shape.kind !== undefined) {
    const { place, needles } = shape.kind;
    alternatives.push([{ kind: "text-lacks", slot: slots.of("text", place), needles }]);
  }
  for (const { place, needles } of shape.marks) {
    // What is no number is odd as a port, and may be above any.
    const isThere = needles === "any";
    alternatives.push([
      isThere
        ? { kind: "port-above", slot: slots.of("port", place), value: 0, orAbsent: false }
        : { kind: "text-has", slot: slots.of("text", place), needles, orAbsent: false },
    ]);
  }
  return {
    framing: shape.framing,
    slots: slots.list,
    alternatives: simplifyTests(alternatives),
    literals: literalsOf(plans, shape, extraLiterals),
  };
}

/** A need for a field that these lines never carry cannot be met. */
function canCarry(needs: readonly Need[], { carries }: RawShape): boolean {
  return needs.every((need) => {
    if (need.kind === "text-has") return carries.includes(need.field);
    return carries.includes(need.kind === "port-in" ? `${need.end}.port` : `${need.end}.ip`);
  });
}

/** Credentials between one of ours and the Internet, either way. */
const EVIDENCE: readonly (readonly Need[])[] = (["source", "destination"] as const).map((end) => [
  { kind: "text-has", field: "network.application", needles: CREDENTIAL_WORDS },
  { kind: "scope-in", end, scopes: ["internet"] },
]);

interface Slots {
  readonly list: KernelSlot[];
  of(type: KernelSlot["type"], place: RawPlace): number;
}

function createSlots(): Slots {
  const list: KernelSlot[] = [];
  return {
    list,
    of(type, place) {
      const known = list.findIndex(
        (slot) =>
          slot.type === type && slot.column === place.column && slot.keys.join() === place.keys.join(),
      );
      return known >= 0 ? known : list.push({ type, ...place }) - 1;
    },
  };
}

/** As recorded; with the ends swapped where the ports say so; or swapped without a condition. */
function orientations(needs: readonly Need[], shape: RawShape, slots: Slots): KernelTest[][] {
  const plain = (end: End): End => end;
  const swapped = (end: End): End => (end === "source" ? "destination" : "source");
  const recorded = testsOf(needs, shape, slots, plain);
  const turned = testsOf(needs, shape, slots, swapped);
  if (shape.eitherWay) return [recorded, turned];
  const flip = flipTests(shape, slots);
  return [recorded, [...flip, ...turned]];
}

function flipTests(shape: RawShape, slots: Slots): KernelTest[] {
  const tests: KernelTest[] = [];
  const [from, to] = [shape.places["source.port"], shape.places["destination.port"]];
  if (from !== undefined) {
    tests.push({ kind: "port-in", slot: slots.of("port", from), values: SMB_PORTS, orAbsent: false });
  }
  if (to !== undefined) {
    tests.push({ kind: "port-above", slot: slots.of("port", to), value: LAST_SYSTEM_PORT, orAbsent: false });
  }
  return tests;
}

function testsOf(
  needs: readonly Need[],
  shape: RawShape,
  slots: Slots,
  turn: (end: End) => End,
): KernelTest[] {
  return needs.flatMap((need): KernelTest[] => {
    const place = placeOf(need, shape, turn);
    if (place === undefined) return [];
    if (need.kind === "text-has") {
      return [{ kind: "text-has", slot: slots.of("text", place), needles: need.needles, orAbsent: false }];
    }
    if (need.kind === "port-in") {
      return [{ kind: "port-in", slot: slots.of("port", place), values: need.values, orAbsent: false }];
    }
    const mask = need.scopes.reduce((bits, scope) => bits | scopeBit(scope), 0);
    const orAbsent = need.scopes.includes(SCOPE_OF_NONE);
    return [{ kind: "class-in", slot: slots.of("address", place), mask, orAbsent }];
  });
}

function placeOf(need: Need, { places }: RawShape, turn: (end: End) => End): RawPlace | undefined {
  if (need.kind !== "text-has") return places[`${turn(need.end)}.${need.kind === "port-in" ? "port" : "ip"}`];
  return need.field === "tls.next_protocol" ? undefined : places["network.application"];
}

/** The rules that a line may meet whatever its texts are: they take the literals from all. */
export function rulesWithoutText(plans: readonly Plan[]): readonly string[] {
  return plans
    .filter((plan) => needsOf(plan).some((needs) => needs.every((need) => textsOf(need).length === 0)))
    .map(({ rule }) => rule.id);
}

/** A backslash escape can hide any literal of a JSON line. */
const JSON_ESCAPE = "\\u00";

function literalsOf(
  plans: readonly Plan[],
  shape: RawShape,
  extra: readonly string[],
): readonly string[] | null {
  const literals = new Set<string>(extra);
  if (shape.framing.kind === "json") literals.add(JSON_ESCAPE);
  for (const needs of [...plans.flatMap((plan) => needsOf(plan)), ...EVIDENCE]) {
    const texts = needs.map(textsOf).find((found) => found.length > 0);
    if (texts === undefined) return null;
    for (const text of texts) literals.add(text);
  }
  const all = [...literals, ...foldedTexts([...literals])];
  return all.filter(
    (text) => !all.some((other) => other !== text && !/^\d+$/.test(other) && text.includes(other)),
  );
}

/**
 * Two letters beyond ASCII become ASCII ones in lower case: the Kelvin sign a k, and the dotted capital I an i with a
 * combining dot, which only the end of a text can stand before. They may be written as escapes.
 * Source: Unicode, SpecialCasing and UnicodeData.
 */
function foldedTexts(texts: readonly string[]): readonly string[] {
  const kelvin = texts.some((text) => text.includes("k")) ? ["\u212a", "\\u212a"] : [];
  const dotted = texts.some((text) => text.endsWith("i")) ? ["\u0130", "\\u0130"] : [];
  return [...kelvin, ...dotted];
}

/** The texts of which a line must hold one for a need to be met: a port's digits, an application's name. */
function textsOf(need: Need): readonly string[] {
  if (need.kind === "port-in") return need.values.map(String);
  return need.kind === "text-has" ? need.needles : [];
}
