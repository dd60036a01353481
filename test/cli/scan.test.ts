/** `scan` as a user runs it: real processes, real files, pipes and signals. */
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAIN, rowsOf, runCli, startCli } from "./run-cli.ts";
import { connLine, webLines, zstdFrame } from "./sample-lines.ts";

const NOW = ["--now", "2026-03-02T00:00:00Z"];
/** A user that owns nothing, on Linux and macOS alike. */
const NOBODY = 65_534;
const LEAK = connLine();
const OTHER = connLine({
  uid: "COther1",
  source: "10.1.2.4",
  destination: "1.1.1.1",
  after: 60,
  state: "S0",
});

let root = "";

/** A folder of its own for each test, with these files in it. */
function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(root, "case-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

interface Account {
  readonly path: string;
  readonly status: string;
  readonly reason: string | null;
  readonly bytes: number;
  readonly compressed_bytes: number | null;
  readonly records: number;
  readonly ruled_out: number;
  readonly decoded: number;
  readonly rejected: number;
  readonly skipped: number;
}

interface RunDocument {
  readonly findings: readonly { readonly source: { readonly ip: string }; readonly severity: string }[];
  readonly coverage: {
    readonly inputs: readonly Account[];
    readonly totals: Record<string, number>;
    readonly incomplete: boolean;
  };
}

/** Runs a scan with `-o json` and gives its document beside the rest. */
async function scanJson(args: readonly string[], options: { cwd?: string; input?: string } = {}) {
  const ran = await runCli(["scan", ...args, "-o", "json", ...NOW], options);
  return { ...ran, document: JSON.parse(ran.stdout) as RunDocument };
}

function statusOf(document: RunDocument): Record<string, string> {
  return Object.fromEntries(document.coverage.inputs.map(({ path, status }) => [path, status]));
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "sallyport-scan-"));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.concurrent("what can be read", () => {
  test("standard input, named by a dash", async () => {
    const { code, stdout, stderr } = await runCli(["scan", "-", ...NOW], { input: LEAK });
    expect(code).toBe(0);
    const [finding] = rowsOf(stdout);
    expect(finding).toMatchObject({ source: { ip: "10.1.2.3" }, evidence: [{ file: "-", offset: 0 }] });
    expect(stderr).toContain("1 host completed SMB sessions to the Internet");
  });

  test("standard input, where nothing is named and it is a pipe", async () => {
    const { code, stdout } = await runCli(["scan", ...NOW], { input: LEAK });
    expect([code, rowsOf(stdout).length]).toEqual([0, 1]);
  });

  test("a folder to its bottom, without hidden files; what is no log is skipped and named", async () => {
    const cwd = folderWith({
      "logs/conn.log": LEAK,
      "logs/old/conn.log": OTHER,
      "logs/.hidden.log": "x\n",
      "logs/notes.md": "# Notes\n\nNot a log.\n",
    });
    const { code, document } = await scanJson(["logs"], { cwd });
    expect(code).toBe(0);
    expect(statusOf(document)).toEqual({
      "logs/conn.log": "read",
      "logs/notes.md": "skipped",
      "logs/old/conn.log": "read",
    });
    expect(document.findings.map(({ source }) => source.ip)).toEqual(["10.1.2.3", "10.1.2.4"]);
  });

  test("a pattern that the shell left alone", async () => {
    const cwd = folderWith({ "a/conn.1.log": LEAK, "b/conn.2.log": OTHER, "b/dns.log": "x\n" });
    const { code, document } = await scanJson(["{a,b}/conn.*.log"], { cwd });
    expect(code).toBe(0);
    expect(Object.keys(statusOf(document))).toEqual(["a/conn.1.log", "b/conn.2.log"]);
  });

  test.each([
    ["gzip", "conn.log.gz", (content: string) => gzipSync(content)],
    ["gzip under another name", "conn.log", (content: string) => gzipSync(content)],
    [
      "two gzip members",
      "conn.log.gz",
      (content: string) => Buffer.concat([gzipSync(content), gzipSync(OTHER)]),
    ],
    ["zstd", "conn.log.zst", zstdFrame],
    ["zstd of several blocks", "conn.log.zst", (content: string) => zstdFrame(webLines(1000) + content)],
  ] as const)("%s", async (_, name, pack) => {
    const packed = pack(LEAK);
    const cwd = folderWith({ [name]: packed });
    const { code, document, stderr } = await scanJson([name], { cwd });
    expect(code, stderr).toBe(0);
    expect(document.findings[0]?.source.ip).toBe("10.1.2.3");
    const [input] = document.coverage.inputs;
    expect(input?.compressed_bytes).toBe(packed.length);
    expect(input?.bytes).toBeGreaterThanOrEqual(LEAK.length);
  });

  test("the same content twice: it is read once, and the other is named", async () => {
    const cwd = folderWith({ "conn.log": LEAK, "conn.log.gz": gzipSync(LEAK) });
    const { code, document, stderr } = await scanJson(["."], { cwd });
    expect(code).toBe(0);
    expect(document.coverage.totals["records"]).toBe(1);
    expect(statusOf(document)).toEqual({ "conn.log": "read", "conn.log.gz": "duplicate" });
    expect(stderr).toContain("conn.log.gz: the same content as");
  });

  test("an empty file: nothing is in it, and the answer says so", async () => {
    const cwd = folderWith({ "empty.log": "" });
    const { code, document, stderr } = await scanJson(["empty.log"], { cwd });
    expect([code, statusOf(document)]).toEqual([0, { "empty.log": "read" }]);
    expect(stderr.replace(/\s+/g, " ")).toContain("Nothing that was read could have shown it");
  });

  test("text of Windows: UTF-16, a byte order mark, carriage returns", async () => {
    const windows = Buffer.from(`\ufeff${LEAK.replace("\n", "\r\n")}`, "utf16le");
    const cwd = folderWith({ "wide.json": windows, "marked.json": `\ufeff${OTHER.replace("\n", "\r\n")}` });
    const { code, document } = await scanJson(["wide.json", "marked.json"], { cwd });
    expect([code, document.findings.length, document.coverage.totals["rejected"]]).toEqual([0, 2, 0]);
  });
});

