/** Sets of packets against packets one by one: generated rulesets, packets near their borders. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressSpaceOf } from "../../src/audit/address-space.ts";
import { evaluate } from "../../src/audit/evaluate.ts";
import { type Family, spansHave } from "../../src/audit/ip-set.ts";
import { type Packets, SERVICES } from "../../src/audit/question.ts";
import { readConfigs } from "../../src/audit/read-config.ts";
import type { Region } from "../../src/audit/region.ts";
import { askedOf, variantsOf } from "../../src/audit/review.ts";
import type { Path, Ruleset } from "../../src/audit/ruleset.ts";
import { sidesOf } from "../../src/audit/sides.ts";
import { SallyportError } from "../../src/errors.ts";
import { bigintOf } from "../../src/net/big.ts";
import { createAddressModel } from "../../src/net/model.ts";
import { knownPrefix } from "../../src/net/prefix.ts";
import { type Ends, type Packet, referenceEnds } from "./reference.ts";

const space = addressSpaceOf(createAddressModel());
const SOURCES = {
  4: ["10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "172.16.0.0/12", "0.0.0.0/0"],
  6: ["fd00::/8", "fd00:1::/32", "::/0"],
};
const DESTINATIONS = {
  4: ["8.8.8.0/24", "8.8.8.8/32", "8.0.0.0/7", "0.0.0.0/0"],
  6: ["2606:4700::/32", "2606:4700:4700::1111/128", "2000::/3", "64:ff9b::/96"],
};

/** The ends of prefixes and their neighbours. */
function borders(prefixes: readonly string[], family: Family): bigint[] {
  const top = (1n << (family === 4 ? 32n : 128n)) - 1n;
  const found = prefixes.map(knownPrefix).flatMap(({ first, last }) => [bigintOf(first), bigintOf(last)]);
  return [...new Set(found.flatMap((value) => [value - 1n, value, value + 1n]))].filter(
    (value) => value >= 0n && value <= top,
  );
}

const has = (region: Region, { source, destination }: Packet): boolean =>
  region.some((part) => spansHave(part.source, source) && spansHave(part.destination, destination));

/** Every question that is asked of packets passing through. */
function questions(ruleset: Ruleset): readonly Packets[] {
  const sides = sidesOf(ruleset.zones, { inside: ["in0", "in1"], outside: ["out0"] });
  const services = SERVICES.filter(({ port }) => port === 445 || port === 137);
  return services.flatMap((service) =>
    ruleset.families.flatMap((family) => variantsOf(ruleset, transit(ruleset), service, family, sides)),
  );
}

function transit({ paths }: Ruleset): Path {
  const path = paths.find(({ name }) => name === "transit");
  if (path === undefined) throw new Error("no path");
  return path;
}

/** Every packet of a question near a border. */
function packetsOf(common: Packets): readonly Packet[] {
  const { family } = common;
  return borders(SOURCES[family], family).flatMap((source) =>
    borders(DESTINATIONS[family], family).map((destination) => ({ source, destination, common })),
  );
}

const verdictOf = (ends: Ends): string =>
  ends.size === 2 ? "undecided" : ends.has("allow") ? "allowed" : "blocked";

/** Compares every packet near a border with the reference, and with what an oracle says. */
function agreeEverywhere(ruleset: Ruleset, oracle?: (packet: Packet) => Ends): void {
  const path = transit(ruleset);
  for (const common of questions(ruleset)) {
    const asked = askedOf(path, common.family, space);
    const result = evaluate(ruleset, path, common, asked);
    for (const packet of packetsOf(common).filter((one) => has(asked, one))) {
      const ends = referenceEnds(ruleset, path, packet);
      const actual = (["allowed", "blocked", "undecided"] as const)
        .filter((name) => has(result[name], packet))
        .join();
      if (actual !== verdictOf(ends)) expect({ packet, actual }).toEqual({ packet, actual: verdictOf(ends) });
      const told = oracle?.(packet) ?? ends;
      if (verdictOf(told) !== verdictOf(ends)) expect({ packet, ends }).toEqual({ packet, ends: told });
    }
  }
}

function rulesetOf(text: string): Ruleset {
  const { rulesets, problems } = readConfigs([{ file: "generated", text }]);
  expect(problems).toEqual([]);
  const [ruleset] = rulesets;
  if (ruleset === undefined) throw new Error("no ruleset");
  return ruleset;
}

interface Term {
  readonly not: boolean;
  readonly value: string;
}

