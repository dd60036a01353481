/** Exceptions: what they cover, when, and at what cost. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { IpAddress } from "../net/address.ts";
import { ipv4, parseIp } from "../net/parse-ip.ts";
import { type IpRange, inRange, parseNetwork } from "../net/prefix.ts";
import { type ExceptionSubject, prepare } from "./exception-cover.ts";
import { candidates, createShelves, shelve } from "./exception-shelves.ts";
import { createExceptionIndex } from "./exceptions.ts";
import type { Exception } from "./site-facts.ts";

function networks(...texts: string[]): IpRange[] {
  return texts.map((text) => parseNetwork(text) as IpRange);
}

const BASE: Exception = {
  id: "e",
  rule: undefined,
  source: undefined,
  destination: undefined,
  domain: undefined,
  port: undefined,
  application: undefined,
  reason: "allowed",
  owner: "network team",
  created: "2026-01-01",
  expires: "2026-07-01",
};

const NOW = Date.UTC(2026, 2, 1);

const SUBJECT = subject({});

function subject(
  over: Partial<ExceptionSubject> & { from?: string; to?: string; effective?: string },
): ExceptionSubject {
  const source = parseIp(over.from ?? "10.1.2.3");
  const destination = parseIp(over.to ?? "62.1.2.3");
  return {
    ruleIds: ["SP-01", "Outbound SMB to the Internet"],
    source,
    destination,
    effectiveSource: source,
    effectiveDestination: over.effective === undefined ? destination : parseIp(over.effective),
    port: 445,
    applications: ["smb", "ntlm"],
    timeMs: NOW,
    ...over,
  };
}

function covered(exception: Partial<Exception>, what: ExceptionSubject = SUBJECT): boolean {
  return createExceptionIndex([{ ...BASE, ...exception }], NOW).match(what) !== undefined;
}

test.each<[string, Partial<Exception>, boolean]>([
  ["its destination", { destination: networks("62.1.2.3") }, true],
  ["its destination's network", { destination: networks("62.1.2.0/24") }, true],
  ["a range of destinations", { destination: networks("62.1.2.1-62.1.2.3") }, true],
  ["a range that ends before it", { destination: networks("62.1.2.1-62.1.2.2") }, false],
  ["one of several destinations", { destination: networks("62.9.0.0/16", "62.1.2.3") }, true],
  ["another destination", { destination: networks("62.1.2.4") }, false],
  ["its source", { source: networks("10.1.0.0/16") }, true],
  ["another source", { source: networks("10.2.0.0/16") }, false],
  ["both ends", { source: networks("10.1.0.0/16"), destination: networks("62.0.0.0/8") }, true],
  ["only one of both ends", { source: networks("10.2.0.0/16"), destination: networks("62.0.0.0/8") }, false],
  ["its application in another case", { application: ["SMB"] }, true],
  ["another application", { application: ["nfs"] }, false],
  ["its rule by id", { destination: networks("62.1.2.3"), rule: ["sp-01"] }, true],
  ["another rule", { destination: networks("62.1.2.3"), rule: ["SP-02"] }, false],
  ["its port", { destination: networks("62.1.2.3"), port: [139, 445] }, true],
  ["another port", { destination: networks("62.1.2.3"), port: [139] }, false],
])("an exception for %s covers it: %s → %s", (_, exception, expected) => {
  expect(covered(exception)).toBe(expected);
});

test.each([
  ["x.file.core.windows.net", "*.file.core.windows.net", true],
  ["a.b.FILE.core.windows.net.", "*.file.core.windows.net", true],
  ["file.core.windows.net", "*.file.core.windows.net", false],
  ["evilfile.core.windows.net", "*.file.core.windows.net", false],
  ["nas.corp.example", "nas.corp.example", true],
  ["x.nas.corp.example", "nas.corp.example", false],
  [undefined, "nas.corp.example", false],
])("the server %s is covered by the domain %s: %s", (domain, glob, expected) => {
  expect(covered({ domain: [glob] }, subject({ domain }))).toBe(expected);
  expect(covered({ domain: [glob], source: networks("10.0.0.0/8") }, subject({ domain }))).toBe(expected);
});

test("an exception may name the address as written or as it takes effect", () => {
  const nat64 = subject({ to: "64:ff9b::3e01:203", effective: "62.1.2.3" });
  expect(covered({ destination: networks("62.1.2.3") }, nat64)).toBe(true);
  expect(covered({ destination: networks("64:ff9b::/96") }, nat64)).toBe(true);
  expect(covered({ destination: networks("62.1.2.4") }, nat64)).toBe(false);
});

test.each([
  ["2025-12-31T23:59:59.999Z", false],
  ["2026-01-01T00:00:00Z", true],
  ["2026-06-30T23:59:59.999Z", true],
  ["2026-07-01T00:00:00Z", false],
])("an exception from 2026-01-01 to 2026-07-01 covers an event of %s: %s", (time, expected) => {
  expect(covered({ source: networks("10.0.0.0/8") }, subject({ timeMs: Date.parse(time) }))).toBe(expected);
});

test("an event without time is judged at the clock of the run", () => {
  const list = [{ ...BASE, source: networks("10.0.0.0/8") }];
  const timeless = subject({ timeMs: undefined });
  expect(createExceptionIndex(list, NOW).match(timeless)?.id).toBe("e");
  expect(createExceptionIndex(list, Date.UTC(2027, 0, 1)).match(timeless)).toBeUndefined();
});

test("what has expired at the clock of the run still covers events of its days, and is reported", () => {
  const index = createExceptionIndex(
    [
      { ...BASE, source: networks("10.0.0.0/8") },
      { ...BASE, id: "later", source: networks("10.9.0.0/16"), created: "2028-01-01", expires: "2029-01-01" },
    ],
    Date.UTC(2027, 0, 1),
  );
  expect(index.match(SUBJECT)?.id).toBe("e");
  expect(index.expired.map(({ id }) => id)).toEqual(["e"]);
  expect(index.states.map(({ state }) => state)).toEqual(["expired", "not yet"]);
});

test("of several exceptions the first in the file is named", () => {
  const list = [
    { ...BASE, id: "wide", source: networks("10.0.0.0/8") },
    { ...BASE, id: "narrow", destination: networks("62.1.2.3") },
  ];
  expect(createExceptionIndex(list, NOW).match(SUBJECT)?.id).toBe("wide");
  expect(createExceptionIndex([...list].reverse(), NOW).match(SUBJECT)?.id).toBe("narrow");
});

test("an absent end meets no exception that names one", () => {
  const half = subject({ destination: undefined, effectiveDestination: undefined });
  expect(covered({ destination: networks("0.0.0.0/0") }, half)).toBe(false);
  expect(covered({ source: networks("10.0.0.0/8") }, half)).toBe(true);
});

test("the index finds what a walk over all exceptions finds", () => {
  const block = fc
    .tuple(fc.nat(15), fc.nat(15))
    .map(([a, b]) => networks(`${ipv4(Math.min(a, b)).text}-${ipv4(Math.max(a, b)).text}`));
  const exception = fc.record({
    source: fc.option(block, { nil: undefined }),
    destination: fc.option(block, { nil: undefined }),
    application: fc.option(fc.constantFrom(["smb"], ["nfs"]), { nil: undefined }),
    domain: fc.option(fc.constantFrom(["*.b.c"], ["a.b.c"]), { nil: undefined }),
    port: fc.option(fc.constantFrom([139], [445], [139, 445]), { nil: undefined }),
    rule: fc.option(fc.constantFrom(["sp-01"], ["SP-02"], ["SP-02", "SP-01"]), { nil: undefined }),
  });
  const walk = (list: readonly Exception[], what: ExceptionSubject): string | undefined =>
    list.find((item) => {
      const within = (ranges: readonly IpRange[] | undefined, ip: IpAddress | undefined): boolean =>
        ranges === undefined || (ip !== undefined && ranges.some((range) => inRange(range, ip)));
      const isNamed =
        item.domain === undefined || item.domain[0] === "*.b.c" || what.domain === item.domain[0];
      const isApp = item.application === undefined || item.application[0] === "smb";
      return (
        within(item.source, what.source) &&
        within(item.destination, what.destination) &&
        isNamed &&
        isApp &&
        (item.port === undefined || item.port.includes(445)) &&
        (item.rule === undefined || item.rule.some((rule) => rule.toUpperCase() === "SP-01"))
      );
    })?.id;
  fc.assert(
    fc.property(
      fc.array(exception, { maxLength: 80, size: "max" }),
      fc.nat(15),
      fc.nat(15),
      fc.constantFrom("a.b.c", "x.b.c"),
      (parts, from, to, domain) => {
        const list = parts
          .filter((part) => part.source ?? part.destination ?? part.application ?? part.domain)
          .map((part, at) => ({ ...BASE, ...part, id: String(at) }));
        const what = subject({ from: ipv4(from).text, to: ipv4(to).text, domain });
        expect(createExceptionIndex(list, NOW).match(what)?.id).toBe(walk(list, what));
      },
    ),
    { numRuns: 1000 },
  );
});

test.each<[string, (at: number) => Partial<Exception>]>([
  [
    "destinations of one source",
    (at) => ({ source: networks("10.0.0.0/8"), destination: networks(ipv4(0x3e00_0000 + at).text) }),
  ],
  [
    "sources of one destination",
    (at) => ({ source: networks(ipv4(0x0a00_0000 + at).text), destination: networks("62.1.2.3") }),
  ],
  ["sources", (at) => ({ source: networks(ipv4(0x0a00_0000 + at).text) })],
  ["ports of one destination", (at) => ({ destination: networks("62.1.2.3"), port: [at] })],
  ["rules over one application", (at) => ({ application: ["smb"], rule: [`SP-${at}`] })],
  ["names of one destination", (at) => ({ destination: networks("62.1.2.3"), domain: [`a${at}.example`] })],
])("of 100,000 exceptions for %s a match looks at a handful", (_, make) => {
  const shelves = createShelves();
  for (let at = 0; at < 100_000; at++) {
    shelve(shelves, prepare({ ...BASE, ...make(at), id: String(at) }), at);
  }
  const what = subject({ from: "10.0.4.1", to: "62.1.2.3", domain: "a445.example" });
  expect([...candidates(shelves, what)].flat().length).toBeLessThan(30);
});
