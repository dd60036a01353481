/** The command line as commander reads it: a list of commands. */
import { Command, CommanderError } from "commander";
import { addAdvisory } from "./advisory-commands.ts";
import { addAudit } from "./audit-flags.ts";
import {
  addClassify,
  addCompare,
  addCompletion,
  addExceptions,
  addExplain,
  addFormats,
  addHelp,
  addReplay,
  addRules,
  addScan,
} from "./commands.ts";
import type { SetExit } from "./flags.ts";
import { version } from "./version.ts";

const EXAMPLES = `
Examples:
  sallyport scan /var/log/zeek                      who sent SMB to the Internet, and did it get out?
  sallyport scan eve.json traffic.csv.gz -o html --out report.html
  zcat conn.*.log.gz | sallyport scan -
  sallyport scan logs --last 24h --fail-on high     for a daily job
  sallyport explain suspicious.ndjson               why did it match, or not?
  sallyport classify 64:ff9b::808:808 100.64.0.1    what is this address?

Exit codes: 0 done; 1 a finding at or above --fail-on, or a failed rule test; 2 usage, configuration or
rule error; 3 an input could not be read whole or was not recognised; 130 interrupted.

'sallyport help COMMAND' tells more, such as 'sallyport help scan'.
`;

function buildProgram(first: string | undefined, setExit: SetExit): Command {
  const program = new Command("sallyport")
    .description(
      "Finds Windows file sharing (SMB) that leaves your network for the Internet, in the logs you already have.",
    )
    .version(version(), "-V, --version", "print the version")
    .addHelpText("after", EXAMPLES)
    .showSuggestionAfterError()
    .showHelpAfterError("  See 'sallyport help'.")
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "sallyport: ")) })
    .exitOverride();
  for (const add of commandsFor(first)) add(program, setExit);
  return program;
}

const COMMANDS = {
  scan: addScan,
  explain: addExplain,
  compare: addCompare,
  replay: addReplay,
  rules: addRules,
  exceptions: addExceptions,
  classify: addClassify,
  formats: addFormats,
  advisory: addAdvisory,
  audit: addAudit,
  completion: addCompletion,
  help: addHelp,
} as const;

/** These look at the flags of all the others. */
const NEED_ALL: ReadonlySet<string> = new Set(["completion", "help"]);

/** A command that is named first needs no others beside it: a start is quicker for it. */
function commandsFor(first = ""): readonly (typeof COMMANDS)[keyof typeof COMMANDS][] {
  const own = NEED_ALL.has(first) ? undefined : Object.entries(COMMANDS).find(([name]) => name === first);
  return own === undefined ? Object.values(COMMANDS) : [own[1]];
}

/** Runs what the command line asks for. Gives the exit code. Errors: SallyportError. */
export async function runProgram(args: readonly string[]): Promise<number> {
  let code = 0;
  const program = buildProgram(args[0], (next) => {
    code = next;
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
}
