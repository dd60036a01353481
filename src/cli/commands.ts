/** The commands: flags and help here, bodies in a file each, loaded when they are needed. */
import { type Command, Option } from "commander";
import { SallyportError } from "../errors.ts";
import { OPTIONS, type OptionName } from "../options.ts";
import type { ExplainFlags } from "./explain.ts";
import type { ScanFlags } from "./request.ts";

/** Told the exit code of a command that ran. */
type SetExit = (code: number) => void;

type Add = (program: Command, setExit: SetExit) => void;

export const addScan: Add = (program, setExit) => {
  const command = program
    .command("scan")
    .description("find SMB that leaves for the Internet: the main job")
    .argument("[input...]", "files, folders, globs, or - for standard input; gzip and zstd are read as they are");
  addOptions(command, Object.keys(OPTIONS) as OptionName[]);
  command.action(async (inputs: string[], flags: ScanFlags) => {
    const { scanCommand } = await import("./scan.ts");
    setExit(await scanCommand(inputs, flags));
  });
};

const EXPLAIN_OPTIONS: readonly OptionName[] = [
  "format", "rules", "strict", "out", "site", "assets", "internal", "since", "until", "last", "tz", "now", "debug",
];

export const addExplain: Add = (program, setExit) => {
  const command = program
    .command("explain")
    .description("why an event did or did not match: a tree of clauses, the address classes, the evidence")
    .argument("[input...]", "files, folders, globs, or - for standard input")
    .option("--rule <id>", "explain this rule only")
    .addOption(new Option("-o, --output <name>", "how it is printed").choices(["text", "json"]).default("text"));
  addOptions(command, EXPLAIN_OPTIONS);
  command.action(async (inputs: string[], flags: ExplainFlags) => {
    const { explainCommand } = await import("./explain.ts");
    setExit(await explainCommand(inputs, { ...EXPLAIN_DEFAULTS, ...flags }));
  });
};

const EXPLAIN_DEFAULTS = {
  emit: "events",
  profile: "sallyport",
  detailLimit: String(OPTIONS["detail-limit"].default),
  color: "never",
} as const;

export const addRules: Add = (program, setExit) => {
  const rules = program.command("rules").description("list, show, check and test rules");
  const run = async (action: "list" | "show" | "check" | "test", args: readonly string[], flags: RulesFlags) => {
    const { rulesCommand } = await import("./rules-command.ts");
    const result = await rulesCommand(action, args, flags);
    process.stdout.write(result.text);
    setExit(result.code);
  };
  rules
    .command("list")
    .description("the rules, with severity and techniques")
    .argument("[path...]", "rule files or folders; default: the shipped rules")
    .addOption(outputOption(["table", "json"]))
    .action((paths: string[], flags: RulesFlags) => run("list", paths, flags));
  rules
    .command("show")
    .description("one rule in full: logic, guide, what it cannot see")
    .argument("<id>", "rule id, UUID or file")
    .option("--rules <path>", "rule files or folders instead of the shipped rules; may repeat", collect)
    .action((id: string, flags: RulesFlags) => run("show", [id], flags));
  rules
    .command("check")
    .description("load rules and look for mistakes; each refused file is named with its reason")
    .argument("[path...]", "rule files or folders; default: the shipped rules")
    .option("--fail-on <severity>", "exit with 1 when a remark at or above it exists: info, low, medium, high")
    .action((paths: string[], flags: RulesFlags) => run("check", paths, flags));
  rules
    .command("test")
    .description("run the tests beside the rules; exit 1 when one fails")
    .argument("[path...]", "rule files or folders; default: the shipped rules")
    .addOption(outputOption(["table", "json"]))
    .action((paths: string[], flags: RulesFlags) => run("test", paths, flags));
};

export interface RulesFlags {
  readonly output?: "table" | "json";
  readonly rules?: readonly string[];
  readonly failOn?: string;
}

export const addClassify: Add = (program, setExit) => {
  const command = program
    .command("classify")
    .description("what an address is: class, scope, registry row, embedded IPv4")
    .argument("<address...>", "IPv4 or IPv6 addresses")
    .addOption(outputOption(["table", "json"]));
  addOptions(command, ["site", "internal", "debug"]);
  command.action(async (addresses: string[], flags: ScanFlags & { output: "table" | "json" }) => {
    const [{ classifyCommand }, { prepare }, { toRequest }] = await Promise.all([
      import("./classify.ts"),
      import("../pipeline/prepare.ts"),
      import("./request.ts"),
    ]);
    const request = await toRequest({ ...EXPLAIN_DEFAULTS, ...flags, tz: "UTC" });
    const result = classifyCommand(addresses, prepare(request).model, flags.output);
    process.stdout.write(result.text);
    setExit(result.failed ? 2 : 0);
  });
};

export const addFormats: Add = (program) => {
  program
    .command("formats")
    .description("the formats that can be read, what each one feeds, and what it cannot show")
    .addOption(outputOption(["table", "json"]))
    .action(async (flags: { output: "table" | "json" }) => {
      const { formatsCommand } = await import("./formats.ts");
      process.stdout.write(formatsCommand(flags.output));
    });
};

export const addCompletion: Add = (program) => {
  program
    .command("completion")
    .description("print a completion script: sallyport completion bash > /etc/bash_completion.d/sallyport")
    .addArgument(program.createArgument("<shell>", "the shell").choices(["bash", "zsh", "fish"]))
    .action(async (shell: "bash" | "zsh" | "fish") => {
      const { completionScript } = await import("./completion.ts");
      process.stdout.write(completionScript(program, shell));
    });
};

/** `help` of our own: commander's says nothing about a command that it does not know. */
export const addHelp: Add = (program) => {
  program
    .helpCommand(false)
    .command("help")
    .description("help for a command, such as: help scan, help rules check")
    .argument("[command...]", "the command")
    .action((names: string[]) => {
      let command = program;
      for (const name of names) {
        const next = command.commands.find((candidate) => candidate.name() === name);
        if (next === undefined) throw unknownCommand(name, command);
        command = next;
      }
      command.outputHelp();
    });
};

function unknownCommand(name: string, { commands }: Command): SallyportError {
  const names = commands.map((command) => command.name());
  return new SallyportError("usage", {
    detail: `unknown command '${name}'`,
    hint: names.length === 0 ? "See 'sallyport help'." : `Commands here: ${names.join(", ")}.`,
  });
}

/** Adds flags from the OPTIONS table. */
function addOptions(command: Command, names: readonly OptionName[]): void {
  for (const name of names) {
    const spec = OPTIONS[name];
    const option = new Option(spec.flag, spec.doc);
    if ("choices" in spec) option.choices(spec.choices);
    if ("default" in spec) option.default(String(spec.default));
    if (spec.type === "texts") option.argParser(collect);
    command.addOption(option);
  }
}

function outputOption(choices: readonly string[]): Option {
  return new Option("-o, --output <name>", "how it is printed").choices(choices).default(choices[0]);
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
