// DuckDB deciding the whole rule in SQL, a fresh process per run.
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { timedNode } from "../measure.mjs";
import { hasSql } from "./sql.mjs";

const RUN = fileURLToPath(new URL("duckdb-run.mjs", import.meta.url));

/** DuckDB with a number of threads. */
export function duckdb(threads) {
  return {
    name: threads === 1 ? "DuckDB, one thread" : `DuckDB, ${threads} threads`,
    decides: true,
    missing({ format }) {
      if (!hasSql(format)) return `there is no SQL for ${format}`;
      return resolves("@duckdb/node-api") ? undefined : "@duckdb/node-api is not installed (npm ci)";
    },
    run(log, scratch) {
      const run = timedNode([RUN, log.format, log.path, String(threads)], scratch);
      return { ...run, count: Number(run.stdout) };
    },
  };
}

function resolves(name) {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}
