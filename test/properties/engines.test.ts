import fc from "fast-check";
import { expect, test } from "vitest";
import { explain } from "../../src/engines/explain.ts";
import { compileTest } from "../../src/engines/fast.ts";
import { ENGINES } from "../../src/engines/index.ts";
import { evaluate } from "../../src/engines/reference.ts";
import type { NetworkEvent } from "../../src/event/event.ts";
import { jsonRecord } from "../../src/event/record.ts";
import { timestampFromMs } from "../../src/event/timestamp.ts";
import type { IpAddress } from "../../src/net/address.ts";
import { parseIp } from "../../src/net/parse-ip.ts";
import { parseRules } from "../../src/sigma/parse-rule.ts";
import { compilePlan, type Plan } from "../../src/sigma/plan.ts";

/** A small world, so that rules and events meet often. */
const WORDS = [
  "a",
  "A",
  "ab",
  "aba",
  "b",
  "",
  "-a",
  "/a",
  "a*b",
  "tcp",
  "smb",
  "445",
  "1.5",
  "true",
  "a😀b",
  "10.1.2.3",
];
const ADDRESSES = [
  "10.1.2.3",
  "8.8.8.8",
  "::ffff:8.8.8.8",
  "fd12:3456::1",
  "2606:4700:4700::1111",
  "64:ff9b::808:808",
];
const NETWORKS = ["10.0.0.0/8", "8.8.8.8/32", "8.8.8.8", "0.0.0.0/0", "fc00::/7", "::/0", "2606:4700::/32"];
const PATTERNS = ["a.b", "^a", "b$", "a+|b", "[0-9]{3}", "(a|b)*", "\\d", "."];
const NUMBERS = [0, 1, 139, 445, 1.5, 65_535];
const RAW_NAMES = ["x", "y", "z.w"];

const word = fc.constantFrom(...WORDS);
const glob = fc.oneof(
  word,
  fc.constantFrom("a*a", "ab*ba", "*a*b*", "a**b", "?", "??*", "*1.?.3"),
  fc
    .array(fc.constantFrom("a", "b", "*", "?", "\\", "😀", "-"), { maxLength: 6 })
    .map((parts) => parts.join("")),
);
const plainValue = fc.oneof(glob, fc.constantFrom(...NUMBERS), fc.boolean(), fc.constant(null));
const notNull = fc.oneof(glob, fc.constantFrom(...NUMBERS), fc.boolean());

const EVENT_NAMES = {
  ip: ["source.ip", "destination.ip"],
  port: ["destination.port"],
  integer: ["source.bytes"],
  keyword: ["network.transport", "user.name"],
  keywords: ["network.application"],
  boolean: ["sallyport.flipped"],
  time: ["@timestamp"],
} as const;

type Line = readonly [key: string, values: unknown];

function lineFor(name: string): fc.Arbitrary<Line> {
  const list = <T>(value: fc.Arbitrary<T>, minLength = 1): fc.Arbitrary<unknown> =>
    fc.array(value, { minLength, maxLength: 3 });
  const keyed = (chain: string, values: fc.Arbitrary<unknown>): fc.Arbitrary<Line> =>
    values.map((value) => [`${name}${chain}`, value] as const);
  const place = fc.constantFrom("contains", "startswith", "endswith");
  const others: readonly string[] = RAW_NAMES.includes(name) ? RAW_NAMES : Object.values(EVENT_NAMES).flat();
  return fc.oneof(
    { weight: 3, arbitrary: keyed("", fc.oneof(plainValue, list(plainValue))) },
    keyed("|cased", list(notNull)),
    keyed("|neq", list(plainValue)),
    keyed("|all", list(plainValue, 2)),
    place.chain((at) => keyed(`|${at}`, list(notNull))),
    place.chain((at) => keyed(`|${at}|all`, list(notNull, 2))),
    place.chain((at) => keyed(`|${at}|windash|neq`, list(notNull))),
    keyed("|re", list(fc.constantFrom(...PATTERNS))),
    keyed("|re|i", list(fc.constantFrom(...PATTERNS))),
    keyed("|cidr", list(fc.constantFrom(...NETWORKS))),
    keyed("|exists", fc.boolean()),
    fc
      .constantFrom("gt", "gte", "lt", "lte")
      .chain((operator) => keyed(`|${operator}`, list(fc.constantFrom(...NUMBERS)))),
    keyed("|fieldref", list(fc.constantFrom(...others))),
    keyed("|fieldref|neq", list(fc.constantFrom(...others))),
    keyed("|base64offset|contains", list(fc.constantFrom("aba", "10.1.2.3"))),
  );
}

