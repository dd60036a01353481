/** The shipped advisories and block rules, and every output of them, held against its specification. */
import { describe, expect, test } from "vitest";
import { ADVISORY_SECTIONS, type Advisory } from "../../src/advisories/advisory.ts";
import { advisoryCoverage } from "../../src/advisories/coverage.ts";
import { parseAdvisory } from "../../src/advisories/parse-advisory.ts";
import { parseResponse } from "../../src/advisories/parse-response.ts";
import { renderResponses } from "../../src/advisories/responses.ts";
import { type StixObject, stixBundle } from "../../src/advisories/stix.ts";
import { datasetTable } from "../../src/formats/registry.ts";
import { parseIp } from "../../src/net/parse-ip.ts";
import { shippedAdvisories, shippedResponses, shippedRules } from "../../src/node/content.ts";
import { parseRules } from "../../src/sigma/parse-rule.ts";
import { jsonFeed, rssFeed } from "../../src/sinks/advisory-feeds.ts";
import { advisoryHtml } from "../../src/sinks/advisory-html.ts";
import {
  advisoryListText,
  advisoryMarkdown,
  advisoryText,
  responsesText,
} from "../../src/sinks/advisory-text.ts";
import { SINKS } from "../../src/sinks/index.ts";
import { textWidth } from "../../src/sinks/width.ts";
import { HOSTILE, hostileFinding, SAMPLE_FINDINGS, sampleReport, sampleRun } from "./sample-report.ts";
import { only, readXml } from "./xml-reader.ts";

const BASE = "https://soc.example.com/advisories/";
const advisories = (await shippedAdvisories()).map(({ text, file }) => parseAdvisory(text, file));
const templates = (await shippedResponses()).map(({ text, file }) => parseResponse(text, file));
const rules = (await shippedRules()).flatMap(({ text, file }) => parseRules(text, file));
const scanned = { report: sampleReport(), findings: SAMPLE_FINDINGS };

/** An advisory as somebody hostile would write it into the text of every field. */
function hostileAdvisory(value: string): Advisory {
  const [first] = advisories;
  if (first === undefined) throw new Error("no advisory is shipped");
  const content = [{ kind: "text" as const, text: value }];
  return {
    ...first,
    title: value,
    summary: value,
    sources: [value],
    techniques: first.techniques.map((technique) => ({ ...technique, name: value })),
    cves: [{ id: "CVE-2026-0001", name: value, vector: value }],
    detections: [{ rule: "SP-01", name: value, sees: value }],
    references: [{ title: value, url: "https://a.example/?x=1&y='2'" }],
    sections: {
      Summary: [
        { kind: "paragraph", content, line: 1 },
        { kind: "code", text: value, line: 1 },
      ],
      "Attack chain": [{ kind: "list", ordered: true, items: [{ content, line: 1 }], line: 1 }],
      Impact: [
        { kind: "heading", level: 3, content, line: 1 },
        { kind: "paragraph", content, line: 1 },
      ],
      Recommendations: [{ kind: "list", ordered: false, items: [{ content, line: 1 }], line: 1 }],
    },
  };
}

const EVERY = [...advisories, ...HOSTILE.map(hostileAdvisory)].map((advisory, at) => ({ at, advisory }));

