/** Whole configurations, one per format: verdicts, deciding lines, what stays undecided, and how it is printed. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { addressSpaceOf } from "../../src/audit/address-space.ts";
import { adviceOf } from "../../src/audit/advice.ts";
import { readConfigs } from "../../src/audit/read-config.ts";
import { type Review, reviewRuleset } from "../../src/audit/review.ts";
import type { ToldSides } from "../../src/audit/sides.ts";
import { auditJson, auditMarkdown, auditTable } from "../../src/cli/audit-text.ts";
import { createAddressModel } from "../../src/net/model.ts";

const FOLDER = join(import.meta.dirname, "fixtures");
const PROGRAM = join(import.meta.dirname, "..", "..", "dist", "cli", "main.js");
const space = addressSpaceOf(createAddressModel());

function review(files: readonly string[], told: ToldSides = {}): readonly Review[] {
  return reviewTexts(
    files.map((file) => ({ file, text: readFileSync(join(FOLDER, file), "utf8") })),
    told,
  );
}

function reviewTexts(
  texts: readonly { file: string; text: string }[],
  told: ToldSides = {},
): readonly Review[] {
  const { rulesets, problems } = readConfigs(texts);
  expect(problems).toEqual([]);
  return rulesets.map((ruleset) => reviewRuleset(ruleset, { space, told }));
}

/** `445/tcp v4: verdict | outcome line (why)`. */
function linesOf(
  reviews: readonly Review[],
  at: number,
  path: "transit" | "host" = "transit",
): readonly string[] {
  const answers = reviews[at]?.answers.filter((answer) => answer.path === path) ?? [];
  return answers.map(({ service, family, verdict, reasons }) => {
    const found = reasons.map(({ outcome, place, why }) => [outcome, place.line, ...why].join(" "));
    return [`${service.port} v${family} ${verdict}`, ...found].join(" | ");
  });
}

