/** Which way lines are looked at, and why. */
import { expect, test } from "vitest";
import { SAMPLE_RULE_TEXT } from "../../test/sample-observation.ts";
import { formatByName } from "../formats/registry.ts";
import { compileRequest } from "./compile-request.ts";
import { prepare } from "./prepare.ts";
import { defaultRequest } from "./request.ts";

const CONTEXT = { file: "a.log", year: 2026, zone: (ms: number) => ms };

function ruleFor(condition: string) {
  return {
    file: "other.yml",
    text: `title: Other
logsource: {category: network, service: connection}
detection:
  sel: {${condition}}
  condition: sel
`,
  };
}

const PORTS = Array.from({ length: 40 }, (_, at) => 2000 + at);

test.each([
  ["zeek-json", "destination.port: 4445", "literals", null],
  ["zeek-json", `destination.port: [${PORTS}]`, "walk", /^\d\d texts to look for/],
  ["ecs", "destination.port: 4445", "literals", null],
  ["ecs", `destination.port: [${PORTS}]`, "walk", /^\d\d texts to look for/],
  ["sysmon", "destination.port: 4445", "literals", null],
  ["sysmon", `destination.port: [${PORTS}]`, "walk", /^\d\d texts to look for/],
  ["splunk-json", "destination.port: 4445", "literals", null],
  ["ecs", "tls.next_protocol: smb", "literals", /^where their values stand/],
  ["zeek-json", "source.scope: internal", "walk", /^other: no text/],
  ["zeek-json", "rule.name: any", "decoder", /^other: no text/],
])("records of %s for a rule with %s are looked at by %s", async (name, condition, way, because) => {
  const request = defaultRequest([SAMPLE_RULE_TEXT, ruleFor(condition)], Date.UTC(2026, 2, 2));
  const { kernelFor } = prepare(await compileRequest(request));
  const shape = formatByName(name).open(CONTEXT).rawShape?.();
  if (shape === undefined) throw new Error(`${name} has no shape`);
  const choice = kernelFor(shape);
  expect(choice.way).toBe(way);
  if (because === null) expect(choice.because).toBeNull();
  else expect(choice.because).toMatch(because);
});
