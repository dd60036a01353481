/** The review of exceptions: lifetimes, use, breadth, and what they hid. */
import { describe, expect, test } from "vitest";
import { coversAll, tooWide } from "./exception-overlap.ts";
import { type HiddenSession, type ReviewFacts, reviewExceptions } from "./exception-review.ts";
import { parseSite } from "./site.ts";
import type { Exception } from "./site-facts.ts";

const NOW = Date.UTC(2026, 2, 1);
const DAY = 86_400_000;
const NARROW = "source: 10.1.2.3, destination: 8.8.8.8, port: 445";

function exceptions(...bodies: string[]): readonly Exception[] {
  const rows = bodies.map(
    (body, at) =>
      `  - {id: E${at + 1}, reason: r, owner: me, created: 2026-01-01, expires: 2027-01-01, ${body}}`,
  );
  return parseSite(`exceptions:\n${rows.join("\n")}\n`, "site.yml").exceptions;
}

const codes = (
  list: readonly Exception[],
  facts: Partial<ReviewFacts> = {},
): readonly (readonly string[])[] =>
  reviewExceptions({
    exceptions: list,
    logs: null,
    nowMs: NOW,
    expiringMs: 30 * DAY,
    ...facts,
  }).exceptions.map(({ problems }) => problems.map(({ code }) => code));

const logs = (...hidden: HiddenSession[]) => ({ hidden, firstMs: NOW - DAY, lastMs: NOW });

test("an exception that is narrow and alive has no problem", () => {
  expect(codes(exceptions(NARROW))).toEqual([[]]);
});

describe("lifetime", () => {
  const until = (expires: string) => [{ ...exceptions(NARROW)[0], expires } as Exception];

  test.each([
    ["2026-03-01", ["expired"], "expired"],
    ["2026-03-31", ["expiring"], "active"],
    ["2026-04-01", [], "active"],
  ])("until %s", (expires, expected, state) => {
    const [one] = reviewExceptions({
      exceptions: until(expires),
      logs: null,
      nowMs: NOW,
      expiringMs: 30 * DAY,
    }).exceptions;
    expect([one?.problems.map(({ code }) => code), one?.state]).toEqual([expected, state]);
  });

  test("one that has not begun is no problem", () => {
    const [one] = exceptions(NARROW) as readonly [Exception];
    expect(codes([{ ...one, created: "2026-04-01" }])).toEqual([[]]);
  });
});

describe("use", () => {
  test("without logs it is not judged, and that is said", () => {
    const review = reviewExceptions({
      exceptions: exceptions(NARROW),
      logs: null,
      nowMs: NOW,
      expiringMs: 0,
    });
    expect([review.exceptions[0]?.hid, review.exceptions[0]?.outcomes]).toEqual([null, null]);
    expect(review.notes[0]).toMatch(/^No logs were read/);
  });

  test("one that hid nothing is unused; one that did is not", () => {
    expect(codes(exceptions(NARROW), { logs: logs() })).toEqual([["unused"]]);
    expect(
      codes(exceptions(NARROW), { logs: logs({ exception: "E1", outcome: "blocked", ms: NOW }) }),
    ).toEqual([[]]);
  });

  test("logs of days on which it did not hold do not judge it", () => {
    const old = { hidden: [], firstMs: NOW - 100 * DAY, lastMs: NOW - 90 * DAY };
    const review = reviewExceptions({ exceptions: exceptions(NARROW), logs: old, nowMs: NOW, expiringMs: 0 });
    expect(review.exceptions[0]?.problems).toEqual([]);
    expect(review.notes).toEqual([expect.stringContaining("E1")]);
  });

  test("counts, the last one, and the weight of what it hid", () => {
    const hidden: HiddenSession[] = [
      { exception: "E1", outcome: "transferred", ms: NOW - 5000 },
      { exception: "E1", outcome: "established", ms: NOW - 1000 },
      { exception: "E1", outcome: "authenticated", ms: undefined },
      { exception: "E2", outcome: "blocked", ms: NOW },
    ];
    const [one] = reviewExceptions({
      exceptions: exceptions(NARROW),
      logs: logs(...hidden),
      nowMs: NOW,
      expiringMs: 0,
    }).exceptions;
    expect(one).toMatchObject({
      hid: 3,
      outcomes: { transferred: 1, established: 1, authenticated: 1 },
      last_hit: "2026-02-28T23:59:59.000Z",
    });
    expect(one?.problems.map(({ code, severity }) => [code, severity])).toEqual([
      ["hides-transfer", "critical"],
      ["hides-credentials", "critical"],
      ["hides-session", "medium"],
    ]);
  });
});

describe("breadth", () => {
  test.each([
    ["destination: 8.8.8.8, port: 445", ["any-source"]],
    ["source: 10.1.2.3, port: 445", ["any-destination"]],
    ["source: 10.1.2.3, domain: files.example, port: 445", []],
    ["source: 10.1.2.3, destination: 8.8.8.8", ["any-port"]],
    ["source: 10.0.0.0/8, destination: 8.8.8.8, port: 445", ["wide-source"]],
    ["source: 10.1.2.3, destination: 8.0.0.0/7, port: 445", ["wide-destination"]],
  ])("%s", (body, expected) => {
    expect(codes(exceptions(body))).toEqual([expected]);
  });

  test.each([
    ["10.0.0.0/9", false],
    ["10.0.0.0/8", true],
    ["2a00:1234::/33", false],
    ["2a00:1234::/32", true],
    ["8.0.0.0-8.255.255.255", true],
    ["8.0.0.0-8.255.255.254", false],
  ])("%s is too wide: %s", (network, wide) => {
    const [one] = exceptions(`source: "${network}"`);
    expect(tooWide(one?.source).length > 0).toBe(wide);
  });
});

describe("overlap", () => {
  test.each([
    ["destination: 8.8.8.0/24", NARROW, true],
    [NARROW, "destination: 8.8.8.0/24", false],
    ["destination: 8.8.8.8-8.8.8.9", "destination: [8.8.8.8, 8.8.8.9]", true],
    ["destination: 8.8.8.8", "destination: [8.8.8.8, 8.8.8.9]", false],
    ["destination: 8.8.8.8", 'destination: "2606:4700::1"', false],
    ['domain: "*.example.com"', "domain: a.b.example.com", true],
    ['domain: "*.example.com"', 'domain: "*.b.example.com"', true],
    ['domain: "*.example.com"', "domain: example.com", false],
    ["domain: a.example.com", 'domain: "*.example.com"', false],
    ["source: 10.0.0.0/8, rule: SP-01", NARROW, false],
    ["source: 10.0.0.0/8, rule: SP-01", `${NARROW}, rule: sp-01`, true],
    ["source: 10.0.0.0/8, port: [445, 139]", NARROW, true],
  ])("%s covers %s: %s", (wide, narrow, expected) => {
    const [a, b] = exceptions(wide, narrow) as readonly [Exception, Exception];
    expect(coversAll(a, b)).toBe(expected);
  });

  test("it must hold for as long", () => {
    const [a, b] = exceptions(NARROW, NARROW) as readonly [Exception, Exception];
    expect(coversAll({ ...a, expires: "2026-12-31" }, b)).toBe(false);
    expect(coversAll({ ...a, created: "2026-01-02" }, b)).toBe(false);
  });

  test("of two that are alike the second is named, and it is not called unused as well", () => {
    expect(
      codes(exceptions(NARROW, NARROW), { logs: logs({ exception: "E1", outcome: "blocked", ms: NOW }) }),
    ).toEqual([[], ["covered"]]);
  });
});
