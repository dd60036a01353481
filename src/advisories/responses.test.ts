/** Block rules: places are filled with addresses and ports only, never with text of a log. */
import { describe, expect, test } from "vitest";
import { sampleFinding } from "../../test/conformance/sample-report.ts";
import type { Finding } from "../findings/finding.ts";
import type { IpAddress } from "../net/address.ts";
import { parseIp } from "../net/parse-ip.ts";
import { parseResponse } from "./parse-response.ts";
import { renderResponses, responsesFor } from "./responses.ts";

const FILE = `id: test
product: Test wall
where: A shell.
warning: Stops shares.
source: {ipv4: any4, ipv6: any6, any: any, one: "host {ip}"}
number: 5
snippets:
  - scope: destination
    family: ipv4
    block: |
      deny {source} {destination}/32 port {port} number {number}
      deny udp {udp_ports}
    undo: |
      no deny {name} {number}
  - scope: destination
    family: ipv6
    block: deny6 {source} {destination} { {ports} }
    undo: no deny6 {short}
  - scope: internet
    block: deny {source} all {ports_spaced}
    undo: no deny all
  - scope: any
    block: close
    undo: open
references: ['https://vendor.example/']
`;
const TEMPLATE = parseResponse(FILE, "test.yml");
const blocksOf = (target: Parameters<typeof renderResponses>[1]): readonly string[] =>
  renderResponses([TEMPLATE], target).map(({ block }) => block);

function ip(text: string): IpAddress {
  const address = parseIp(text);
  if (address === undefined) throw new Error(text);
  return address;
}

describe("filling in", () => {
  test("a line with a port stands once for each, and numbers count on", () => {
    const [first, last] = renderResponses([TEMPLATE], { destinations: [ip("8.8.8.8")], ports: [8445] });
    expect(first?.block).toBe(
      [139, 445, 8445].map((port, at) => `deny any4 8.8.8.8/32 port ${port} number ${5 + at}`).join("\n") +
        "\ndeny udp 137,138",
    );
    expect(first).toMatchObject({
      undo: "no deny 8_8_8_8 5",
      destination: "8.8.8.8",
      warning: "Stops shares.",
    });
    expect(last).toMatchObject({ block: "close", undo: "open", destination: null });
  });

  test("IPv6 takes its own snippet, and long names are cut from their beginning", () => {
    const [first] = renderResponses([TEMPLATE], { destinations: [ip("2606:4700:4700:1:2:3:4:1111")] });
    expect(first?.block).toBe("deny6 any6 2606:4700:4700:1:2:3:4:1111 { 139,445 }");
    expect(first?.undo).toBe("no deny6 00_4700_1_2_3_4_1111");
  });

  test("without an address the whole Internet is meant", () => {
    expect(blocksOf({ destinations: [] })).toEqual(["deny any all 139 445", "close"]);
  });

  test("one source is named, unless it is of the other family", () => {
    const source = ip("10.1.2.3");
    expect(blocksOf({ destinations: [ip("8.8.8.8")], source })[0]).toContain("deny host 10.1.2.3 8.8.8.8/32");
    expect(blocksOf({ destinations: [ip("2606:4700:4700::1111")], source })[0]).toContain("deny6 any6 ");
    expect(blocksOf({ destinations: [], source })[0]).toBe("deny host 10.1.2.3 all 139 445");
  });

  test.each([0, -1, 1.5, 65_536, Number.NaN])("%d is no port to block", (port) => {
    expect(blocksOf({ destinations: [], ports: [port] })[0]).toBe("deny any all 139 445");
  });
});

describe("for a finding", () => {
  const spec = {
    id: "f",
    host: "10.1.2.3",
    destination: "8.8.8.8",
    outcome: "established",
    severity: "high",
  } as const;
  const forFinding = (changes: Partial<Finding>): readonly string[] =>
    responsesFor([TEMPLATE], sampleFinding(spec, changes)).map(({ block }) => block);
  const { destination, source } = sampleFinding(spec);

  test("the far end is blocked, and the address inside it as well", () => {
    const end = { ...destination, ip: "64:ff9b::808:808", effective_ip: "8.8.8.8" };
    const blocks = forFinding({ destination: end });
    expect(blocks.filter((block) => block.includes("64:ff9b::808:808"))).toHaveLength(1);
    expect(blocks.filter((block) => block.includes("8.8.8.8/32"))).toHaveLength(1);
    expect(blocks.filter((block) => block === "close")).toHaveLength(1);
  });

  test("an odd TCP port is blocked too; a UDP port as UDP", () => {
    expect(forFinding({ destination: { ...destination, port: [4455] } })[0]).toContain("port 4455 ");
    const quic = { transport: "udp", application: ["smb"] };
    const [block] = forFinding({ destination: { ...destination, port: [443] }, network: quic });
    expect(block).toContain("deny udp 137,138,443");
    expect(block).not.toContain("port 443 ");
  });

  test("a connection from outside gives none", () => {
    const inbound = {
      source: { ...source, scope: "internet" },
      destination: { ...destination, scope: "internal" },
    };
    expect(forFinding(inbound)).toEqual([]);
  });

  test.each(["8.8.8.8; reboot", "$(reboot)", "'; DROP", "8.8.8.8\nreboot", "`id`", "{source}"])(
    "%j in the place of an address reaches no command",
    (text) => {
      const end = { ...destination, ip: text, effective_ip: text, domain: text };
      expect(forFinding({ destination: end, policies: [], users: [text] })).toEqual([]);
    },
  );
});

test.each([
  ["an unknown place", FILE.replace("{ports_spaced}", "{portz}"), /\{portz\}/, 19],
  ["no undo", FILE.replace("    undo: open\n", ""), /undo/, 22],
  ["a link that is not https", FILE.replace("https://vendor", "http://vendor"), /references\.0/, 25],
  ["an empty file", "", /empty/, 1],
])("%s is refused, with its line", (_, text, message, line) => {
  expect(() => parseResponse(text, "test.yml")).toThrow(
    expect.objectContaining({
      code: "content_invalid",
      message: expect.stringMatching(message),
      at: expect.objectContaining({ file: "test.yml", line }),
    }),
  );
});