describe("shipped content", () => {
  test("there is an advisory on outbound SMB and one on leaked credentials", () => {
    expect(advisories.map(({ id }) => id).sort()).toEqual(["ntlm-credential-leak", "outbound-smb"]);
  });

  test("rules and advisories name each other", () => {
    const byRule = rules.flatMap(({ id, extension }) =>
      extension.advisories.map((advisory) => `${id} ${advisory}`),
    );
    const known = new Set(rules.map(({ id }) => id));
    const byAdvisory = advisories.flatMap(({ id, detections }) =>
      detections.filter(({ rule }) => known.has(rule)).map(({ rule }) => `${rule} ${id}`),
    );
    expect(byRule.sort()).toEqual(byAdvisory.sort());
  });

  test.each(advisories)("$id calls its detections as the rules call themselves", ({ detections }) => {
    for (const { rule: id, name } of detections) {
      const rule = rules.find((candidate) => candidate.id === id);
      if (rule !== undefined) expect(name).toBe(rule.title);
    }
  });

  test("the leak's flaws are listed once each, oldest first", () => {
    const ids = advisories.find(({ id }) => id === "ntlm-credential-leak")?.cves.map(({ id }) => id) ?? [];
    expect(ids.length).toBeGreaterThanOrEqual(18);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  test("every product that an edge may be made of has block rules", () => {
    expect(templates.map(({ id }) => id).sort()).toEqual([
      "aws-network-acl",
      "aws-security-group",
      "azure-nsg",
      "cisco-asa",
      "fortios",
      "nftables",
      "panos",
      "pf",
      "windows-firewall",
      "windows-firewall-gpo",
      "windows-smb-client",
    ]);
  });

  describe.each([["8.8.8.8"], ["2606:4700:4700::1111"], [undefined]])("block rules for %s", (text) => {
    const ip = text === undefined ? undefined : parseIp(text);
    const target = { destinations: ip === undefined ? [] : [ip], source: parseIp("10.1.2.3"), ports: [4455] };

    test.each(templates)("$id", (template) => {
      const responses = renderResponses([template], target);
      expect(responses).toHaveLength(1);
      for (const { block, undo, warning, where } of responses) {
        expect(`${block}\n${undo}`).not.toMatch(/\{[a-z_]+\}|undefined|NaN/);
        expect(warning).toMatch(/share|Azure Files|NAS|FSx|storage/i);
        expect([undo, where].every((words) => words.length > 5)).toBe(true);
      }
    });

    test.each(templates.filter(({ id }) => !/smb-client|security-group/.test(id)))(
      "$id names the address and every port",
      (template) => {
        const [response] = renderResponses([template], target);
        if (text !== undefined) expect(response?.block).toContain(text);
        for (const port of ["139", "445", "4455"])
          expect(response?.block).toMatch(new RegExp(`\\b${port}\\b`));
        if (text !== undefined || template.id !== "aws-network-acl")
          expect(response?.block).toMatch(/\b137\b/);
      },
    );

    test.each(templates)("whatever $id makes, its undo takes away", (template) => {
      const [response] = renderResponses([template], target);
      // A policy of FortiOS is deleted by its number.
      const block = response?.block.replace(/set name ".*"/g, "") ?? "";
      const made = (block.match(/sallyport[\w/]*/g) ?? []).filter((name) => name !== "sallyport");
      for (const name of new Set(made)) expect(response?.undo).toContain(name);
      if (template.number !== undefined) {
        const numbers = (words = ""): string[] => words.match(/(rule-number|priority) \d+/g) ?? [];
        expect(new Set(numbers(response?.block)).size).toBe(numbers(response?.block).length);
      }
    });
  });
});

describe("JSON Feed 1.1", () => {
  const KNOWN_TOP = [
    "version",
    "title",
    "home_page_url",
    "feed_url",
    "description",
    "user_comment",
    "next_url",
    "icon",
    "favicon",
    "authors",
    "language",
    "expired",
    "hubs",
    "items",
  ];
  const KNOWN_ITEM = [
    "id",
    "url",
    "external_url",
    "title",
    "content_html",
    "content_text",
    "summary",
    "image",
    "banner_image",
    "date_published",
    "date_modified",
    "authors",
    "tags",
    "language",
    "attachments",
  ];
  const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

  test.each([null, BASE])("with the base %s it keeps to the specification", (base) => {
    const feed = JSON.parse(jsonFeed(advisories, base));
    expect(feed).toMatchObject({
      version: "https://jsonfeed.org/version/1.1",
      title: expect.stringMatching(/./),
    });
    expect(Object.keys(feed).filter((key) => !KNOWN_TOP.includes(key) && !key.startsWith("_"))).toEqual([]);
    expect(Array.isArray(feed.items)).toBe(true);
    for (const address of [feed.home_page_url, feed.feed_url]) {
      if (base === null) expect(address).toBeUndefined();
      else expect(new URL(address).protocol).toBe("https:");
    }
    for (const author of feed.authors)
      expect(author.name ?? author.url ?? author.avatar).toBeTypeOf("string");
    for (const item of feed.items) {
      expect(Object.keys(item).filter((key) => !KNOWN_ITEM.includes(key) && !key.startsWith("_"))).toEqual(
        [],
      );
      expect([item.id, item.title, item.summary, item.content_html].map((value) => typeof value)).toEqual(
        Array(4).fill("string"),
      );
      expect([item.date_published, item.date_modified]).toEqual([
        expect.stringMatching(RFC3339),
        expect.stringMatching(RFC3339),
      ]);
      expect(item.tags.every((tag: unknown) => typeof tag === "string")).toBe(true);
      if (base !== null) expect(item.url).toMatch(/^https:\/\/soc\.example\.com\/advisories\/[\w-]+\.html$/);
    }
    expect(new Set(feed.items.map(({ id }: { id: string }) => id)).size).toBe(advisories.length);
  });

  test.each(EVERY)("item $at holds no markup but ours", ({ advisory }) => {
    const [item] = JSON.parse(jsonFeed([advisory], null)).items;
    expectInertHtml(item.content_html);
  });
});

describe("RSS 2.0", () => {
  const DATE =
    /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d (GMT|[+-]\d{4})$/;

  test("it keeps to the specification", () => {
    const rss = readXml(rssFeed(advisories, BASE));
    expect(rss).toMatchObject({
      name: "rss",
      attributes: { version: "2.0", "xmlns:atom": "http://www.w3.org/2005/Atom" },
    });
    const channel = only(rss, "channel");
    expect(only(channel, "title").text).not.toBe("");
    expect(only(channel, "link").text).toBe(BASE);
    expect(only(channel, "description").text).not.toBe("");
    expectDate(only(channel, "lastBuildDate").text);
    expect(only(channel, "atom:link").attributes).toEqual({
      href: `${BASE}feed.xml`,
      rel: "self",
      type: "application/rss+xml",
    });
    const items = channel.children.filter(({ name }) => name === "item");
    expect(items).toHaveLength(advisories.length);
    for (const item of items) {
      expect(only(item, "title").text).not.toBe("");
      expect(new URL(only(item, "link").text).protocol).toBe("https:");
      expect(only(item, "guid").attributes).toEqual({ isPermaLink: "false" });
      expectDate(only(item, "pubDate").text);
      expectInertHtml(only(item, "description").text);
    }
    expect(new Set(items.map((item) => only(item, "guid").text)).size).toBe(items.length);
  });

  test.each(EVERY)("a feed of advisory $at is well-formed, and its text inert", ({ advisory }) => {
    const channel = only(readXml(rssFeed([advisory], `${BASE}?a=1&b="2"`)), "channel");
    expectInertHtml(only(only(channel, "item"), "description").text);
  });

  function expectDate(text: string): void {
    expect(text).toMatch(DATE);
    const date = new Date(text);
    expect(date.toUTCString()).toBe(text);
  }
});

describe("STIX 2.1", () => {
  const bundle = stixBundle(advisories);
  const ID = /^[a-z][a-z-]+[a-z]--[0-9a-f]{8}-[0-9a-f]{4}-[1-5][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  /** Properties that the specification requires of each type, beside the common ones. */
  const REQUIRED: Readonly<Record<string, readonly string[]>> = {
    "attack-pattern": ["name"],
    "course-of-action": ["name"],
    identity: ["name"],
    "marking-definition": ["definition_type", "definition"],
    relationship: ["relationship_type", "source_ref", "target_ref"],
    report: ["name", "published", "object_refs"],
    vulnerability: ["name"],
  };
  const byId = new Map(bundle.objects.map((object) => [object.id, object]));

  test("the bundle has an id and no property but its own", () => {
    expect(Object.keys(bundle).sort()).toEqual(["id", "objects", "type"]);
    expect(bundle.id).toMatch(/^bundle--/);
    expect(bundle.id).toMatch(ID);
  });

  test.each(bundle.objects.map((object) => ({ id: object.id, object })))(
    "$id has what its type requires",
    ({ object }) => {
      expect(Object.keys(REQUIRED)).toContain(object.type);
      expect(object.id).toMatch(ID);
      expect(object.id.startsWith(`${object.type}--`)).toBe(true);
      expect(object["spec_version"]).toBe("2.1");
      for (const name of REQUIRED[object.type] ?? []) expect(object[name], name).toBeDefined();
      expect(object["created"]).toMatch(TIME);
      if (object.type !== "marking-definition") {
        expect(object["modified"]).toMatch(TIME);
        expect(String(object["modified"]) >= String(object["created"])).toBe(true);
      }
      expect(
        Object.values(object).filter(
          (value) => value === null || (Array.isArray(value) && value.length === 0),
        ),
      ).toEqual([]);
      for (const reference of refsOf(object)) expect(byId.has(reference), reference).toBe(true);
    },
  );

  test("ids are unique, and the same advisories give the same bytes", () => {
    expect(byId.size).toBe(bundle.objects.length);
    expect(JSON.stringify(stixBundle(advisories))).toBe(JSON.stringify(bundle));
  });

  test("every technique, flaw and recommendation is there and in its report", () => {
    const reports = bundle.objects.filter(({ type }) => type === "report");
    expect(reports).toHaveLength(advisories.length);
    for (const advisory of advisories) {
      const report = reports.find((candidate) => candidate["name"] === advisory.title);
      const named = ((report?.["object_refs"] ?? []) as string[]).map((id) => byId.get(id));
      const outside = named.flatMap(
        (object) => (object?.["external_references"] ?? []) as { external_id?: string }[],
      );
      const expected = [...advisory.techniques, ...advisory.cves].map(({ id }) => id);
      expect(outside.map(({ external_id }) => external_id)).toEqual(expected);
      expect(named.filter((object) => object?.type === "course-of-action").length).toBeGreaterThan(5);
    }
  });

  test("relationships are those that the specification knows between such objects", () => {
    const kinds = bundle.objects
      .filter(({ type }) => type === "relationship")
      .map((object) =>
        [typeOf(object["source_ref"]), object["relationship_type"], typeOf(object["target_ref"])].join(" "),
      );
    expect([...new Set(kinds)].sort()).toEqual([
      "attack-pattern targets vulnerability",
      "course-of-action mitigates attack-pattern",
    ]);
  });

  function typeOf(id: unknown): string {
    return String(id).split("--")[0] ?? "";
  }

  function refsOf(object: StixObject): readonly string[] {
    return Object.entries(object).flatMap(([name, value]) =>
      /_refs?$/.test(name) ? (Array.isArray(value) ? value.map(String) : [String(value)]) : [],
    );
  }
});

describe("for people", () => {
  const covered = (advisory: Advisory, live: boolean) =>
    advisoryCoverage(advisory, rules, datasetTable(), live ? scanned : null);
  const pageOf = (advisory: Advisory, live = true): string =>
    advisoryHtml({
      advisory,
      coverage: covered(advisory, live),
      responses: renderResponses(templates, { destinations: [] }),
      version: "0.0.0",
      now: "2026-03-02T00:00:00.000Z",
    });

  test.each(EVERY)(
    "the page of advisory $at loads nothing, runs nothing, and closes what it opens",
    ({ advisory }) => {
      const page = pageOf(advisory);
      expect(page).toContain("default-src &#39;none&#39;");
      expectInertHtml(page);
      for (const name of [
        "section",
        "article",
        "details",
        "ol",
        "ul",
        "li",
        "p",
        "pre",
        "code",
        "dl",
        "div",
        "table",
        "a",
      ]) {
        const count = (pattern: RegExp): number => page.match(pattern)?.length ?? 0;
        expect(count(new RegExp(`<${name}[ >]`, "g")), name).toBe(count(new RegExp(`</${name}>`, "g")));
      }
    },
  );

  test.each(advisories)("the page of $id has every section, and every link within it an end", (advisory) => {
    const page = pageOf(advisory);
    for (const title of [...ADVISORY_SECTIONS, "Detection coverage", "Block rules", "References"]) {
      expect(page).toContain(`>${title}</h2>`);
    }
    for (const [, anchor] of page.matchAll(/href="#([^"]+)"/g)) expect(page).toContain(`id="${anchor}"`);
  });

  test("coverage says what is on, what feeds it, and when it last fired", () => {
    const [outbound] = advisories.filter(({ id }) => id === "outbound-smb");
    const [first] = covered(outbound as Advisory, true).detections;
    const seen = SAMPLE_FINDINGS.flatMap(({ rule, last_seen }) =>
      rule.id === "SP-01" ? (last_seen ?? []) : [],
    );
    expect(first).toMatchObject({ rule: "SP-01", enabled: true, level: "medium" });
    expect(first?.live).toMatchObject({ last_fired: seen.sort().at(-1) });
    const without = advisoryCoverage(outbound as Advisory, [], datasetTable(), scanned).detections[0];
    expect(without).toMatchObject({ enabled: false, level: null, live: null, sources: [] });
    expect(covered(outbound as Advisory, false).detections[0]).toMatchObject({ enabled: true, live: null });
  });

  test.each([40, 80, 120])("the text fits %i columns", (width) => {
    for (const advisory of advisories) {
      const text =
        advisoryText(advisory, covered(advisory, true), width) + advisoryListText(advisories, width);
      for (const line of text.split("\n"))
        if (!/\S{30}/.test(line)) expect(textWidth(line), line).toBeLessThanOrEqual(width);
    }
  });

  test("without logs the text says so; Markdown has the coverage as a table", () => {
    for (const advisory of advisories) {
      expect(advisoryText(advisory, covered(advisory, false), 100)).toContain("not scanned");
      expect(advisoryMarkdown(advisory, covered(advisory, true)).match(/^\| SP-\d\d \|/gm)).toHaveLength(
        advisory.detections.length,
      );
    }
  });

  test("block rules as text name the product, the warning and the undo of each", () => {
    const responses = renderResponses(templates, { destinations: [] });
    const text = responsesText(responses, 100);
    for (const mark of ["Warning:", "Where:", "Block:", "Undo:"])
      expect(text.split(mark)).toHaveLength(responses.length + 1);
  });
});

describe("within a report", () => {
  const guidance = { advisories, responses: templates };

  async function reportOf(name: "html" | "markdown", findings = SAMPLE_FINDINGS): Promise<string> {
    const sink = SINKS.find((candidate) => candidate.name === name);
    if (sink === undefined) throw new Error(name);
    let text = "";
    const write = (piece: string): void => {
      text += piece;
    };
    const writer = sink.open({ write, width: 80, color: false, run: sampleRun("findings"), guidance });
    for (const finding of findings) await writer.row({ kind: "finding", finding });
    await writer.close(sampleReport());
    return text;
  }

  test("a finding in HTML carries its block rules and links to its advisory, which is there", async () => {
    const page = await reportOf("html");
    expect(page).toContain("Block rules to copy, for 11 products");
    expect(page).toContain('href="#advisory-outbound-smb"');
    expect(page.match(/id="advisory-outbound-smb"/g)).toHaveLength(1);
    expect(page).toContain("New-NetFirewallRule");
    expectInertHtml(page);
  });

  test("Markdown shows them for the first findings and names the command for the rest", async () => {
    const text = await reportOf("markdown");
    expect(text.match(/^### Block rules, to copy$/gm)).toHaveLength(3);
    expect(text).toMatch(/`sallyport advisory responses --destination [\da-f.:]+` prints them/);
    expect(text).toContain("`sallyport advisory show outbound-smb`");
  });

  test.each(HOSTILE.map((value, at) => ({ at, value })))(
    "hostile value $at stays inert beside them",
    async ({ value, at }) => {
      expectInertHtml(await reportOf("html", [hostileFinding(value, at)]));
    },
  );
});

/** No script, no request, no handler; links only to http, https and places within. */
function expectInertHtml(html: string): void {
  const tags = [...html.matchAll(/<([a-z][\w-]*)((?:[^<>"]|"[^"]*")*)>/gi)].map(
    ([, name = "", rest = ""]) => ({ name, rest }),
  );
  expect(
    tags.filter(({ name }) => /^(script|iframe|object|embed|form|base|img|video|audio)$/i.test(name)),
  ).toEqual([]);
  for (const { name, rest } of tags) {
    expect(rest.replace(/"[^"]*"/g, '""')).not.toMatch(/\son\w+=/i);
    for (const [, target = ""] of rest.matchAll(/\b(?:href|src)="([^"]*)"/g)) {
      if (name === "link") expect(target).toBe("data:,");
      else expect(target).toMatch(/^(#|https?:\/\/)/);
    }
  }
}