describe.concurrent("what cannot be read", () => {
  test("a missing file: 3, with the results of the rest", async () => {
    const cwd = folderWith({ "conn.log": LEAK });
    const { code, stdout, stderr } = await runCli(["scan", "nope.log", "conn.log", ...NOW], { cwd });
    expect([code, rowsOf(stdout).length]).toEqual([3, 1]);
    expect(stderr).toMatch(/nope\.log: could not be read: no such file or folder/);
  });

  test("a pattern without a match: 3", async () => {
    const { code, stderr } = await runCli(["scan", "none*.log", ...NOW], { cwd: folderWith({}) });
    expect(code).toBe(3);
    expect(stderr).toContain("none*.log: could not be read: no file matches the pattern");
  });

  test("an empty folder: 3, since there was nothing to look at", async () => {
    const { code, stderr } = await runCli(["scan", ".", ...NOW], { cwd: folderWith({}) });
    expect(code).toBe(3);
    expect(stderr).toContain("there is no file in this folder");
  });

  test("a folder without one log: 3, since nothing could be looked at", async () => {
    const cwd = folderWith({ "docs/a.md": "# A\n", "docs/b.md": "# B\n" });
    const { code, document } = await scanJson(["docs"], { cwd });
    expect([code, statusOf(document)]).toEqual([3, { "docs/a.md": "skipped", "docs/b.md": "skipped" }]);
  });

  test("a file and a folder without permission are named; the rest is read", async () => {
    const cwd = folderWith({ "conn.log": LEAK, "secret.log": OTHER, "closed/conn.log": OTHER });
    for (const path of [root, cwd]) chmodSync(path, 0o755);
    for (const name of ["secret.log", "closed"]) chmodSync(join(cwd, name), 0o000);
    // Root may read everything, so that the process has to be somebody else's.
    const options = process.getuid?.() === 0 ? { cwd, uid: NOBODY } : { cwd };
    const { code, stdout, stderr } = await runCli(["scan", ".", "-o", "json", ...NOW], options);
    chmodSync(join(cwd, "closed"), 0o755);
    if (stdout === "" && /EACCES|Cannot find module/.test(stderr)) {
      // biome-ignore lint/suspicious/noConsole: a test that is not run must be seen.
      console.warn(
        "not tested: files without permission; this is root, and no other user can read the program",
      );
      return;
    }
    expect([code, statusOf(JSON.parse(stdout) as RunDocument)]).toEqual([
      3,
      { closed: "unreadable", "conn.log": "read", "secret.log": "unreadable" },
    ]);
    expect(stderr).toContain("secret.log: could not be read: permission denied");
  });

  test("a link in a circle is named; the rest is read", async () => {
    const cwd = folderWith({ "conn.log": LEAK });
    symlinkSync("circle.log", join(cwd, "circle.log"));
    const { code, document } = await scanJson(["circle.log", "conn.log"], { cwd });
    expect([code, statusOf(document)]).toEqual([3, { "circle.log": "unreadable", "conn.log": "read" }]);
  });

  test("a binary file that is named: 3; one met on a walk: skipped, and 0", async () => {
    const bytes = Uint8Array.from({ length: 5000 }, (_, at) => (at * 7919 + (at >> 3) * 31) & 0xff);
    const cwd = folderWith({ "logs/blob.bin": bytes, "logs/conn.log": LEAK });
    const [named, walked] = await Promise.all([
      scanJson(["logs/blob.bin"], { cwd }),
      scanJson(["logs"], { cwd }),
    ]);
    expect([named.code, statusOf(named.document)]).toEqual([3, { "logs/blob.bin": "not-recognised" }]);
    expect(named.stderr).toContain("a binary file");
    expect(named.stderr).not.toContain("\ufffd");
    expect([walked.code, statusOf(walked.document)["logs/blob.bin"]]).toEqual([0, "skipped"]);
  });

  test("a cut gzip file: 3, with the results before the cut", async () => {
    const whole = gzipSync(LEAK + webLines(5000));
    const cwd = folderWith({ "cut.log.gz": whole.subarray(0, whole.length - 2000) });
    const { code, document, stderr } = await scanJson(["cut.log.gz"], { cwd });
    expect([code, statusOf(document)]).toEqual([3, { "cut.log.gz": "incomplete" }]);
    expect(document.findings).toHaveLength(1);
    expect(stderr).toContain("cut.log.gz: read in part: the gzip data ends");
  });

  test("a text that is no log, and is named: 3, with what to do", async () => {
    const cwd = folderWith({ "poem.txt": "Roses are red\nViolets are blue\n" });
    const { code, stderr } = await runCli(["scan", "poem.txt", ...NOW], { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain(
      "poem.txt: not recognised: no line is in a format that is known; 'sallyport formats'",
    );
  });

  test("a compression that is not read is named as what it is", async () => {
    const cwd = folderWith({
      "conn.log.xz": Uint8Array.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4, 0, 0, 0, 0]),
    });
    const { code, stderr } = await runCli(["scan", "conn.log.xz", ...NOW], { cwd });
    expect([code, stderr.includes("xz-compressed")]).toEqual([3, true]);
  });

  test("-q takes the summary away, but not the names of inputs that were not read", async () => {
    const cwd = folderWith({ "conn.log": LEAK });
    const [good, bad] = await Promise.all([
      runCli(["scan", "conn.log", "-q", ...NOW], { cwd }),
      runCli(["scan", "conn.log", "nope.log", "-q", ...NOW], { cwd }),
    ]);
    expect([good.code, good.stderr]).toEqual([0, ""]);
    expect(bad.code).toBe(3);
    expect(bad.stderr).toBe("sallyport: nope.log: could not be read: no such file or folder (ENOENT)\n");
  });
});

