// One run of DuckDB: prints how many leaks a log has. Usage: node bench/rivals/duckdb-run.mjs FORMAT FILE THREADS
import { DuckDBInstance } from "@duckdb/node-api";
import { leakQuery } from "./sql.mjs";

const [format, path, threads] = process.argv.slice(2);
const instance = await DuckDBInstance.create(":memory:");
const connection = await instance.connect();
await connection.run(`SET threads=${Number(threads)}`);
const reader = await connection.runAndReadAll(leakQuery(format, path));
console.log(reader.getRows()[0][0]);