interface Spec {
  readonly source: Term | undefined;
  readonly destination: Term | undefined;
  readonly inside: Term | undefined;
  readonly outside: Term | undefined;
  readonly ports:
    | { readonly transport: string; readonly list: readonly (readonly [number, number])[] }
    | undefined;
  readonly state: string | undefined;
  readonly isUncertain: boolean;
  readonly target: string;
}

const term = (...values: readonly string[]): fc.Arbitrary<Term | undefined> =>
  fc.option(fc.record({ not: fc.boolean(), value: fc.constantFrom(...values) }), { nil: undefined, freq: 1 });

const spec = (targets: readonly string[], family: Family): fc.Arbitrary<Spec> =>
  fc.record({
    source: term(...SOURCES[family]),
    destination: term(...DESTINATIONS[family]),
    inside: term("in0", "in1"),
    outside: term("out0", "out1"),
    ports: fc.option(
      fc.record({
        transport: fc.constantFrom("tcp", "udp"),
        list: fc.array(
          fc.constantFrom(
            [445, 445] as const,
            [137, 139] as const,
            [0, 444] as const,
            [446, 65_535] as const,
          ),
          { minLength: 1, maxLength: 3 },
        ),
      }),
      { nil: undefined, freq: 1 },
    ),
    state: fc.option(fc.constantFrom("NEW", "ESTABLISHED,RELATED", "INVALID,NEW"), {
      nil: undefined,
      freq: 1,
    }),
    isUncertain: fc.boolean().chain((one) => (one ? fc.boolean() : fc.constant(false))),
    target: fc.constantFrom(...targets),
  });

function iptablesRule(chain: string, rule: Spec): string {
  const word = (option: string, given: Term | undefined): string =>
    given === undefined ? "" : `${given.not ? "! " : ""}${option} ${given.value}`;
  const ports =
    rule.ports === undefined
      ? ""
      : `-p ${rule.ports.transport} -m multiport --dports ${rule.ports.list.map(([a, b]) => (a === b ? a : `${a}:${b}`)).join(",")}`;
  const parts = [
    word("-s", rule.source),
    word("-d", rule.destination),
    word("-i", rule.inside),
    word("-o", rule.outside),
    ports,
    rule.state === undefined ? "" : `-m conntrack --ctstate ${rule.state}`,
    rule.isUncertain ? "-m owner --uid-owner 0" : "",
    rule.target.startsWith("-") ? rule.target : `-j ${rule.target}`,
  ];
  return ["-A", chain, ...parts.filter((part) => part !== "")].join(" ");
}

/** The same rules once more, from what was generated, without any parser. */
function oracleOf(
  chains: Readonly<Record<string, readonly Spec[]>>,
  policy: string,
): (packet: Packet) => Ends {
  const inside = (value: bigint, prefix: string): boolean => {
    const { first, last } = knownPrefix(prefix);
    return bigintOf(first) <= value && value <= bigintOf(last);
  };
  const holds = (rule: Spec, { source, destination, common }: Packet): boolean => {
    const test = (given: Term | undefined, is: (value: string) => boolean): boolean =>
      given === undefined || is(given.value) !== given.not;
    const transport = common.service.protocol === 6 ? "tcp" : "udp";
    return (
      test(rule.source, (value) => inside(source, value)) &&
      test(rule.destination, (value) => inside(destination, value)) &&
      test(rule.inside, (value) => common.inside === value) &&
      test(rule.outside, (value) => common.outside === value) &&
      (rule.ports === undefined ||
        (rule.ports.transport === transport &&
          rule.ports.list.some(([a, b]) => a <= common.service.port && common.service.port <= b))) &&
      (rule.state === undefined || rule.state.includes("NEW"))
    );
  };
  return (packet) => {
    const ends = new Set<"allow" | "block">();
    /** Tells whether the packet may come out at the end. */
    const walk = (name: string, at: number): boolean => {
      const rule = chains[name]?.[at];
      if (rule === undefined) return true;
      const next = (): boolean => walk(name, at + 1);
      if (!holds(rule, packet) || rule.target === "LOG") return next();
      const skipped = rule.isUncertain && next();
      return taken(rule.target, next) || skipped;
    };
    const taken = (target: string, next: () => boolean): boolean => {
      if (target === "ACCEPT" || target === "DROP") ends.add(target === "ACCEPT" ? "allow" : "block");
      if (target === "one") return walk("one", 0) && next();
      return target === "RETURN" || (target === "-g one" && walk("one", 0));
    };
    if (walk("FORWARD", 0)) ends.add(policy === "ACCEPT" ? "allow" : "block");
    return ends;
  };
}

const ENDS = ["ACCEPT", "DROP", "RETURN", "LOG"] as const;