describe.concurrent("rejected lines", () => {
  const BROKEN = `${LEAK}{"_path":"conn","ts":1\nand a stray line\n`;

  test("they are counted, sampled, and do not change the exit code", async () => {
    const cwd = folderWith({ "conn.log": BROKEN });
    const { code, document, stderr } = await scanJson(["conn.log"], { cwd });
    expect(code).toBe(0);
    expect(document.coverage.totals).toMatchObject({ records: 3, decoded: 1, rejected: 2 });
    expect(stderr).toContain("and a stray line");
  });

  test("--strict makes the first one fatal: 3, with its place", async () => {
    const cwd = folderWith({ "conn.log": BROKEN });
    const { code, stderr } = await runCli(["scan", "conn.log", "--strict", ...NOW], { cwd });
    expect(code).toBe(3);
    expect(stderr).toMatch(new RegExp(`conn\\.log, byte ${LEAK.length}: .*\\n {2}Leave --strict out`));
  });

  test("a line cannot steer the terminal, neither as a sample nor as an error", async () => {
    const input = `${LEAK}\u001b]0;owned\u0007\u001b[2J stray\n`;
    const [counted, strict] = await Promise.all([
      runCli(["scan", "-", "-o", "table", ...NOW], { input }),
      runCli(["scan", "-", "--strict", ...NOW], { input }),
    ]);
    for (const { stdout, stderr } of [counted, strict]) {
      expect(stdout + stderr).toContain("owned");
      expect(stdout + stderr).not.toMatch(/[\u0007\u001b]/);
    }
  });
});

