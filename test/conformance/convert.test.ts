/** Converted rules against the reference engine, and against the texts that are on record. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { convertCommand, convertRules } from "../../src/cli/rules-convert.ts";
import type { ConvertContext } from "../../src/convert/dialect.ts";
import { CONVERTERS } from "../../src/convert/index.ts";
import { LOSSES } from "../../src/convert/loss.ts";
import { classLayers, scopeLayers } from "../../src/convert/networks.ts";
import { evaluate } from "../../src/engines/reference.ts";
import { SallyportError } from "../../src/errors.ts";
import { deriveFields } from "../../src/event/derive.ts";
import type { NetworkEvent } from "../../src/event/event.ts";
import { parseSite } from "../../src/findings/site.ts";
import { ecs } from "../../src/formats/ecs.ts";
import { type Format, Undecodable } from "../../src/formats/format.ts";
import { splunkJson } from "../../src/formats/splunk-json.ts";
import type { IpAddress } from "../../src/net/address.ts";
import { REGISTRY } from "../../src/net/iana.ts";
import { type AddressModel, createAddressModel } from "../../src/net/model.ts";
import { ipv4, ipv6, parseIp } from "../../src/net/parse-ip.ts";
import { inRange, knownPrefix, type Prefix, parseNetwork } from "../../src/net/prefix.ts";
import { SCOPES } from "../../src/net/scope.ts";
import { compileRequest } from "../../src/pipeline/compile-request.ts";
import { defaultRequest } from "../../src/pipeline/request.ts";
import { parseRules } from "../../src/sigma/parse-rule.ts";
import { compilePlan, type Plan } from "../../src/sigma/plan.ts";
import { compileKql, type Row } from "./kql-reader.ts";
import { compileSplWhere } from "./spl-reader.ts";

const RULES = "content/rules/network";
/** Their texts; `UPDATE_GOLDEN=1 npx vitest run test/conformance/convert.test.ts` writes them anew. */
const GOLDEN = join(import.meta.dirname, "..", "golden", "convert");

function plansIn(text: string, file: string): readonly Plan[] {
  return parseRules(text, file).map((rule) => compilePlan(rule));
}

function shipped(name: string): readonly Plan[] {
  const file = `${RULES}/${name}.yml`;
  return plansIn(readFileSync(file, "utf8"), file);
}

const SP_01 = shipped("net_connection_outbound_smb_to_internet");
const SP_02 = shipped("net_connection_smb_application_on_non_smb_port");

function model(internal: readonly string[] = []): AddressModel {
  return createAddressModel({ internal: internal.flatMap((text) => parseNetwork(text) ?? []) });
}

const DEFAULT_SITE = { networks: { model: model(), nat64: [] }, exceptions: 0 };

function siteOf(name: string): Pick<ConvertContext, "networks" | "exceptions"> {
  const file = join(GOLDEN, name);
  const { internal, internalOnly, nat64, sharedAddressSpace, exceptions } = parseSite(
    readFileSync(file, "utf8"),
    file,
  );
  const networks = {
    model: createAddressModel({ internal, internalOnly, nat64, sharedAddressSpace }),
    nat64,
  };
  return { networks, exceptions: exceptions.length };
}

describe("texts on record", () => {
  const SITES = { default: DEFAULT_SITE, site: siteOf("site.yml") };
  const WRITTEN = [
    ["spl", "search", [], "spl"],
    ["spl", "search", ["macros=keep"], "macros.spl"],
    ["spl", "savedsearches", [], "conf"],
    ["kql", "query", [], "kql"],
    ["kql", "rule", ["suppress=1d"], "json"],
    ["kql", "ndjson", [], "ndjson"],
  ] as const;
  const CASES = Object.entries({ "sp-01": SP_01, "sp-02": SP_02 }).flatMap(([id, plans]) =>
    Object.entries(SITES).flatMap(([siteName, site]) =>
      WRITTEN.map(([target, format, options, ending]) => ({
        file: `${id}.${siteName}.${ending}`,
        plans,
        site,
        request: { target, format, options, skipUnsupported: false },
      })),
    ),
  );

  test.each(CASES)("$file is what the converter writes", ({ file, plans, site, request }) => {
    const { text } = convertRules(plans, request, site);
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(join(GOLDEN, file), text);
    expect(text).toBe(readFileSync(join(GOLDEN, file), "utf8"));
  });

  test("nothing else lies among them", () => {
    const wanted = ["losses.txt", "site.yml", ...CASES.map(({ file }) => file)].sort();
    expect(readdirSync(GOLDEN).sort()).toEqual(wanted);
  });

  test("every loss of the two rules is warned of with its code", () => {
    const texts = CONVERTERS.flatMap(({ name }) => [
      `${name}:`,
      ...convertRules([...SP_01, ...SP_02], { target: name, options: [], skipUnsupported: false }, SITES.site)
        .warnings,
    ]);
    const text = `${texts.join("\n")}\n`;
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(join(GOLDEN, "losses.txt"), text);
    expect(text).toBe(readFileSync(join(GOLDEN, "losses.txt"), "utf8"));
  });
});

