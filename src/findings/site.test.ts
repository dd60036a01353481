/** The site file: what it may say, and where it is wrong. */
import { expect, test } from "vitest";
import { z } from "zod";
import { SallyportError } from "../errors.ts";
import { parseSite } from "./site.ts";
import { EMPTY_SITE, type Site, zoneOf } from "./site-facts.ts";
import { SITE_SCHEMA } from "./site-schema.ts";

const FULL = `
internal:
  - 11.22.33.0/24
  - 2a00:1234:5::/48
  - 62.1.2.3-62.1.2.9
nat64: ["64:ff9b:1::/96"]
shared_address_space: internet
zones:
  cisco-asa: Europe/Berlin
  "logs/**/tokyo-*.log": Asia/Tokyo
  "*.csv": "+02:00"
exceptions:
  - id: remote-office
    rule: SP-01
    source: [10.1.0.0/16, 10.2.0.5]
    destination: 62.1.2.0/24
    domain: "*.File.core.windows.net"
    port: 445
    application: [SMB]
    reason: remote office
    owner: network team
    created: 2026-01-01
    expires: 2026-07-01
`;

function errorOf(text: string): SallyportError {
  try {
    parseSite(text, "sallyport.yml");
  } catch (error) {
    if (error instanceof SallyportError) return error;
    throw error;
  }
  throw new Error("the site file was accepted");
}

test("every key of a site file is read", () => {
  const site = parseSite(FULL, "sallyport.yml");
  expect(site.file).toBe("sallyport.yml");
  expect(site.internal.map(({ text }) => text)).toEqual([
    "11.22.33.0/24",
    "2a00:1234:5::/48",
    "62.1.2.3-62.1.2.9",
  ]);
  expect(site.nat64.map(({ text }) => text)).toEqual(["64:ff9b:1::/96"]);
  expect(site).toMatchObject({ internalOnly: false, sharedAddressSpace: "internet" });
  expect(site.zones).toHaveLength(3);
  expect(site.exceptions[0]).toMatchObject({
    id: "remote-office",
    rule: ["SP-01"],
    domain: ["*.file.core.windows.net"],
    port: [445],
    application: ["smb"],
    reason: "remote office",
    owner: "network team",
    created: "2026-01-01",
    expires: "2026-07-01",
  });
  expect(site.exceptions[0]?.source?.map(({ text }) => text)).toEqual(["10.1.0.0/16", "10.2.0.5/32"]);
  expect(site.exceptions[0]?.destination?.map(({ text }) => text)).toEqual(["62.1.2.0/24"]);
});

test.each(["", "# nothing yet\n", "---\n", "{}"])("a site file of %j says nothing", (text) => {
  expect(parseSite(text, "s.yml")).toEqual({ ...EMPTY_SITE, file: "s.yml" });
});

test("internal_only makes shared address space reserved unless it is said", () => {
  expect(parseSite("internal_only: true", "s.yml").sharedAddressSpace).toBe("reserved");
  expect(parseSite("internal_only: true\nshared_address_space: internal", "s.yml").sharedAddressSpace).toBe(
    "internal",
  );
});

const ID = "  - {id: a, reason: r, owner: o, created: 2026-01-01, expires: 2026-02-01";