describe("iptables", () => {
  test.each([4, 6] as const)("sets agree with packets one by one over IPv%i", (family) => {
    const forward = fc.array(spec([...ENDS, "one", "-g one"], family), { maxLength: 7 });
    const one = fc.array(spec(ENDS, family), { maxLength: 4 });
    fc.assert(
      fc.property(forward, one, fc.constantFrom("ACCEPT", "DROP"), (rules, more, policy) => {
        const text = [
          `# Generated by ip${family === 6 ? "6" : ""}tables-save v1.8.9 on Mon Mar  2 10:00:00 2026`,
          "*filter",
          `:FORWARD ${policy} [0:0]`,
          ":OUTPUT ACCEPT [0:0]",
          ":one - [0:0]",
          ...rules.map((rule) => iptablesRule("FORWARD", rule)),
          ...more.map((rule) => iptablesRule("one", rule)),
          "COMMIT",
        ].join("\n");
        agreeEverywhere(rulesetOf(text), oracleOf({ FORWARD: rules, one: more }, policy));
      }),
      { numRuns: 60 },
    );
  });

  test("what is not known makes a rule that decides uncertain, wherever it stands in the rule", () => {
    const others = [
      "-m owner --uid-owner 0",
      "-m limit --limit 5/min",
      "-m time --timestart 08:00",
      "--strange 1",
      "-m geoip --dst-cc US",
      "! --strange",
    ];
    fc.assert(
      fc.property(fc.constantFrom(...others), fc.boolean(), (other, before) => {
        const match = "-p tcp -m tcp --dport 445";
        const rule = before ? `${other} ${match} -j ACCEPT` : `${match} -j ACCEPT ${other}`;
        const text = `*filter\n:FORWARD DROP\n:OUTPUT DROP\n-A FORWARD -s 10.0.0.0/8 ${rule}\nCOMMIT\n`;
        const ruleset = rulesetOf(text);
        const [path] = ruleset.paths;
        const [service] = SERVICES;
        if (path === undefined || service === undefined) throw new Error("no path");
        const [common] = variantsOf(ruleset, path, service, 4, sidesOf([], {}));
        if (common === undefined) throw new Error("no packets");
        const result = evaluate(ruleset, path, common, askedOf(path, 4, space));
        const packet = { source: 0x0a00_0005n, destination: 0x0808_0808n, common };
        expect(has(result.undecided, packet)).toBe(true);
        expect(result.doubts.length).toBeGreaterThan(0);
      }),
    );
  });
});

interface NftSpec {
  readonly terms: readonly object[];
  readonly end: object;
}

const nftPrefix = (text: string): object => {
  const [addr, len] = text.split("/");
  return { prefix: { addr, len: Number(len) } };
};

const nftTerm = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(4, 6) as fc.Arbitrary<Family>,
      fc.boolean(),
      fc.constantFrom("==", "!="),
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 1, max: 2 }),
    )
    .map(([family, isSource, op, from, count]) => {
      const list = (isSource ? SOURCES : DESTINATIONS)[family]
        .filter((text) => !text.endsWith("/0"))
        .slice(from, from + count);
      const left = {
        payload: { protocol: family === 4 ? "ip" : "ip6", field: isSource ? "saddr" : "daddr" },
      };
      return {
        match: {
          op,
          left,
          right: list.length === 1 ? nftPrefix(list[0] ?? "") : { set: list.map(nftPrefix) },
        },
      };
    }),
  fc
    .tuple(
      fc.constantFrom("tcp", "udp", "th"),
      fc.constantFrom("==", "!=", "<", ">="),
      fc.constantFrom(137, 445),
    )
    .map(([header, op, right]) => ({
      match: { op, left: { payload: { protocol: header, field: "dport" } }, right },
    })),
  fc.constantFrom(
    { match: { op: "==", left: { meta: { key: "iifname" } }, right: "in0" } },
    { match: { op: "!=", left: { meta: { key: "oifname" } }, right: "out0" } },
    { match: { op: "==", left: { meta: { key: "nfproto" } }, right: "ipv6" } },
    { match: { op: "in", left: { ct: { key: "state" } }, right: ["established", "related"] } },
    { match: { op: "in", left: { ct: { key: "state" } }, right: ["new"] } },
    { match: { op: "==", left: { meta: { key: "skuid" } }, right: 0 } },
    { limit: { rate: 5, per: "second" } },
    { match: { op: "==", left: { payload: { protocol: "ip", field: "daddr" } }, right: "@some" } },
    {
      match: {
        op: "==",
        left: {
          concat: [
            { payload: { protocol: "ip", field: "daddr" } },
            { payload: { protocol: "tcp", field: "dport" } },
          ],
        },
        right: {
          set: [{ concat: [nftPrefix("8.8.8.0/24"), 445] }, { concat: ["8.8.8.8", { range: [0, 65_535] }] }],
        },
      },
    },
  ),
);

