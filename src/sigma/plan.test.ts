import { describe, expect, test } from "vitest";
import { SallyportError } from "../errors.ts";
import { parseRules } from "./parse-rule.ts";
import { compilePlan, type Plan, planFields, planLeaves } from "./plan.ts";

const ECS = "{category: network, service: connection}";

function plan(selection: string, logsource = ECS): Plan {
  const [rule] = parseRules(
    `title: T\nlogsource: ${logsource}\ndetection:\n  sel: ${selection}\n  condition: sel\n`,
    "x.yml",
  );
  if (rule === undefined) throw new Error("no rule");
  return compilePlan(rule);
}

function errorOf(selection: string, logsource = ECS): SallyportError {
  try {
    plan(selection, logsource);
  } catch (error) {
    if (error instanceof SallyportError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("field names", () => {
  test.each([
    [ECS, "destination.port", { kind: "event", name: "destination.port" }],
    [ECS, "source.scope", { kind: "event", name: "source.scope" }],
    ["{service: connection}", "source.ip", { kind: "event", name: "source.ip" }],
    [
      "{category: network_connection, product: windows}",
      "DestinationIp",
      { kind: "event", name: "destination.ip" },
    ],
    [
      "{category: network_connection, product: windows}",
      "DestinationIsIpv6",
      { kind: "raw", name: "DestinationIsIpv6" },
    ],
    ["{category: firewall}", "dst_port", { kind: "event", name: "destination.port" }],
    ["{category: firewall}", "action", { kind: "event", name: "event.provider_action" }],
    ["{product: zeek, service: conn}", "id.resp_p", { kind: "raw", name: "id.resp_p" }],
  ])("%s: %s", (logsource, name, field) => {
    expect(planLeaves(plan(`{${name}: 1}`, logsource).condition)[0]).toMatchObject({ field });
  });

  test.each([
    [ECS, "destination.prot", "destination.port"],
    [ECS, "dst_port", undefined],
    [ECS, "DestinationPort", "destination.port"],
    ["{category: firewall}", "destination.port", undefined],
    ["{category: firewall}", "dest_port", "dst_port"],
    ["{category: network_connection}", "DestinationPrt", "DestinationPort"],
  ])("%s does not know %s", (logsource, name, suggestion) => {
    const error = errorOf(`{${name}: 445}`, logsource);
    expect([error.code, error.at?.line, error.at?.column]).toEqual(["rule_field_unknown", 4, 9]);
    if (suggestion === undefined)
      expect(error.message).not.toContain(suggestion ?? 'did you mean "destination.port"');
    else expect(error.message).toContain(`did you mean "${suggestion}"`);
  });

  test("a name that is read from the record is warned of, once", () => {
    const { warnings } = plan(
      "[{id.resp_p: 445}, {id.resp_p: 139, proto: tcp}]",
      "{product: zeek, service: conn}",
    );
    expect(warnings.map(({ message, line }) => [message.split(" ", 1)[0], line])).toEqual([
      ['"id.resp_p"', 4],
      ['"proto"', 4],
    ]);
  });
});

describe("values", () => {
  test("a firewall rule's blocked is the verdict", () => {
    const [leaf] = planLeaves(plan("{blocked: 'false'}", "{category: firewall}").condition);
    expect(leaf).toMatchObject({
      field: { name: "event.action" },
      matchers: [{ patterns: [[{ text: "allowed" }]] }],
    });
  });

  test("Sysmon's Initiated is a direction", () => {
    const [leaf] = planLeaves(plan("{Initiated: 'true'}", "{category: network_connection}").condition);
    const texts = leaf?.matchers.map((matcher) =>
      matcher.kind === "text" ? matcher.patterns[0]?.[0] : undefined,
    );
    expect(texts).toEqual(["true", "egress", "outbound"].map((text) => ({ kind: "literal", text })));
  });

  test("an address is compared in its canonical text, however the rule writes it", () => {
    const [leaf] = planLeaves(plan("{source.ip: '2606:4700:4700:0:0:0:0:1111'}").condition);
    expect(leaf?.matchers).toMatchObject([{ patterns: [[{ text: "2606:4700:4700::1111" }]] }]);
  });

  test("a number too long for a float keeps its digits", () => {
    const [leaf] = planLeaves(plan("{network.session_id: 12345678901234567891}").condition);
    expect(leaf?.matchers).toMatchObject([{ kind: "number", text: "12345678901234567891" }]);
  });

  test.each([
    ["{source.ip|cidr: 10.0.0.1/8}", "rule_invalid", /10\.0\.0\.0\/8/],
    ["{source.ip|cidr: ten}", "rule_invalid", /CIDR/],
    ["{source.ip|exists: yes}", "rule_invalid", /true or false/],
    ["{source.bytes|gt: many}", "rule_invalid", /number/],
    ["{'@timestamp|gt': yesterday}", "rule_invalid", /ISO 8601/],
    ["{source.ip|fieldref: nowhere}", "rule_field_unknown", /nowhere/],
    ["{file.path|contains: null}", "rule_invalid", /null/],
    ["{file.path|base64: 'a*'}", "rule_invalid", /wildcards/],
    ["{file.path|base64offset|contains: ab}", "rule_invalid", /three bytes/],
    ["{file.path|re: '('}", "rule_invalid", /no regular expression/],
    ["{file.path|re: '(?=x)y'}", "rule_unsupported", /look-around/],
    ["{file.path|re: 'a(?<!x)y'}", "rule_unsupported", /look-around/],
    ["{file.path|re: '(a)\\1'}", "rule_unsupported", /back-reference/],
    ["{file.path|re: '(?>a)b'}", "rule_unsupported", /atomic/],
    ["{file.path|re: 'a++b'}", "rule_unsupported", /possessive/],
  ])("%s is refused", (selection, code, message) => {
    const error = errorOf(selection);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.at?.line).toBe(4);
  });
});

test("planFields lists event fields once, those of fieldref too, and no record fields", () => {
  expect(
    planFields(plan("[{source.ip|fieldref: destination.ip}, {source.ip: 10.0.0.1, source.port: 1}, word]")),
  ).toEqual(["source.ip", "destination.ip", "source.port"]);
  expect(planFields(plan("{x: 1}", "{product: zeek}"))).toEqual([]);
});

test("a plan is plain data", () => {
  const compiled = plan("{file.path|re|i: 'a.*b', source.ip|cidr: 10.0.0.0/8, source.port: [1, null]}");
  expect(structuredClone(compiled)).toEqual(compiled);
});
