/** What the commands build their flags with. */
import { type Command, Option } from "commander";
import { OPTIONS, type OptionName } from "../options.ts";

/** Told the exit code of a command that ran. */
export type SetExit = (code: number) => void;

/** Adds a command to the program, or to the command that it stands under. */
export type Add = (program: Command, setExit: SetExit) => void;

/** The options of every command that reads logs. */
export const READING_OPTIONS = [
  "format",
  "rules",
  "strict",
  "site",
  "assets",
  "internal",
  "since",
  "until",
  "last",
  "tz",
  "now",
  "debug",
] as const satisfies readonly OptionName[];

/** Values of the scan's flags that a command does not have. */
export const FLAG_DEFAULTS = {
  emit: "events",
  detailLimit: String(OPTIONS["detail-limit"].default),
  color: "never",
  tz: OPTIONS.tz.default,
} as const;

/** Adds flags from the OPTIONS table, in the table's order. */
export function addOptions(command: Command, names: readonly OptionName[]): void {
  for (const name of (Object.keys(OPTIONS) as OptionName[]).filter((known) => names.includes(known))) {
    const spec = OPTIONS[name];
    const option = new Option(spec.flag, spec.doc);
    if ("choices" in spec) option.choices(spec.choices);
    if ("default" in spec) option.default(String(spec.default));
    if (spec.type === "texts") option.argParser(collect);
    command.addOption(option);
  }
}

/** `-o, --output` with the first choice as its default. */
export function outputOption(choices: readonly string[]): Option {
  return new Option("-o, --output <name>", "how it is printed").choices(choices).default(choices[0]);
}

/** Gathers the values of a flag that may repeat. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}
