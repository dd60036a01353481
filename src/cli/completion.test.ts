/** Completion: what a shell offers at each word. */
import { spawnSync } from "node:child_process";
import { Command, Option } from "commander";
import { describe, expect, test } from "vitest";
import { completionScript } from "./completion.ts";

function program(): Command {
  const top = new Command("sallyport");
  top
    .command("scan")
    .description("the host's main job")
    .addOption(new Option("-e, --emit <level>", "what a row is. More words").choices(["findings", "events"]))
    .option("--strict", "be strict");
  const rules = top.command("rules").description("rules");
  rules.command("list").description("list them").option("--json", "as JSON");
  rules.command("check").description("check them");
  top.command("formats").description("formats");
  return top;
}

const BASH = spawnSync("bash", ["-c", "type complete"]).status === 0;

describe.skipIf(!BASH)("in bash", () => {
  function offered(...words: string[]): string[] {
    const list = words.map((word) => `'${word}'`).join(" ");
    const script = `${completionScript(program(), "bash")}
COMP_WORDS=(sallyport ${list}); COMP_CWORD=${words.length}; _sallyport; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", script], {
      encoding: "utf8",
      cwd: import.meta.dirname,
    });
    expect(stderr).toBe("");
    return stdout.split("\n").filter((word) => word !== "");
  }

  test.each<[string[], string[]]>([
    [[""], ["scan", "rules", "formats"]],
    [["sc"], ["scan"]],
    [
      ["scan", "--"],
      ["--emit", "--strict"],
    ],
    [["scan", "--em"], ["--emit"]],
    [
      ["scan", "--emit", ""],
      ["findings", "events"],
    ],
    [["scan", "--emit", "ev"], ["events"]],
    [
      ["rules", ""],
      ["list", "check"],
    ],
    [["rules", "ch"], ["check"]],
    [["rules", "list", "--"], ["--json"]],
  ])("after %j: %j", (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  test.each([
    [["scan", "completion.te"]],
    [["scan", "--strict", "completion.te"]],
    [["formats", "completion.te"]],
  ])("after %j: files", (words) => {
    expect(offered(...words)).toEqual(["completion.test.ts"]);
  });
});

test("zsh runs the same completion", () => {
  const script = completionScript(program(), "zsh");
  expect(script.startsWith("#compdef sallyport\n")).toBe(true);
  expect(script).toContain(completionScript(program(), "bash"));
});

test("fish has a line per command, word and flag; quotes cannot break out", () => {
  const script = completionScript(program(), "fish").trimEnd().split("\n");
  expect(script).toEqual([
    "complete -c sallyport -f -n __fish_use_subcommand -a scan",
    "complete -c sallyport -f -n __fish_use_subcommand -a rules",
    "complete -c sallyport -f -n __fish_use_subcommand -a formats",
    "complete -c sallyport -n '__fish_seen_subcommand_from scan' -l emit -x -a 'findings events' -d 'what a row is'",
    "complete -c sallyport -n '__fish_seen_subcommand_from scan' -l strict -d 'be strict'",
    "complete -c sallyport -f -n '__fish_seen_subcommand_from rules' -a list -d 'list them'",
    "complete -c sallyport -n '__fish_seen_subcommand_from rules' -l json -d 'as JSON'",
    "complete -c sallyport -f -n '__fish_seen_subcommand_from rules' -a check -d 'check them'",
  ]);
});
