/** Vendors' words for a verdict. */
import { expect, test } from "vitest";
import { verdictOf, verdictOfAll } from "./action-words.ts";

test.each([
  ["allowed", "allowed"],
  ["ACCEPT", "allowed"],
  ["Permit", "allowed"],
  ["pass", "allowed"],
  ["Blocked", "blocked"],
  ["REJECT", "blocked"],
  ["reset-both", "blocked"],
  ["reset both", "blocked"],
  ["drop_icmp", "blocked"],
  [" Block with reset ", "blocked"],
  ["flow_denied", "blocked"],
  ["connection-dropped", "blocked"],
  ["teardown", "unknown"],
  ["close", "unknown"],
  ["timeout", "unknown"],
  ["client-rst", "unknown"],
  ["Monitor", "unknown"],
  ["unknown", "unknown"],
  ["network_flow", undefined],
  ["flow_terminated", undefined],
  ["unblocked", undefined],
  ["connection_accepted", undefined],
  ["", undefined],
])("the word %j means %s", (word, verdict) => {
  expect(verdictOf(word)).toBe(verdict);
});

test.each([
  [[], undefined],
  [["network_flow"], undefined],
  [["network_flow", "denied"], "blocked"],
  [["allow", "allowed"], "allowed"],
  [["allowed", "blocked"], "unknown"],
])("the words %j together mean %s", (words, verdict) => {
  expect(verdictOfAll(words)).toBe(verdict);
});