test.each([
  ["internal:\n  - 10.0.0.0/8\n  - 10.1.2.3/8\n", 3, 5, "the network is 10.0.0.0/8"],
  ["internal: 10.0.0.0/8\n", 1, 11, "internal must be a list"],
  ["internal:\n  - 10\n", 2, 5, "internal[0] must be text"],
  ["\ninternol: []\n", 2, 1, 'unknown key "internol"'],
  ["internal_only: yes\n", 1, 16, "internal_only must be true or false"],
  ["shared_address_space: ours\n", 1, 23, "one of internal, internet, reserved"],
  ["nat64:\n  - 2a00:1234::/33\n", 2, 5, "bits long, not 33"],
  ["zones:\n  zeek: Europe/Berlinn\n", 2, 9, '"Europe/Berlinn" is no time zone'],
  [`exceptions:\n${ID}}\n`, 2, 5, "needs a source, a destination, a domain or an application"],
  [`exceptions:\n${ID}, source: 10.0.0.0/8, tipo: x}\n`, 2, 96, 'unknown key "tipo" in exceptions[0]'],
  [
    `exceptions:\n${ID}, source: [10.0.0.0/8, 10.0.0.1/8]}\n`,
    2,
    97,
    "exceptions[0].source[1]: 10.0.0.1/8 has bits set",
  ],
  [`exceptions:\n${ID}, port: 70000, source: 10.0.0.1}\n`, 2, 82, "65535 or less"],
  [`exceptions:\n${ID}, port: "445", source: 10.0.0.1}\n`, 2, 82, "must be a number"],
  [`exceptions:\n${ID}, domain: "*.*.x"}\n`, 2, 84, "is no domain"],
  [`exceptions:\n${ID}, source: 10.0.0.1}\n${ID}, source: 10.0.0.2}\n`, 3, 10, 'the id "a" is given twice'],
  [
    "exceptions:\n  - id: a\n    source: 10.0.0.1\n    reason: r\n    owner: o\n    created: 2026-01-01\n",
    2,
    5,
    "exceptions[0].expires is missing",
  ],
  [
    "exceptions:\n  - id: a\n    source: 10.0.0.1\n    reason: r\n    owner: o\n    created: 2026-01-01\n    expires: 2026-01-01\n",
    7,
    14,
    "later day",
  ],
  [
    "exceptions:\n  - id: a\n    source: 10.0.0.1\n    reason: r\n    owner: o\n    created: 2026-02-30\n    expires: 2026-03-01\n",
    6,
    14,
    "YYYY-MM-DD",
  ],
  ["- internal\n", 1, 1, "the site file must be a mapping"],
])("%j is refused at line %i, column %i: %s", (text, line, column, sentence) => {
  const error = errorOf(text);
  expect(error.message).toContain(sentence);
  expect(error).toMatchObject({
    code: "site_invalid",
    at: { file: "sallyport.yml", line, column, source: text.split("\n")[line - 1] },
  });
});

test("a mistyped key gets a suggestion, and the further problems are counted", () => {
  const error = errorOf("internel: []\nnat64: 3\n");
  expect(error.hint).toBe("Did you mean 'internal'?");
  expect(error.message).toBe('unknown key "internel" (and 1 more)');
});

test.each([
  ["internal: [10.0.0.0/8\n", 2],
  ["internal: []\ninternal: []\n", 2],
  ["a: b: c\n", 1],
  ["internal: *nets\n", undefined],
  ["a: 1\n---\nb: 2\n", 2],
])("%j is not valid YAML", (text, line) => {
  const error = errorOf(text);
  expect(error.code).toBe("site_syntax");
  if (line !== undefined) expect(error.at?.line).toBe(line);
  expect(error.message).not.toMatch(/[\n.]$/);
});

test("lines that end in CR LF, and a byte order mark, do not move the place", () => {
  expect(errorOf("\uFEFFinternal:\r\n  - nowhere\r\n").at).toMatchObject({
    line: 2,
    column: 5,
    source: "  - nowhere",
  });
});

test.each([
  ["cisco-asa", "x.log", "Europe/Berlin"],
  ["other", "/var/logs/a/b/tokyo-1.log", "Asia/Tokyo"],
  ["other", "logs/tokyo-1.log", "Asia/Tokyo"],
  ["other", "C:\\logs\\tokyo-1.log", "Asia/Tokyo"],
  ["other", "mylogs/tokyo-1.log", undefined],
  ["other", "tokyo-1.log", undefined],
  ["other", "deep/down/x.csv", "+02:00"],
  ["other", "x.csv.gz", undefined],
])("the times of format %s in %s are in zone %s", (format, path, zone) => {
  expect(zoneOf(parseSite(FULL, "s.yml"), format, path)).toBe(zone);
});

test("the first zone that matches is used", () => {
  const site: Site = {
    ...EMPTY_SITE,
    zones: [
      { match: "*.log", zone: "UTC" },
      { match: "zeek", zone: "Asia/Tokyo" },
    ],
  };
  expect(zoneOf(site, "zeek", "conn.log")).toBe("UTC");
});

test("the schema can be written as JSON Schema, and refuses keys it does not know", () => {
  const schema = z.toJSONSchema(SITE_SCHEMA);
  expect(schema).toMatchObject({ type: "object", additionalProperties: false });
  expect(Object.keys(schema.properties ?? {})).toEqual([
    "internal",
    "internal_only",
    "nat64",
    "shared_address_space",
    "zones",
    "exceptions",
  ]);
});
