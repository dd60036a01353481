/** The commands: flags and help here, bodies in a file each, loaded when they are needed. */
import { type Command, Option } from "commander";
import { SallyportError } from "../errors.ts";
import { OPTIONS, type OptionName } from "../options.ts";
import type { CompareFlags } from "./compare.ts";
import type { ExceptionsFlags } from "./exceptions.ts";
import type { ExplainFlags } from "./explain.ts";
import { type Add, addOptions, collect, FLAG_DEFAULTS, outputOption, READING_OPTIONS } from "./flags.ts";
import type { ReplayFlags } from "./replay.ts";
import type { ScanFlags } from "./request.ts";
import type { ConvertFlags } from "./rules-convert.ts";

const SCAN_NOTES = `
Rows go to standard output, or to --out; the summary and everything else go to standard error.

Examples:
  sallyport scan /var/log/zeek                        a folder, to its bottom
  sallyport scan 'conn.2026-03-0[1-7]*.log.gz'        a pattern, quoted
  sallyport scan traffic.csv --internal 11.22.33.0/24 a public network of your own
  sallyport scan logs -e matches -o csv --out m.csv   each match, for a spreadsheet
  sallyport scan logs --baseline yesterday.json       what is new since yesterday?

Exit codes:
  0    done; a reader that left early, such as head, is no error
  1    a finding at or above --fail-on exists; it wins over 3
  2    the command line, the site file or a rule is wrong; nothing was read
  3    an input is missing, cut short or not recognised, or --strict met a bad line; the rest was read
  130  interrupted by Ctrl-C; what was found until then was printed
`;

export const addScan: Add = (program, setExit) => {
  const command = program
    .command("scan")
    .description("find SMB that leaves for the Internet: the main job")
    .argument(
      "[input...]",
      "files, folders, globs, or - for standard input; gzip and zstd are read as they are",
    );
  addOptions(command, Object.keys(OPTIONS) as OptionName[]);
  command.addOption(new Option("--no-fast-path", "decode every line, as the reference does").hideHelp());
  command.addHelpText("after", SCAN_NOTES);
  command.action(async (inputs: string[], flags: ScanFlags) => {
    const { scanCommand } = await import("./scan.ts");
    setExit(await scanCommand(inputs, flags));
  });
};

export const addExplain: Add = (program, setExit) => {
  const command = program
    .command("explain")
    .description("why an event did or did not match: a tree of clauses, the address classes, the evidence")
    .argument("[input...]", "files, folders, globs, or - for standard input")
    .option("--rule <id>", "explain this rule only")
    .addOption(outputOption(["text", "json"]));
  addOptions(command, [...READING_OPTIONS, "out"]);
  command.action(async (inputs: string[], flags: ExplainFlags) => {
    const { explainCommand } = await import("./explain.ts");
    setExit(await explainCommand(inputs, { ...FLAG_DEFAULTS, ...flags }));
  });
};

