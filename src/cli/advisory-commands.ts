/** The `advisory` commands: flags and help; bodies are loaded when they are needed. */
import type { Command } from "commander";
import type { AdvisoryFlags, ResponseFlags } from "./advisory.ts";
import { addOptions, collect, FLAG_DEFAULTS, outputOption, READING_OPTIONS, type SetExit } from "./flags.ts";

const FEEDS = ["jsonfeed", "rss", "stix"];

const NOTES = `
Examples:
  sallyport advisory list                                       what there is
  sallyport advisory show outbound-smb logs --site site.yml     is it covered, and when did it last fire here?
  sallyport advisory show outbound-smb logs -o html > page.html
  sallyport advisory list -o rss --base-url https://soc.example.com/advisories/ > feed.xml
  sallyport advisory responses --destination 8.8.8.8 --vendor panos
`;

/** Adds the commands to the program. */
export function addAdvisory(program: Command, setExit: SetExit): void {
  const advisory = program
    .command("advisory")
    .description("the threat feed: advisories, the detections that cover each, block rules to copy")
    .addHelpText("after", NOTES);
  addList(advisory, setExit);
  addShow(advisory, setExit);
  addResponses(advisory, setExit);
}

function print(result: { readonly text: string; readonly code: number }, setExit: SetExit): void {
  process.stdout.write(result.text);
  setExit(result.code);
}

function addList(advisory: Command, setExit: SetExit): void {
  const command = advisory
    .command("list")
    .description("the advisories, the newest first, or all of them as a feed")
    .addOption(outputOption(["text", "json", ...FEEDS]));
  addContentOptions(command);
  command.action(async (flags: AdvisoryFlags) => {
    const { listAdvisories } = await import("./advisory.ts");
    print(await listAdvisories(flags), setExit);
  });
}

function addShow(advisory: Command, setExit: SetExit): void {
  const command = advisory
    .command("show")
    .description("one advisory in full; with logs, what feeds each detection and when it last fired")
    .argument("<id>", "the advisory")
    .argument("[input...]", "logs to scan: files, folders, globs, or - for standard input")
    .addOption(outputOption(["text", "json", "markdown", "html", ...FEEDS]));
  addContentOptions(command);
  addOptions(command, READING_OPTIONS);
  command.action(async (id: string, inputs: string[], flags: AdvisoryFlags) => {
    const { showAdvisory } = await import("./advisory.ts");
    print(await showAdvisory(id, inputs, { ...FLAG_DEFAULTS, ...flags, emit: "findings" }), setExit);
  });
}

function addResponses(advisory: Command, setExit: SetExit): void {
  advisory
    .command("responses")
    .description("block rules to copy, each with its undo and a warning; nothing is run")
    .option("--destination <ip>", "the address to block; may repeat; default: all of the Internet", collect)
    .option("--source <ip>", "only from this address, where the product can say so")
    .option("--vendor <name>", "only products whose name holds this word, such as aws")
    .addOption(outputOption(["text", "json", "markdown"]))
    .action(async (flags: ResponseFlags) => {
      const { listResponses } = await import("./advisory.ts");
      print(await listResponses(flags), setExit);
    });
}

function addContentOptions(command: Command): void {
  command
    .option(
      "--advisories <path>",
      "advisory files or folders instead of the shipped ones; may repeat",
      collect,
    )
    .option("--base-url <url>", "where the feed will be published; RSS needs it");
}