describe.concurrent("exit codes", () => {
  const cwdWith = () => folderWith({ "conn.log": LEAK, "other.log": OTHER });

  test.each([
    ["high", 1],
    ["critical", 0],
  ] as const)("--fail-on %s with a finding of severity high gives %i", async (severity, expected) => {
    const { code } = await runCli(["scan", "conn.log", "--fail-on", severity, ...NOW], { cwd: cwdWith() });
    expect(code).toBe(expected);
  });

  test("1 beats 3, and both are said", async () => {
    const args = ["scan", "conn.log", "nope.log", "--fail-on", "high", ...NOW];
    const cwd = cwdWith();
    for (const { code, stderr } of await Promise.all([
      runCli(args, { cwd }),
      runCli([...args, "-q"], { cwd }),
    ])) {
      expect(code).toBe(1);
      expect(stderr).toContain("nope.log: could not be read");
      expect(stderr).toContain("1 finding at or above high (--fail-on)");
    }
  });

  test("a finding that an exception hides does not fail the run, shown or not", async () => {
    const cwd = folderWith({
      "conn.log": LEAK,
      "sallyport.yml": `exceptions:
  - {id: EX-1, destination: 8.8.8.8, reason: tested, owner: nobody, created: 2026-01-01, expires: 2026-12-31}
`,
    });
    const args = ["scan", "conn.log", "--fail-on", "low", ...NOW];
    const [hidden, shown] = await Promise.all([
      runCli(args, { cwd }),
      runCli([...args, "--show-suppressed"], { cwd }),
    ]);
    expect([hidden.code, hidden.stdout]).toEqual([0, ""]);
    expect(shown.code).toBe(0);
    expect(rowsOf(shown.stdout)[0]).toMatchObject({ suppressed_by: "EX-1" });
  });

  test("--min-severity drops findings and says so", async () => {
    const args = ["scan", "conn.log", "other.log", "--min-severity", "high", ...NOW];
    const { code, stdout, stderr } = await runCli(args, { cwd: cwdWith() });
    expect([code, rowsOf(stdout).map(({ severity }) => severity)]).toEqual([0, ["high"]]);
    expect(stderr).toContain("below the minimum severity");
  });
});

