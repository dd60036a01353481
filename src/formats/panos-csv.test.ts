/** PAN-OS CSV exports: headers in all their spellings, and rows under them. */
import { expect, test } from "vitest";
import type { Decoder } from "./format.ts";
import { panosCsv } from "./panos-csv.ts";

const open = (): Decoder => panosCsv.open({ file: "log.csv", zone: (ms) => ms, year: 2026 });

const HEADER =
  "Receive Time,Serial #,Type,Threat/Content Type,Source address,Destination address,NAT Source IP,Rule,Application,Source Port,Destination Port,IP Protocol,Action,Bytes Sent,Bytes Received";
const ROW =
  "2026/03/01 10:00:00,0018,TRAFFIC,end,10.1.2.3,8.8.8.8,0.0.0.0,out,ms-ds-smbv3,50000,445,tcp,allow,9000,6000";

test.each([
  ["the web interface's names", HEADER, true],
  [
    "quoted names",
    HEADER.split(",")
      .map((name) => `"${name}"`)
      .join(","),
    true,
  ],
  ["a byte order mark", `\uFEFF${HEADER}`, true],
  ["other case", HEADER.toUpperCase(), true],
  [
    "the vendor's variable names",
    "receive_time,serial,type,subtype,src,dst,natsrc,app,sport,dport,proto,action",
    true,
  ],
  [
    "the logging service's names",
    "Log Type,Log Subtype,Source Address,Destination Address,From Zone,To Zone,Application,Action",
    true,
  ],
  ["another vendor's", "Date,Source,Destination,Service,Action", false],
  ["a stranger's with the same common words", "type,subtype,src,dst,app,action,message", false],
  ["no destination", HEADER.replace("Destination address", "X"), false],
  ["a row", ROW, false],
])("%s: a header or not", (_, text, expected) => {
  expect(panosCsv.claims(text)).toBe(expected);
});

test("rows follow their header, and a header in mid-file starts anew", () => {
  const decoder = open();
  expect(decoder.frame(ROW)).toBe("unknown_format");
  expect(decoder.frame(HEADER)).toBe("skip");
  expect(decoder.frame(ROW)).toBe("record");
  expect(decoder.decode(ROW)).toMatchObject({ "destination.port": 445, "source.bytes": 9000 });
  expect(decoder.frame("Type,Subtype,dst,src,app,Action,serial,vsys,dport")).toBe("skip");
  const turned = "TRAFFIC,end,8.8.4.4,10.9.9.9,incomplete,deny,0018,vsys1,139";
  expect(decoder.frame(turned)).toBe("record");
  expect(decoder.decode(turned)).toMatchObject({ "destination.port": 139, "event.action": "blocked" });
});

test("a row cut short is refused; blank lines are passed over", () => {
  const decoder = open();
  decoder.frame(HEADER);
  expect(decoder.frame("2026/03/01 10:00:00,0018,TRAFFIC")).toBe("too_few_columns");
  expect(decoder.frame('"2026/03/01 10:00:00","a,b"')).toBe("too_few_columns");
  expect(decoder.frame(" ")).toBe("skip");
});

test("a value in quotes may go on in the next line", () => {
  const decoder = open();
  decoder.frame(HEADER);
  const [first = "", second = ""] = ROW.replace(",out,", ',"deny\nall, please",').split("\n");
  expect(decoder.frame(first)).toBe("incomplete");
  const whole = `${first}\n${second}`;
  expect(decoder.frame(whole)).toBe("record");
  expect(decoder.decode(whole)).toMatchObject({ "rule.name": "deny\nall, please", "destination.port": 445 });
});

test("a column answers to its header's name and to the vendor's; entries have the header's", () => {
  const decoder = open();
  decoder.frame(HEADER);
  const event = decoder.decode(ROW);
  const record = event !== undefined && "record" in event ? event.record : undefined;
  expect(record?.get("Source address")).toBe("10.1.2.3");
  expect(record?.get("source ADDRESS")).toBe("10.1.2.3");
  expect(record?.get("src")).toBe("10.1.2.3");
  expect(record?.get("device_name")).toBeUndefined();
  expect(Object.fromEntries(record?.entries() ?? [])["Threat/Content Type"]).toBe("end");
});

test.each(["THREAT", "URL"])("a %s row is sound and no event", (type) => {
  const decoder = open();
  decoder.frame(HEADER);
  expect(decoder.decode(ROW.replace("TRAFFIC", type))).toBeUndefined();
});

test("a carriage return at the end belongs to no column", () => {
  const decoder = open();
  decoder.frame(`${HEADER}\r`);
  expect(decoder.decode(`${ROW}\r`)).toMatchObject({ "destination.bytes": 6000 });
});
