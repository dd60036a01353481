import { describe, expect, test } from "vitest";
import type { NetworkEvent } from "../event/event.ts";
import { jsonRecord } from "../event/record.ts";
import { timestampFromIso } from "../event/timestamp.ts";
import { parseIp } from "../net/parse-ip.ts";
import { parseRules } from "../sigma/parse-rule.ts";
import { compilePlan, type Plan } from "../sigma/plan.ts";
import { explain } from "./explain.ts";
import { compileTest } from "./fast.ts";
import { ENGINES } from "./index.ts";
import { evaluate } from "./reference.ts";

const RAW = "{product: any}";
const ECS = "{category: network, service: connection}";

function plan(detection: string, logsource = RAW): Plan {
  const [rule] = parseRules(`title: T\nlogsource: ${logsource}\ndetection: ${detection}\n`, "x.yml");
  if (rule === undefined) throw new Error("no rule");
  return compilePlan(rule);
}

function event(record: Record<string, unknown>, fields: Partial<NetworkEvent> = {}): NetworkEvent {
  return { format: "test", dataset: "test", record: jsonRecord(record), offset: 0, ...fields };
}

/** All ways to ask must give the same answer. */
function answers(compiled: Plan, asked: NetworkEvent): boolean[] {
  return [evaluate(compiled, asked), compileTest(compiled)(asked), explain(compiled, asked).passed];
}

