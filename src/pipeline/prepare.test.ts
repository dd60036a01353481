/** Preparing: what a request turns into, once, before anything is read. */
import { describe, expect, test } from "vitest";
import { SAMPLE_RULE_TEXT } from "../../test/sample-observation.ts";
import { parseIp } from "../net/parse-ip.ts";
import { prepare } from "./prepare.ts";
import { defaultRequest, type ScanRequest } from "./request.ts";

const NOW = Date.UTC(2026, 2, 2);
const prepared = (over: Partial<ScanRequest> = {}) =>
  prepare({ ...defaultRequest([SAMPLE_RULE_TEXT], NOW), ...over });

test("the rules, and a plan for each, in one order", () => {
  const { rules, plans } = prepared();
  expect(rules.map(({ id }) => id)).toEqual(expect.arrayContaining(["SP-01", "SP-02"]));
  expect(plans.map(({ rule }) => rule.id)).toEqual(rules.map(({ id }) => id));
});

describe("formats", () => {
  const named = (formats: ScanRequest["formats"], path: string) =>
    prepared({ formats })
      .formatsFor(path)
      ?.map(({ name }) => name);

  test("are left to detection unless one is named", () => {
    expect(named([], "a.log")).toBeUndefined();
    expect(named([{ name: "panos", glob: "*.csv" }], "a.log")).toBeUndefined();
  });

  test("are those named for every input, or for the inputs that a glob matches", () => {
    const formats = [{ name: "zeek-tsv" }, { name: "panos", glob: "fw/*.log" }];
    expect(named(formats, "zeek/conn.log")).toEqual(["zeek-tsv"]);
    expect(named(formats, "/var/fw/a.log")).toEqual(["zeek-tsv", "panos"]);
  });
});

describe("zones", () => {
  const MIDNIGHT = Date.UTC(2026, 6, 1);
  const hours = (over: Partial<ScanRequest>, path: string, format: string) => {
    const ready = prepared({ ...over, formats: [{ name: format }] });
    const [first] = ready.formatsFor(path) ?? [];
    if (first === undefined) throw new Error("no format");
    return (MIDNIGHT - ready.contextFor(path, 2026)(first).zone(MIDNIGHT)) / 3_600_000;
  };

  test("are UTC unless told; the site file's zone of a format or a path comes before the request's", () => {
    const site = { file: "s.yml", text: 'zones: {panos: Europe/Berlin, "tokyo/*": Asia/Tokyo}\n' };
    expect(hours({}, "a.log", "panos")).toBe(0);
    expect(hours({ timeZone: "America/New_York" }, "a.log", "panos")).toBe(-4);
    expect(hours({ timeZone: "America/New_York", site }, "a.log", "panos")).toBe(2);
    expect(hours({ site }, "tokyo/a.log", "zeek-tsv")).toBe(9);
  });

  test("the decoder is told the file and its year", () => {
    const ready = prepared({ formats: [{ name: "panos" }] });
    const [format] = ready.formatsFor("x.log") ?? [];
    expect(format && ready.contextFor("x.log", 2024)(format)).toMatchObject({ file: "x.log", year: 2024 });
  });
});

describe("networks", () => {
  const scope = (over: Partial<ScanRequest>, address: string): string =>
    prepared(over).model.classify(parseIp(address)).scope;

  test.each<[string, Partial<ScanRequest>]>([
    ["an option", { internal: ["11.22.33.0/24"] }],
    ["the site file", { site: { file: "s.yml", text: "internal: [11.22.33.0/24]\n" } }],
    ["the asset list", { assets: { file: "a.csv", text: "ip,category\n11.22.33.0/24,internal\n" } }],
  ])("%s makes a public network ours", (_, over) => {
    expect(scope({}, "11.22.33.7")).toBe("internet");
    expect(scope(over, "11.22.33.7")).toBe("internal");
    expect(scope(over, "10.1.2.3")).toBe("internal");
    expect(scope(over, "11.22.34.7")).toBe("internet");
  });
});
