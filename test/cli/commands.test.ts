/** The commands beside `scan`, as processes: what each prints, and how it ends. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rowsOf, runCli } from "./run-cli.ts";
import { connLine } from "./sample-lines.ts";

let root = "";

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(root, "case-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "sallyport-commands-"));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.concurrent("help", () => {
  test("names every command, gives examples and the exit codes", async () => {
    const { code, stdout, stderr } = await runCli(["help"]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const name of ["scan", "explain", "rules", "classify", "formats", "completion", "help"]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    }
    expect(stdout).toMatch(/Examples:[\s\S]*Exit codes: 0 done; 1 .*; 2 [\s\S]*; 3 [\s\S]*; 130 /);
  });

  test.each([
    [["scan"], /^Usage: sallyport scan [\s\S]*--fail-on[\s\S]*Exit codes:\n {2}0 /],
    [["rules", "check"], /^Usage: sallyport rules check /],
  ])("of a command: %j", async (names, words) => {
    const [asked, flagged] = await Promise.all([runCli(["help", ...names]), runCli([...names, "--help"])]);
    expect([asked.code, flagged.code]).toEqual([0, 0]);
    expect(asked.stdout).toMatch(words);
    expect(flagged.stdout).toBe(asked.stdout);
  });

  test.each([
    [["help", "scna"], /^sallyport: unknown command 'scna'\n {2}Commands here: scan, /],
    [["scna"], /^sallyport: unknown command 'scna'\n\(Did you mean scan\?\)/],
    [["classify"], /^sallyport: missing required argument 'address'\n {2}See 'sallyport help'/],
  ])("what is not there is a usage error: %j", async (args, words) => {
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(words);
  });

  test("nothing at all prints the help to standard error, and 2", async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Usage: sallyport /);
  });

  test("--version prints the version and nothing else", async () => {
    const { code, stdout } = await runCli(["--version"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe.concurrent("completion", () => {
  test("the bash script is valid, and offers commands, flags and values", async () => {
    const { code, stdout } = await runCli(["completion", "bash"]);
    expect(code).toBe(0);
    execFileSync("bash", ["-n"], { input: stdout });
    const complete = (words: readonly string[]): string[] => {
      const line = words.map((word) => `"${word}"`).join(" ");
      const script = `${stdout}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _sallyport; echo "\${COMPREPLY[@]}"`;
      return execFileSync("bash", ["-c", script], { encoding: "utf8" }).trim().split(" ");
    };
    expect(complete(["sallyport", "exp"])).toEqual(["explain"]);
    expect(complete(["sallyport", "rules", "ch"])).toEqual(["check"]);
    expect(complete(["sallyport", "scan", "--fail"])).toEqual(["--fail-on"]);
    expect(complete(["sallyport", "scan", "--color", "al"])).toEqual(["always"]);
  });

  test.each(["zsh", "fish"])("the %s script is valid where that shell is", async (shell) => {
    const { code, stdout } = await runCli(["completion", shell]);
    expect(code).toBe(0);
    expect(stdout).toContain("sallyport");
    const checked = spawnSync(shell, ["-n"], { input: stdout, encoding: "utf8" });
    if (checked.error !== undefined) {
      // biome-ignore lint/suspicious/noConsole: a test that is not run must be seen.
      console.warn(`not tested: the syntax of the ${shell} script; no ${shell} here`);
      return;
    }
    expect(checked.status, checked.stderr).toBe(0);
  });

  test("an unknown shell is a usage error", async () => {
    const { code, stderr } = await runCli(["completion", "tcsh"]);
    expect([code, stderr.includes("Allowed choices are bash, zsh, fish")]).toEqual([2, true]);
  });
});

describe.concurrent("explain", () => {
  const NO_TRANSPORT = `${JSON.stringify({
    "@timestamp": "2026-03-01T10:00:00Z",
    event: { category: ["network"] },
    source: { ip: "10.1.2.3" },
    destination: { ip: "8.8.8.8", port: 8445 },
  })}\n`;

  test("as text: ends with class and registry row, the outcome with its evidence, each clause", async () => {
    const { code, stdout, stderr } = await runCli(["explain", "-"], { input: connLine() });
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^- byte 0, 2026-03-01T10:00:00Z, zeek\.conn\n/);
    expect(stdout).toMatch(
      / source .*10\.1\.2\.3 port 50001: scope internal, class private-use; registry row 10\.0\.0\.0\/8/,
    );
    expect(stdout).toMatch(
      / outcome .*established: no verdict, state established, 1900 bytes out, 1200 bytes in/,
    );
    expect(stdout).toMatch(/ MATCH +SP-01 /);
    expect(stdout).toMatch(/PASS +destination\.port is 139 or 445 — is 445, in the record id\.resp_p/);
    expect(stdout).toMatch(/NO MATCH +SP-02 /);
  });

  test("a clause on an absent field is UNKNOWN, not FAIL", async () => {
    const { stdout } = await runCli(["explain", "-", "--rule", "SP-02"], { input: NO_TRANSPORT });
    expect(stdout).toMatch(/UNKNOWN +network\.application is .* — absent/);
    expect(stdout).not.toContain("SP-01");
  });

  test("as JSON: one object an event, with the whole tree", async () => {
    const { code, stdout } = await runCli(["explain", "-", "-o", "json", "--rule", "SP-01"], {
      input: connLine() + connLine({ destination: "10.9.9.9" }),
    });
    expect(code).toBe(0);
    const rows = rowsOf(stdout) as {
      destination: { scope: string };
      rules: { id: string; matches: boolean }[];
    }[];
    expect(
      rows.map(({ destination, rules }) => [destination.scope, rules[0]?.id, rules[0]?.matches]),
    ).toEqual([
      ["internet", "SP-01", true],
      ["internal", "SP-01", false],
    ]);
    expect(rows[0]).toMatchObject({
      outcome: "established",
      source: { address_class: "private-use", registry_row: { prefix: "10.0.0.0/8" } },
    });
  });

  test("an exception that applies is named", async () => {
    const cwd = folderWith({
      "conn.log": connLine(),
      "sallyport.yml": `exceptions:
  - {id: EX-1, destination: 8.8.8.8, reason: tested, owner: nobody, created: 2026-01-01, expires: 2026-12-31}
`,
    });
    const { stdout } = await runCli(["explain", "conn.log"], { cwd });
    expect(stdout).toMatch(/ exception +EX-1: tested \(until 2026-12-31\)/);
  });

  test.each([
    ["a missing file", ["nope.log"], /^sallyport: nope\.log: no such file or folder/],
    [
      "a text that is no log",
      ["poem.txt"],
      /^sallyport: poem\.txt: 1 × no format recognises the line, first at byte 0/,
    ],
    ["an empty folder", ["."], /there is no file in this folder/],
  ])("%s: 3, so that it does not look like a non-match", async (_, args, words) => {
    const cwd = folderWith(args[0] === "." ? {} : { "poem.txt": "Roses are red\n" });
    const { code, stdout, stderr } = await runCli(["explain", ...args], { cwd });
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(words);
  });

  test("an unknown rule is a usage error that names the rules", async () => {
    const { code, stderr } = await runCli(["explain", "-", "--rule", "SP-99"], { input: connLine() });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^sallyport: --rule SP-99: no such rule\n {2}Rules here: .*SP-01, /);
  });
});

describe.concurrent("classify", () => {
  test("class, scope, registry row and embedded address, for people", async () => {
    const { code, stdout } = await runCli([
      "classify",
      "8.8.8.8",
      "64:ff9b::a00:5",
      "100.64.0.1",
      "192.0.2.7",
    ]);
    expect(code).toBe(0);
    const [header = "", ...rows] = stdout.trimEnd().split("\n");
    expect(header).toMatch(/^ADDRESS +SCOPE +CLASS +REGISTRY ROW/);
    expect(rows.map((row) => row.split(/ {2,}/).slice(0, 3))).toEqual([
      ["8.8.8.8", "internet", "global"],
      ["64:ff9b::a00:5", "internal", expect.any(String)],
      ["100.64.0.1", "internal", "shared-address-space"],
      ["192.0.2.7", "reserved", "documentation"],
    ]);
  });

  test("networks of the user count, from the option and from the site file", async () => {
    const cwd = folderWith({ "sallyport.yml": "internal: [2a00:1234:5::/48]\n" });
    const args = ["classify", "11.22.33.4", "2a00:1234:5::1", "--internal", "11.22.33.0/24", "-o", "json"];
    const { stdout } = await runCli(args, { cwd });
    const rows = JSON.parse(stdout) as { scope: string; network: string }[];
    expect(rows.map(({ scope, network }) => [scope, network])).toEqual([
      ["internal", "11.22.33.0/24"],
      ["internal", "2a00:1234:5::/48"],
    ]);
  });

  test("what is no address is said, beside the others, and ends with 2", async () => {
    const { code, stdout } = await runCli(["classify", "010.1.1.1", "1.1.1.1"]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/010\.1\.1\.1 +no address: .*leading zero/);
    expect(stdout).toMatch(/1\.1\.1\.1 +internet/);
  });
});

describe.concurrent("rules", () => {
  const GOOD = `title: A rule
logsource: {category: network, service: connection}
detection:
  smb: {destination.port: 445, destination.scope: internet}
  condition: smb
level: low
sallyport: {id: MY-1}
`;
  const BAD =
    "title: A rule\nlogsource: {category: network}\ndetection:\n  a:\n    destination.port|gq: 1\n  condition: a\n";

  test("list: the shipped rules, for people and for programs", async () => {
    const [table, json] = await Promise.all([
      runCli(["rules", "list"]),
      runCli(["rules", "list", "-o", "json"]),
    ]);
    expect([table.code, json.code]).toEqual([0, 0]);
    expect(table.stdout).toMatch(/^ID +LEVEL [\s\S]*^SP-01 /m);
    const rows = JSON.parse(json.stdout) as { id: string }[];
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(["SP-01", "SP-02"]));
  });

  test("show: by id and by UUID, the same", async () => {
    const byId = await runCli(["rules", "show", "SP-01"]);
    const uuid =
      /"uuid": "([0-9a-f-]{36})"/.exec((await runCli(["rules", "list", "-o", "json"])).stdout)?.[1] ?? "";
    const byUuid = await runCli(["rules", "show", uuid]);
    expect([byId.code, byUuid.stdout]).toEqual([0, byId.stdout]);
    for (const title of ["Condition:", "Severity and risk by outcome", "Investigate", "Cannot see"]) {
      expect(byId.stdout).toContain(title);
    }
  });

  test("show: a rule that is not there", async () => {
    const { code, stderr } = await runCli(["rules", "show", "SP-99"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^sallyport: SP-99: no such rule\n {2}Rules here: .*SP-01, .*\.\n$/);
  });

  test("check: all that load give 0; a refused file gives 2 and is named with its place; the others still count", async () => {
    const cwd = folderWith({ "good.yml": GOOD, "bad.yml": BAD, "good.tests.yml": "tests: []\n" });
    const [shipped, both] = await Promise.all([
      runCli(["rules", "check"]),
      runCli(["rules", "check", "."], { cwd }),
    ]);
    expect(shipped.code).toBe(0);
    expect(shipped.stdout).toMatch(/^(\d+) rules loaded from \1 files, 0 refused, 0 warnings\n$/);
    expect(both.code).toBe(2);
    expect(both.stdout).toMatch(/^bad\.yml:5:\d+: error: .*gq.* \[rule_\w+\]\n {2}\S/);
    expect(both.stdout).toMatch(/1 rule loaded from 2 files, 1 refused/);
  });

  test("check: a remark fails the run only at the severity that is asked for", async () => {
    const cwd = folderWith({ "good.yml": GOOD });
    const [plain, info, high] = await Promise.all([
      runCli(["rules", "check", "good.yml"], { cwd }),
      runCli(["rules", "check", "good.yml", "--fail-on", "info"], { cwd }),
      runCli(["rules", "check", "good.yml", "--fail-on", "high"], { cwd }),
    ]);
    expect(plain.stdout).toMatch(/^good\.yml:\d+: warning: /m);
    expect([plain.code, info.code, high.code]).toEqual([0, 1, 0]);
  });

  test("check: a path that is not there is a usage error", async () => {
    const { code, stderr } = await runCli(["rules", "check", "nope"]);
    expect([code, stderr]).toEqual([2, "sallyport: nope: no such file or folder\n  Check the path.\n"]);
  });

  test("test: the shipped rules pass", async () => {
    const { code, stdout } = await runCli(["rules", "test"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^SP-01: (\d+) of \1 pass \(\d+ near misses\)$/m);
    expect(stdout).not.toContain("FAIL");
  });

  test("test: a failed test gives 1, with file, line, and what came instead", async () => {
    const event =
      "{source: {ip: 10.1.2.3}, destination: {ip: 8.8.8.8, port: 445}, network: {transport: tcp}}";
    const tests = `tests:\n  - name: leaves\n    expect: none\n    reason: wrong on purpose\n    event: ${event}\n`;
    const cwd = folderWith({ "good.yml": GOOD, "good.tests.yml": tests });
    const { code, stdout, stderr } = await runCli(["rules", "test", "good.yml"], { cwd });
    expect(code, stderr).toBe(1);
    expect(stdout).toMatch(
      /^good\.tests\.yml:\d+: FAIL MY-1: leaves\n {2}expected none, got match: wrong on purpose/,
    );
  });

  test("test: rules without tests are an error, not a success", async () => {
    const cwd = folderWith({ "good.yml": GOOD });
    const { code, stderr } = await runCli(["rules", "test", "good.yml"], { cwd });
    expect([code, stderr.split("\n")[0]]).toEqual([2, "sallyport: No tests file beside these rules"]);
  });

  test("a rule of the user's own replaces the shipped ones in a scan", async () => {
    const cwd = folderWith({ "good.yml": GOOD });
    const { code, stdout } = await runCli(["scan", "-", "--rules", "good.yml"], { cwd, input: connLine() });
    expect([code, rowsOf(stdout).map(({ rule }) => (rule as { id: string }).id)]).toEqual([0, ["MY-1"]]);
  });
});

describe.concurrent("formats", () => {
  test("for programs: each with its datasets and its reference", async () => {
    const { code, stdout } = await runCli(["formats", "-o", "json"]);
    expect(code).toBe(0);
    const formats = JSON.parse(stdout) as { name: string; reference: string; datasets: object }[];
    expect(formats.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["ecs", "panos", "suricata-eve", "sysmon", "zeek-json", "zeek-tsv"]),
    );
    for (const { reference, datasets } of formats) {
      expect(reference).toMatch(/^https:\/\//);
      expect(Object.keys(datasets).length).toBeGreaterThan(0);
    }
  });

  test("for people: what each cannot show stands beside it", async () => {
    const { stdout } = await runCli(["formats"]);
    expect(stdout).toMatch(/^zeek-json\n {2}\S.*\n[\s\S]*cannot show: /m);
  });
});
