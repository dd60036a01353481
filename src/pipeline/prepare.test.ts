/** Preparing: what a request turns into, once, before anything is read. */
import { describe, expect, test } from "vitest";
import { SAMPLE_RULE_TEXT } from "../../test/sample-observation.ts";
import { parseIp } from "../net/parse-ip.ts";
import { compileRequest } from "./compile-request.ts";
import { prepare } from "./prepare.ts";
import { defaultRequest, type ScanRequest } from "./request.ts";

const NOW = Date.UTC(2026, 2, 2);
const prepared = (over: Partial<ScanRequest> = {}) =>
  compileRequest({ ...defaultRequest([SAMPLE_RULE_TEXT], NOW), ...over }).then((compiled) =>
    prepare(compiled),
  );

test("the rules, and a plan for each, in one order", async () => {
  const { rules, plans } = await prepared();
  expect(rules.map(({ id }) => id)).toEqual(expect.arrayContaining(["SP-01", "SP-02"]));
  expect(plans.map(({ rule }) => rule.id)).toEqual(rules.map(({ id }) => id));
});

describe("formats", () => {
  const named = async (formats: ScanRequest["formats"], path: string) =>
    (await prepared({ formats })).formatsFor(path)?.map(({ name }) => name);

  test("are left to detection unless one is named", async () => {
    expect(await named([], "a.log")).toBeUndefined();
    expect(await named([{ name: "panos", glob: "*.csv" }], "a.log")).toBeUndefined();
  });

  test("are those named for every input, or for the inputs that a glob matches", async () => {
    const formats = [{ name: "zeek-tsv" }, { name: "panos", glob: "fw/*.log" }];
    expect(await named(formats, "zeek/conn.log")).toEqual(["zeek-tsv"]);
    expect(await named(formats, "/var/fw/a.log")).toEqual(["zeek-tsv", "panos"]);
  });
});

describe("zones", () => {
  const MIDNIGHT = Date.UTC(2026, 6, 1);
  const hours = async (over: Partial<ScanRequest>, path: string, format: string) => {
    const ready = await prepared({ ...over, formats: [{ name: format }] });
    const [first] = ready.formatsFor(path) ?? [];
    if (first === undefined) throw new Error("no format");
    return (MIDNIGHT - ready.contextFor(path, 2026)(first).zone(MIDNIGHT)) / 3_600_000;
  };

  test("are UTC unless told; the site file's zone of a format or a path comes before the request's", async () => {
    const site = { file: "s.yml", text: 'zones: {panos: Europe/Berlin, "tokyo/*": Asia/Tokyo}\n' };
    expect(await hours({}, "a.log", "panos")).toBe(0);
    expect(await hours({ timeZone: "America/New_York" }, "a.log", "panos")).toBe(-4);
    expect(await hours({ timeZone: "America/New_York", site }, "a.log", "panos")).toBe(2);
    expect(await hours({ site }, "tokyo/a.log", "zeek-tsv")).toBe(9);
  });

  test("the decoder is told the file and its year", async () => {
    const ready = await prepared({ formats: [{ name: "panos" }] });
    const [format] = ready.formatsFor("x.log") ?? [];
    expect(format && ready.contextFor("x.log", 2024)(format)).toMatchObject({ file: "x.log", year: 2024 });
  });
});

describe("networks", () => {
  const scope = async (over: Partial<ScanRequest>, address: string): Promise<string> =>
    (await prepared(over)).model.classify(parseIp(address)).scope;

  test.each<[string, Partial<ScanRequest>]>([
    ["an option", { internal: ["11.22.33.0/24"] }],
    ["the site file", { site: { file: "s.yml", text: "internal: [11.22.33.0/24]\n" } }],
    ["the asset list", { assets: { file: "a.csv", text: "ip,category\n11.22.33.0/24,internal\n" } }],
  ])("%s makes a public network ours", async (_, over) => {
    expect(await scope({}, "11.22.33.7")).toBe("internet");
    expect(await scope(over, "11.22.33.7")).toBe("internal");
    expect(await scope(over, "10.1.2.3")).toBe("internal");
    expect(await scope(over, "11.22.34.7")).toBe("internet");
  });
});