/** Addresses where answers change: the ends of every row, their neighbours, the site's own, and any other. */
const SITE_NETWORKS = [
  "11.22.33.0/24",
  "8.8.4.0-8.8.5.77",
  "2a00:1234:5::/48",
  "192.0.0.0/28",
  "2001:4:112::/64",
];

const EDGES = [...REGISTRY.map((row) => row.prefix), ...SITE_NETWORKS].flatMap((text) => {
  const block = parseNetwork(text) ?? knownPrefix("::ffff:0:0/96");
  return [block.first, step(block.first, -1), block.last, step(block.last, 1)];
});

function step(ip: IpAddress, by: 1 | -1): IpAddress {
  if (ip.family === 4) return ipv4(ip.w3 + by);
  const low = ip.w3 + by;
  const carry = low < 0 ? -1 : low > 0xffff_ffff ? 1 : 0;
  const middle = ip.w2 + carry;
  const next = middle < 0 ? -1 : middle > 0xffff_ffff ? 1 : 0;
  const upper = ip.w1 + next;
  const last = upper < 0 ? -1 : upper > 0xffff_ffff ? 1 : 0;
  return ipv6(ip.w0 + last, upper, middle, low);
}

const word32 = fc.nat({ max: 0xffff_ffff });
const anyAddress = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...EDGES) },
  { weight: 2, arbitrary: word32.map(ipv4) },
  fc.tuple(word32, word32, word32, word32).map((words) => ipv6(...words)),
  fc.tuple(fc.nat(0x1fff_ffff), word32, word32, word32).map(([a, b, c, d]) => ipv6(a + 0x2000_0000, b, c, d)),
);
/** Those that hold no IPv4 address: the loss "embedded-ipv4" is about the others. */
const address = anyAddress.filter((ip) => model().classify(ip).embedded === undefined);

function isWithin(layers: readonly Prefix[][], ip: IpAddress): boolean {
  const misses = layers.findIndex((prefixes) => !prefixes.some((prefix) => inRange(prefix, ip)));
  return (misses < 0 ? layers.length : misses) % 2 === 1;
}

