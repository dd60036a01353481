/** The version of the package. */
import { readFileSync } from "node:fs";

/** Reads it from package.json, once per process. */
export function version(): string {
  cached ??= readVersion();
  return cached;
}

let cached: string | undefined;

function readVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest === "object" && manifest !== null && "version" in manifest)
    return String(manifest.version);
  throw new Error("package.json carries no version");
}
