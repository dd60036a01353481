/** Datasets: which log sources of rules they feed. */
import { expect, test } from "vitest";
import { type Dataset, feeds, type Logsource } from "./dataset.ts";

const SYSMON: Dataset = {
  title: "Sysmon",
  logsources: [
    { category: "network_connection", product: "windows" },
    { product: "windows", service: "sysmon" },
  ],
  carries: [],
};

test.each<[Logsource, boolean]>([
  [{ category: "network", service: "connection" }, true],
  [{ category: "network" }, true],
  [{ service: "connection" }, true],
  [{ category: "network_connection" }, true],
  [{ category: "network_connection", product: "windows" }, true],
  [{ product: "windows" }, true],
  [{ product: "windows", service: "sysmon" }, true],
  [{ category: "network_connection", product: "linux" }, false],
  [{ category: "network_connection", service: "sysmon" }, false],
  [{ category: "firewall" }, false],
  [{ product: "zeek", service: "conn" }, false],
  [{}, true],
])("Sysmon feeds a rule for %j: %s", (wanted, expected) => {
  expect(feeds(SYSMON, wanted)).toBe(expected);
});