export const addRules: Add = (program, setExit) => {
  const rules = program.command("rules").description("list, show, check, test and convert rules");
  const run = async (
    action: "list" | "show" | "check" | "test",
    args: readonly string[],
    flags: RulesFlags,
  ) => {
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
    .option(
      "--fail-on <severity>",
      "exit with 1 when a remark at or above it exists: info, low, medium, high",
    )
    .action((paths: string[], flags: RulesFlags) => run("check", paths, flags));
  rules
    .command("test")
    .description("run the tests beside the rules; exit 1 when one fails")
    .argument("[path...]", "rule files or folders; default: the shipped rules")
    .addOption(outputOption(["table", "json"]))
    .action((paths: string[], flags: RulesFlags) => run("test", paths, flags));
  addConvert(rules, setExit);
};

/** `rules convert`: its own function, since it reads networks and prints to both streams. */
const addConvert: Add = (rules, setExit) => {
  const command = rules
    .command("convert")
    .description("rules in another system's language; what is lost on the way is warned of, with a code")
    .argument("[path...]", "rule files or folders; default: the shipped rules")
    .addOption(new Option("-t, --target <name>", "the language to convert into").choices(["spl", "kql"]))
    .option("-f, --format <name>", "how it is written; --list has the formats of each target")
    .option("-O, --option <name=value>", "a setting of the target; --list has them; may repeat", collect)
    .option(
      "-s, --skip-unsupported",
      "leave out rules that cannot be converted, with a warning; so it is with the shipped rules",
    )
    .option("--fail-on-loss", "exit with 1 when anything is lost or left out")
    .option("--list", "print the targets with their formats and settings");
  addOptions(command, ["site", "assets", "internal", "debug"]);
  command.action(async (paths: string[], flags: ConvertFlags) => {
    const [{ convertCommand }, { prepareFlags }] = await Promise.all([
      import("./rules-convert.ts"),
      import("./prepare-flags.ts"),
    ]);
    const scanFlags = { ...FLAG_DEFAULTS, ...(paths.length === 0 ? {} : { rules: paths }) };
    const { site, assets, internal } = flags;
    const networks = { ...(site && { site }), ...(assets && { assets }), ...(internal && { internal }) };
    const prepared = await prepareFlags({ ...scanFlags, ...networks });
    const skipUnsupported = flags.skipUnsupported === true || paths.length === 0;
    const result = convertCommand({ ...flags, skipUnsupported }, prepared);
    process.stderr.write(result.warnings);
    process.stdout.write(result.text);
    setExit(result.code);
  });
};

export interface RulesFlags {
  readonly output?: "table" | "json";
  readonly rules?: readonly string[];
  readonly failOn?: string;
}

export const addCompare: Add = (program, setExit) => {
  const command = program
    .command("compare")
    .description(
      "what each profile makes of the same logs, what only one of them sees, and which clause decides",
    )
    .argument("[input...]", "files, folders, globs, or - for standard input")
    .addOption(outputOption(["table", "json", "markdown"]));
  addOptions(command, [...READING_OPTIONS, "profile", "out", "detail-limit", "quiet"]);
  command.action(async (inputs: string[], flags: CompareFlags) => {
    const { compareCommand } = await import("./compare.ts");
    setExit(await compareCommand(inputs, { ...FLAG_DEFAULTS, ...flags }));
  });
};

export const addReplay: Add = (program, setExit) => {
  const command = program
    .command("replay")
    .description("run data sets against what is expected of them; without one, list those that are shipped")
    .argument("[dataset...]", "names of shipped data sets, or folders with a dataset.yml")
    .option("--expect <file>", "these expectations instead of the data set's own")
    .addOption(outputOption(["table", "json", "junit"]));
  addOptions(command, ["profile", "out", "debug"]);
  command.action(async (names: string[], flags: ReplayFlags) => {
    const { replayCommand } = await import("./replay.ts");
    setExit(await replayCommand(names, flags));
  });
};

export const addExceptions: Add = (program, setExit) => {
  const exceptions = program.command("exceptions").description("look after the exceptions of the site file");
  const command = exceptions
    .command("check")
    .description("which exceptions have expired, hide nothing or allow too much, and what each one hid")
    .argument("[logs...]", "files, folders or globs to check them against; without any, the site file alone")
    .addOption(outputOption(["table", "json", "markdown"]))
    .option("--expiring <duration>", "an end within this time is told", "30d")
    .option("--fail-on-problem", "exit with 1 when an exception has a problem");
  addOptions(command, [...READING_OPTIONS, "workers", "detail-limit"]);
  command.action(async (logs: string[], flags: ExceptionsFlags) => {
    const { exceptionsCheck } = await import("./exceptions.ts");
    const result = await exceptionsCheck(logs, { ...FLAG_DEFAULTS, ...flags, emit: "findings" });
    process.stderr.write(result.words);
    process.stdout.write(result.text);
    setExit(result.code);
  });
};

export const addClassify: Add = (program, setExit) => {
  const command = program
    .command("classify")
    .description("what an address is: class, scope, registry row, embedded IPv4")
    .argument("<address...>", "IPv4 or IPv6 addresses")
    .addOption(outputOption(["table", "json"]));
  addOptions(command, ["site", "internal", "debug"]);
  command.action(async (addresses: string[], flags: ScanFlags & { output: "table" | "json" }) => {
    const [{ classifyCommand }, { prepareFlags }] = await Promise.all([
      import("./classify.ts"),
      import("./prepare-flags.ts"),
    ]);
    const { model } = await prepareFlags({ ...FLAG_DEFAULTS, ...flags });
    const result = classifyCommand(addresses, model, flags.output);
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
