/** Values: what a log writes, and what a field then holds. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { NetworkEvent } from "./event.ts";
import { jsonRecord } from "./record.ts";
import {
  setIp,
  setPort,
  toApplications,
  toBoolean,
  toInteger,
  toKeyword,
  toKeywords,
  toTransport,
} from "./values.ts";

const blank = (): NetworkEvent => ({ format: "f", dataset: "d", record: jsonRecord({}), offset: 0 });

test.each<[unknown, string | undefined]>([
  ["a", "a"],
  [" a ", "a"],
  ["", undefined],
  ["  ", undefined],
  [null, undefined],
  [undefined, undefined],
  [445, "445"],
  [0, "0"],
  [true, "true"],
  [{}, undefined],
  [["a", "b"], "a"],
  [[], undefined],
  [[["a"]], "a"],
  [[null, "b"], undefined],
])("the keyword of %j is %j", (value, expected) => {
  expect(toKeyword(value)).toBe(expected);
});

test("a list nested without end does not exhaust the stack", () => {
  const text = `${"[".repeat(300_000)}"a"${"]".repeat(300_000)}`;
  expect(toKeyword(JSON.parse(text))).toBe("a");
});

test.each<[unknown, readonly string[] | undefined]>([
  ["a", ["a"]],
  [
    ["a", "", 1],
    ["a", "1"],
  ],
  [[], undefined],
  [null, undefined],
])("the keywords of %j are %j", (value, expected) => {
  expect(toKeywords(value)).toEqual(expected);
});

test.each<[unknown, number | undefined]>([
  [5, 5],
  ["5", 5],
  ["005", 5],
  [0, 0],
  [-1, undefined],
  ["-1", undefined],
  [1.5, undefined],
  ["1.5", undefined],
  ["4.45e2", undefined],
  ["0x10", undefined],
  ["", undefined],
  [2 ** 53, undefined],
  ["9".repeat(16), undefined],
])("the integer of %j is %j", (value, expected) => {
  expect(toInteger(value)).toBe(expected);
});

test.each<[unknown, boolean | undefined]>([
  [true, true],
  ["T", true],
  ["yes", true],
  [1, true],
  [false, false],
  ["F", false],
  ["No", false],
  ["0", false],
  ["maybe", undefined],
  [null, undefined],
])("the boolean of %j is %j", (value, expected) => {
  expect(toBoolean(value)).toBe(expected);
});

test.each<[unknown, string | undefined]>([
  ["tcp", "tcp"],
  ["TCP", "tcp"],
  [6, "tcp"],
  ["17", "udp"],
  ["1", "icmp"],
  [58, "ipv6-icmp"],
  ["", undefined],
])("the transport of %j is %j", (value, expected) => {
  expect(toTransport(value)).toBe(expected);
});

test.each<[unknown, readonly string[] | undefined]>([
  ["gssapi,smb,ntlm", ["gssapi", "smb", "ntlm"]],
  ["SMB", ["smb"]],
  ["NetBIOS-ssn (SMB)", ["netbios-ssn (smb)"]],
  ["smb, smb", ["smb"]],
  ["-smb,http", ["http"]],
  [
    ["smb", "ntlm,smb"],
    ["smb", "ntlm"],
  ],
  [",", undefined],
  [undefined, undefined],
])("the applications of %j are %j", (value, expected) => {
  expect(toApplications(value)).toEqual(expected);
});

test("the same word gives the same applications however often it comes, and other words their own", () => {
  const words = Array.from({ length: 3000 }, (_, at) => `smb,app-${at % 1500}`);
  for (const word of words) expect(toApplications(word)).toEqual(word.split(","));
  expect(toApplications("ssl")).toBe(toApplications("ssl"));
});

describe("ports", () => {
  test.each<[unknown, number]>([
    [-0, 0],
    [445, 445],
    ["445", 445],
    [" 445 ", 445],
    [445.0, 445],
    ["445.0", 445],
    [0, 0],
    [65_535, 65_535],
  ])("%j is port %d", (value, port) => {
    const event = blank();
    setPort(event, "destination.port", value);
    expect(event).toMatchObject({ "destination.port": port });
    expect(event.problems).toBeUndefined();
  });

  test.each([
    65_536,
    "99999",
    -1,
    "4.45e2",
    "445.00",
    "445.5",
    445.5,
    "0445",
    "445 ms",
    "0x1bd",
    "٤٤٥",
    "microsoft-ds",
    "+445",
  ])("%j is absent, and noted", (value) => {
    const event = blank();
    setPort(event, "destination.port", value);
    expect(event["destination.port"]).toBeUndefined();
    expect(event.problems).toEqual(["invalid_port"]);
  });

  test.each([undefined, null, ""])("%j is absent without a note", (value) => {
    const event = blank();
    setPort(event, "source.port", value);
    expect(event).toEqual({ ...blank(), record: event.record });
  });

  test("only plain integers up to 65,535 are ports", () => {
    const text = fc.oneof(
      fc.integer({ min: -10, max: 70_000 }).map(String),
      fc.stringMatching(/^[0-9.eE+-]{1,7}$/),
    );
    fc.assert(
      fc.property(text, (value) => {
        const event = blank();
        setPort(event, "source.port", value);
        const plain = value.replace(/\.0$/, "");
        const isPort =
          String(Number(plain)) === plain && Number.isInteger(Number(plain)) && Number(plain) >= 0;
        expect(event["source.port"]).toBe(isPort && Number(plain) <= 65_535 ? Number(plain) : undefined);
      }),
    );
  });
});

describe("addresses", () => {
  test.each<[unknown, string, string | undefined]>([
    ["8.8.8.8", "8.8.8.8", undefined],
    [" 8.8.8.8 ", "8.8.8.8", undefined],
    ["[2606:4700:4700::1111]", "2606:4700:4700::1111", "[2606:4700:4700::1111]"],
    ["fe80::1%eth0", "fe80::1", "fe80::1%eth0"],
    ["2606:4700:4700:0::1111", "2606:4700:4700::1111", "2606:4700:4700:0::1111"],
  ])("%j is %s; what the record wrote is kept where it differs", (value, text, recorded) => {
    const event = blank();
    setIp(event, "source.ip", value);
    expect(event["source.ip"]?.text).toBe(text);
    expect(event["recorded.source.ip"]).toBe(recorded);
  });

  test.each(["8.8.8", "08.8.8.8", "8.8.8.8:445", "8.8.8.8/32", "host", "0x8.8.8.8"])(
    "%j is absent, and noted",
    (value) => {
      const event = blank();
      setIp(event, "destination.ip", value);
      expect(event["destination.ip"]).toBeUndefined();
      expect(event.problems).toEqual(["invalid_address"]);
    },
  );

  test("of several addresses the first is used, which is noted", () => {
    const event = blank();
    setIp(event, "source.ip", ["10.1.2.3", "10.9.9.9"]);
    expect(event["source.ip"]?.text).toBe("10.1.2.3");
    expect(event.problems).toEqual(["multi_valued_address"]);
  });
});
