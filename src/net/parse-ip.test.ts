/** Parsing and canonical text, against a table and against ipaddr.js. */
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { expect, test } from "vitest";
import { formatIpv4 } from "./format-ip.ts";
import { ipv4, ipv6, parseIp } from "./parse-ip.ts";
import { whyNoAddress } from "./why-no-address.ts";

test.each([
  ["8.8.8.8", "8.8.8.8"],
  ["0.0.0.0", "0.0.0.0"],
  ["255.255.255.255", "255.255.255.255"],
  ["::", "::"],
  ["::1", "::1"],
  ["2606:4700:4700:0:0:0:0:1111", "2606:4700:4700::1111"],
  ["2606:4700:4700::0001:1111", "2606:4700:4700::1:1111"],
  ["FE80::A", "fe80::a"],
  ["fe80::1%eth0", "fe80::1"],
  ["fe80::1%12", "fe80::1"],
  ["[2606:4700:4700::1111]", "2606:4700:4700::1111"],
  ["[fe80::1%en0]", "fe80::1"],
  ["::ffff:8.8.8.8", "::ffff:8.8.8.8"],
  ["::FFFF:0808:0808", "::ffff:8.8.8.8"],
  ["64:ff9b::8.8.8.8", "64:ff9b::808:808"],
  ["1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a"],
  ["1:0:0:2:0:0:0:3", "1:0:0:2::3"],
  ["1:0:0:2:3:0:0:4", "1::2:3:0:0:4"],
  ["1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"],
  ["1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"],
])("%s is the address %s", (text, canonical) => {
  expect(parseIp(text)?.text).toBe(canonical);
  expect(whyNoAddress(text)).toBeUndefined();
});

test.each([
  ["", "empty"],
  [" ", "empty"],
  ["8.8.8.8 ", "blank"],
  ["8.8.8", "four parts, not 3"],
  ["8.8.8.8.8", "four parts, not 5"],
  ["8.8.8.8.", "ends in a dot"],
  ["8..8.8", "empty part"],
  ["8.8.8.256", '"256" is above 255'],
  ["08.8.8.8", '"08" has a leading zero'],
  ["010.8.8.8", '"010" has a leading zero'],
  ["0x08.8.8.8", "hexadecimal"],
  ["8.8.8.0x8", "hexadecimal"],
  ["134744072", "four parts, not 1"],
  ["10.0.0.0/8", "prefix length"],
  ["8.8.8.8:445", "port"],
  ["[::1]:445", "port"],
  ["[8.8.8.8]", "only an IPv6 address may stand in brackets"],
  ["[::1", "brackets"],
  ["8.8.8.8%eth0", "zone"],
  ["fe80::1%", "no zone follows"],
  ["pc-17.corp.example", "name"],
  ["-", "name"],
  ["1::2::3", '"::" may stand only once'],
  [":::", '"::" may stand only once'],
  ["1:2:3:4:5:6:7", "eight groups, not 7"],
  ["1:2:3:4:5:6:7:8:9", "eight groups, not 9"],
  ["1:2:3:4::5:6:7:8", "8 groups beside"],
  ["12345::", '"12345" has more than four digits'],
  ["g::1", '"g" cannot stand'],
  ["1.2.3.4::", '"1.2.3.4" may stand only at the end'],
  ["::1.2.3", "no IPv4 address"],
  ["::01.2.3.4", "leading zero"],
  [":1:2:3:4:5:6:7", "single colon"],
  ["1:2:3:4:5:6:7:", "single colon"],
  ["١.2.3.4", "name"],
])("%j is no address, and the reason speaks of %s", (text, reason) => {
  expect(parseIp(text)).toBeUndefined();
  expect(whyNoAddress(text)).toContain(reason);
});

const words = fc.tuple(
  ...([0, 1, 2, 3].map(() => fc.oneof(fc.constantFrom(0, 1, 0xffff, 0xffff_0000), fc.nat(0xffff_ffff))) as [
    fc.Arbitrary<number>,
    fc.Arbitrary<number>,
    fc.Arbitrary<number>,
    fc.Arbitrary<number>,
  ]),
);

test("canonical text is RFC 5952 as ipaddr.js writes it, and reads back as the same address", () => {
  fc.assert(
    fc.property(words, (w) => {
      const ip = ipv6(...w);
      const bytes = w.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);
      const oracle = new ipaddr.IPv6(bytes);
      const expected = oracle.isIPv4MappedAddress() ? `::ffff:${formatIpv4(w[3])}` : oracle.toRFC5952String();
      expect(ip.text).toBe(expected);
      expect(parseIp(ip.text)).toEqual(ip);
      expect(parseIp(oracle.toNormalizedString())).toEqual(ip);
      expect(parseIp(oracle.toNormalizedString().toUpperCase())).toEqual(ip);
    }),
  );
});

test("every 32-bit value has one IPv4 text, and it reads back", () => {
  fc.assert(
    fc.property(fc.nat(0xffff_ffff), (value) => {
      expect(parseIp(ipv4(value).text)).toEqual(ipv4(value));
    }),
  );
});

test("what ipaddr.js takes for four-part decimal is taken, and nothing else without a colon", () => {
  const part = fc.oneof(
    fc.nat(300).map(String),
    fc.constantFrom("", "0", "00", "01", "0x1", "-1", " 1", "1e1"),
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
      const text = parts.join(".");
      expect(parseIp(text) !== undefined).toBe(
        ipaddr.IPv4.isValidFourPartDecimal(text) && !/(^|\.)0\d/.test(text),
      );
    }),
  );
});

test("what ipaddr.js takes for IPv6 is taken, and nothing else with a colon", () => {
  const group = fc.oneof(
    fc.constantFrom("", "", "0", "ffff", "12345", "g", "1.2.3.4"),
    fc.nat(0xffff).map((n) => n.toString(16)),
  );
  fc.assert(
    fc.property(fc.array(group, { minLength: 2, maxLength: 10 }), (groups) => {
      const text = groups.join(":");
      // ipaddr.js also reads "1:2:3:4::5:6:7:8", where "::" would stand for no group at all.
      const isFull = groups.filter((item) => item !== "").length + (groups.includes("1.2.3.4") ? 1 : 0) >= 8;
      if (text.includes("::") && isFull) expect(parseIp(text)).toBeUndefined();
      else expect(parseIp(text)?.text !== undefined, text).toBe(ipaddr.IPv6.isValid(text));
    }),
    { numRuns: 2000 },
  );
});

test("the reason is there exactly when there is no address", () => {
  const odd = fc.string({
    unit: fc.constantFrom("1", "0", "f", ":", ".", "%", "[", "]", "/", " ", "x", "2"),
  });
  fc.assert(
    fc.property(fc.oneof(fc.string(), odd), (text) => {
      expect(whyNoAddress(text) === undefined).toBe(parseIp(text) !== undefined);
    }),
    { numRuns: 2000 },
  );
});
