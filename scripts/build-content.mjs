// Parses the shipped rules and writes them as JSON, so that a start needs no YAML. Usage: node scripts/build-content.mjs
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { shippedRules } from "../dist/node/content.js";
import { STORED_RULES, storeRules } from "../dist/node/stored-rules.js";

mkdirSync(dirname(STORED_RULES), { recursive: true });
writeFileSync(STORED_RULES, await storeRules(await shippedRules()));
