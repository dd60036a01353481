/** The text of `sallyport classify`. */
import { expect, test } from "vitest";
import { createAddressModel } from "../net/model.ts";
import { type IpRange, parseNetwork } from "../net/prefix.ts";
import { classifyCommand } from "./classify.ts";

const model = createAddressModel({ internal: [parseNetwork("11.22.33.0/24") as IpRange] });

test("the table is aligned, one row an address, and a bad address says why", () => {
  const { text, failed } = classifyCommand(
    ["8.8.8.8", "10.0.0.0/8", "11.22.33.44", "64:ff9b::a00:5", "192.0.2.1"],
    model,
    "table",
  );
  expect(failed).toBe(true);
  expect(
    text,
  ).toBe(`ADDRESS         SCOPE     CLASS          REGISTRY ROW                             RFC       EMBEDDED        NETWORK        NOTE
8.8.8.8         internet  global         -                                        -         -               -
10.0.0.0/8      no address: a prefix length or a path follows the address; give the address alone
11.22.33.44     internal  global         -                                        -         -               11.22.33.0/24
64:ff9b::a00:5  internal  private-use    10.0.0.0/8 Private-Use                   RFC 1918  nat64 10.0.0.5  10.0.0.0/8     the IPv4 address inside is not on the Internet
192.0.2.1       reserved  documentation  192.0.2.0/24 Documentation (TEST-NET-1)  RFC 5737  -               -
`);
});

test("JSON carries everything, and an error in place of what is unknown", () => {
  const { text, failed } = classifyCommand(
    ["2001:0:4136:e378:8000:63bf:f7f7:f7f7", "010.0.0.1", "10.0.0.5"],
    model,
    "json",
  );
  expect(failed).toBe(true);
  expect(JSON.parse(text)).toEqual([
    {
      address: "2001:0:4136:e378:8000:63bf:f7f7:f7f7",
      ip: "2001:0:4136:e378:8000:63bf:f7f7:f7f7",
      scope: "internet",
      address_class: "global",
      registry: null,
      embedded: { kind: "teredo", ip: "8.8.8.8", prefix: "2001::/32", server: "65.54.227.120" },
      effective_ip: "8.8.8.8",
      network: null,
      note: null,
    },
    {
      address: "010.0.0.1",
      error: 'no address: "010" has a leading zero, which some programs read as octal',
    },
    {
      address: "10.0.0.5",
      ip: "10.0.0.5",
      scope: "internal",
      address_class: "private-use",
      registry: {
        prefix: "10.0.0.0/8",
        name: "Private-Use",
        rfc: "RFC 1918",
        globally_reachable: false,
        updated: "2025-10-09",
      },
      embedded: null,
      effective_ip: "10.0.0.5",
      network: "10.0.0.0/8",
      note: null,
    },
  ]);
});

test("control characters in an argument do not reach the terminal", () => {
  const { text } = classifyCommand(["\u001b[31m8.8.8.8", ""], model, "table");
  expect(text).not.toContain("\u001b");
  expect(text).toContain('""');
});

test("addresses alone do not fail", () => {
  expect(classifyCommand(["8.8.8.8"], model, "table").failed).toBe(false);
});