describe.concurrent("time bounds", () => {
  // Rows at 10:00, 11:00 and 12:00 UTC on 2026-03-01.
  const three = [0, 3600, 7200]
    .map((after, at) => connLine({ uid: `CHour${at}`, sourcePort: 50_100 + at, after }))
    .join("");

  test.each([
    [
      ["--since", "2026-03-01T11:00:00Z"],
      ["11", "12"],
    ],
    [["--until", "2026-03-01T11:00:00Z"], ["10"]],
    [["--since", "2026-03-01T10:30:00Z", "--until", "2026-03-01T11:30:00+00:00"], ["11"]],
    [
      ["--last", "90m", "--now", "2026-03-01T12:15:00Z"],
      ["11", "12"],
    ],
    [["--since", "30m", "--now", "2026-03-01T12:15:00Z"], ["12"]],
    [
      ["--since", "2026-03-01", "--until", "2026-03-02"],
      ["10", "11", "12"],
    ],
  ] as const)("%j leaves the hours %j", async (bounds, hours) => {
    const now = bounds.includes("--now" as never) ? [] : NOW;
    const { code, stdout } = await runCli(["scan", "-", "-e", "matches", ...bounds, ...now], {
      input: three,
    });
    expect(code).toBe(0);
    const times = rowsOf(stdout).map(({ event }) =>
      (event as { "@timestamp": string })["@timestamp"].slice(11, 13),
    );
    expect(times).toEqual(hours);
  });
});