describe("iptables", () => {
  const reviews = review(["office.iptables", "partners.ipset"]);

  test("each family of a file is answered by itself, with sets, gotos and policies followed", () => {
    expect(linesOf(reviews, 0)).toEqual([
      "445 v4 partly allowed | allowed 16 | blocked 19",
      "139 v4 partly allowed | allowed 16 | undecided 17 -m owner --uid-owner 0 | blocked 19",
      "137 v4 blocked | blocked 14",
      "138 v4 blocked | blocked 14",
      "443 v4 allowed | allowed 15",
    ]);
    expect(linesOf(reviews, 1)[0]).toBe("445 v6 partly allowed | allowed 26 | blocked 28");
  });

  test("the firewall's own packets are another question", () => {
    expect(linesOf(reviews, 0, "host").slice(0, 2)).toEqual([
      "445 v4 undecided | undecided 20 -m limit --limit 3/min",
      "139 v4 allowed | allowed 10",
    ]);
  });

  test("a hole in a set is out of the set", () => {
    expect(reviews[0]?.answers[0]?.reasons.map(({ example }) => example.destination)).toEqual([
      "8.8.8.1",
      "8.8.8.8",
    ]);
  });

  test("without the set's content the rule that names it is undecided", () => {
    expect(linesOf(review(["office.iptables"]), 0)[0]).toBe(
      "445 v4 undecided | undecided 16 content of ipset partners",
    );
  });

  test("NAT64 is a way out that blocking 2000::/3 leaves open", () => {
    expect(reviews[1]?.answers[0]?.reasons[0]?.example.destination).toMatch(/^64:ff9b::/);
  });

  test.each([
    ["an interface of no known side", "-i eth1 -j ACCEPT", {}, "undecided"],
    ["one told to lead inside", "-i eth1 -j ACCEPT", { inside: ["eth1"] }, "allowed"],
    ["another than the one told", "-i eth1 -j ACCEPT", { inside: ["eth2"] }, "blocked"],
    ["one that leads in by its name", "-i lan -j ACCEPT", {}, "allowed"],
    ["one that leads out by its name, as the way in", "-i wan -j ACCEPT", {}, "blocked"],
    ["a way in that is not the way out", "! -i wan -j ACCEPT", {}, "allowed"],
    ["names that begin alike", "-i eth+ -j ACCEPT", { inside: ["eth7"] }, "allowed"],
    ["loopback", "-i lo -j ACCEPT", {}, "blocked"],
    ["an established connection", "-m state --state ESTABLISHED -j ACCEPT", {}, "blocked"],
    ["all but an invalid one", "-m conntrack ! --ctstate INVALID -j ACCEPT", {}, "allowed"],
    [
      "rewritten destinations, without the nat table",
      "-m conntrack --ctstate DNAT -j ACCEPT",
      {},
      "undecided",
    ],
    ["all ports a client may send from", "-p tcp -m tcp --sport 1024:65535 -j ACCEPT", {}, "allowed"],
    ["some ports a client may send from", "-p tcp -m tcp --sport 40000:65535 -j ACCEPT", {}, "undecided"],
    ["a service's port as the source", "-p tcp -m tcp --sport 445 -j ACCEPT", {}, "blocked"],
    ["another protocol", "-p icmp -j ACCEPT", {}, "blocked"],
    ["not that protocol", "! -p udp -j ACCEPT", {}, "allowed"],
    ["ports by name", "-p tcp -m tcp --dport microsoft-ds -j ACCEPT", {}, "allowed"],
    ["the first packet's flags", "-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT", {}, "allowed"],
    ["a range of addresses", "-m iprange --dst-range 1.0.0.0-223.255.255.255 -j ACCEPT", {}, "allowed"],
    ["a mask in dots", "-s 10.0.0.0/255.0.0.0 -j ACCEPT", {}, "partly allowed"],
    ["a queue", "-j NFQUEUE --queue-num 1", {}, "undecided"],
    ["a chain that is not there", "-j elsewhere", {}, "undecided"],
    ["a comment that looks like an option", '-m comment --comment "-p udp -j DROP" -j ACCEPT', {}, "allowed"],
  ])("%s", (_, rule, told, verdict) => {
    const text = `*filter\n:FORWARD DROP [0:0]\n:OUTPUT DROP [0:0]\n-A FORWARD -d 0.0.0.0/0 ${rule}\nCOMMIT\n`;
    const [found] = reviewTexts([{ file: "x", text }], told);
    expect(found?.answers[0]?.verdict).toBe(verdict);
  });

  test("a file that shows no family says so, and a file of one family says what is missing", () => {
    const [open] = reviewTexts([{ file: "x", text: "*filter\n:FORWARD DROP\n:OUTPUT DROP\nCOMMIT\n" }]);
    expect(open?.ruleset.families).toEqual([4, 6]);
    expect(open?.notes.join()).toContain("whether this is iptables-save or ip6tables-save");
    const [v4] = reviewTexts([
      { file: "x", text: "*filter\n:FORWARD DROP\n:OUTPUT DROP\n-A FORWARD -s 10.0.0.0/8 -j DROP\n" },
    ]);
    expect(v4?.notes.join()).toContain("ip6tables-save");
  });

  test("a destination that another table rewrites is undecided", () => {
    const text =
      "# Generated by iptables-save\n*nat\n:PREROUTING ACCEPT\n-A PREROUTING -p tcp -m tcp --dport 445 -j REDIRECT --to-ports 9\n*filter\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\n";
    expect(linesOf(reviewTexts([{ file: "x", text }]), 0)[0]).toBe(
      "445 v4 undecided | undecided 4 what the target REDIRECT does",
    );
  });
});

test("nftables: verdict maps, concatenated sets, two base chains, and what packets fill", () => {
  const text = readFileSync(join(FOLDER, "router.nft.json"), "utf8");
  const lineOf = (handle: number): number => {
    const before = text.slice(0, text.indexOf(`"handle": ${handle},`));
    return before.slice(0, before.lastIndexOf('"rule"')).split("\n").length;
  };
  const lines = linesOf(review(["router.nft.json"]), 0);
  expect(lines[0]).toBe(`445 v4 blocked | blocked ${lineOf(25)}`);
  expect(lines[1]).toMatch(/^445 v6 allowed \| allowed/);
  expect(lines[2]).toBe(`139 v4 blocked | blocked ${lineOf(21)}`);
  expect(lines[4]).toBe(`137 v4 undecided | undecided ${lineOf(26)} set @seen is filled by packets`);
});

test("PAN-OS: objects, groups, default ports, users and external lists of one vsys", () => {
  const text = readFileSync(join(FOLDER, "edge.panos.xml"), "utf8");
  const lineOf = (name: string): number =>
    text.slice(0, text.indexOf(`<entry name="${name}"`)).split("\n").length;
  const [found] = review(["edge.panos.xml"]);
  const lines = linesOf(found === undefined ? [] : [found], 0);
  expect(lines.slice(0, 2)).toEqual([
    `445 v4 partly allowed | allowed ${lineOf("labs to &amp; fro")} | blocked ${lineOf("no smb")}`,
    `445 v6 blocked | blocked ${lineOf("no smb")}`,
  ]);
  expect(lines[4]).toBe(
    `137 v4 undecided | undecided ${lineOf("bad hosts")} external dynamic list bad-hosts | undecided ${lineOf("names")} source-user corp\\admins`,
  );
  expect(lines[6]).toMatch(/^138 v4 blocked/);
  expect(found?.answers[0]?.reasons[0]?.text).toBe('rule "labs to & fro" (allow)');
});

