/** Where the command line starts. A version is printed at once; all else is loaded when it is asked for. */
import { version } from "./version.ts";

const [first, ...others] = process.argv.slice(2);
if (others.length === 0 && (first === "--version" || first === "-V")) {
  process.stdout.write(`${version()}\n`);
} else {
  // Not awaited: the bundle is CommonJS, which starts sooner than a module and cannot wait at its top.
  void import("./run.ts").then(({ runCommandLine }) => runCommandLine(process.argv.slice(2)));
}
