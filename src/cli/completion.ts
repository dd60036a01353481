/** Completion scripts, made by walking the command tree. */
import type { Command } from "commander";

type Shell = "bash" | "zsh" | "fish";

/** A completion script for a shell. */
export function completionScript(program: Command, shell: Shell): string {
  const commands = leaves(program);
  return { bash: bashScript, zsh: zshScript, fish: fishScript }[shell](commands);
}

interface Leaf {
  /** "scan", "rules check". */
  readonly path: string;
  readonly description: string;
  readonly flags: readonly {
    readonly long: string;
    readonly choices: readonly string[];
    readonly doc: string;
  }[];
}

function leaves(program: Command, prefix = ""): readonly Leaf[] {
  return program.commands.flatMap((command) => {
    const path = `${prefix}${command.name()}`;
    if (command.commands.length > 0) return leaves(command, `${path} `);
    const flags = command.options.map(({ long, argChoices, description }) => {
      return { long: long ?? "", choices: argChoices ?? [], doc: description };
    });
    return [{ path, description: command.description(), flags }];
  });
}

function firstWords(commands: readonly Leaf[]): readonly string[] {
  return [...new Set(commands.map(({ path }) => path.split(" ")[0] ?? ""))];
}

function bashScript(commands: readonly Leaf[]): string {
  const cases = commands.flatMap(({ path, flags }) => [
    ...flags
      .filter(({ choices }) => choices.length > 0)
      .map(({ long, choices }) => `    "${path} ${long}") words="${choices.join(" ")}" ;;`),
    `    "${path} "*) words="${flags.map(({ long }) => long).join(" ")}" ;;`,
  ]);
  const groups = [
    ...new Set(commands.flatMap(({ path }) => (path.includes(" ") ? [path.split(" ")[0] ?? ""] : []))),
  ];
  const inner = groups.map((group) => {
    const names = commands
      .filter(({ path }) => path.startsWith(`${group} `))
      .map(({ path }) => path.split(" ")[1]);
    return `    "${group} "*) words="${names.join(" ")}" ;;`;
  });
  return `_sallyport() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" path="\${COMP_WORDS[1]}" words=""
  case "$path" in ${groups.join("|") || "-"}) [ "$COMP_CWORD" -gt 2 ] && path="$path \${COMP_WORDS[2]}" ;; esac
  [ "$COMP_CWORD" -eq 1 ] && { COMPREPLY=($(compgen -W "${firstWords(commands).join(" ")}" -- "$cur")); return; }
  case "$path $prev" in
${[...cases, ...inner].join("\n")}
  esac
  case "$cur" in
    -*) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;;
    *) case "$words" in -*|"") COMPREPLY=($(compgen -f -- "$cur")) ;; *) COMPREPLY=($(compgen -W "$words" -- "$cur")) ;; esac ;;
  esac
}
complete -o filenames -F _sallyport sallyport
`;
}

function zshScript(commands: readonly Leaf[]): string {
  return `#compdef sallyport
autoload -U +X bashcompinit && bashcompinit
${bashScript(commands)}`;
}

function fishScript(commands: readonly Leaf[]): string {
  const first = firstWords(commands);
  const lines = first.map((name) => `complete -c sallyport -f -n __fish_use_subcommand -a ${name}`);
  for (const { path, flags, description } of commands) {
    const [head = "", second] = path.split(" ");
    if (second !== undefined) {
      lines.push(
        `complete -c sallyport -f -n '__fish_seen_subcommand_from ${head}' -a ${second} -d ${quote(description)}`,
      );
    }
    for (const { long, choices, doc } of flags) {
      const values = choices.length === 0 ? "" : ` -x -a ${quote(choices.join(" "))}`;
      const text = quote(doc.split(". ")[0] ?? "");
      lines.push(
        `complete -c sallyport -n '__fish_seen_subcommand_from ${head}' -l ${long.replace(/^--/, "")}${values} -d ${text}`,
      );
    }
  }
  return `${lines.join("\n")}\n`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "’")}'`;
}
