/** Words of a roll-up: assets, policies, ends. */
import { expect, test } from "vitest";
import { assetWords, endWords, policyWords, rollUpHosts } from "./rollup.ts";

test.each([
  [null, ""],
  [{ ip: "10.0.0.0/8" }, ""],
  [{ nt_host: "FIN-07" }, "FIN-07"],
  [{ nt_host: "", dns: "fin.example", owner: "j.doe" }, "fin.example (owner j.doe)"],
  [{ bunit: ["EMEA", "Finance"], priority: "high" }, "(EMEA, Finance, priority high)"],
])("the asset %j reads %j", (asset, words) => {
  expect(assetWords(asset)).toBe(words);
});

test.each([
  [
    { observer: "fw1", rule: "any", ingress: "in", egress: "out", action: "allowed" },
    'let out by fw1 policy "any" (in → out)',
  ],
  [
    { observer: "fw1", rule: null, ingress: null, egress: "out", action: "blocked" },
    "stopped by fw1 (? → out)",
  ],
  [
    { observer: "ids1", rule: "SMB out", ingress: null, egress: null, action: "allowed" },
    'not stopped by ids1 policy "SMB out"',
  ],
  [{ observer: null, rule: "any", ingress: null, egress: null, action: null }, 'seen by policy "any"'],
  [{ observer: null, rule: null, ingress: null, egress: null, action: "allowed" }, undefined],
])("the policy %j reads %j", (policy, words) => {
  expect(policyWords(policy)).toBe(words);
});

test.each([
  ["8.8.8.8", [445], "8.8.8.8:445"],
  ["8.8.8.8", [], "8.8.8.8"],
  ["2606:4700:4700::1111", [139, 445], "[2606:4700:4700::1111]:139,445"],
] as const)("%s with ports %j reads %s", (ip, ports, words) => {
  expect(endWords(ip, ports)).toBe(words);
});

test("no findings give no hosts", () => {
  expect(rollUpHosts([])).toEqual([]);
});
