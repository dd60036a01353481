/** The asset list. */
import { expect, test } from "vitest";
import { SallyportError } from "../errors.ts";
import type { IpAddress } from "../net/address.ts";
import { createAddressModel } from "../net/model.ts";
import { parseIp } from "../net/parse-ip.ts";
import { parseAssets } from "./assets.ts";

const LIST = `ip,mac,nt_host,dns,owner,priority,lat,long,city,country,bunit,category,pci_domain,is_expected,should_timesync,should_update,requires_av
11.22.33.0/24,,,,noc,low,,,,,,Internal|dmz,,,,,
11.22.33.44,,FS-01,fs-01.corp.example,"Doe, Jane",critical,,,Bonn,DE,ops,"server,pci",trust,true,,,true
"62.1.2.3-62.1.2.9,2a00:1234:5::/48",,,,,medium,,,,,,remote_office,,,,,
10.7.0.1|10.7.0.2,,,,,high,,,,,,INTERNAL,,,,,
,00:11:22:33:44:55,NO-IP,,,,,,,,,internal,,,,,
`;

const assets = parseAssets(LIST, "assets.csv");

function at(text: string): IpAddress {
  return parseIp(text) as IpAddress;
}

test("the smallest network that holds an address names its asset", () => {
  expect(assets.lookup(at("11.22.33.44"))).toEqual({
    ip: ["11.22.33.44"],
    nt_host: "FS-01",
    dns: "fs-01.corp.example",
    owner: "Doe, Jane",
    priority: "critical",
    city: "Bonn",
    country: "DE",
    bunit: "ops",
    category: ["server", "pci"],
    pci_domain: "trust",
    is_expected: "true",
    requires_av: "true",
  });
  expect(assets.lookup(at("11.22.33.45"))).toMatchObject({ owner: "noc", priority: "low" });
});

test.each([
  ["11.22.33.1", ["Internal", "dmz"]],
  ["62.1.2.9", ["remote_office"]],
  ["2a00:1234:5::10", ["remote_office"]],
  ["10.7.0.2", ["INTERNAL"]],
  ["62.1.2.10", []],
  ["10.7.0.3", []],
])("%s has the categories %j", (text, expected) => {
  expect(assets.categories(at(text))).toEqual(expected);
});

test("rows of the category internal, in any case, are networks of ours", () => {
  expect(assets.internal.map(({ text }) => text)).toEqual(["11.22.33.0/24", "10.7.0.1/32", "10.7.0.2/32"]);
  expect(createAddressModel({ internal: assets.internal }).classify(at("11.22.33.44")).scope).toBe(
    "internal",
  );
  expect(assets.size).toBe(4);
});

test("columns may come in any order, unknown ones are kept, rows may be short and fields may span lines", () => {
  const list = parseAssets(
    '\uFEFFSite_Code, Category ,IP\r\nB7,internal,10.0.0.1\r\n"two\nlines",,"10.0.0.2\n10.0.0.3"\r\nC9\r\n',
    "a.csv",
  );
  expect(list.lookup(at("10.0.0.1"))).toEqual({ site_code: "B7", category: ["internal"], ip: ["10.0.0.1"] });
  expect(list.lookup(at("10.0.0.3"))).toMatchObject({ site_code: "two\nlines" });
  expect(list.size).toBe(2);
});

test("of two rows for one network the first is used", () => {
  const list = parseAssets("ip,owner\n10.0.0.0/8,first\n10.0.0.0/8,second\n", "a.csv");
  expect(list.lookup(at("10.1.1.1"))?.["owner"]).toBe("first");
});

test.each([
  ["", 1, 1, "must name the columns"],
  ["10.0.0.0/8,internal\n", 1, 1, '"ip" must be one of them'],
  ["ip,owner,ip\n", 1, 10, 'the column "ip" is named twice'],
  ["ip,owner\n10.0.0.1,a\n10.0.0.256,b\n", 3, 1, '"256" is above 255'],
  ['owner,ip\n"a, b","10.0.0.1|10.1.2.3/8"\n', 2, 18, "the network is 10.0.0.0/8"],
  ['ip,owner\n"10.0.0.1\n10.0.0.x",b\n', 3, 1, "name"],
  ["ip,owner\n10.0.0.1,a,b\n", 2, 12, "3 columns, the header 2"],
  ['ip,owner\n10.0.0.1,"a\nb\n', 2, 10, "never closed"],
])("%j is refused at line %i, column %i: %s", (text, line, column, sentence) => {
  let caught: unknown;
  try {
    parseAssets(text, "assets.csv");
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(SallyportError);
  expect((caught as SallyportError).message).toContain(sentence);
  expect(caught).toMatchObject({ code: "assets_invalid", at: { file: "assets.csv", line, column } });
});