test("PAN-OS: a device group inherits from its parent and from shared, SMB versions apart", () => {
  const reviews = review(["panorama.xml"]);
  expect(reviews.map(({ ruleset }) => ruleset.name)).toEqual(["emea", "branch"]);
  expect(linesOf(reviews, 0)[0]).toBe("445 v4 partly allowed | allowed 10 | blocked 19");
  expect(linesOf(reviews, 1)[0]).toBe("445 v4 undecided | undecided 24 category gambling | blocked 19");
});

test("AWS security groups: each by itself, with prefix lists where they are given", () => {
  const open = review(["groups.aws.json"]);
  expect(open.map(({ ruleset }) => ruleset.name)).toEqual(["sg-0aa1", "sg-0bb2"]);
  expect(linesOf(open, 0).slice(0, 2)).toEqual(["445 v4 allowed | allowed 11", "445 v6 blocked | blocked 3"]);
  expect(linesOf(open, 1)[0]).toBe(
    "445 v4 undecided | undecided 29 prefix list pl-63a5400a, whose entries are not given",
  );
  const told = review(["groups.aws.json", "prefix-lists.aws.json"]);
  expect(linesOf(told, 1).slice(0, 2)).toEqual([
    "445 v4 partly allowed | allowed 29 | blocked 18",
    "445 v6 partly allowed | allowed 28 | blocked 18",
  ]);
});

test("AWS network ACLs: by rule number, whatever the order in the file", () => {
  const [found] = review(["acls.aws.json"]);
  expect(found?.answers[0]?.reasons.map(({ text }) => text)).toEqual([
    "rule 80: allow tcp 445 to 8.8.8.8/32",
    "rule 90: deny tcp 440-450 to 0.0.0.0/0",
  ]);
  expect(found?.notes.join()).toContain("line 30 decides on them first (allow)");
});

describe("printing", () => {
  const reviews = review(["office.iptables", "partners.ipset"]);

  test("the table says the verdict and the deciding rule in one line", () => {
    expect(auditTable(reviews)).toContain("TCP 139 over IPv6: ALLOWED by line 26: :FORWARD ACCEPT");
    expect(auditTable(reviews)).toContain(
      "iptables -I FORWARD 1 -o wan0 -p tcp -m multiport --dports 139,445 -j REJECT",
    );
  });

  test("JSON carries the same, and Markdown has a row for each rule", () => {
    const document = JSON.parse(auditJson(reviews));
    expect(document.schema).toBe("sallyport.firewall-review/1");
    expect(document.configurations[0].answers[0]).toMatchObject({
      port: 445,
      family: "ipv4",
      verdict: "partly allowed",
    });
    expect(auditMarkdown(reviews)).toContain(
      "| TCP 445 over IPv4 | partly allowed (allowed) | line 16: `-A smb",
    );
  });

  test("what a configuration holds steers no terminal and gets into no command", () => {
    const text =
      "# Generated by iptables-save\n*filter\n:FORWARD DROP\n:OUTPUT DROP\n-A FORWARD -o wan$(reboot)\u001b[2J -j ACCEPT\n";
    const found = reviewTexts([{ file: "x", text }]);
    expect(auditTable(found)).not.toContain("\u001b");
    expect(found.flatMap((one) => adviceOf(one)?.commands ?? []).join()).not.toContain("reboot");
  });
});

describe("the command", () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [PROGRAM, "audit", "firewall", ...args], { cwd: FOLDER, encoding: "utf8" });

  test.each([
    [["groups.aws.json"], 0],
    [["groups.aws.json", "--fail-on", "allowed"], 1],
    [["groups.aws.json", "--fail-on", "often"], 2],
    [["groups.aws.json", "--internal", "10.0.0.1/8"], 2],
    [["missing.json", "groups.aws.json"], 3],
    [["partners.ipset"], 3],
    [[join(import.meta.dirname, "review.test.ts")], 3],
  ])("%j exits with %i", (args, code) => {
    expect(run(...args).status).toBe(code);
  });

  test("standard input is read as a file named -", () => {
    const output = execFileSync(process.execPath, [PROGRAM, "audit", "firewall", "-"], {
      input: readFileSync(join(FOLDER, "office.iptables")),
      encoding: "utf8",
    });
    expect(output).toContain("-: iptables");
  });
});