const nftEnd = (...chains: readonly string[]): fc.Arbitrary<object> =>
  fc.oneof(
    fc.constantFrom<object>({ accept: null }, { drop: null }, { return: null }, { counter: null }),
    ...chains.flatMap((target) => [fc.constant({ jump: { target } }), fc.constant({ goto: { target } })]),
    fc.constant({
      vmap: {
        key: { payload: { protocol: "tcp", field: "dport" } },
        data: {
          set: [
            [445, chains[0] === undefined ? { drop: null } : { jump: { target: chains[0] } }],
            [{ range: [137, 139] }, { drop: null }],
            ["*", { accept: null }],
          ],
        },
      },
    }),
  );

const nftSpec = (...chains: readonly string[]): fc.Arbitrary<NftSpec> =>
  fc.record({ terms: fc.array(nftTerm, { maxLength: 3 }), end: nftEnd(...chains) });

describe("nftables", () => {
  test("sets agree with packets one by one, over several base chains", () => {
    fc.assert(
      fc.property(
        fc.array(nftSpec("one"), { maxLength: 5 }),
        fc.array(nftSpec("two"), { maxLength: 4 }),
        fc.array(nftSpec(), { maxLength: 3 }),
        fc.array(nftSpec(), { maxLength: 3 }),
        fc.constantFrom("accept", "drop"),
        (first, one, two, last, policy) => {
          const base = { family: "inet", table: "t" };
          const rules = (chain: string, list: readonly NftSpec[]): object[] =>
            list.map(({ terms, end }) => ({ rule: { ...base, chain, expr: [...terms, end] } }));
          const listing = {
            nftables: [
              {
                set: {
                  ...base,
                  name: "some",
                  type: "ipv4_addr",
                  elem: [nftPrefix("8.8.8.0/24"), { elem: { val: "9.9.9.9", comment: "x" } }],
                },
              },
              {
                chain: { ...base, name: "late", type: "filter", hook: "forward", prio: 10, policy: "accept" },
              },
              { chain: { ...base, name: "early", type: "filter", hook: "forward", prio: 0, policy } },
              { chain: { ...base, name: "one" } },
              { chain: { ...base, name: "two" } },
              ...rules("early", first),
              ...rules("one", one),
              ...rules("two", two),
              ...rules("late", last),
            ],
          };
          const ruleset = rulesetOf(JSON.stringify(listing));
          expect(ruleset.paths[0]?.stages).toEqual(["inet t early", "inet t late", "(kernel)"]);
          agreeEverywhere(ruleset);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("what is no configuration", () => {
  const pieces = fc.constantFrom(
    "<config>",
    "</config>",
    "<a b='",
    "&x;",
    "<!DOCTYPE a>",
    "{",
    "}",
    "[",
    "]",
    '"nftables":',
    '"SecurityGroups":',
    ":",
    ",",
    "*filter\n",
    "-A FORWARD ",
    "-j ",
    "constructor ",
    "! ",
    "--dport ",
    "445 ",
    "<vsys><entry name='v'>",
    "<devices><entry>",
    "null",
    "1e9",
    "\n",
    "-s ",
    "::/0 ",
    '{"nftables":[{"rule":{"expr":[{"match":',
    '{"match":{"op":"toString","left":{"payload":{"protocol":"constructor","field":"__proto__"}},"right":',
  );

  test("it is refused with an error of ours, or read, and never anything else", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces, { maxLength: 25 }).map((list) => list.join("")),
        ),
        (text) => {
          const { problems } = readConfigs([{ file: "x", text }]);
          for (const { error } of problems) expect(error).toBeInstanceOf(SallyportError);
        },
      ),
      { numRuns: 1500 },
    );
  });

  test.each([
    ["deep JSON", `{"nftables":${"[".repeat(5000)}`],
    ["deep XML", `<config>${"<a>".repeat(5000)}`],
    ["a document type", '<!DOCTYPE config [<!ENTITY a "b">]><config>&a;</config>'],
    ["an own entity", "<config><a>&custom;</a></config>"],
    ["an iptables command that is not printed", "*filter\n:FORWARD DROP\n-D FORWARD 1\n"],
    ["a shell script", "#!/bin/sh\niptables -A FORWARD -j ACCEPT\n"],
    ["nothing", ""],
  ])("%s is refused", (_, text) => {
    const { problems } = readConfigs([{ file: "x", text }]);
    expect(problems.map(({ error }) => error.code)).toEqual(["config_unrecognised"]);
  });
});
