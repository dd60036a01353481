/** The advisory commands: what they print, and how they refuse what cannot be. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type AdvisoryFlags, listAdvisories, listResponses, showAdvisory } from "./advisory.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-advisory-"));
const LOG = join(folder, "events.ndjson");
writeFileSync(
  LOG,
  `${JSON.stringify({
    "@timestamp": "2026-03-01T10:00:00Z",
    source: { ip: "10.1.2.3", port: 50000, bytes: 900 },
    destination: { ip: "8.8.8.8", port: 445, bytes: 4000 },
    network: { transport: "tcp" },
    event: { action: "allowed", dataset: "panw.panos", category: ["network"] },
    ecs: { version: "8.11.0" },
  })}\n`,
);
afterAll(() => rmSync(folder, { recursive: true }));

const FLAGS: AdvisoryFlags = {
  output: "text",
  emit: "findings",
  tz: "UTC",
  detailLimit: "100000",
  color: "never",
  now: "2026-03-02T00:00:00Z",
};

describe("list", () => {
  test("names every advisory", async () => {
    const { text } = await listAdvisories(FLAGS);
    expect(text).toContain("outbound-smb, medium");
    expect(text).toContain("ntlm-credential-leak, high");
  });

  test("JSON holds the front matter, without the prose", async () => {
    const rows = JSON.parse((await listAdvisories({ ...FLAGS, output: "json" })).text);
    expect(rows).toHaveLength(2);
    expect(rows[0]).toMatchObject({
      id: expect.any(String),
      detections: expect.any(Array),
      sections: expect.any(Array),
    });
  });

  test.each([
    ["jsonfeed", /"https:\/\/jsonfeed\.org\/version\/1\.1"/],
    ["rss", /<rss version="2\.0"/],
    ["stix", /"bundle--/],
  ])("as %s it is a feed", async (output, mark) => {
    const flags = { ...FLAGS, output, baseUrl: "https://soc.example.com/advisories" };
    expect((await listAdvisories(flags)).text).toMatch(mark);
  });

  test("a base without its last slash gets one", async () => {
    const flags = { ...FLAGS, output: "jsonfeed", baseUrl: "https://soc.example.com/advisories" };
    expect(JSON.parse((await listAdvisories(flags)).text).feed_url).toBe(
      "https://soc.example.com/advisories/feed.json",
    );
  });

  test.each([
    [undefined, "usage"],
    ["ftp://soc.example.com/", "option_invalid"],
    ["soc.example.com", "option_invalid"],
    ["https://soc.example.com/?a=b", "option_invalid"],
  ])("RSS under %s is refused", async (baseUrl, code) => {
    const flags = { ...FLAGS, output: "rss", ...(baseUrl === undefined ? {} : { baseUrl }) };
    await expect(listAdvisories(flags)).rejects.toMatchObject({ code });
  });

  test("a folder of one's own takes the place of the shipped ones; two of one id are refused", async () => {
    const { text } = await listAdvisories({ ...FLAGS, advisories: ["content/advisories/outbound-smb.md"] });
    expect(text).not.toContain("ntlm-credential-leak");
    const twice = { ...FLAGS, advisories: ["content/advisories", "content/advisories/outbound-smb.md"] };
    await expect(listAdvisories(twice)).rejects.toMatchObject({ code: "content_invalid" });
    await expect(listAdvisories({ ...FLAGS, advisories: [LOG] })).rejects.toMatchObject({
      code: "input_missing",
    });
  });
});

describe("show", () => {
  test("without logs nothing is claimed of them", async () => {
    const { text, code } = await showAdvisory("outbound-smb", [], FLAGS);
    expect(text).toContain("not scanned");
    expect(code).toBe(0);
  });

  test("with logs it says what feeds each detection and when it last fired", async () => {
    const document = JSON.parse(
      (await showAdvisory("outbound-smb", [LOG], { ...FLAGS, output: "json" })).text,
    );
    const [first] = document.coverage.detections;
    expect(first).toMatchObject({ rule: "SP-01", enabled: true });
    expect(first.live.findings).toBe(1);
    expect(first.live.last_fired).toMatch(/^2026-03-01T10:00:00/);
    expect(Object.values(first.live.datasets)).toEqual([1]);
  });

  test("a rule set without the rule leaves it off", async () => {
    const rules = ["content/rules/network/net_connection_smb_application_on_non_smb_port.yml"];
    const document = JSON.parse(
      (await showAdvisory("outbound-smb", [LOG], { ...FLAGS, rules, output: "json" })).text,
    );
    expect(document.coverage.detections.map(({ enabled }: { enabled: boolean }) => enabled)).toEqual([
      false,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  test.each(["html", "markdown"])("as %s it is a document", async (output) => {
    expect((await showAdvisory("outbound-smb", [LOG], { ...FLAGS, output })).text).toMatch(
      /^(<!doctype html>|# )/,
    );
  });

  test("a log that is not there makes the exit code 3; an unknown advisory is refused", async () => {
    expect((await showAdvisory("outbound-smb", [join(folder, "none.log")], FLAGS)).code).toBe(3);
    await expect(showAdvisory("inbound", [], FLAGS)).rejects.toMatchObject({
      code: "option_invalid",
      hint: expect.stringContaining("outbound-smb"),
    });
  });
});

describe("responses", () => {
  test("one vendor, one address, one source", async () => {
    const flags = { output: "json", vendor: "ASA", destination: ["8.8.8.8"], source: "10.1.2.3" };
    const [response, ...others] = JSON.parse((await listResponses(flags)).text);
    expect(others).toEqual([]);
    expect(response.block).toContain("deny tcp host 10.1.2.3 host 8.8.8.8 eq 445");
  });

  test.each(["text", "markdown"])("as %s they have their undo", async (output) => {
    expect((await listResponses({ output })).text).toContain("Undo:");
  });

  test.each([
    { vendor: "zonealarm" },
    { destination: ["8.8.8.8/24"] },
    { destination: ["$(reboot)"] },
    { source: "host" },
  ])("%j is refused", async (flags) => {
    await expect(listResponses({ output: "text", ...flags })).rejects.toMatchObject({
      code: "option_invalid",
    });
  });
});