describe.concurrent("a usage error ends with 2, says what and what next, and prints nothing else", () => {
  test.each([
    ["an unknown option", ["--otput", "json"], /unknown option '--otput'\n\(Did you mean --output\?\)/],
    ["an unknown format", ["-f", "zeek-jsom"], /no log format 'zeek-jsom'\n {2}Did you mean 'zeek-json'\?/],
    ["an unknown output", ["-o", "tabel"], /'tabel' is invalid\. Allowed choices are table, ndjson/],
    ["an unknown severity", ["--fail-on", "hihg"], /--fail-on hihg: not a severity\n {2}One of info, low/],
    [
      "an unknown zone",
      ["--tz", "Mars/Olympus"],
      /--tz Mars\/Olympus: no such time zone\n {2}Write an IANA name/,
    ],
    ["a wrong duration", ["--last", "3x"], /--last 3x: not a duration\n {2}Write a number and a unit/],
    ["a wrong time", ["--since", "soon"], /--since soon: not a time\n {2}Write ISO 8601/],
    [
      "bounds the wrong way round",
      ["--since", "2026-03-02", "--until", "2026-03-01"],
      /--until is not after/,
    ],
    ["two beginnings", ["--last", "1h", "--since", "2h"], /--last and --since both say where to begin/],
    ["a network with host bits", ["--internal", "10.0.0.1/8"], /the network is 10\.0\.0\.0\/8/],
    ["no worker at all", ["--workers", "0"], /--workers 0: not a whole number of at least 1/],
    [
      "an output that shows no events",
      ["-o", "html", "-e", "events"],
      /cannot print events\n {2}Outputs that can: /,
    ],
    ["a missing site file", ["--site", "nope.yml"], /nope\.yml: no such file or folder/],
    ["missing rules", ["--rules", "nope"], /nope: no such file or folder/],
    ["a missing baseline", ["--baseline", "nope.json"], /nope\.json: no such file or folder/],
    [
      "a file that is no rule",
      ["--rules", "conn.log"],
      /conn\.log: no rule file\n {2}Rule files end in \.yml/,
    ],
    [
      "an output folder that is not there",
      ["--out", "no/such/report.html"],
      /--out no\/such\/report\.html: its folder does not exist/,
    ],
    ["an output that is an input", ["--out", "conn.log"], /--out conn\.log: it is one of the inputs/],
  ])("%s", async (_, args, words) => {
    const cwd = folderWith({ "conn.log": LEAK });
    const { code, stdout, stderr } = await runCli(["scan", "conn.log", ...args], { cwd });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(words);
    expect(stderr).toMatch(/^sallyport: /);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(readFileSync(join(cwd, "conn.log"), "utf8")).toBe(LEAK);
  });

  test("a site file: file, line and column, the line, and a caret under the place", async () => {
    const site = "internal:\n  - 10.0.0.0/8\n  - 300.0.0.0/8\n";
    const cwd = folderWith({ "conn.log": LEAK, "site.yml": site });
    const { code, stderr } = await runCli(["scan", "conn.log", "--site", "site.yml"], { cwd });
    expect(code).toBe(2);
    const [first = "", line = "", caret = "", hint = ""] = stderr.split("\n");
    expect(first).toMatch(/^sallyport: site\.yml:3:5: internal\[1\]: "300" is above 255$/);
    expect(caret.indexOf("^")).toBe(line.indexOf("300"));
    expect(hint).toMatch(/^ {2}\S/);
  });

  test("a rule file: file, line and column, the line, and a caret", async () => {
    const rule =
      "title: A\nlogsource: {category: network}\ndetection:\n  a:\n    destination.port|gq: 1\n  condition: a\n";
    const cwd = folderWith({ "conn.log": LEAK, "rule.yml": rule });
    const { code, stderr } = await runCli(["scan", "conn.log", "--rules", "rule.yml"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^sallyport: rule\.yml:5:\d+: .*gq/);
    expect(stderr).toMatch(/\n {4} +destination\.port\|gq: 1\n {4} +\^/);
  });

  test("--debug adds the stack", async () => {
    const { stderr } = await runCli(["scan", "-", "--tz", "Mars/Olympus", "--debug"]);
    expect(stderr).toMatch(/^ {4}at /m);
  });
});

describe.concurrent("streams", () => {
  test("data goes to standard output and words to standard error", async () => {
    const cwd = folderWith({ "conn.log": LEAK });
    const { stdout, stderr } = await runCli(["scan", "conn.log", "nope.log", ...NOW], { cwd });
    expect(rowsOf(stdout)).toHaveLength(1);
    expect(stderr).toMatch(/^Verdict /);
    expect(stderr).not.toContain('{"schema"');
  });

  test("a reader that leaves early is a quiet 0", () => {
    const cwd = folderWith({ "conn.log": webLines(20_000) });
    const script = `"${process.execPath}" "${MAIN}" scan conn.log -e events 2>words | head -1; echo "\${PIPESTATUS[0]}"`;
    const out = execFileSync("bash", ["-c", script], { cwd, encoding: "utf8" });
    const [row = "", code] = out.trimEnd().split("\n");
    expect(JSON.parse(row)).toMatchObject({ destination: { ip: "1.1.1.1" } });
    expect([code, readFileSync(join(cwd, "words"), "utf8")]).toEqual(["0", ""]);
  });

  test("a reader that never was is a quiet 0 too, whatever the command", () => {
    const commands = ["rules list", "formats -o json", "help scan", "completion bash", "classify 8.8.8.8"];
    const one = (command: string) =>
      `(sleep 0.5; exec "${process.execPath}" "${MAIN}" ${command}) 2>>words | true; echo "\${PIPESTATUS[0]}"`;
    const cwd = folderWith({});
    const script = commands.map((command) => `( ${one(command)} ) &`).join("\n");
    const out = execFileSync("bash", ["-c", `${script}\nwait`], { cwd, encoding: "utf8" });
    expect(out.trim().split("\n")).toEqual(commands.map(() => "0"));
    expect(readFileSync(join(cwd, "words"), "utf8")).toBe("");
  });

  test("Ctrl-C while a pipe is silent: what there is, marked incomplete, and 130", async () => {
    const child = startCli(["scan", "-", "-e", "events", "-o", "json", ...NOW]);
    const { stdin, stdout, stderr } = child;
    if (stdin === null || stdout === null || stderr === null) throw new Error("the process has no pipes");
    const words = text(stderr);
    stdin.write(LEAK + webLines(20));
    let out = "";
    for await (const chunk of stdout) {
      // Rows of events come as they are read: the first one shows that the reading has begun.
      if (out === "") child.kill("SIGINT");
      out += String(chunk);
    }
    await once(child, "close");
    expect(child.exitCode).toBe(130);
    const { coverage } = JSON.parse(out) as RunDocument;
    expect(coverage).toMatchObject({ incomplete: true, inputs: [{ path: "-", status: "incomplete" }] });
    expect(await words).toMatch(/^INCOMPLETE /m);
  });

  test("Ctrl-C leaves the findings of what was read, and names what was not", async () => {
    const cwd = folderWith({ "zz-later.log": OTHER });
    const child = startCli(["scan", "-", "zz-later.log", ...NOW], { cwd });
    const { stdin, stdout, stderr } = child;
    if (stdin === null || stdout === null || stderr === null) throw new Error("the process has no pipes");
    const [out, words] = [text(stdout), text(stderr)];
    // More than any pipe holds: once it is taken, the first rows have been read.
    stdin.write(LEAK + webLines(12_000), () => child.kill("SIGINT"));
    await once(child, "close");
    expect(child.exitCode).toBe(130);
    expect(rowsOf(await out).map(({ source }) => (source as { ip: string }).ip)).toEqual(["10.1.2.3"]);
    expect(await words).toMatch(/zz-later\.log: could not be read: the run was interrupted before/);
  });
});

describe.concurrent("outputs", () => {
  test("--out: the file holds the rows, standard output nothing; an older, longer file is replaced", async () => {
    const cwd = folderWith({ "conn.log": LEAK, "report.ndjson": "x".repeat(100_000) });
    const { code, stdout } = await runCli(["scan", "conn.log", "--out", "report.ndjson", ...NOW], { cwd });
    expect([code, stdout]).toEqual([0, ""]);
    expect(rowsOf(readFileSync(join(cwd, "report.ndjson"), "utf8"))).toHaveLength(1);
  });

  test("--out: without findings the file is empty, not yesterday's; a run that cannot start leaves it alone", async () => {
    const cwd = folderWith({
      "conn.log": webLines(2),
      "a.ndjson": "old\n",
      "b.ndjson": "old\n",
      "bad.yml": "title: x\n",
    });
    await Promise.all([
      runCli(["scan", "conn.log", "--out", "a.ndjson", ...NOW], { cwd }),
      runCli(["scan", "conn.log", "--out", "b.ndjson", "--rules", "bad.yml", ...NOW], { cwd }),
    ]);
    expect(readFileSync(join(cwd, "a.ndjson"), "utf8")).toBe("");
    expect(readFileSync(join(cwd, "b.ndjson"), "utf8")).toBe("old\n");
  });

  test("--out inside a folder that is scanned: the report of the day before is no input", async () => {
    const cwd = folderWith({ "conn.log": LEAK });
    const args = ["scan", ".", "-o", "json", "--out", "report.json", ...NOW];
    const first = await runCli(args, { cwd });
    const before = readFileSync(join(cwd, "report.json"), "utf8");
    const second = await runCli(args, { cwd });
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(readFileSync(join(cwd, "report.json"), "utf8")).toBe(before);
  });

  test("-o json: for each input and in all, the records add up", async () => {
    const cwd = folderWith({
      "conn.log": `${LEAK}\nstray\n${webLines(10)}`,
      "conn.tsv": "#separator \\x09\n#path\tconn\n#fields\tts\tuid\n#types\ttime\tstring\n1.0\tC1\n1.0\n",
    });
    const { document } = await scanJson(["."], { cwd });
    for (const { records, ruled_out, decoded, rejected, skipped } of document.coverage.inputs) {
      expect(records).toBe(ruled_out + decoded + rejected + skipped);
      expect(records).toBeGreaterThan(0);
    }
    const { totals, inputs } = document.coverage;
    for (const key of ["records", "ruled_out", "decoded", "rejected", "skipped", "bytes"] as const) {
      expect(totals[key]).toBe(inputs.reduce((sum, input) => sum + input[key], 0));
    }
  });

  test("-o csv: a header, and a row for each finding", async () => {
    const { stdout } = await runCli(["scan", "-", "-o", "csv", ...NOW], { input: LEAK + OTHER });
    const [header = "", ...rows] = stdout.trimEnd().split(/\r?\n/);
    expect(header).toMatch(/^id,severity,outcome,rule_id,/);
    expect(rows.map((row) => row.split(",").slice(1, 4))).toEqual([
      ["high", "established", "SP-01"],
      ["medium", "attempted", "SP-01"],
    ]);
  });

  test("-o html: one file that asks nothing of any other place", async () => {
    const cwd = folderWith({ "conn.log": LEAK });
    await runCli(["scan", "conn.log", "-o", "html", "--out", "report.html", ...NOW], { cwd });
    const html = readFileSync(join(cwd, "report.html"), "utf8");
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain("10.1.2.3");
    expect(html).not.toMatch(
      /<link[^>]*\shref="(?!data:)|<script[^>]*\ssrc=|<img[^>]*\ssrc="(?!data:)|@import|url\((?!['"]?(data:|#))/i,
    );
  });

  test("-o markdown and -o table say the same verdict as standard error", async () => {
    const both = await Promise.all(
      ["markdown", "table"].map((name) => runCli(["scan", "-", "-o", name, ...NOW], { input: LEAK })),
    );
    for (const { stdout } of both) expect(stdout).toContain("1 host completed SMB sessions to the Internet");
  });

  test("-e events: every event, with its place in the file, and the same verdict", async () => {
    const { stdout, stderr } = await runCli(["scan", "-", "-e", "events", "--original", ...NOW], {
      input: LEAK + OTHER,
    });
    const rows = rowsOf(stdout) as { log: { offset: number }; event: { original: string } }[];
    expect(rows.map(({ log }) => log.offset)).toEqual([0, LEAK.length]);
    expect(rows[0]?.event.original).toBe(LEAK.trimEnd());
    expect(stderr).toContain("1 host completed SMB sessions to the Internet");
  });

  test.each(["ndjson", "json", "html"])(
    "-o %s: the same bytes, whatever the order of the inputs",
    async (output) => {
      const cwd = folderWith({
        "a.log": OTHER,
        "b.log": LEAK + webLines(30),
        "c/d.log": connLine({ after: 900 }),
      });
      const [one, other] = await Promise.all([
        runCli(["scan", "a.log", "b.log", "c", "-o", output, ...NOW], { cwd }),
        runCli(["scan", "c", "b.log", "a.log", "-o", output, ...NOW], { cwd }),
      ]);
      expect(one.stdout).not.toBe("");
      expect(other.stdout).toBe(one.stdout);
      expect(other.stderr).toBe(one.stderr);
    },
  );
});

describe.concurrent("colour and width", () => {
  test.each([
    ["a pipe has none", [], {}, false],
    ["--color always", ["--color", "always"], { NO_COLOR: "1" }, true],
    ["FORCE_COLOR", [], { FORCE_COLOR: "1" }, true],
    ["NO_COLOR beats FORCE_COLOR", [], { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
    ["--color never", ["--color", "never"], { FORCE_COLOR: "1" }, false],
  ] as const)("%s", async (_, args, env, colored) => {
    const { stdout, stderr } = await runCli(["scan", "-", "-o", "table", ...args, ...NOW], {
      input: LEAK,
      env,
    });
    expect([stdout.includes("\u001b["), stderr.includes("\u001b[")]).toEqual([colored, colored]);
  });

  const noScript = spawnSync("script", ["--version"]).status !== 0;
  if (noScript) {
    // biome-ignore lint/suspicious/noConsole: a test that is not run must be seen.
    console.warn("not tested: a terminal of 80 columns, since there is no 'script' of util-linux here");
  }

  test.skipIf(noScript)("a terminal of 80 columns gets a table that fits", () => {
    const long = `${"a-very-long-name-".repeat(6)}.log`;
    const cwd = folderWith({
      [long]: LEAK + OTHER + webLines(3),
      "b.log": `${"stray ".repeat(40)}\n${LEAK}`,
    });
    const command = `stty cols 80; exec "${process.execPath}" "${MAIN}" scan . ${NOW.join(" ")}`;
    const env = { ...process.env, TERM: "xterm", NO_COLOR: "1" };
    const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], { cwd, env, encoding: "utf8" });
    const lines = stdout.split(/\r?\n/);
    expect(lines.some((line) => line.includes("established"))).toBe(true);
    const isTooWide = (line: string) => line.length > 80 && line.split(" ").every((word) => word.length < 60);
    expect(lines.filter(isTooWide)).toEqual([]);
  });
});
