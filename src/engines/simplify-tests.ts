/**
 * Fewer tests for the byte kernel. In: alternatives, each a list of tests that all must hold. Out: alternatives that let
 * through whatever those let through, and little more.
 */
import type { KernelTest } from "../bytes/kernel-plan.ts";

/** Tests that all must hold, each once. Shape: by what they test, as a text. */
type Alternative = ReadonlyMap<string, KernelTest>;

/** Takes out what cannot hold or says nothing new, and joins alternatives that differ in the values of one test. */
export function simplifyTests(alternatives: readonly (readonly KernelTest[])[]): readonly KernelTest[][] {
  const kept: Alternative[] = [];
  for (const alternative of alternatives) {
    const tests = tidy(alternative);
    if (tests !== undefined) add(kept, byKey(tests));
  }
  return kept.map((alternative) => [...alternative.values()]);
}

/** Adds an alternative to those that are kept, in whose place others may go. */
function add(kept: Alternative[], added: Alternative): void {
  if (kept.some((other) => covers(other, added))) return;
  for (const [at, other] of kept.entries()) {
    const joined = covers(added, other) ? added : join(other, added);
    if (joined === undefined) continue;
    kept.splice(at, 1);
    add(kept, joined);
    return;
  }
  kept.push(added);
}

/** Whether the first lets everything through that the second lets through: all its tests are among those. */
function covers(first: Alternative, second: Alternative): boolean {
  for (const key of first.keys()) if (!second.has(key)) return false;
  return true;
}

function join(first: Alternative, second: Alternative): Alternative | undefined {
  if (first.size !== second.size) return undefined;
  const [own, ...more] = missingIn(second, first);
  const [others] = missingIn(first, second);
  if (own === undefined || others === undefined || more.length > 0) return undefined;
  const union = unionOf(own, others);
  return union && byKey([...first.values()].map((test) => (test === own ? union : test)));
}

function missingIn(there: Alternative, here: Alternative): readonly KernelTest[] {
  return [...here].flatMap(([key, test]) => (there.has(key) ? [] : test));
}

/** One test that holds where either does. */
function unionOf(a: KernelTest, b: KernelTest): KernelTest | undefined {
  if (a.slot !== b.slot) return undefined;
  if (a.kind === "port-in" && b.kind === "port-in" && a.orAbsent === b.orAbsent)
    return { ...a, values: sorted([...a.values, ...b.values]) };
  if (a.kind === "class-in" && b.kind === "class-in" && a.orAbsent === b.orAbsent)
    return { ...a, mask: a.mask | b.mask };
  if (a.kind === "text-has" && b.kind === "text-has" && a.orAbsent === b.orAbsent)
    return { ...a, needles: shortest([...a.needles, ...b.needles]) };
  return undefined;
}

/** Tests with no more values than count; undefined where a port would have to have two values. */
function tidy(alternative: readonly KernelTest[]): readonly KernelTest[] | undefined {
  const tests: KernelTest[] = [];
  for (const test of alternative) {
    const at = tests.findIndex((other) => isSamePort(other, test));
    const known = tests[at];
    if (test.kind === "port-in" && known?.kind === "port-in") {
      tests[at] = { ...test, values: known.values.filter((value) => test.values.includes(value)) };
    } else {
      tests.push(plain(test));
    }
  }
  return tests.some((test) => test.kind === "port-in" && test.values.length === 0) ? undefined : tests;
}

function plain(test: KernelTest): KernelTest {
  if (test.kind === "port-in") return { ...test, values: sorted(test.values) };
  return test.kind === "text-has" ? { ...test, needles: shortest(test.needles) } : test;
}

function isSamePort(a: KernelTest, b: KernelTest): boolean {
  return a.kind === "port-in" && b.kind === "port-in" && a.slot === b.slot && !a.orAbsent && !b.orAbsent;
}

function byKey(tests: readonly KernelTest[]): Alternative {
  return new Map(tests.map((test) => [keyOf(test), test]));
}

/** What a test asks, as a text. */
function keyOf(test: KernelTest): string {
  switch (test.kind) {
    case "port-in":
      return `${test.slot} in ${test.values} ${test.orAbsent}`;
    case "port-above":
      return `${test.slot} above ${test.value} ${test.orAbsent}`;
    case "class-in":
      return `${test.slot} class ${test.mask} ${test.orAbsent}`;
    case "text-has":
      return `${test.slot} has ${JSON.stringify(test.needles)} ${test.orAbsent}`;
    case "text-lacks":
      return `${test.slot} lacks ${JSON.stringify(test.needles)}`;
  }
}

function sorted(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** Without those that hold another one: a text that has them has that one too. */
function shortest(needles: readonly string[]): readonly string[] {
  const all = [...new Set(needles.map((needle) => needle.toLowerCase()))].sort();
  return all.filter((needle) => !all.some((other) => other !== needle && needle.includes(other)));
}
