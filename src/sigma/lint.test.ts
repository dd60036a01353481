import { expect, test } from "vitest";
import { lintPlan } from "./lint.ts";
import { parseRules } from "./parse-rule.ts";
import { compilePlan } from "./plan.ts";

function codes(
  detection: string,
  logsource = "{category: network, service: connection}",
  extension = "{cannot_see: [x]}",
): string[] {
  const text = `title: T\nlogsource: ${logsource}\nsallyport: ${extension}\ndetection: ${detection}\n`;
  return parseRules(text, "x.yml").flatMap((rule) =>
    lintPlan(compilePlan(rule)).map((warning) => warning.code),
  );
}

const SCOPED = "source.scope: internal, destination.scope: internet";

test.each([
  [`{s: {destination.port: 445, ${SCOPED}}, condition: s}`, []],
  ["{s: {destination.port: 445}, condition: s}", ["port-without-direction"]],
  ["{s: {destination.port: 445, source.ip|cidr: 8.0.0.0/8}, condition: s}", ["missing-ipv6"]],
  ["{s: {source.ip|cidr: [10.0.0.0/8, 'fc00::/7']}, condition: s}", ["internal-range"]],
  ["{s: {source.ip|cidr: [10.20.0.0/16, 'fd12:3456::/48']}, condition: s}", []],
  [`{s: {destination.port: 70000, ${SCOPED}}, condition: s}`, ["never-matches"]],
  ["{s: {source.scope: interal}, condition: s}", ["never-matches"]],
  ["{s: {source.scope: 'inter*'}, condition: s}", []],
  ["{s: {event.action: allow}, condition: s}", ["never-matches"]],
  [
    "{a: {network.transport: tcp}, b: {network.transport: [udp, icmp]}, condition: a and b}",
    ["never-matches"],
  ],
  ["{a: {network.transport: tcp}, b: {network.transport: [udp, TCP]}, condition: a and b}", []],
  ["{a: {network.transport: tcp}, b: {network.transport: null}, condition: a and b}", ["never-matches"]],
  ["{a: {network.transport: tcp}, b: {network.transport: udp}, condition: a or b}", []],
  ["{a: {network.transport: tcp}, b: {network.transport: udp}, condition: a and not b}", []],
  ["{s: {network.transport|all: [tcp, udp]}, condition: s}", ["never-matches"]],
  ["{s: {network.application|all: [smb, ntlm]}, condition: s}", []],
])("%s", (detection, expected) => {
  expect(codes(detection)).toEqual(expected);
});

test("a rule that does not say what it cannot see is warned of", () => {
  expect(codes("{s: {user.name: x}, condition: s}", undefined, "{}")).toEqual(["missing-cannot-see"]);
});

test("names that are read from the record are warned of", () => {
  expect(codes("{s: {id.resp_p: 445}, condition: s}", "{product: zeek}")).toEqual(["raw-field"]);
});
