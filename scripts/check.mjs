// What continuous integration runs after the tests, in the same order. Usage: node scripts/check.mjs [STEP...]
import { run } from "./run.mjs";

const NODE = process.execPath;

/** Every step: a name, and the command that must end with 0. */
const STEPS = [
  ["lint", "npx", "biome", "check", "--error-on-warnings", "."],
  ["build", "npm", "run", "--silent", "build"],
  ["types", "npx", "tsc", "-p", "tsconfig.test.json"],
  ["dead code", "npx", "knip"],
  ["package", "npx", "publint", "--strict"],
  ["entry points", "npx", "attw", "--pack", ".", "--profile", "esm-only"],
  ["docstrings", "npx", "typedoc", ...typedocArguments()],
  ["generated docs", NODE, "scripts/docs.mjs", "--check"],
  ["sample logs", NODE, "examples/generate/main.mjs", "--check"],
];

const wanted = process.argv.slice(2);
let failed = 0;
let passed = 0;
for (const [name, command, ...args] of STEPS) {
  if (wanted.length === 0 || wanted.includes(name)) step(name, command, args);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function step(name, command, args) {
  const start = performance.now();
  const { code, output } = run(command, args, { quiet: true });
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  console.log(`${code === 0 ? "ok    " : "FAILED"} ${seconds} s  ${name}`);
  if (code === 0) passed += 1;
  else {
    failed += 1;
    console.log(`$ ${[command, ...args].join(" ")}\n${output.trimEnd()}\n`);
  }
}

// The test project is the one that sees both the core and the Node side. Types that only appear inside exported ones
// need not be exported themselves.
function typedocArguments() {
  const entries = ["src/index.ts", "src/node/index.ts"].flatMap((entry) => ["--entryPoints", entry]);
  const quiet = [
    "--readme",
    "none",
    "--disableSources",
    "--validation.notExported",
    "false",
    "--logLevel",
    "Warn",
  ];
  return [
    "--tsconfig",
    "tsconfig.test.json",
    ...entries,
    "--emit",
    "none",
    "--treatWarningsAsErrors",
    ...quiet,
  ];
}
