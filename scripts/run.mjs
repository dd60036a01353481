// Runs a command of the toolchain and tells how it ended; works on Windows, where npm and npx are scripts.
import { spawnSync } from "node:child_process";

/**
 * Runs a command in the repository's root with inherited stdio.
 * Shape: npm and npx go through a shell on Windows; arguments must not need quoting there.
 */
export function run(command, args, { quiet = false } = {}) {
  const shell = process.platform === "win32" && command !== process.execPath;
  const stdio = quiet ? ["ignore", "pipe", "pipe"] : "inherit";
  const done = spawnSync(command, args, {
    cwd: root(),
    stdio,
    shell,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const failure = done.error === undefined ? "" : `${done.error.message}\n`;
  return { code: done.status ?? 1, output: `${done.stdout ?? ""}${done.stderr ?? ""}${failure}` };
}

function root() {
  return new URL("..", import.meta.url);
}
