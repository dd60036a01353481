/** The papers are true: what they show is what is printed, what they tell to type exists, what they link to is there. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { MAIN } from "./cli/run-cli.ts";

const ROOT = join(import.meta.dirname, "..");
const PAPERS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/README.md", ...pagesUnder("docs")];

describe("the demo in the README", () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["scripts/demo.mjs"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  // Lines are broken at the width of a terminal, which there is none of here.
  const printed = [stdout, stderr].map(flat);
  const block = /<!-- demo -->\n```console\n\$ npm run demo\n(.*?)```/s.exec(read("README.md"))?.[1] ?? "";
  const pieces = block.split(/^ *…$|\n\n|^(?=Read )/m).map(flat);

  test("ends well", () => {
    expect(status).toBe(0);
    expect(pieces.length).toBeGreaterThan(5);
  });

  test.each(pieces.filter((piece) => piece !== ""))("is what is printed: %s", (piece) => {
    expect(printed.some((text) => text.includes(piece))).toBe(true);
  });
});

describe("commands in the papers", () => {
  const found = PAPERS.flatMap((paper) => commandsIn(read(paper)).map((command) => ({ paper, command })));

  test("there are some", () => expect(found.length).toBeGreaterThan(30));

  test.each(found)("$paper: $command", ({ command }) => {
    const words = command.split(/\s+/);
    const names = ["rules", "audit", "advisory", "exceptions"].includes(words[0] ?? "")
      ? words.slice(0, 2)
      : words.slice(0, 1);
    const help = helpOf(names.join(" "));
    for (const flag of words.filter((word) => /^--?[a-z]/i.test(word))) {
      expect(help, flag).toMatch(new RegExp(`(^|[\\s,])${flag}(?![\\w-])`, "m"));
    }
  });
});

test.each(PAPERS)("every link in %s leads somewhere", (paper) => {
  const targets = [...read(paper).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target ?? "");
  const gone = targets.filter((to) => !to.includes("://") && !existsSync(join(ROOT, dirname(paper), to)));
  expect(gone).toEqual([]);
});

const helps = new Map<string, string>();

/** What `sallyport help` says; it fails for a command that is not there. */
function helpOf(command: string): string {
  const known = helps.get(command);
  if (known !== undefined) return known;
  const args = [MAIN, "help", ...command.split(" ").filter((word) => word !== "")];
  const { stdout, status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  helps.set(command, stdout);
  return stdout;
}

/** What follows `sallyport` where a paper tells to type it, up to a comment or a pipe. */
function commandsIn(text: string): string[] {
  const typed = [...text.matchAll(/^(?: {4}|\$ |> )?(?:[\w ./*-]+\| )?sallyport ([a-z][^\n]*)$/gm)];
  const quoted = [...text.matchAll(/`sallyport ([a-z][^`]*)`/g)];
  return [...typed, ...quoted].map(([, command]) => (command ?? "").split(/ {2,}|[|>#]/)[0]?.trim() ?? "");
}

function pagesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `${folder}/${path.replaceAll("\\", "/")}`)
    .sort();
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), "utf8").replaceAll("\r\n", "\n");
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