function ip(text: string): NonNullable<ReturnType<typeof parseIp>> {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

describe("one line on the raw record", () => {
  test.each<[line: string, record: Record<string, unknown>, matches: boolean]>([
    ["{a: x}", { a: "X" }, true],
    ["{a: x}", { a: "xy" }, false],
    ["{a: x}", {}, false],
    ["{a: 'x*'}", { a: "xyz" }, true],
    ["{a: 'x?z'}", { a: "xyz" }, true],
    ["{a: 'x?z'}", { a: "xz" }, false],
    ["{a: 'x?z'}", { a: "x😀z" }, true],
    ["{a: '*b*d'}", { a: "abcdbd" }, true],
    ["{a: '*b*d'}", { a: "abcdb" }, false],
    ["{a: 'ab*ba'}", { a: "aba" }, false],
    ["{a: 'ab*ba'}", { a: "abba" }, true],
    ["{a: 'a?*?a'}", { a: "aba" }, false],
    ["{a: 'x\\*'}", { a: "x*" }, true],
    ["{a: 'x\\*'}", { a: "xy" }, false],
    ["{a|cased: x}", { a: "X" }, false],
    ["{a|cased: X}", { a: "X" }, true],
    ["{a: ''}", { a: "" }, true],
    ["{a: ''}", {}, false],
    ["{a: null}", {}, true],
    ["{a: null}", { a: null }, true],
    ["{a: null}", { a: "" }, false],
    ["{a: null}", { a: [] }, true],
    ["{a: [x, null]}", {}, true],
    ["{a: [x, null]}", { a: "y" }, false],
    ["{a: 445}", { a: 445 }, true],
    ["{a: 445}", { a: "445" }, true],
    ["{a: '445'}", { a: 445 }, true],
    ["{a: 445}", { a: "0445" }, false],
    ["{a: 445}", { a: 4450 }, false],
    ["{a: true}", { a: "True" }, true],
    ["{a: 'true'}", { a: true }, true],
    ["{a: x}", { a: ["y", ["x"]] }, true],
    ["{a.b: x}", { a: { b: "x" } }, true],
    ["{a.b: x}", { "a.b": "x" }, true],
    ["{a|contains: bc}", { a: "aBCd" }, true],
    ["{a|contains: 'b*d'}", { a: "abccde" }, true],
    ["{a|contains: ''}", { a: "x" }, true],
    ["{a|contains: ''}", {}, false],
    ["{a|startswith: ab}", { a: "abc" }, true],
    ["{a|startswith: bc}", { a: "abc" }, false],
    ["{a|endswith: bc}", { a: "abc" }, true],
    ["{a|endswith: ab}", { a: "abc" }, false],
    ["{a|contains|all: [a, c]}", { a: "abc" }, true],
    ["{a|contains|all: [a, d]}", { a: "abc" }, false],
    ["{a|all: [x, y]}", { a: ["y", "x", "z"] }, true],
    ["{a|all: [x, y]}", { a: "x" }, false],
    ["{a|neq: x}", { a: "y" }, true],
    ["{a|neq: x}", { a: "X" }, false],
    ["{a|neq: x}", {}, false],
    ["{a|neq: [x, y]}", { a: "y" }, false],
    ["{a|neq: [x, y]}", { a: "z" }, true],
    ["{a|neq: x}", { a: ["x", "y"] }, false],
    ["{a|neq: null}", { a: 0 }, true],
    ["{a|neq|endswith: x}", { a: "ax" }, false],
    ["{a|exists: true}", { a: "" }, true],
    ["{a|exists: true}", {}, false],
    ["{a|exists: false}", {}, true],
    ["{a|exists: false}", { a: 0 }, false],
    ["{a|gt: 5}", { a: 6 }, true],
    ["{a|gt: 5}", { a: "5.5" }, true],
    ["{a|gt: 5}", { a: 5 }, false],
    ["{a|gte: 5}", { a: 5 }, true],
    ["{a|lt: 5}", { a: "x" }, false],
    ["{a|lt: 5}", {}, false],
    ["{a|lte: 5}", { a: [9, 5] }, true],
    ["{a|fieldref: b}", { a: "x", b: "X" }, true],
    ["{a|fieldref|cased: b}", { a: "x", b: "X" }, false],
    ["{a|fieldref: b}", { a: "x" }, false],
    ["{a|fieldref|neq: b}", { a: "x", b: "y" }, true],
    ["{a|fieldref|neq: b}", { a: "x", b: "x" }, false],
    ["{a|fieldref|neq: b}", { a: "x" }, false],
    ["{a|re: 'b.d'}", { a: "abcde" }, true],
    ["{a|re: 'B.D'}", { a: "abcde" }, false],
    ["{a|re|i: 'B.D'}", { a: "abcde" }, true],
    ["{a|re: '^b'}", { a: "a\nb" }, false],
    ["{a|re|m: '^b'}", { a: "a\nb" }, true],
    ["{a|re: 'a.b'}", { a: "a\nb" }, false],
    ["{a|re|s: 'a.b'}", { a: "a\nb" }, true],
    ["{a|re: '4+'}", { a: 445 }, true],
    ["{a|windash|contains: ' -p '}", { a: "x /P y" }, true],
    ["{a|windash|contains: ' -p '}", { a: "x \u2013p y" }, true],
    ["{a|windash|contains: ' -p '}", { a: "x +p y" }, false],
    ["{a|base64: foobar}", { a: "Zm9vYmFy" }, true],
    ["{a|base64offset|contains: foobar}", { a: "eGZvb2Jhcnk=" }, true],
    ["{a|wide|base64offset|contains: ab}", { a: "YQBiAA==" }, true],
    ["{a|cidr: 10.0.0.0/8}", { a: "10.1.2.3" }, true],
    ["{a|cidr: [192.168.0.0/16, 'fe80::/10']}", { a: "fe80::1%eth0" }, true],
    ["{a|cidr: 10.0.0.0/8}", { a: "::ffff:10.1.2.3" }, false],
    ["{a|cidr: '::ffff:0:0/96'}", { a: "::ffff:10.1.2.3" }, true],
    ["{a|cidr: 10.0.0.0/8}", { a: "10.1.2.3:445" }, false],
    ["{a|cidr: 10.0.0.0/8}", { a: "010.1.2.3" }, false],
    ["{a|cidr: 8.8.8.8}", { a: "8.8.8.8" }, true],
    ["[foo, bar]", { x: { y: "a BAR b" } }, true],
    ["[foo, bar]", { x: "baz" }, false],
    ["['f*o']", { x: ["a", "b fzzo c"] }, true],
    ["{'|all': [foo, bar]}", { x: "foo", y: "bar" }, true],
    ["{'|all': [foo, bar]}", { x: "foo" }, false],
    ["{'|re': '^f.o$'}", { x: "fxo" }, true],
    ["['445']", { x: 44_500 }, true],
  ])("%s on %j: %s", (line, record, matches) => {
    expect(answers(plan(`{sel: ${line}, condition: sel}`), event(record))).toEqual([
      matches,
      matches,
      matches,
    ]);
  });
});

describe("one line on the event", () => {
  const full = event(
    {},
    {
      "source.ip": ip("10.1.2.3"),
      "destination.ip": ip("::ffff:8.8.8.8"),
      "destination.effective_ip": ip("8.8.8.8"),
      "destination.port": 445,
      "network.transport": "tcp",
      "network.application": ["gssapi", "smb", "ntlm"],
      "sallyport.flipped": true,
      "@timestamp": timestampFromIso("2026-03-01T10:00:00.5Z"),
    },
  );

  test.each([
    ["{destination.port: [139, 445]}", true],
    ["{destination.port: '4*'}", true],
    ["{destination.port|gt: 445}", false],
    ["{network.transport: [TCP, null]}", true],
    ["{network.application: smb}", true],
    ["{network.application: 'gssapi,smb,ntlm'}", false],
    ["{network.application|all: [smb, ntlm]}", true],
    ["{network.application|neq: smb}", false],
    ["{source.ip: 10.1.2.3}", true],
    ["{source.ip|startswith: '10.'}", true],
    ["{source.ip|cidr: 10.0.0.0/8}", true],
    ["{destination.ip|cidr: 8.8.8.0/24}", false],
    ["{destination.effective_ip|cidr: 8.8.8.0/24}", true],
    ["{destination.ip: '::FFFF:8.8.8.8'}", true],
    ["{sallyport.flipped: true}", true],
    ["{'@timestamp': '2026-03-01T10:00:00.5Z'}", true],
    ["{'@timestamp|gte': '2026-03-01T11:00:00.5+01:00'}", true],
    ["{'@timestamp|gt': 1772359200500}", false],
    ["{source.port: null}", true],
    ["{user.name|fieldref: process.executable}", false],
    ["{destination.ip|fieldref|neq: source.ip}", true],
  ])("%s: %s", (line, matches) => {
    expect(answers(plan(`{sel: ${line}, condition: sel}`, ECS), full)).toEqual([matches, matches, matches]);
  });
});

describe("conditions", () => {
  test.each([
    ["a and not b", { a: 1 }, true],
    ["a and not b", { a: 1, b: 1 }, false],
    ["not a", {}, true],
    ["not not a", {}, false],
    ["1 of *", { b: 1 }, true],
    ["all of *", { b: 1 }, false],
    ["a or b and c", { a: 1 }, true],
    ["(a or b) and c", { a: 1 }, false],
    ["[a and b, c]", { c: 1 }, true],
  ])("%s on %j: %s", (condition, record, matches) => {
    const compiled = plan(
      `{a: {a: 1}, b: {b: 1}, c: {c: 1}, condition: ${condition.startsWith("[") ? condition : `"${condition}"`}}`,
    );
    expect(answers(compiled, event(record))).toEqual([matches, matches, matches]);
  });
});

test.each(ENGINES)(
  "$name runs a plan only on datasets that feed it, in event order then plan order",
  (engine) => {
    const plans = [
      plan("{sel: {a: 1}, condition: sel}", "{product: zeek, service: conn}"),
      plan("{sel: {network.transport: null}, condition: sel}", ECS),
    ];
    const datasets = new Map([
      ["zeek.conn", { title: "conn", logsources: [{ product: "zeek", service: "conn" }], carries: [] }],
      ["other", { title: "other", logsources: [{ product: "other" }], carries: [] }],
    ]);
    const events = ["zeek.conn", "other", "undeclared"].map((dataset) => ({ ...event({ a: 1 }), dataset }));
    const seen: string[] = [];
    engine.prepare(plans, datasets)({ file: "x", events }, (at, matched) =>
      seen.push(`${matched.dataset} ${at}`),
    );
    expect(seen).toEqual(["zeek.conn 0", "zeek.conn 1", "other 1", "undeclared 1"]);
  },
);

describe("explain", () => {
  const compiled = plan(
    "{smb: {destination.port: 445, network.transport: tcp}, gone: {user.name: x}, none: {user.name: null}, place: {destination.scope: internet}, condition: smb and not gone and none and place}",
    ECS,
  );
  const asked = event(
    {},
    {
      "destination.port": 445,
      "network.transport": "udp",
      "destination.ip": ip("64:ff9b::808:808"),
      "destination.effective_ip": ip("8.8.8.8"),
      "destination.scope": "internet",
      "destination.address_class": "global",
    },
  );
  const tree = explain(compiled, asked, (field) => (field === "destination.port" ? "id.resp_p" : undefined));

  test("every clause is judged, whatever decides", () => {
    const leaves = tree.children
      .flatMap((node) => (node.kind === "not" ? node.children : [node]))
      .flatMap((node) => node.children);
    expect(leaves.map(({ label, result }) => [label, result])).toEqual([
      ["destination.port is 445", "PASS"],
      ["network.transport is tcp", "FAIL"],
      ["user.name is x", "UNKNOWN"],
      ["user.name is null", "PASS"],
      ["destination.scope is internet", "PASS"],
    ]);
    expect([tree.result, tree.passed]).toEqual(["FAIL", false]);
  });

  test("not makes an unknown clause pass", () => {
    expect(tree.children[1]).toMatchObject({ kind: "not", label: "not gone", result: "PASS" });
  });

  test("a leaf shows the value, the record's own name, and what a scope comes from", () => {
    expect(tree.children[0]?.children[0]).toMatchObject({
      field: "destination.port",
      value: "445",
      recordName: "id.resp_p",
    });
    expect(tree.children[3]?.children[0]).toMatchObject({
      value: "internet",
      detail: "64:ff9b::808:808, effectively 8.8.8.8 (global)",
    });
  });
});