const map = (names: readonly string[]): fc.Arbitrary<unknown> =>
  fc
    .uniqueArray(fc.constantFrom(...names).chain(lineFor), {
      minLength: 1,
      maxLength: 3,
      selector: ([key]) => key,
    })
    .map((lines) => Object.fromEntries(lines));

const keyword = word.filter((text) => text !== "");

function selection(names: readonly string[]): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 4, arbitrary: map(names) },
    fc.array(map(names), { minLength: 1, maxLength: 2 }),
    fc.array(keyword, { minLength: 1, maxLength: 2 }),
    fc.array(keyword, { minLength: 2, maxLength: 3 }).map((words) => ({ "|all": words })),
  );
}

const condition = fc.constantFrom(
  "s1",
  "not s1",
  "s1 and s2",
  "s1 or s2",
  "s1 and not s2 or s3",
  "not (s1 or s2) and s3",
  "1 of s*",
  "all of them",
  "s1 and not 1 of s2*",
);

const LOGSOURCES = [
  [{ category: "network", service: "connection" }, Object.values(EVENT_NAMES).flat()],
  [{ product: "anything" }, RAW_NAMES],
] as const;

const plan: fc.Arbitrary<Plan> = fc.constantFrom(...LOGSOURCES).chain(([logsource, names]) => {
  const one = selection(names);
  return fc.record({ s1: one, s2: one, s3: one, condition }).map((detection) => {
    const [rule] = parseRules(JSON.stringify({ title: "generated", logsource, detection }), "generated.yml");
    if (rule === undefined) throw new Error("no rule");
    return compilePlan(rule);
  });
});

function address(text: string): IpAddress | undefined {
  return parseIp(text);
}

const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 3 });
const rawScalar = fc.oneof(
  word,
  fc.constantFrom(...ADDRESSES),
  fc.constantFrom(...NUMBERS),
  fc.boolean(),
  fc.constant(null),
);
const rawValue = fc.oneof({ weight: 4, arbitrary: rawScalar }, fc.array(rawScalar, { maxLength: 3 }));

const event: fc.Arbitrary<NetworkEvent> = fc
  .record({
    record: fc.record({ x: rawValue, y: rawValue, z: fc.record({ w: rawValue }) }, { requiredKeys: [] }),
    from: optional(fc.constantFrom(...ADDRESSES).map(address)),
    to: optional(fc.constantFrom(...ADDRESSES).map(address)),
    port: optional(fc.constantFrom(139, 445, 0)),
    bytes: optional(fc.constantFrom(0, 1, 445)),
    transport: optional(word.filter((text) => text !== "")),
    user: optional(word.filter((text) => text !== "")),
    application: optional(
      fc.uniqueArray(
        word.filter((text) => text !== ""),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    flipped: optional(fc.boolean()),
    ms: optional(fc.constantFrom(0, 1, 445, 1_772_359_200_500)),
  })
  .map(({ record, from, to, port, bytes, transport, user, application, flipped, ms }) => ({
    format: "generated",
    dataset: "generated",
    offset: 0,
    record: jsonRecord(record),
    "source.ip": from,
    "destination.ip": to,
    "destination.port": port,
    "source.bytes": bytes,
    "network.transport": transport,
    "user.name": user,
    "network.application": application,
    "sallyport.flipped": flipped,
    "@timestamp": ms === undefined ? undefined : timestampFromMs(ms),
  }));

test("the fast engine and explain agree with the reference on any rule and event", () => {
  let matches = 0;
  let runs = 0;
  fc.assert(
    fc.property(plan, fc.array(event, { minLength: 4, maxLength: 4 }), (generated, events) => {
      const fast = compileTest(generated);
      for (const asked of events) {
        const wanted = evaluate(generated, asked);
        expect(fast(asked)).toBe(wanted);
        expect(explain(generated, asked).passed).toBe(wanted);
        runs++;
        if (wanted) matches++;
      }
    }),
    { numRuns: 4000 },
  );
  expect(matches / runs).toBeGreaterThan(0.1);
  expect(matches / runs).toBeLessThan(0.9);
});

test("all engines give the same matches in the same order", () => {
  const datasets = new Map([
    ["generated", { title: "generated", logsources: [{ product: "anything" }], carries: [] }],
  ]);
  fc.assert(
    fc.property(fc.array(plan, { maxLength: 4 }), fc.array(event, { maxLength: 6 }), (plans, events) => {
      const runs = ENGINES.map((engine) => {
        const seen: [number, NetworkEvent][] = [];
        engine.prepare(plans, datasets)({ file: "generated", events }, (at, matched) =>
          seen.push([at, matched]),
        );
        return seen;
      });
      for (const run of runs) expect(run).toEqual(runs[0]);
    }),
    { numRuns: 300 },
  );
});
