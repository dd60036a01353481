/**
 * Fewer tests for the byte kernel. In: alternatives, each a list of tests that all must hold. Out: alternatives that let
 * through whatever those let through, and little more.
 */
import type { KernelTest } from "../bytes/kernel-plan.ts";

type Alternative = readonly KernelTest[];

/** Takes out what cannot hold or says nothing new, and joins alternatives that differ in the values of one test. */
export function simplifyTests(alternatives: readonly Alternative[]): readonly Alternative[] {
  const kept: Alternative[] = [];
  for (const alternative of alternatives) {
    const tidied = tidy(alternative);
    if (tidied !== undefined) add(kept, tidied);
  }
  return kept;
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
  return first.every((test) => second.some((other) => isSame(test, other)));
}

function join(first: Alternative, second: Alternative): Alternative | undefined {
  if (first.length !== second.length) return undefined;
  const [own, ...more] = first.filter((test) => !second.some((other) => isSame(test, other)));
  const [others] = second.filter((test) => !first.some((other) => isSame(test, other)));
  if (own === undefined || others === undefined || more.length > 0) return undefined;
  const union = unionOf(own, others);
  return union && first.map((test) => (test === own ? union : test));
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

/** Each test once, with no more values than count; undefined where a port would have to have two values. */
function tidy(alternative: Alternative): Alternative | undefined {
  const tests: KernelTest[] = [];
  for (const test of alternative) {
    const at = tests.findIndex((other) => isSamePort(other, test));
    const known = tests[at];
    if (test.kind === "port-in" && known?.kind === "port-in") {
      tests[at] = { ...test, values: known.values.filter((value) => test.values.includes(value)) };
    } else if (!tests.some((other) => isSame(other, test))) {
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

function isSame(a: KernelTest, b: KernelTest): boolean {
  return JSON.stringify(plain(a)) === JSON.stringify(plain(b));
}

function sorted(values: readonly number[]): readonly number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** Without those that hold another one: a text that has them has that one too. */
function shortest(needles: readonly string[]): readonly string[] {
  const all = [...new Set(needles.map((needle) => needle.toLowerCase()))].sort();
  return all.filter((needle) => !all.some((other) => other !== needle && needle.includes(other)));
}
