#!/usr/bin/env node
/** Where the command line starts. A version is printed at once; all else is loaded when it is asked for. */
import { version } from "./version.ts";

const [first, ...others] = process.argv.slice(2);
if (others.length === 0 && (first === "--version" || first === "-V")) {
  process.stdout.write(`${version()}\n`);
} else {
  // Not awaited: in one bundle, what is loaded needs this file, and would wait for it in turn.
  void import("./program.ts").then(({ runProgram }) => runProgram());
}