describe("scopes as networks", () => {
  const MODELS = {
    "by default": createAddressModel(),
    "with networks of the site": model(SITE_NETWORKS),
    "with internal_only": createAddressModel({
      internal: SITE_NETWORKS.flatMap((text) => parseNetwork(text) ?? []),
      internalOnly: true,
    }),
    "with shared address space on the Internet": createAddressModel({ sharedAddressSpace: "internet" }),
  };

  test.each(Object.entries(MODELS))("an address lies in the lists of its own scope, %s", (_, own) => {
    fc.assert(
      fc.property(address, fc.subarray([...SCOPES]), (ip, scopes) => {
        const layers = scopeLayers({ model: own, nat64: [] }, (scope) => scopes.includes(scope));
        expect(isWithin(layers, ip), ip.text).toBe(scopes.includes(own.classify(ip).scope));
      }),
      { numRuns: 3000 },
    );
  });

  test("an address lies in the lists of its own class", () => {
    const classes = ["global", ...new Set(REGISTRY.map((row) => row.name))];
    fc.assert(
      fc.property(address, fc.subarray(classes), (ip, names) => {
        const layers = classLayers((name) => names.includes(name));
        expect(isWithin(layers, ip), ip.text).toBe(names.includes(model().classify(ip).addressClass));
      }),
      { numRuns: 3000 },
    );
  });

  test.each(["64:ff9b::808:808", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:f7f7:f7f7"])(
    "%s counts as the Internet without being unwrapped",
    (text) => {
      const layers = scopeLayers(DEFAULT_SITE.networks, (scope) => scope === "internet");
      expect(isWithin(layers, parseIp(text) ?? ipv4(0))).toBe(true);
    },
  );

  test("a configured NAT64 prefix counts as the Internet, though it lies in reserved space", () => {
    const nat64 = [knownPrefix("64:ff9b:1::/96")];
    const networks = { model: createAddressModel({ nat64 }), nat64 };
    const layers = scopeLayers(networks, (scope) => scope === "internet");
    expect(isWithin(layers, parseIp("64:ff9b:1::808:808") ?? ipv4(0))).toBe(true);
    expect(isWithin(layers, parseIp("64:ff9b:1:1::808:808") ?? ipv4(0))).toBe(false);
  });
});

/** Reads a row as a log, as Sallyport would. */
function eventOf(format: Format, row: Row, own: AddressModel): NetworkEvent | undefined {
  const decoder = format.open({ file: "test", zone: (ms) => ms, year: 2026 });
  const event = decoder.decode(JSON.stringify(row));
  if (event instanceof Undecodable) throw new Error(`undecodable: ${JSON.stringify(row)}`);
  return event === undefined
    ? undefined
    : deriveFields(event, { model: own, byteCounting: format.byteCounting });
}

/** Values of a row. No source port of SMB, which would turn the record; no port 0, which the model fills in. */
const APPLICATIONS = [
  "smb",
  "smb2",
  "cifs",
  "ms-ds-smbv3",
  "microsoft-ds",
  "netbios-ssn (smb)",
  "ssl",
  "smbx",
  "gssapi,smb,ntlm",
  "smb,ntlm",
  "dce_rpc,ms-ds-smbv2",
  "http,smbx",
];

const facts = fc.record(
  {
    from: address,
    to: address,
    fromPort: fc.constantFrom(1024, 50_000),
    toPort: fc.constantFrom(138, 139, 445, 446, 8445, 65_535),
    transport: fc.constantFrom("tcp", "udp", "icmp"),
    application: fc.constantFrom(...APPLICATIONS),
    isProtocol: fc.boolean(),
    bytesOut: fc.constantFrom(0, 1, 5000),
  },
  { requiredKeys: ["isProtocol"] },
);

type Facts = typeof facts extends fc.Arbitrary<infer T> ? T : never;

const HEAD = {
  "@timestamp": "2026-03-01T10:00:00Z",
  ecs: { version: "8.11" },
  "event.category": ["network"],
};

function ecsRow({ from, to, fromPort, toPort, transport, application, isProtocol, bytesOut }: Facts): Row {
  // A list in ECS is an array; only the source's own word may be a list in one text.
  const isWord = isProtocol || application?.includes(",") === true;
  return {
    ...HEAD,
    "source.ip": from?.text,
    "destination.ip": to?.text,
    "source.port": fromPort,
    "destination.port": toPort,
    "network.transport": transport,
    [isWord ? "network.protocol" : "network.application"]: application,
    "source.bytes": bytesOut,
  };
}

/** As the data model has it: what is absent is filled. */
function cimRow({ from, to, fromPort, toPort, transport, application, isProtocol, bytesOut }: Facts): Row {
  const shout = (text: string | undefined): string | undefined => (isProtocol ? text?.toUpperCase() : text);
  return {
    _time: "2026-03-01T10:00:00Z",
    src_ip: from?.text,
    dest_ip: to?.text,
    src: from?.text ?? "unknown",
    dest: to?.text ?? "unknown",
    src_port: fromPort,
    dest_port: toPort,
    transport: shout(transport) ?? "unknown",
    app: shout(application) ?? "unknown",
    bytes_out: bytesOut,
  };
}

const TARGETS = [
  { target: "kql", options: [], format: ecs as Format, row: ecsRow, compile: compileKql },
  { target: "spl", options: [], format: splunkJson as Format, row: cimRow, compile: compileSplWhere },
  {
    target: "spl",
    options: ["addresses=host", "macros=keep"],
    format: splunkJson as Format,
    row: cimRow,
    compile: compileSplWhere,
  },
];

describe("a converted rule and the reference engine agree", () => {
  const own = model(SITE_NETWORKS);
  const site = { networks: { model: own, nat64: [] }, exceptions: 0 };

  /** Events that meet the shipped rules often. */
  const leaving = fc
    .tuple(facts, fc.constantFrom("10.1.2.3", "11.22.33.7", "fd12:3456::1", "169.254.1.1"), fc.boolean())
    .map(([row, source, isOurs]) => (isOurs ? { ...row, from: parseIp(source) ?? ipv4(0) } : row));

  test.each(
    TARGETS.flatMap((target) => [SP_01, SP_02].flat().map((plan) => ({ ...target, plan, id: plan.rule.id }))),
  )("$id in $target $options", ({ target, options, format, row, compile, plan }) => {
    const converted = compile(convertRules([plan], { target, options, skipUnsupported: false }, site).text);
    let matches = 0;
    fc.assert(
      fc.property(leaving, (generated) => {
        const document = row(generated);
        const event = eventOf(format, document, own);
        // Too little to be network traffic: no source, no ends.
        fc.pre(event !== undefined);
        const wanted = event !== undefined && evaluate(plan, event);
        if (wanted) matches++;
        expect(converted(document), JSON.stringify(document)).toBe(wanted);
      }),
      { numRuns: 4000 },
    );
    expect(matches).toBeGreaterThan(20);
  });

  const words = fc.constantFrom(...SCOPES, "inter*", "*l", "?nternet");
  const networks = fc.constantFrom("10.0.0.0/8", "11.22.33.0/24", "0.0.0.0/0", "fc00::/7", "8.8.8.8");
  const list = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
    fc.array(value, { minLength: 1, maxLength: 3 });
  const end = fc.constantFrom("source", "destination");
  const keyed = (name: string, value: unknown): readonly [string, unknown] => [name, value];
  const line: fc.Arbitrary<readonly [string, unknown]> = fc.oneof(
    fc
      .tuple(end, fc.constantFrom("", "|neq"), list(words))
      .map(([of, how, v]) => keyed(`${of}.scope${how}`, v)),
    fc
      .tuple(end, list(fc.constantFrom("private-use", "global", "amt", "unknown", "teredo", "*-use")))
      .map(([of, v]) => keyed(`${of}.address_class`, v)),
    fc.tuple(end, list(networks)).map(([of, v]) => keyed(`${of}.ip|cidr`, v)),
    fc.tuple(end, fc.boolean()).map(([of, v]) => keyed(`${of}.ip|exists`, v)),
    fc
      .tuple(end, fc.constantFrom("10.0.0.0", "2A00:1234:5:0::", null))
      .map(([of, v]) => keyed(`${of}.ip`, v)),
    fc
      .tuple(fc.constantFrom("", "|neq"), list(fc.constantFrom(139, 445, "446")))
      .map(([how, v]) => keyed(`destination.port${how}`, v)),
    fc
      .tuple(fc.constantFrom("gt", "gte", "lt", "lte"), fc.constantFrom(138, 445, 446))
      .map(([how, v]) => keyed(`destination.port|${how}`, v)),
    fc.constantFrom(null, 445).map((v) => keyed("destination.port", [139, v])),
    list(fc.constantFrom("tcp", "udp", null, "t*", "*p")).map((v) => keyed("network.transport", v)),
    list(fc.constantFrom("smb", "s", "ms-ds")).map((v) => keyed("network.application|startswith", v)),
    fc.boolean().map((v) => keyed("network.application|exists", v)),
    fc.constantFrom(0, 1, 4999).map((v) => keyed("source.bytes|gte", v)),
  );
  const selection = fc
    .uniqueArray(line, { minLength: 1, maxLength: 3, selector: ([name]) => name })
    .map((lines) => Object.fromEntries(lines));
  const condition = fc.constantFrom(
    "a",
    "not a",
    "a and not b",
    "a or b and c",
    "not (a or b) and c",
    "1 of them",
    "not (a and not (b or not c))",
  );
  const plan = fc
    .record({
      a: selection,
      b: fc.oneof(selection, fc.array(selection, { minLength: 1, maxLength: 2 })),
      c: selection,
      condition,
    })
    .map((detection) => {
      const logsource = { category: "network", service: "connection" };
      const [only] = plansIn(JSON.stringify({ title: "generated", logsource, detection }), "generated.yml");
      if (only === undefined) throw new Error("no rule");
      return only;
    });

  test.each(TARGETS)("any rule in $target $options", ({ target, options, format, row, compile }) => {
    let matches = 0;
    let runs = 0;
    fc.assert(
      fc.property(plan, fc.array(facts, { minLength: 4, maxLength: 4 }), (generated, rows) => {
        const text = converted(generated, target, options);
        // A rule that every record meets, or none, is refused.
        if (text === undefined) return;
        const query = compile(text);
        for (const one of rows) {
          const document = row(one);
          const event = eventOf(format, document, own);
          if (event === undefined) continue;
          const wanted = evaluate(generated, event);
          runs++;
          if (wanted) matches++;
          expect(query(document), `${JSON.stringify(document)}\n${text}`).toBe(wanted);
        }
      }),
      { numRuns: 2000 },
    );
    expect(matches / runs).toBeGreaterThan(0.1);
    expect(matches / runs).toBeLessThan(0.9);
  });

  function converted(generated: Plan, target: string, options: readonly string[]): string | undefined {
    try {
      return convertRules([generated], { target, options, skipUnsupported: false }, site).text;
    } catch (error) {
      if (error instanceof SallyportError && /record (?:would|could) meet it$/.test(error.message))
        return undefined;
      throw error;
    }
  }
});

describe("what cannot be said", () => {
  const ecsSource = { category: "network", service: "connection" };
  const one = (line: object, more: object = {}): readonly Plan[] =>
    plansIn(
      JSON.stringify({ title: "t", logsource: ecsSource, detection: { a: line, condition: "a" }, ...more }),
      "t.yml",
    );

  test.each([
    ["a regular expression", one({ "user.name|re": "a+" }), "regular expression"],
    ["a comparison of two fields", one({ "source.port|fieldref": "destination.port" }), "two fields"],
    [
      "keywords",
      plansIn(
        JSON.stringify({ title: "t", logsource: ecsSource, detection: { a: ["x"], condition: "a" } }),
        "t.yml",
      ),
      "whole record",
    ],
    ["an outcome", one({ "sallyport.outcome": "established" }), "worked out by Sallyport"],
    [
      "a session rule",
      one({ "destination.port": 445 }, { sallyport: { scope: "session" } }),
      "merged sessions",
    ],
    [
      "a field of the record itself",
      plansIn(
        JSON.stringify({
          title: "t",
          logsource: { product: "zeek" },
          detection: { a: { conn_state: "S1" }, condition: "a" },
        }),
        "t.yml",
      ),
      "the record itself",
    ],
    ["a field that neither schema has", one({ "smb.share": "x" }), "no counterpart"],
    ["what every record meets", one({ "source.scope|exists": true }), "every record"],
    ["what no record meets", one({ "source.scope": "nowhere" }), "no record"],
  ])("%s is refused by both", (_, plans, reason) => {
    for (const { name } of CONVERTERS) {
      const request = { target: name, options: [], skipUnsupported: false };
      expect(() => convertRules(plans, request, DEFAULT_SITE)).toThrow(
        expect.objectContaining({ code: "rule_unsupported", message: expect.stringContaining(reason) }),
      );
    }
  });

  test("-s leaves such a rule out and says so", () => {
    const plans = [...one({ "user.name|re": "a+" }), ...SP_01];
    const request = { target: "kql", options: [], skipUnsupported: true };
    const { text, warnings, skipped } = convertRules(plans, request, DEFAULT_SITE);
    expect(skipped).toHaveLength(1);
    expect(warnings.at(-1)).toContain("left out");
    expect(text).toBe(convertRules(SP_01, request, DEFAULT_SITE).text);
  });

  test.each([
    ["an unknown target", { target: "sql", options: [] }],
    ["an unknown format", { target: "spl", format: "rule", options: [] }],
    ["an unknown setting", { target: "spl", options: ["index=x"] }],
    ["a setting without a value", { target: "kql", options: ["index"] }],
    ["a value that a setting cannot have", { target: "spl", options: ["macros=maybe"] }],
  ])("%s is an option_invalid", (_, request) => {
    expect(() => convertRules(SP_01, { ...request, skipUnsupported: false }, DEFAULT_SITE)).toThrow(
      expect.objectContaining({ code: "option_invalid" }),
    );
  });
});

describe("quoting", () => {
  const rule = (value: string): readonly Plan[] =>
    plansIn(
      JSON.stringify({
        title: "t",
        logsource: { category: "network", service: "connection" },
        detection: { a: { "user.name": value }, condition: "a" },
      }),
      "t.yml",
    );
  const write = (target: string, value: string): string =>
    convertRules(rule(value), { target, options: [], skipUnsupported: false }, DEFAULT_SITE).text;

  test.each([
    'a"b',
    "a\\b",
    'x" or "y',
    "(a)",
    "a: b",
    "{x}",
    "a or b",
    "a\\\\*b(",
    "*x or y:z*",
    '*"*',
    "\\\\",
  ])("%s means itself in KQL", (value) => {
    const query = compileKql(write("kql", value).trimEnd());
    const text = value.replaceAll("\\\\", "\\").replaceAll("*", "");
    expect(query({ "user.name": text })).toBe(true);
    expect(query({ "user.name": `${text}|` })).toBe(value.endsWith("*"));
  });

  test.each(['a"b', "a\\b", 'x" OR "y', "(a)", "a=b", "\\\\", 'NOT "'])("%s means itself in SPL", (value) => {
    const query = compileSplWhere(write("spl", value));
    const text = value.replaceAll("\\\\", "\\");
    expect(query({ user: text })).toBe(true);
    expect(query({ user: `${text}|` })).toBe(false);
  });
});

test("the risk of an inbound rule lies on the destination", () => {
  const detection = { a: { "source.scope": "internet" }, condition: "a" };
  const head = { title: "t", logsource: { category: "network", service: "connection" } };
  const text = JSON.stringify({ ...head, detection, sallyport: { direction: "inbound" } });
  const request = { target: "spl", format: "savedsearches", options: [], skipUnsupported: false };
  const stanza = convertRules(plansIn(text, "t.yml"), request, DEFAULT_SITE).text;
  expect(stanza).toMatch(/_risk = \[\{"risk_object_field":"dest_ip".*"threat_object_field":"src_ip"/);
});

describe("the command", async () => {
  const { networks } = DEFAULT_SITE;
  const compiled = await compileRequest(defaultRequest([], 0));
  const prepared = { compiled, plans: SP_01, model: networks.model, site: parseSite("", "site.yml") };

  test("a Sigma filter becomes part of the search", async () => {
    const filter = {
      title: "Backup service",
      logsource: { category: "network" },
      filter: { rules: ["SP-01"], backup: { "destination.ip|cidr": "62.1.2.0/24" }, condition: "not backup" },
    };
    const rules = [{ file: "filter.yml", text: JSON.stringify(filter) }];
    const filtered = await compileRequest(defaultRequest(rules, 0));
    const { text } = convertCommand({ target: "spl" }, { ...prepared, compiled: filtered });
    expect(text).toContain('\n    AND NOT All_Traffic.dest_ip="62.1.2.0/24"\n');
  });

  test("losses go to the warnings, and change the exit code only when asked", () => {
    const { code, warnings, text } = convertCommand({ target: "spl" }, prepared);
    expect([code, text.startsWith("| tstats")]).toEqual([0, true]);
    expect(warnings).toMatch(/warning: SP-01: .* \[embedded-ipv4\]\n/);
    expect(convertCommand({ target: "spl", failOnLoss: true }, prepared).code).toBe(1);
  });

  test("--list names every target, format and setting", () => {
    const { text } = convertCommand({ list: true }, prepared);
    for (const { name, formats, options } of CONVERTERS) {
      for (const word of [
        name,
        ...formats.map((f) => `-f ${f.name}`),
        ...options.map((o) => `-O ${o.name}=`),
      ])
        expect(text).toContain(word);
    }
  });

  test("without a target it says which there are", () => {
    expect(() => convertCommand({}, prepared)).toThrow(expect.objectContaining({ code: "usage" }));
  });

  test("the guide explains every loss and every setting", () => {
    const guide = readFileSync("docs/guide/convert.md", "utf8");
    for (const code of Object.keys(LOSSES)) expect(guide).toContain(`\`${code}\``);
    for (const { options } of CONVERTERS)
      for (const { name } of options) expect(guide).toContain(`\`${name}`);
  });
});
