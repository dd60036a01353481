/** From flags to a request: defaults, bounds, and what is refused. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SAMPLE_RULE_TEXT } from "../../test/sample-observation.ts";
import { type ScanFlags, toCount, toRequest, toSeverity } from "./request.ts";

const FLAGS: ScanFlags = {
  emit: "findings",
  tz: "UTC",
  detailLimit: "100000",
  color: "auto",
  now: "2026-03-02T00:00:00Z",
};
const NOW = Date.UTC(2026, 2, 2);
const HOUR = 3_600_000;

const request = (flags: Partial<ScanFlags> = {}) => toRequest({ ...FLAGS, ...flags });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "sallyport-request-"));
  await writeFile(join(folder, "site.yml"), "internal: []\n");
  await writeFile(join(folder, "rule.yml"), SAMPLE_RULE_TEXT.text);
});
afterAll(() => rm(folder, { recursive: true }));

test("without flags: the shipped rules, no bounds, nothing left out", async () => {
  const plain = await request();
  expect(plain).toMatchObject({
    site: null,
    assets: null,
    internal: [],
    formats: [],
    emit: "findings",
    sinceMs: null,
    untilMs: null,
    timeZone: "UTC",
    nowMs: NOW,
    minSeverity: null,
    showSuppressed: false,
    strict: false,
    original: false,
    detailLimit: 100_000,
    baseline: null,
  });
  expect(plain.rules.length).toBeGreaterThan(0);
});

test("files are read, and keep the name they go by", async () => {
  const path = (name: string): string => join(folder, name);
  const asked = await request({
    rules: [path("rule.yml")],
    site: path("site.yml"),
    baseline: path("rule.yml"),
  });
  expect(asked.rules).toEqual([{ file: path("rule.yml"), text: SAMPLE_RULE_TEXT.text }]);
  expect(asked.site).toEqual({ file: path("site.yml"), text: "internal: []\n" });
  expect(asked.baseline).toEqual({ file: path("rule.yml"), text: SAMPLE_RULE_TEXT.text });
});

test.each<[string, readonly string[], unknown]>([
  ["auto", ["auto"], []],
  ["one for all", ["panos"], [{ name: "panos" }]],
  ["one for a glob", ["panos=fw/*.log"], [{ name: "panos", glob: "fw/*.log" }]],
  ["a glob with an equals sign", ["panos=a=b*.log"], [{ name: "panos", glob: "a=b*.log" }]],
  ["several", ["auto", "panos", "ecs=x"], [{ name: "panos" }, { name: "ecs", glob: "x" }]],
])("formats: %s", async (_, format, formats) => {
  expect((await request({ format })).formats).toEqual(formats);
});

describe("bounds", () => {
  test.each<[Partial<ScanFlags>, number | null, number | null]>([
    [{ last: "24h" }, NOW - 24 * HOUR, null],
    [{ since: "2h" }, NOW - 2 * HOUR, null],
    [{ since: "2026-03-01", until: "2026-03-01T12:00:00Z" }, NOW - 24 * HOUR, NOW - 12 * HOUR],
    [{ last: "24h", until: "1h" }, NOW - 24 * HOUR, NOW - HOUR],
  ])("%j", async (flags, sinceMs, untilMs) => {
    expect(await request(flags)).toMatchObject({ sinceMs, untilMs });
  });

  test("a day before now is told from the clock that was given", async () => {
    expect(await request({ now: "2020-01-02", last: "1d" })).toMatchObject({ sinceMs: Date.UTC(2020, 0, 1) });
  });
});

test.each<[string, Partial<ScanFlags>, string]>([
  ["two beginnings", { last: "1d", since: "1d" }, "usage"],
  ["an end before the beginning", { since: "1h", until: "2h" }, "option_invalid"],
  ["an end at the beginning", { since: "1h", until: "1h" }, "option_invalid"],
  ["a zone that is none", { tz: "Mars/Olympus" }, "option_invalid"],
  ["a severity that is none", { minSeverity: "awful" }, "option_invalid"],
  ["a limit of nothing", { detailLimit: "0" }, "option_invalid"],
  ["a clock that is none", { now: "noon" }, "option_invalid"],
  ["a site file that is not there", { site: "nowhere/site.yml" }, "input_missing"],
  ["rules that are not there", { rules: ["nowhere/rules"] }, "input_missing"],
])("%s is refused", async (_, flags, code) => {
  await expect(request(flags)).rejects.toMatchObject({ code });
});

test.each([
  ["info", "info"],
  ["HIGH", "high"],
  ["informational", "info"],
  ["Informational", "info"],
])("the severity %s is %s", (text, severity) => {
  expect(toSeverity(text, "--fail-on")).toBe(severity);
});

test.each(["-1", "1.5", "", "many", "1e3", "9999999999999"])("%j is no count", (text) => {
  expect(() => toCount(text, "--workers", 1)).toThrow(`--workers ${text}: not a whole number of at least 1`);
});
